"""Runs the installed command `cerbo-portal`, in pipes and on a pseudo-terminal."""

import os
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from contract_tests.support.fork_server import Forked

INSTALLED = str(Path(sys.executable).with_name("cerbo-portal"))
# Colours and the marks of bold and faint, which are Rich's own.
_STYLES = re.compile(r"\x1b\[[0-9;]*m")
_LIMIT = 60


class Case(NamedTuple):
    """One run: the arguments, its environment beyond the usual one, and what its standard input holds."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = {}
    stdin: str | bytes = ""


class Ran(NamedTuple):
    """What came of it."""

    code: int
    out: str
    err: str


def environment(base_url: str, **more: str) -> dict[str, str]:
    """The settings of the API user `un`, and nothing of the `CERBO_` variables that the tests themselves run with."""
    usual = {"CERBO_BASE_URL": base_url, "CERBO_USERNAME": "un", "CERBO_PASSWORD": "pwd", "TERM": "xterm-256color"}
    given = {name: value for name, value in os.environ.items() if not name.startswith(("CERBO_", "COLUMNS", "LINES"))}
    return {name: value for name, value in {**given, **usual, **more}.items() if value}


def run(base_url: str, case: Case) -> Ran:
    """Run the command in pipes; a variable that is empty in the case is not set."""
    done = subprocess.run(
        [INSTALLED, *case.arguments],
        check=False,
        capture_output=True,
        input=case.stdin.encode() if isinstance(case.stdin, str) else case.stdin,
        env=environment(base_url, **case.environment),
        timeout=_LIMIT,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_forked(forked: Forked | None, base_url: str, case: Case) -> Ran:
    """Do what `run` does, without the time that a start takes, where that is possible: for tables of cases."""
    if forked is None:
        return run(base_url, case)
    (stdin, given), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
    forked.run(case.arguments, environment(base_url, **case.environment), [stdin, stdout, stderr])
    for end in (stdin, stdout, stderr):
        os.close(end)
    with os.fdopen(out) as shown, os.fdopen(err) as errors, ThreadPoolExecutor(1) as pool:
        error_text = pool.submit(errors.read)
        _give(given, case)
        texts = shown.read(), error_text.result()
    return Ran(forked.code(), *texts)


def _give(pipe: int, case: Case) -> None:
    with suppress(BrokenPipeError), os.fdopen(pipe, "wb") as stdin:
        stdin.write(case.stdin.encode() if isinstance(case.stdin, str) else case.stdin)


def run_on_terminal(forked: Forked, base_url: str, case: Case) -> tuple[int, str]:
    """Do what `run` does, but with all that the command says on a terminal; the exit code, and what is shown there."""
    import pty  # noqa: PLC0415 (there is none on Windows, where the tests in pipes run all the same)

    master, slave = pty.openpty()
    reader, writer = os.pipe()
    given = {"COLUMNS": "120", **case.environment}
    forked.run(case.arguments, environment(base_url, **given), [reader, slave, slave])
    os.close(reader)
    os.close(slave)
    _give(writer, case)
    screen = Terminal(master, lambda _: forked.code())
    code = screen.end()
    os.close(master)
    return code, screen.shown


class Terminal:
    """The command on a terminal: what it shows, and what somebody types."""

    def __init__(self, master: int, wait: Callable[[float], int]) -> None:
        self._master = master
        self._wait = wait
        self.raw = ""

    def expect(self, text: str) -> None:
        """Wait until it has shown this text."""
        deadline = time.monotonic() + _LIMIT
        while text not in self.raw:
            assert self._read(deadline), f"{text!r} is not in {self.raw!r}"

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C; again where it came just before Python began to wait for a line, which then goes on waiting."""
        for _ in range(10):
            self.type("\x03")
            with suppress(subprocess.TimeoutExpired):
                self._wait(1)
                return

    def end(self) -> int:
        """Wait for its end, and return the exit code."""
        deadline = time.monotonic() + _LIMIT
        while self._read(deadline):
            pass
        return self._wait(_LIMIT)

    @property
    def shown(self) -> str:
        """What it has shown, without colours, with the line ends of a file."""
        return _STYLES.sub("", self.raw).replace("\r\n", "\n")

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(deadline - time.monotonic(), 0))
        assert ready, f"nothing more comes after {self.raw!r}"
        try:
            chunk = os.read(self._master, 65536)
        except OSError:
            # Linux says so when the last process has left the terminal.
            chunk = b""
        self.raw += chunk.decode(errors="surrogateescape")
        return bool(chunk)


# Makes the standard input the terminal that its session is controlled by, which `start_new_session` takes away.
_CONTROLLED = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


@contextmanager
def terminal(
    base_url: str, *arguments: str, stdout: int | None = None, columns: int = 120, **more: str
) -> Iterator[Terminal]:
    """The command on a terminal.

    Args:
        base_url: the server's.
        arguments: the command line.
        stdout: a file descriptor in place of the terminal.
        columns: the terminal's width.
        more: the environment beyond the usual one.
    """
    import fcntl  # noqa: PLC0415 (there are none on Windows, where the tests in pipes run all the same)
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-IS", "-c", _CONTROLLED, INSTALLED, *arguments],
        stdin=slave,
        stdout=slave if stdout is None else stdout,
        stderr=slave,
        env=environment(base_url, **more),
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master, process.wait)
    finally:
        process.kill()
        process.wait(_LIMIT)
        os.close(master)
