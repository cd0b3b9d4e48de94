# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The command-line interface, `cerbo-portal`."""

import sys

from cerbo_portal_runtime import cli


def main() -> int:
    """Run it and return its exit code."""
    return cli.run("cerbo-portal", "cerbo_portal_client._commands")


if __name__ == "__main__":
    sys.exit(main())
