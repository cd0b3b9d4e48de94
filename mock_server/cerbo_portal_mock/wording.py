"""What a schema asks for, in words: for errors that name what was expected and show no values."""

from collections.abc import Mapping
from typing import Any

_NO_NUL = r"^[^\u0000]*$"


def expected(schema: Mapping[str, Any]) -> str:
    """What a value must be to fit the schema.

    Args:
        schema: of a parameter or a member, without a `$ref`.
    """
    match schema:
        case {"type": "integer", "minimum": low, "maximum": high}:
            return f"an integer from {low} to {high}"
        case {"type": "boolean"}:
            return "true or false"
        case {"enum": [*members]}:
            return "one of " + ", ".join(str(member) for member in members)
        case {"contentEncoding": "base64"}:
            return "base64 with padding, not empty, without line breaks"
        case {"type": kind}:
            return _text(schema) if "pattern" in schema else f"a value of type {kind}"
    return "another value"


def _text(schema: Mapping[str, Any]) -> str:
    form = "without NUL" if schema["pattern"] == _NO_NUL else f"that fits {schema['pattern']}"
    return f"text{_length(schema)} {form}"


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
