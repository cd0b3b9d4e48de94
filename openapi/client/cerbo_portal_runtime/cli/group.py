"""The click group of the command, and the classes and texts that its sub-commands share."""

import re
from collections.abc import Sequence
from typing import Final

import click

_NEGATIVE_NUMBER: Final = re.compile(r"-[0-9]")
_EPILOG: Final = """\
\b
Exit codes, of several ids the highest of those that were tried:
  0  done: the server has confirmed every call
  1  refused: the server has answered that it does not do it, or not all of it
  2  nothing was sent: usage, settings, or not confirmed
  3  cannot reach the server, or the outcome is unknown; also a run that
     was interrupted, and an output that could not be written

\b
Environment:
  CERBO_BASE_URL    where the API is: https://SUBDOMAIN.md-hq.com/api/v1;
                    here it may carry user and password
  CERBO_USERNAME    the API user
  CERBO_PASSWORD    its password; without, --password-file or a prompt
  CERBO_READ_ONLY   1 refuses whatever may change something
  CERBO_ALLOW_HTTP  1 permits plain HTTP to a host that is not loopback
  CERBO_PROXY       an HTTP proxy; HTTPS_PROXY and the like are not used
  CERBO_CA_FILE     CA certificates to trust in place of the usual ones
  NO_COLOR          tables without colours
"""


class SubCommand(click.Command):
    """A sub-command that accepts an argument such as `-1`, so that its type can refuse it by name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a negative number for an id rather than for options."""
        try:
            return super().parse_args(ctx, [*args])
        except click.NoSuchOption as error:
            if not _NEGATIVE_NUMBER.match(error.option_name):
                raise
        ctx.ignore_unknown_options = True
        return super().parse_args(ctx, args)


def group(program: str, help_text: str, version: str) -> click.Group:
    """The command that has the sub-commands.

    Args:
        program: its name.
        help_text: what it does.
        version: the package's.
    """
    made = click.Group(
        program,
        help=help_text,
        epilog=_EPILOG,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    return click.version_option(version, prog_name=program)(made)


def epilog(source: str, secrets: Sequence[tuple[str, str]] = ()) -> str:
    """The text below the options of a sub-command.

    Args:
        source: where its operation is known from.
        secrets: environment variables, and what each holds.
    """
    lines = [f"  {variable}  {text}" for variable, text in secrets]
    environment = ["\b", "Environment, or a prompt on a terminal, or the body:", *lines, ""] if lines else []
    return "\n".join(
        [
            *environment,
            f"Where this is known from: {source}",
            "",
            "Exit codes and environment variables: the --help of the program",
        ]
    )
