"""The forms of scenarios and of the control API's bodies, compiled when they are first needed."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs

from cerbo_portal_mock import wording
from cerbo_portal_mock.contract import InvalidArgument, place
from cerbo_portal_mock.yamlfile import Document

DATA = Path(__file__).with_name("data")
SHOWN_PROBLEMS = 10

# Where, and what is wrong there.
Problem = tuple[list[str | int], str]


def problems(name: str, content: Any) -> Iterator[Problem]:
    """How the content differs from the form of this name: where, and what was expected there; shows no values."""
    try:
        for error in _validator(name).iter_errors(content):
            yield from _said(name, error)
    except ValueError:
        # Halves of characters, which JSON can spell and no text can hold.
        yield [], "expected text of whole characters"


def refuse(found: Iterator[Problem]) -> None:
    """Raise for the first problems, if there are any.

    Raises:
        InvalidArgument: the text names each member and what was expected.
    """
    shown = [f"{place(keys)}: {what}" for keys, what in islice(found, SHOWN_PROBLEMS)]
    if shown:
        raise InvalidArgument("; ".join(shown))


def form(name: str) -> dict[str, Any]:
    """The form of this name, as JSON Schema; what it refers to is `form` of the last part of the reference."""
    found: dict[str, Any] = _content()["$defs"][name]
    return found


def resolved(node: Mapping[str, Any]) -> dict[str, Any]:
    """A form with what it refers to and consists of; what it says itself has the last word."""
    whole: dict[str, Any] = {}
    parts = [form(node["$ref"].rpartition("/")[2])] if "$ref" in node else []
    for part in [*parts, *node.get("allOf", [])]:
        inner = resolved(part)
        properties = dict(whole.get("properties", {}))
        for name, member in inner.get("properties", {}).items():
            properties[name] = {"allOf": [properties[name], member]} if member and name in properties else member
        required = [*whole.get("required", []), *inner.get("required", [])]
        whole |= (
            inner | ({"properties": properties} if properties else {}) | ({"required": required} if required else {})
        )
    own = {name: value for name, value in node.items() if name not in {"$ref", "allOf"}}
    return whole | own


def _said(name: str, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    keys: list[str | int] = list(error.instance_path)
    known = [member for member, inner in _at(name, keys).get("properties", {}).items() if inner is not False]
    kind: Any = error.kind
    match kind.name:
        case "required":
            keys.append(kind.property)
            yield keys, f"expected {wording.expected(_at(name, keys))}, nothing was given"
        case "additionalProperties":
            for member in kind.unexpected:
                yield [*keys, member], f"expected no such member, only {', '.join(known)}"
        case "falseSchema":
            yield keys, "expected no such member"
        case "minProperties":
            yield keys, f"expected at least one of {', '.join(known)}"
        case _:
            asked: Any = _content()
            for key in list(error.schema_path)[:-1]:
                asked = asked[key]
            yield keys, f"expected {wording.expected(asked)}"


def _at(name: str, keys: Iterable[str | int]) -> dict[str, Any]:
    """What the form of this name says of a place in its content."""
    inner = resolved(form(name))
    for key in keys:
        inner = resolved(inner["items"] if isinstance(key, int) else inner["properties"].get(key) or {})
    return inner


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    schema = {**_content(), "$ref": f"#/$defs/{name}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="the value")


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = Document(DATA / "schemas.yaml").content
    return content
