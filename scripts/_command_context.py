"""Prepares the sub-commands of the command-line interface for their template."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from _argument_context import Argument
from _kinds import RenderError
from pydantic import BaseModel, ValidationError

from contract_tests.spec_lint.yaml_lines import YamlDocument

Json = Any

# Options and parameters that sub-commands share; an operation's argument of such a name gets a prefix.
_SHARED = {
    *("base_url", "body", "ca_file", "help", "json", "local_time", "password_file", "proxy", "shared"),
    *("summary", "table", "timeout", "user", "version", "yes"),
}
_TYPES = {
    "integer": ("integer", "NUMBER"),
    "number": ("number", "NUMBER"),
    "instant": ("instant", "TIME"),
    "day": ("day", "DATE"),
    "uuid": ("uuid_text", "UUID"),
    "text": ("utf8_text", "TEXT"),
    "boolean": ("json_value", "true|false"),
    "json": ("json_value", "JSON"),
    "union": ("json_or_text", "TEXT"),
    "any": ("json_or_text", "TEXT"),
}
_PYTHON = {
    "integer": "int",
    "number": "float",
    "instant": "datetime.datetime",
    "day": "datetime.date",
    "uuid": "uuid.UUID",
    "text": "str",
    "boolean": "bool",
}


class _Summary(BaseModel, extra="forbid"):
    count_by: str
    oldest_by: str


class _Presentation(BaseModel, extra="forbid"):
    name: str | None = None
    columns: tuple[str, ...] = ()
    summary: _Summary | None = None
    confirm: bool = True


class Presentations(BaseModel, extra="forbid"):
    """How the command-line interface presents the operations: the file `commands.yaml`."""

    help: str
    operations: dict[str, _Presentation] = {}


def read(path: Path, known: Sequence[str]) -> Presentations:
    """Read the file.

    Args:
        path: the file.
        known: the ids of the contract's operations.

    Raises:
        RenderError: a key or a value is wrong, or an operation is unknown.
        DocumentError: the file is not YAML.
    """
    document = YamlDocument(path)
    try:
        presentations = Presentations.model_validate(document.content)
    except ValidationError as error:
        first = error.errors()[0]
        raise RenderError(f"{document.where(first['loc'])}: {first['msg']}") from None
    for name in presentations.operations:
        if name not in known:
            raise RenderError(f"{document.where(['operations', name])}: expected an operation of the contract")
    return presentations


def command(call: Mapping[str, Any], presentation: _Presentation | None) -> dict[str, Any]:
    """The variables of one sub-command.

    Args:
        call: the operation, as the template of the client has it.
        presentation: its presentation, if it has one.

    Raises:
        RenderError: two options have one name.
    """
    shown = presentation or _Presentation()
    name = shown.name or call["name"].replace("_", "-")
    body = call["body"]
    whole = bool(body and body.model is None)
    members = [*_members(call, name)] if body and not whole else []
    secrets = [member for member in members if member["secret"]]
    path = [_path_argument(each) for each in call["by_location"]["path"]]
    options = [*_options(call, members, whole=whole)]
    taken = [each["parameter"] for each in (*path, *options)]
    if len(set(taken)) < len(taken):
        raise RenderError(f"{call['id']}: expected each option once among {', '.join(taken)}")
    return {
        "call": call,
        "name": name,
        "columns": shown.columns,
        "summary": shown.summary,
        "confirm": shown.confirm and call["method"] not in {"GET", "HEAD"},
        "path": path,
        "options": options,
        "members": members,
        "secrets": [(member["secret"], member["text"]) for member in secrets],
        # An array or an object is no id, of which there may be several.
        "several": bool(path) and not body and not call["by_location"]["path"][-1].style,
    }


def _path_argument(argument: Argument) -> dict[str, Any]:
    kind, schema = _TYPES.get(argument.kind.name, _TYPES["json"])[0], argument.schema
    if kind == "integer" and {"minimum", "maximum"} <= schema.keys():
        kind = f"integer_between({schema['minimum']}, {schema['maximum']})"
    parameter = _parameter(argument.name)
    return {
        "name": argument.name,
        "parameter": parameter,
        "type": f"param_types.{kind}",
        "metavar": argument.name.upper(),
    }


def _members(call: Mapping[str, Any], command_name: str) -> Iterator[dict[str, Any]]:
    """The members of the body, those that repeat an argument of the path included."""
    given = {each.wire: each for each in call["body"].members}
    for member in call["body"].model["members"]:
        name = member["name"]
        own = given.get(name)
        argument = own.name if own else member["attribute"]
        secret = argument.endswith("password")
        text = _text(own) if own else ""
        yield {
            "argument": argument,
            "name": name,
            "option": None if secret or not own or not _simple(own) else _option_name(argument),
            "secret": f"CERBO_{call['name']}_{argument}".upper() if secret else None,
            "prompt": f"{text.removesuffix('.')} to send with {command_name}" if secret else "",
            "required": member["required"],
            "repeats": call["body"].repeats.get(name),
            "base64": bool(own and own.schema.get("contentEncoding") == "base64"),
            "text": text,
        }


def _options(call: Mapping[str, Any], members: Sequence[Mapping[str, Any]], *, whole: bool) -> Iterator[dict[str, Any]]:
    by_name = {member["argument"]: member for member in members}
    for each in call["arguments"]:
        member = by_name.get(each.name) if each.location == "body" else None
        if each.location == "path" or (member and not member["option"]) or (each.location == "body" and whole):
            continue
        text = _text(each)
        if member and member["base64"]:
            text += ' The option takes a file, "-" is the standard input, and encodes it.'
        if member and each.required:
            text += " Needed, here or in the body."
        option: dict[str, Any] = {"argument": each.name, "parameter": _parameter(each.name), "help": text}
        option |= {"required": each.required and not member, "flag": _option_name(each.name), "kind": "value"}
        kind, several = _simple(each), each.kind.name == "array"
        if kind == "boolean" and not several:
            option |= {"kind": "flag", "flag": f"{option['flag']}/--no-{option['flag'].removeprefix('--')}"}
        elif kind in {"file", "files"} or (member and member["base64"]):
            option |= {"type": 'click.File("rb")', "metavar": "FILE", "multiple": kind == "files"}
        else:
            type_, metavar = _TYPES.get(kind or each.kind.name, _TYPES["json"])
            option |= {"type": f"param_types.{type_}", "metavar": metavar, "multiple": several and bool(kind)}
        yield option


def _simple(argument: Argument) -> str | None:
    """The kind of value that one option can hold, of an array its entries; None for any other, such as an object."""
    kind = argument.kind
    if kind.name == "array" and argument.location != "body":
        return next((name for name, python in _PYTHON.items() if kind.annotation == f"list[{python}]"), None)
    return kind.name if kind.name in {*_PYTHON, "base64", "file", "files"} else None


def _parameter(argument: str) -> str:
    return f"request_{argument}" if argument.strip("_") in _SHARED else argument


def _option_name(argument: str) -> str:
    return "--" + _parameter(argument).strip("_").replace("_", "-")


def _text(argument: Argument) -> str:
    return " ".join(argument.text.split())
