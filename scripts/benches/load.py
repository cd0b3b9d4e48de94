"""The load, by wrk: it keeps its connections, and sends the credentials of a user of the default scenario."""

import re
import shutil
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
AUTHORIZATION = f"Authorization: Basic {b64encode(b'un:pwd').decode()}"


@dataclass(frozen=True)
class Target:
    """What is requested: with an `after`, each of the numbers that follow it ends the path once."""

    method: str
    path: str
    after: int = 0


@dataclass(frozen=True)
class Load:
    """The number of requests that were answered, and per second."""

    requests: int
    rate: float


class Failed(RuntimeError):
    """Not every request was answered with success, so the figures mean nothing."""


def put(port: int, target: Target, seconds: float) -> Load:
    """Request as often as the server answers.

    Args:
        port: where it listens on loopback.
        target: what is requested.
        seconds: for how long, at least one.

    Raises:
        Failed: a request failed or was answered with an error.
    """
    if not (wrk := shutil.which("wrk")):
        sys.exit("bench: expected wrk on the PATH (Debian: apt-get install wrk)")
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-H", AUTHORIZATION]
    command += ["-s", str(Path(__file__).with_suffix(".lua")), f"http://127.0.0.1:{port}"]
    command += ["--", target.method, target.path, str(target.after)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if failed := re.search(r"(Socket errors|Non-2xx or 3xx responses): .*", shown):
        raise Failed(f"{target.method} {target.path}: {failed[0]}")
    requests, rate = re.findall(r"(\d+) requests in|Requests/sec: +([0-9.]+)", shown)
    return Load(int(requests[0]), float(rate[1]))
