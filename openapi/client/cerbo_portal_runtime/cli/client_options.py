"""What all sub-commands are told: which server, as whom, and how to show the answer."""

import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import click
from click.core import ParameterSource

from .. import config
from ..config import DEFAULT_TIMEOUT
from ..errors import InvalidSettings
from .output import complain
from .param_types import number

_PASSWORD: Final = "CERBO_PASSWORD"  # noqa: S105 (a name)


def options() -> Iterator[click.Option]:
    """The options of the connection."""
    yield click.Option(
        ["--base-url"],
        envvar="CERBO_BASE_URL",
        metavar="URL",
        help="Where the API is.  [CERBO_BASE_URL]",
    )
    yield click.Option(
        ["--user"], envvar="CERBO_USERNAME", metavar="NAME", help="The API user's name.  [CERBO_USERNAME]"
    )
    yield click.Option(
        ["--password-file"],
        # Editors of Windows write a byte order mark.
        type=click.File("r", encoding="utf-8-sig"),
        metavar="FILE",
        help=f'A file with the password in its first line, "-" for the standard input.  [{_PASSWORD}: itself]',
    )
    yield click.Option(
        ["--timeout"],
        type=number,
        default=str(DEFAULT_TIMEOUT),
        metavar="SECONDS",
        help=f"The time that each call may take, with its repeats; {DEFAULT_TIMEOUT:.0f} by default, at most a day.",
    )
    yield click.Option(
        ["--proxy"],
        envvar="CERBO_PROXY",
        metavar="URL",
        help="An HTTP proxy, such as http://proxy.example:3128.  [CERBO_PROXY]",
    )
    yield click.Option(
        ["--ca-file"],
        envvar="CERBO_CA_FILE",
        metavar="FILE",
        help="CA certificates in PEM, to be trusted in place of the usual ones.  [CERBO_CA_FILE]",
    )


def interactive() -> bool:
    """Whether there is somebody who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def connect(client_class: type[Any], ctx: click.Context, values: Mapping[str, Any]) -> Any:
    """A client by the options, the environment and, for the password, a prompt.

    Args:
        client_class: the generated client.
        ctx: the sub-command that runs.
        values: what click has read.

    Raises:
        UsageError: something is missing or malformed; the text never holds a value.
    """
    base_url, username = values["base_url"], values["user"]
    if not base_url:
        raise click.UsageError("expected CERBO_BASE_URL or --base-url")
    try:
        url = config.parse_base_url(base_url)
        in_url = b":" in url.userinfo
        if in_url and ctx.get_parameter_source("base_url") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--base-url: expected no password, everybody sees a command line")
        proxy = values["proxy"] or None
        with_password = proxy and config.parse_proxy(proxy).auth
        if with_password and ctx.get_parameter_source("proxy") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--proxy: expected no credentials, everybody sees a command line; use CERBO_PROXY")
        if not (username or url.username):
            raise click.UsageError("expected CERBO_USERNAME or --user")
        password = _given(values["password_file"])
        if password is None and not in_url:
            password = _asked()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            client = client_class(
                base_url,
                username=username or None,
                password=password,
                timeout=values["timeout"],
                proxy=proxy,
                verify=values["ca_file"] or None,
            )
    except InvalidSettings as error:
        raise click.UsageError(str(error.renamed(_names(ctx, values)))) from None
    problem = config.path_problem(url, client_class._contract.base_path)
    if problem:
        complain(f"{_names(ctx, values)['base_url']}: {problem}")
    return client


def _names(ctx: click.Context, values: Mapping[str, Any]) -> dict[str, str]:
    """What the settings are called by who has given them."""
    options = {"base_url": "--base-url", "username": "--user", "proxy": "--proxy", "verify": "--ca-file"}
    names = {
        setting: option
        if ctx.get_parameter_source(option.strip("-").replace("-", "_")) is ParameterSource.COMMANDLINE
        else config.VARIABLES[setting]
        for setting, option in options.items()
    }
    of_file, of_variable = values["password_file"], os.environ.get(_PASSWORD)
    password = "--password-file" if of_file else _PASSWORD if of_variable else "the password"
    return {**names, "password": password, "timeout": "--timeout"}


def _given(file: IO[str] | None) -> str | None:
    if file is None:
        return os.environ.get(_PASSWORD) or None
    try:
        line = file.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        line = ""
    if not line:
        raise click.UsageError("--password-file: expected the password in the first line, in UTF-8")
    return line


def _asked() -> str:
    if not interactive():
        raise click.UsageError(f"expected {_PASSWORD} or --password-file")
    answer: str = click.prompt("Password of the API user", hide_input=True, err=True)
    return answer
