# Made from openapi/client/runtime/_command/__init__.py by ./scripts/generate; edits are lost.
"""The command `cerbo-portal`: the operations of the client, for people and for scripts. It needs the extra `[cli]`."""

import sys

_EXTRA = ("click", "rich")


def main() -> int:
    """Run the command and return its exit code; `cerbo-portal --help` lists them."""
    try:
        import rich  # noqa: F401, PLC0415 (tables come late, and that they are missing shall show first)

        from . import line  # noqa: PLC0415 (without the extra there is only this module)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write("cerbo-portal: expected the extra [cli] of this package, which brings click and rich\n")
        return 2
    return line.run(sys.argv[1:])
