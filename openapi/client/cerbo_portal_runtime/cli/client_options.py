"""Creates the client from the options, the environment and prompts."""

import os
import sys
import warnings
from collections.abc import Mapping
from typing import IO, Any, Final

import click
from click.core import ParameterSource

from .. import config
from ..errors import InvalidSettings
from .output import complain

_PASSWORD: Final = "CERBO_PASSWORD"  # noqa: S105 (a name)


def interactive() -> bool:
    """Whether questions can be asked: input and error output are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def connect(client_class: type[Any], ctx: click.Context, values: Mapping[str, Any]) -> Any:
    """A client with the settings of the options, the environment and, for the password, a prompt.

    Args:
        client_class: the generated client.
        ctx: the context of the sub-command.
        values: the values of the shared options.

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
        password = _password_of(values["password_file"])
        if password is None and not in_url:
            password = _prompted()
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
    for setting, problem in client._settings.unusual.items():
        complain(f"{_names(ctx, values)[setting]}: {problem}")
    return client


def _names(ctx: click.Context, values: Mapping[str, Any]) -> dict[str, str]:
    """The names under which the settings were given."""
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


def _password_of(file: IO[str] | None) -> str | None:
    if file is None:
        return os.environ.get(_PASSWORD) or None
    try:
        line = file.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        line = ""
    if not line:
        raise click.UsageError("--password-file: expected the password in the first line, in UTF-8")
    return line


def _prompted() -> str:
    if not interactive():
        raise click.UsageError(f"expected {_PASSWORD} or --password-file")
    answer: str = click.prompt("Password of the API user", hide_input=True, err=True)
    return answer
