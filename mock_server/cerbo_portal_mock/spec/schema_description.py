"""A JSON Schema in words, for errors that say what was expected and show no values."""

from collections.abc import Mapping
from typing import Any

_NO_NUL = r"^[^\u0000]*$"
_NOUNS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_FORMATS = {
    "date": "a date, such as 2026-11-24",
    "date-time": "an instant in RFC 3339, such as 2026-11-24T12:00:00Z",
    "email": "an e-mail address",
    "uuid": "a UUID, such as 3f2b8c1e-9a4d-4c6b-8e21-7d5f0a9b1c3e",
}


def describe(schema: Mapping[str, Any]) -> str:
    """What a value must be to fit the schema, in words.

    Args:
        schema: of a parameter or a member, without a `$ref`.
    """
    match schema:
        case {"x-expected": words} | {"const": words}:
            return str(words)
        case {"enum": [*members]}:
            return "one of " + ", ".join("null" if member is None else str(member) for member in members)
        case {"contentEncoding": "base64"}:
            return "base64 with padding, not empty, without line breaks"
        case {"type": [*kinds]}:
            return " or ".join(describe({**schema, "type": kind}) for kind in kinds)
        case {"type": kind}:
            return _FORMATS.get(schema.get("format", "")) or f"{_NOUNS[kind]}{_limits(schema)}"
    options = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    return " or ".join(dict.fromkeys(map(describe, options))) or "another value"


def _limits(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"type": "string"}:
            return f"{_length(schema)}{_pattern(schema)}".rstrip(",")
        case {"type": "array"}:
            return f"{_items(schema)}{_each(schema)}"
        case {"type": "integer" | "number"}:
            return _range(schema)
    return ""


def _range(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"minimum": low, "maximum": high}:
            return f" from {low} to {high}"
        case {"exclusiveMinimum": low, "maximum": high}:
            return f" above {low} and at most {high}"
        case {"minimum": low}:
            return f" of at least {low}"
        case {"maximum": high}:
            return f" of at most {high}"
    return ""


def _items(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"uniqueItems": True}:
            return " without repeats"
        case {"minItems": 1}:
            return " of at least 1 item"
    return ""


def _each(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"items": {"type": "object"}}:
            return ""
        case {"items": {"type": _} | {"enum": _} as item}:
            return f", each {describe(item)}"
    return ""


def _pattern(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"pattern": pattern}:
            return " without NUL" if pattern == _NO_NUL else f" that fits {pattern}"
    return ""


def _length(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"minLength": low, "maxLength": high}:
            return f" of {low} to {high} characters"
        case {"minLength": 1}:
            return ", not empty,"
        case {"minLength": low}:
            return f" of at least {low} characters"
        case {"maxLength": high}:
            return f" of at most {high} characters"
    return ""
