"""The first errors of a JSON document, in bounded memory, and the words for their places."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec.yaml_document import json_path

# A document of more values, counted at any depth, gives its first error only.
MOST_VALUES = 1_000
# Characters of a name that the caller chose.
_SHOWN_NAME = 64


def errors(validator: jsonschema_rs.Validator, content: Any) -> Iterator[jsonschema_rs.ValidationError]:
    """How a document differs from a schema.

    The validator collects all errors before it returns the first, 2 KB and 40 microseconds each: of a large document,
    only the first is given.

    Args:
        validator: of the schema.
        content: the document.

    Raises:
        ValueError: the document is nested too deeply, or contains an unpaired surrogate.
    """
    if _is_small(content):
        yield from validator.iter_errors(content)
        return
    try:
        validator.validate(content)
    except jsonschema_rs.ValidationError as error:
        yield error


def _is_small(content: Any) -> bool:
    rest, count = [content], 0
    while rest and count + len(rest) <= MOST_VALUES:
        value = rest.pop()
        count += 1
        if isinstance(value, dict | list):
            rest.extend(islice(value.values() if isinstance(value, dict) else value, MOST_VALUES))
    return not rest


def body_path(keys: Iterable[str | int]) -> str:
    """A path into a body, such as `patients[0].queue[2].id`."""
    shown = (key[:_SHOWN_NAME] if isinstance(key, str) else key for key in keys)
    return json_path(shown) or "the body"


def problem(error: Any) -> str:
    """An error of a validator, without values."""
    return f"{body_path(error.instance_path)}: {error.message}"


def whole(value: Any) -> Any:
    """The value, as an int if it is a float without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
