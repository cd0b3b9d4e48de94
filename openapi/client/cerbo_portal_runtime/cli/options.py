"""The options that sub-commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..config import DEFAULT_TIMEOUT
from .param_types import number

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

body = click.option(
    "--body",
    type=click.File("rb"),
    metavar="FILE",
    help='The body, a JSON object; "-" is the standard input. Options go before what it says.',
)
summary = click.option(
    "--summary",
    is_flag=True,
    help="How many entries of each type there are in all the lists, and which is the oldest.",
)
confirmation = click.option("-y", "--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")


def output(function: Decorated) -> Decorated:
    """Adds the options that say how the result is printed."""
    as_json = click.option(
        "as_json",
        "--json/--table",
        default=None,
        help="The form of the answer; by default a table on a terminal, JSON elsewhere.",
    )
    local_time = click.option("--local-time", is_flag=True, help="Dates of this machine's zone, in place of UTC.")
    return as_json(local_time(function))


def connection(function: Decorated) -> Decorated:
    """Adds the options of the connection."""
    base_url = click.option(
        "--base-url", envvar="CERBO_BASE_URL", metavar="URL", help="Where the API is.  [CERBO_BASE_URL]"
    )
    user = click.option(
        "--user", envvar="CERBO_USERNAME", metavar="NAME", help="The API user's name.  [CERBO_USERNAME]"
    )
    password_file = click.option(
        "--password-file",
        # Editors of Windows write a byte order mark.
        type=click.File("r", encoding="utf-8-sig"),
        metavar="FILE",
        help='A file with the password in its first line, "-" for the standard input.  [CERBO_PASSWORD: itself]',
    )
    timeout = click.option(
        "--timeout",
        type=number,
        default=str(DEFAULT_TIMEOUT),
        metavar="SECONDS",
        help=f"The time that each call may take, with its repeats; {DEFAULT_TIMEOUT:.0f} by default, at most a day.",
    )
    proxy = click.option(
        "--proxy",
        envvar="CERBO_PROXY",
        metavar="URL",
        help="An HTTP proxy, such as http://proxy.example:3128.  [CERBO_PROXY]",
    )
    ca_file = click.option(
        "--ca-file",
        envvar="CERBO_CA_FILE",
        metavar="FILE",
        help="CA certificates in PEM, to be trusted in place of the usual ones.  [CERBO_CA_FILE]",
    )
    return base_url(user(password_file(timeout(proxy(ca_file(function))))))
