"""Prepares the sub-commands of the command-line interface for their template."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openapi_python_client.parser.properties import Property
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from pydantic import BaseModel, ValidationError

from contract_tests.spec_lint.yaml_lines import YamlDocument

Json = Any

# Options and parameters that sub-commands share; an operation's argument of such a name gets a prefix.
_SHARED = {
    *("base_url", "body", "ca_file", "help", "json", "local_time", "password_file", "proxy", "shared"),
    *("summary", "table", "timeout", "user", "version", "yes"),
}
_TYPES = {
    IntProperty: ("integer", "NUMBER"),
    FloatProperty: ("number", "NUMBER"),
    DateTimeProperty: ("instant", "TIME"),
    StringProperty: ("utf8_text", "TEXT"),
}


class RenderError(Exception):
    """The client cannot be rendered; the text says why."""


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


def command(call: Mapping[str, Any], presentation: _Presentation | None, schemas: Json) -> dict[str, Any]:
    """The variables of one sub-command.

    Args:
        call: the operation, as the template of the client has it.
        presentation: its presentation, if it has one.
        schemas: the contract's component schemas.
    """
    shown = presentation or _Presentation()
    name = shown.name or call["name"].replace("_", "-")
    members = [_member(call, name, member, schemas) for member in call["body_members"]]
    secrets = [member for member in members if member["secret"]]
    path = [_argument(call, parameter, schemas) for parameter in call["endpoint"].path_parameters]
    options = [*_options(call, members)]
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
        "several": bool(path) and not call["body"],
    }


def _argument(call: Mapping[str, Any], parameter: Property, schemas: Json) -> dict[str, Any]:
    schema = call["schemas"][parameter.name.get_untrusted_value()]
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    kind = "integer" if isinstance(parameter, IntProperty) else "utf8_text"
    if kind == "integer" and {"minimum", "maximum"} <= schema.keys():
        kind = f"integer_between({schema['minimum']}, {schema['maximum']})"
    name = str(parameter.python_name)
    return {"name": name, "parameter": _parameter(name), "type": f"param_types.{kind}", "metavar": name.upper()}


def _member(call: Mapping[str, Any], command_name: str, member: Property, schemas: Json) -> dict[str, Any]:
    name, argument = member.name.get_untrusted_value(), str(member.python_name)
    secret = argument.endswith("password")
    repeats = call["repeated"].get(name)
    text = "" if repeats else _text(call, member)
    schema = schemas[call["body"].class_info.name]["properties"][name]
    return {
        "property": member,
        "argument": argument,
        "name": name,
        "option": None if secret or repeats or not _simple(member) else _option_name(argument),
        "secret": f"CERBO_{call['name']}_{argument}".upper() if secret else None,
        "prompt": f"{text.removesuffix('.')} to send with {command_name}" if secret else "",
        "required": member.required,
        "repeats": repeats,
        "base64": schema.get("contentEncoding") == "base64",
        "text": text,
    }


def _options(call: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    by_property = {id(member["property"]): member for member in members}
    for parameter in call["keywords"]:
        member = by_property.get(id(parameter))
        if member and not member["option"]:
            continue
        argument, text = str(parameter.python_name), _text(call, parameter)
        if member and member["base64"]:
            text += ' The option takes a file, "-" is the standard input, and encodes it.'
        if member and parameter.required:
            text += " Needed, here or in the body."
        option: dict[str, Any] = {
            "argument": argument,
            "parameter": _parameter(argument),
            "help": text,
            "kind": "value",
        }
        option |= {"required": parameter.required and not member, "flag": _option_name(argument)}
        kind = _simple(parameter)
        if kind is BooleanProperty:
            option |= {"kind": "flag", "flag": f"{option['flag']}/--no-{option['flag'].removeprefix('--')}"}
        elif member and member["base64"]:
            option |= {"type": 'click.File("rb")', "metavar": "FILE"}
        else:
            type_, metavar = _TYPES[kind or StringProperty]
            option |= {"type": f"param_types.{type_}", "metavar": metavar}
        yield option


def _simple(parameter: Property) -> type[Any] | None:
    """The class of a property that one option can hold; None for any other, such as a list."""
    inner = parameter.inner_properties if isinstance(parameter, UnionProperty) else [parameter]
    kinds = {type(each) for each in inner} - {NoneProperty}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if kind in {*_TYPES, BooleanProperty} else None


def _parameter(argument: str) -> str:
    return f"request_{argument}" if argument.strip("_") in _SHARED else argument


def _option_name(argument: str) -> str:
    return "--" + _parameter(argument).strip("_").replace("_", "-")


def _text(call: Mapping[str, Any], parameter: Property) -> str:
    return " ".join(call["docs"][parameter.name.get_untrusted_value()].split())
