"""The command-line interface of a generated client. It needs the extra `[cli]`."""

import importlib
import sys

_EXTRA = ("click", "rich")


def run(package: str) -> int:
    """Run the command and return its exit code; `cerbo-portal --help` lists them.

    Args:
        package: the name of the generated package, which has a `Client`.
    """
    try:
        import rich  # noqa: F401, PLC0415 (tables come late, and that they are missing shall show first)

        from . import main  # noqa: PLC0415 (without the extra there is only this module)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write("cerbo-portal: expected the extra [cli] of this package, which brings click and rich\n")
        return 2
    return main.run(importlib.import_module(package).Client, sys.argv[1:])
