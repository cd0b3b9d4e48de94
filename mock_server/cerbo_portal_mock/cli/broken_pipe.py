"""Ends a command quietly when its output is closed, as in `... | head -1`."""

import os
import sys
from collections.abc import Callable

# The exit code that a shell reports after SIGPIPE.
EXIT_CODE = 141


def run(main: Callable[[], int]) -> int:
    """Run a command.

    Args:
        main: the command; returns its exit code.

    Returns:
        Its exit code, or `EXIT_CODE`.
    """
    try:
        try:
            return main()
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except BrokenPipeError:
        # Otherwise Python would flush the rest at exit, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_CODE
