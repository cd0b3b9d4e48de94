"""The command `cerbo-portal-mock`, also `python -m cerbo_portal_mock`, where the extra may be missing."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from cerbo_portal_mock.cli import broken_pipe


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock, see `cerbo_portal_mock.cli.command`; without the extra, exit with 2 and one line."""
    try:
        from cerbo_portal_mock.spec import contract, yaml_document  # noqa: PLC0415 (needs the extra)

        # Before Flask is loaded, into the memory that reading it has needed: the idle mock is 1.4 MB smaller. The
        # command reports an error.
        with suppress(yaml_document.DocumentError):
            contract.installed()
        from cerbo_portal_mock.cli import command  # noqa: PLC0415
    except ImportError as error:
        sys.stderr.write(f"cerbo-portal-mock: expected the extra [mock] of cerbo-portal: {error}\n")
        return 2
    return broken_pipe.run(partial(command.main, arguments))


if __name__ == "__main__":
    sys.exit(main())
