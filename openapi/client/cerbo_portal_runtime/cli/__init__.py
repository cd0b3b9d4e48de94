"""The command-line interface of a generated client. It needs the extra `[cli]`."""

import importlib
import sys
from typing import Final

_EXTRA: Final = ("click", "rich")


def run(program: str, commands: str) -> int:
    """Run the command line, print whatever belongs to it, and return the exit code.

    Args:
        program: its name.
        commands: the name of the generated module that has the click group `GROUP`.
    """
    try:
        import rich  # noqa: F401, PLC0415 (tables are printed last; fail early if it is missing)

        from . import main  # noqa: PLC0415 (needs the extra)

        group = importlib.import_module(commands).GROUP
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write(f"{program}: expected the extra [cli] of this package, which brings click and rich\n")
        return 2
    return main.run(group, sys.argv[1:])
