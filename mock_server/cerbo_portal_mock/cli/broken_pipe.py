"""How a command ends whose output nobody reads any more, as in `... | head -1`: at once, and without a word."""

import os
import sys
from collections.abc import Callable

# What a shell reports of a command that SIGPIPE has ended.
NOBODY_READS = 141


def run(main: Callable[[], int]) -> int:
    """Run what a command does.

    Args:
        main: what it does; returns the exit code.

    Returns:
        The exit code: its own, or `NOBODY_READS`.
    """
    try:
        try:
            return main()
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except BrokenPipeError:
        # What is left would be written, and fail, once more at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
