"""The load: wrk where it is installed, else a few threads of this Python, which are slower than most servers.

Both keep their connections and send the credentials of a user of the default scenario.
"""

import http.client
import re
import shutil
import subprocess
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

CONNECTIONS = 16
THREADS = 2
_BASIC = "Basic " + b64encode(b"un:pwd").decode()
HEADERS = f"Host: 127.0.0.1\r\nAuthorization: {_BASIC}\r\n"


@dataclass(frozen=True)
class Target:
    """What is requested: with a `first`, that number and the following ones end the path, each once."""

    method: str
    path: str
    first: int = 0


@dataclass(frozen=True)
class Load:
    """The requests that were answered, and in how many seconds."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class Failed(RuntimeError):
    """Not every request was answered with success, so the figures mean nothing."""


def generator() -> str:
    """The load generator that is used, with its version."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return "threads of Python"
    shown = subprocess.run([wrk, "--version"], check=False, capture_output=True, text=True).stdout
    match = re.search(r"wrk (\S+)", shown)
    return f"wrk {match[1] if match else ''}".strip()


def put(port: int, target: Target, seconds: float) -> Load:
    """Request as often as the server answers.

    Args:
        port: where it listens on loopback.
        target: what is requested.
        seconds: for how long.

    Raises:
        Failed: a request failed or was answered with an error.
    """
    run = _by_wrk if shutil.which("wrk") else _by_threads
    done, failed = run(port, target, seconds)
    if failed:
        raise Failed(f"{target.method} {target.path}: {failed} of {done.requests} requests failed")
    return done


def _by_wrk(port: int, target: Target, seconds: float) -> tuple[Load, int]:
    script = Path(__file__).with_suffix(".lua")
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
    command += [f"http://127.0.0.1:{port}", "--", target.method, target.path, str(target.first), str(THREADS)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    requests, microseconds, failed = shown.splitlines()[-1].split()
    return Load(int(requests), int(microseconds) / 1e6), int(failed)


def _by_threads(port: int, target: Target, seconds: float) -> tuple[Load, int]:
    numbers = count(target.first)
    started = time.perf_counter()

    def call(_: int) -> list[int]:
        connection, statuses = http.client.HTTPConnection("127.0.0.1", port), []
        while time.perf_counter() < started + seconds:
            path = f"{target.path}{next(numbers)}" if target.first else target.path
            connection.request(target.method, path, headers={"Authorization": _BASIC})
            with connection.getresponse() as response:
                response.read()
            statuses.append(response.status)
        connection.close()
        return statuses

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = [status for part in pool.map(call, range(THREADS)) for status in part]
    return Load(len(statuses), time.perf_counter() - started), sum(status != 200 for status in statuses)
