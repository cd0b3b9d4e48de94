"""From the arguments of an operation to the options of its sub-command, and from their values to those of a call."""

import os
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import IO, Any, Final

import click

from .. import json_reader, serialization
from ..types import Unset
from .commands import Parameter, Subcommand
from .param_types import instant, number, resource_id, sendable, whole

Target = dict[str, Any]
Values = Mapping[str, Any]

# Before the names of the operation's own arguments, which must not be taken for those that all sub-commands have.
_OWN: Final = "own_"
_TYPES: Final[Mapping[type | None, tuple[Any, str]]] = {
    int: (whole, "NUMBER"),
    float: (number, "NUMBER"),
    datetime: (instant, "TIME"),
}
_TEXT: Final = (sendable, "TEXT")


def parameters(subcommand: Subcommand, taken: Collection[str]) -> Iterator[click.Parameter]:
    """The arguments and options that are the operation's own.

    Args:
        subcommand: the operation.
        taken: the options that all sub-commands have; the operation's own of such a name is `--request-NAME`.
    """
    for parameter in subcommand.path:
        several = parameter is subcommand.path[-1] and subcommand.takes_several
        yield click.Argument(
            [_OWN + parameter.name],
            type=resource_id if parameter.kind is int else sendable,
            nargs=-1 if several else 1,
            required=True,
            metavar=parameter.name.upper() + ("..." if several else ""),
        )
    for parameter in subcommand.others:
        if not parameter.secret and (parameter.kind or parameter.place == "query"):
            yield _option(parameter, taken)
    if subcommand.operation.body:
        yield click.Option(
            ["body", "--body"],
            type=click.File("rb"),
            metavar="FILE",
            help='The body, a JSON object; "-" is the standard input. Options go before what it says.',
        )


def _option(parameter: Parameter, taken: Collection[str]) -> click.Option:
    name = parameter.name.strip("_").replace("_", "-")
    if f"--{name}" in {*taken, "--body", "--help"}:
        name = f"request-{name}"
    text = parameter.text
    if parameter.encoded:
        text += ' The option takes a file, "-" is the standard input, and encodes it.'
    if parameter.required and parameter.place == "body":
        text += " Needed, here or in the body."
    key, required = _OWN + parameter.name, parameter.required and parameter.place == "query"
    if parameter.kind is bool:
        return click.Option([key, f"--{name}/--no-{name}"], default=None, required=required, help=text)
    read, metavar = (click.File("rb"), "FILE") if parameter.encoded else _TYPES.get(parameter.kind, _TEXT)
    return click.Option([key, f"--{name}"], type=read, metavar=metavar, required=required, help=text)


def targets(subcommand: Subcommand, values: Values) -> list[Target]:
    """What the path of each call holds; ids that are given twice make one call.

    Args:
        subcommand: the operation.
        values: what click has read.
    """
    names = [parameter.name for parameter in subcommand.path]
    given = [values[_OWN + name] for name in names]
    if not subcommand.takes_several:
        return [dict(zip(names, given, strict=True))]
    return [dict(zip(names, [*given[:-1], last], strict=True)) for last in dict.fromkeys(given[-1])]


def keywords(subcommand: Subcommand, values: Values, *, interactive: bool) -> dict[str, Any]:
    """What the query and the body of each call hold, as arguments of the client's method.

    Args:
        subcommand: the operation.
        values: what click has read.
        interactive: whether there is somebody to ask for a secret.

    Raises:
        UsageError: the body cannot be used, or something is missing; the text names members, never their values.
    """
    given: dict[str, Any] = {}
    for parameter in subcommand.others:
        value = values.get(_OWN + parameter.name)
        if value is not None:
            given[parameter.name] = b64encode(value.read()).decode() if parameter.encoded else value
    if not subcommand.operation.body:
        return given
    members = [parameter for parameter in subcommand.others if parameter.place == "body"]
    content = _content(values["body"]) if values["body"] else {}
    for parameter in members:
        if parameter.name in given:
            value = given.pop(parameter.name)
            content[parameter.member] = serialization.format_instant(value) if isinstance(value, datetime) else value
        elif parameter.secret and parameter.member not in content:
            secret = _secret(subcommand, parameter, interactive=interactive)
            content |= {parameter.member: secret} if secret else {}
    return given | _checked(subcommand, members, content)


def _checked(subcommand: Subcommand, members: Collection[Parameter], content: dict[str, Any]) -> dict[str, Any]:
    """The members of a body that is complete and fits the contract, as arguments of the client's method."""
    missing = [_way(subcommand, member) for member in members if member.required and member.member not in content]
    if missing:
        raise click.UsageError(f"expected {', '.join(missing)}, or a --body that holds as much")
    if not content.keys() <= {member.member for member in members}:
        raise click.UsageError(f"--body: expected no members but {', '.join(member.member for member in members)}")
    model: Any = subcommand.operation.body
    wrong = subcommand.contract.schemas.problem(model.__name__, content)
    if wrong:
        raise click.UsageError(wrong)
    body = model.from_dict(content)
    arguments = {member.name: getattr(body, member.name) for member in members}
    return {name: value for name, value in arguments.items() if not isinstance(value, Unset)}


def _content(file: IO[bytes]) -> dict[str, Any]:
    try:
        content = json_reader.read(file.read())
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise click.UsageError("--body: expected a JSON object, in UTF-8")
    return content


def variable(subcommand: Subcommand, parameter: Parameter) -> str:
    """The environment variable of a secret of a body."""
    return f"CERBO_{subcommand.method}_{parameter.name}".upper()


def _way(subcommand: Subcommand, parameter: Parameter) -> str:
    if parameter.secret:
        return variable(subcommand, parameter)
    return f"--{parameter.name.replace('_', '-')}" if parameter.kind else parameter.name


def _secret(subcommand: Subcommand, parameter: Parameter, *, interactive: bool) -> str | None:
    value = os.environ.get(variable(subcommand, parameter))
    if value is None and parameter.required and interactive:
        text = f"{parameter.text.removesuffix('.')} to send with {subcommand.name}"
        value = click.prompt(text, hide_input=True, err=True)
    return value if value is None else sendable(value)
