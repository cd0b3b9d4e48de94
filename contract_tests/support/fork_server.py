"""The installed command in processes that are forked from one that has done its imports, and nothing else yet.

A start of Python and the imports are nearly all of the time that a run of the command takes. What is forked runs the
installed script with its own streams, arguments and environment, like a process that was started.
"""

import json
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

_LARGEST = 1 << 20


class Forked:
    """Runs the installed command, one run at a time; a context manager.

    Args:
        installed: the script of the command.
    """

    def __init__(self, installed: str) -> None:
        self._requests, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            arguments = [sys.executable, __file__, str(ours.fileno()), installed]
            self._server = subprocess.Popen(arguments, pass_fds=[ours.fileno()])

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]) -> None:
        """Begin a run.

        Args:
            arguments: the command line, without the program's name.
            environment: all of its variables.
            streams: the file descriptors of its standard input, output and error.
        """
        socket.send_fds(self._requests, [json.dumps([arguments, dict(environment)]).encode()], list(streams))

    def code(self) -> int:
        """Wait for the end of the run, and return its exit code."""
        return int(self._requests.recv(16))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._requests.close()
        self._server.wait(60)


def _serve(requests: socket.socket, installed: str) -> None:
    import cerbo_portal_client._commands  # noqa: F401, PLC0415 (in the server only)
    import httpcore  # noqa: F401, PLC0415
    import jsonschema_rs  # noqa: F401, PLC0415
    import rich.table  # noqa: F401, PLC0415

    while True:
        request, streams, _, _ = socket.recv_fds(requests, _LARGEST, 3)
        if not request:
            return
        child = os.fork()
        if child == 0:
            arguments, environment = json.loads(request)
            _become(installed, arguments, environment, streams)
        for stream in streams:
            os.close(stream)
        requests.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _become(installed: str, arguments: list[str], environment: dict[str, str], streams: list[int]) -> None:
    code = 70
    try:
        # So that no question reaches the terminal of who runs the tests.
        os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = [installed, *arguments]
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        sys.stderr = open(2, "w", errors="backslashreplace", buffering=1)  # noqa: SIM115
        runpy.run_path(installed, run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
