"""The servers that are measured: how each is started, and what its processes use."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from _venv import ROOT

from benches.load import AUTHORIZATION

# Exactly these are measured; a newer one is entered here on purpose.
PEERS = {"@stoplight/prism-cli": "5.14.2", "@mockoon/cli": "9.9.0"}
_MOCKOON_OPTIONS = ["start", "--disable-log-to-file", "--hostname", "127.0.0.1", "--port", "{port}"]
_PATIENCE = 60.0
_PAUSE = 0.002


@dataclass(frozen=True)
class Server:
    """A server: its name in the tables, its command line with `{port}`, and the path that its API is under."""

    name: str
    command: Sequence[str]
    base_path: str = "/api/v1"


# This project's mock as its users start it, access log included.
MOCK = Server("the mock", [sys.executable, "-m", "cerbo_portal_mock", "--port", "{port}"])
# The limit; see `benches.bare_flask`.
BARE = Server("bare Flask on waitress", [sys.executable, "-m", "benches.bare_flask", "{port}"])


@dataclass(frozen=True)
class Running:
    """A server that answers: which, where it listens, and the seconds from its start to its first 200."""

    server: Server
    process: psutil.Process
    port: int
    ready_after: float

    def cpu(self) -> float:
        """Seconds of CPU time that its processes have used, the kernel's on their behalf included."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory(self) -> float:
        """Megabytes (10^6 bytes) of memory that its processes hold (RSS)."""
        return sum(process.memory_info().rss for process in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def peers() -> list[Server]:
    """Prism and Mockoon, from npm, or none where there is no Node; installed into the user's cache on first use."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return []
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cerbo-portal-bench"
    packages = [f"{name}@{number}" for name, number in PEERS.items()]
    home.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--prefix", str(home)]
    if subprocess.run([*command, *packages], check=False, stdout=sys.stderr).returncode:
        sys.exit(f"bench: could not install {' and '.join(packages)} by npm; --no-peers does without")
    bin_folder, spec = home / "node_modules" / ".bin", str(ROOT / "openapi" / "cerbo-portal.yaml")
    return [
        Server("Prism", [str(bin_folder / "prism"), "mock", "-h", "127.0.0.1", "-p", "{port}", spec], ""),
        Server("Mockoon", [str(bin_folder / "mockoon-cli"), *_MOCKOON_OPTIONS, "--data", spec]),
    ]


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """The server on a free port, ready, as long as the context lasts.

    Args:
        server: which; what it logs is thrown away.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [part.replace("{port}", str(port)) for part in server.command]
    started = time.perf_counter()
    # These processes find this package; in Node's production mode Prism would be a process for each core.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "NODE_ENV": "development"}
    process = psutil.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Running(server, process, port, _ready(process, server, port) - started)
    finally:
        for child in process.children(recursive=True):
            child.terminate()
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _ready(process: psutil.Popen, server: Server, port: int) -> float:
    """The moment of the first 200 to a list of patient 1."""
    request = f"GET {server.base_path}/patients/1/portal/enqueued HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    request += f"{AUTHORIZATION}\r\nConnection: close\r\n\r\n"
    deadline = time.perf_counter() + _PATIENCE
    while process.poll() is None and time.perf_counter() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request.encode())
            if connection.recv(16).startswith(b"HTTP/1.1 200"):
                return time.perf_counter()
        time.sleep(_PAUSE)
    sys.exit(f"bench: {server.name} did not start: {' '.join(server.command[:3])} ...")
