"""The query and body of a sub-command's request, from options, a file, the environment and prompts."""

import os
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

import click

from .. import json_reader, serialization
from ..types import Unset
from .command import Command, Member
from .param_types import utf8_text


def keywords(
    command: Command,
    path: Mapping[str, Any],
    arguments: Mapping[str, Any],
    body: IO[bytes] | None,
    *,
    interactive: bool,
) -> dict[str, Any]:
    """The keyword arguments of the client's method.

    Args:
        command: the sub-command.
        path: the arguments of the operation's path, by name.
        arguments: the values of the operation's options, by the argument of the method; None if not given.
        body: the file of `--body`.
        interactive: whether a secret can be asked for.

    Raises:
        UsageError: the body cannot be used, or something is missing; the text names members, never their values.
    """
    given: dict[str, Any] = {
        name: [_content(each) for each in value] if isinstance(value, tuple) else _content(value)
        for name, value in arguments.items()
        if value is not None and value != ()
    }
    members = {member.argument: member for member in command.members}
    for name in given.keys() & {member.argument for member in command.members if member.base64}:
        given[name] = b64encode(given[name]).decode()
    if command.whole_body:
        return given | ({"body": _whole(command, body)} if body else {})
    if not command.operation.body:
        return given
    if command.operation.sends == "multipart":
        # Files and texts: there is no JSON of them.
        if body:
            raise click.UsageError("--body: expected the options of the form instead")
        return given
    content = _read(body) if body else {}
    for name, member in members.items():
        if member.repeats:
            if content.setdefault(member.name, path[member.repeats]) != path[member.repeats]:
                raise click.UsageError(f"--body: {member.name}: expected the {member.repeats} of the command")
        elif name in given:
            value = given.pop(name)
            content[member.name] = serialization.format_instant(value) if isinstance(value, datetime) else value
        elif member.secret and member.name not in content:
            secret = _secret(member, interactive=interactive)
            content |= {member.name: secret} if secret else {}
    return given | _checked(command, content)


def _content(value: Any) -> Any:
    """What a file holds; any other value as it is."""
    return value.read() if hasattr(value, "read") else value


def _whole(command: Command, file: IO[bytes]) -> Any:
    """The body that a file holds, as the argument of the client's method."""
    content = file.read()
    try:
        match command.operation.sends:
            case "json":
                return json_reader.read(content)
            case "text":
                return content.decode()
    except ValueError:
        raise click.UsageError(f"--body: expected {command.operation.sends}, in UTF-8") from None
    return content


def _checked(command: Command, content: dict[str, Any]) -> dict[str, Any]:
    """The members of a complete and valid body, as arguments of the client's method."""
    missing = [
        member.secret or member.option or member.argument
        for member in command.members
        if member.required and member.name not in content
    ]
    if missing:
        raise click.UsageError(f"expected {', '.join(missing)}, or a --body that holds as much")
    names = [member.name for member in command.members]
    if not content.keys() <= set(names):
        raise click.UsageError(f"--body: expected no members but {', '.join(names)}")
    model: Any = command.operation.body
    problem = command.contract.schemas.problem(model.__name__, content)
    if problem:
        raise click.UsageError(problem)
    body = model.from_dict(content)
    arguments = {member.argument: getattr(body, member.argument) for member in command.members if not member.repeats}
    return {name: value for name, value in arguments.items() if not isinstance(value, Unset)}


def _read(file: IO[bytes]) -> dict[str, Any]:
    try:
        content = json_reader.read(file.read())
    except json_reader.InvalidJson:
        content = None
    if not isinstance(content, dict):
        raise click.UsageError("--body: expected a JSON object, in UTF-8")
    return content


def _secret(member: Member, *, interactive: bool) -> str | None:
    value = os.environ.get(member.secret or "")
    if value is None and member.required and interactive:
        value = click.prompt(member.prompt, hide_input=True, err=True)
    return value if value is None else utf8_text(value)
