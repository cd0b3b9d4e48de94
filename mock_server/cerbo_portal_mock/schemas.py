"""The forms of scenarios and of the control API's bodies, compiled when they are first needed."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.contract import InvalidArgument, place
from cerbo_portal_mock.yamlfile import Document

DATA = Path(__file__).with_name("data")
SHOWN_PROBLEMS = 10

# Where, and what is wrong there.
Problem = tuple[list[str | int], str]


def problems(name: str, content: Any) -> Iterator[Problem]:
    """How the content differs from the form of this name; shows no values."""
    try:
        for error in _validator(name).iter_errors(content):
            yield list(error.instance_path), error.message
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


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    schema = {**_content(), "$ref": f"#/$defs/{name}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="the value")


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = Document(DATA / "schemas.yaml").content
    return content
