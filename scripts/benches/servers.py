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
from importlib.metadata import version
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


class Running:
    """A server that answers.

    Args:
        server: which.
        process: the process that was started for it.
        port: where it listens.
        ready_after: seconds from its start to its first 200.
    """

    def __init__(self, server: Server, process: subprocess.Popen[bytes], port: int, ready_after: float) -> None:
        self.server = server
        self.port = port
        self.ready_after = ready_after
        self._process = psutil.Process(process.pid)

    def cpu(self) -> float:
        """Seconds of CPU time that its processes have used, the kernel's on their behalf included."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory(self) -> float:
        """Megabytes (10^6 bytes) of memory that its processes hold (RSS)."""
        return sum(process.memory_info().rss for process in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


def mock() -> Server:
    """This project's mock as its users start it, access log included."""
    return Server("the mock", [sys.executable, "-m", "cerbo_portal_mock", "--port", "{port}"])


def bare_flask(name: str) -> Server:
    """The limit; see `benches.bare_flask`."""
    return Server(name, [sys.executable, "-m", "benches.bare_flask", "{port}"])


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


def versions(servers: Sequence[Server]) -> dict[str, str]:
    """The versions of what the servers are made of."""
    found = {name: version(name) for name in ("Flask", "Werkzeug", "waitress")}
    if any(server.name == "Prism" for server in servers):
        node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True)  # noqa: S607
        found |= {"Node": node.stdout.strip().removeprefix("v"), **PEERS}
    return found


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
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ready_after = _ready(process, server, port) - started
        yield Running(server, process, port, ready_after)
    finally:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.terminate()
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _ready(process: subprocess.Popen[bytes], server: Server, port: int) -> float:
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
