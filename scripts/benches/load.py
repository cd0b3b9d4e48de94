"""The load: wrk where it is installed, else a few threads of this Python, which are slower than most servers.

Both keep their connections and send the credentials of a user of the default scenario.
"""

import http.client
import json
import re
import shutil
import statistics
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
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
    """What came of it: requests answered in so many seconds, and the latency's percentiles in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float


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
    return _by_wrk(port, target, seconds) if shutil.which("wrk") else _by_threads(port, target, seconds)


def _by_wrk(port: int, target: Target, seconds: float) -> Load:
    script = Path(__file__).with_suffix(".lua")
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
    command += [f"http://127.0.0.1:{port}", "--", target.method, target.path, str(target.first), str(THREADS)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = json.loads(shown.splitlines()[-1])
    return _load(target, figures.pop("failed"), **figures)


def _by_threads(port: int, target: Target, seconds: float) -> Load:
    numbers = count(target.first) if target.first else None
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(lambda _: list(_call(port, target, numbers, started + seconds)), range(THREADS)))
    taken = time.perf_counter() - started
    latencies = sorted(latency * 1000 for part in done for latency, _ in part)
    failed = sum(status != 200 for part in done for _, status in part)
    p99 = latencies[int(len(latencies) * 0.99)]
    return _load(target, failed, requests=len(latencies), seconds=taken, p50=statistics.median(latencies), p99=p99)


def _call(port: int, target: Target, numbers: Iterator[int] | None, deadline: float) -> Iterator[tuple[float, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.perf_counter() < deadline:
        started = time.perf_counter()
        path = f"{target.path}{next(numbers)}" if numbers else target.path
        connection.request(target.method, path, headers={"Authorization": _BASIC})
        with connection.getresponse() as response:
            response.read()
        yield time.perf_counter() - started, response.status
    connection.close()


def _load(target: Target, failed: int, **figures: float) -> Load:
    if failed:
        raise Failed(f"{target.method} {target.path}: {failed} of {figures['requests']:.0f} requests failed")
    return Load(requests=int(figures["requests"]), seconds=figures["seconds"], p50=figures["p50"], p99=figures["p99"])
