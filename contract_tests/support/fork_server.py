"""The installed command in processes that are forked from one that has done its imports, and nothing else yet.

A start of Python and the imports are nearly all of the time that a run of the command takes. A forked process runs the
installed script with its own streams, arguments and environment, like a process that was started.
"""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import reduction
from typing import Any

_PRELOADED = [__name__, "cerbo_portal_client._commands", "httpcore", "jsonschema_rs", "rich.table"]


class Forked:
    """Runs the installed command, one run at a time.

    Args:
        installed: the script of the command.
    """

    def __init__(self, installed: str) -> None:
        self._installed = installed
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]) -> None:
        """Begin a run.

        Args:
            arguments: the command line, without the program's name.
            environment: all of its variables.
            streams: the file descriptors of its standard input, output and error.
        """
        run = ([self._installed, *arguments], dict(environment), [*map(_Stream, streams)])
        self._process = self._context.Process(target=_become, args=run)
        self._process.start()

    def code(self) -> int:
        """Wait for the end of the run, and return its exit code."""
        self._process.join(60)
        assert self._process.exitcode is not None, "the command has not ended within a minute"
        return self._process.exitcode


class _Stream:
    """A file descriptor on its way to the forked process, where it is a number again."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        return _detach, (reduction.DupFd(self._number),)


def _detach(duplicate: Any) -> int:
    number: int = duplicate.detach()
    return number


def _become(command: list[str], environment: dict[str, str], streams: list[int]) -> None:
    code = 70
    try:
        # So that no question reaches the terminal of who runs the tests.
        os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = command
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        sys.stderr = open(2, "w", errors="backslashreplace", buffering=1)  # noqa: SIM115
        runpy.run_path(command[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stdout.flush()
    finally:
        os._exit(code)
