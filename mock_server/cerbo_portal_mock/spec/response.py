"""A documented response: how responses are checked against it, and an example of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec import media_types, validation
from cerbo_portal_mock.spec.equal_members import Keys, repeat_arguments

# Of media types whose content nothing is known of.
_CONTENTS = {"application/pdf": b"%PDF-1.4\n%%EOF\n", "text/csv": b"id,name\r\n1,example\r\n"}
_TEXT, _BYTES = b"example\n", b"\x00\x01\x02\x03"
# The concrete type that stands for one with wildcards.
_CONCRETE = {"text/*": "text/plain", "image/*": "image/png", "*/*": media_types.JSON, "application/*": media_types.JSON}

Json = Any


@dataclass(frozen=True)
class ExampleContent:
    """The content of an example of a response.

    Attributes:
        media_type: its type; None where there is no content.
        content: its bytes.
        equal_members: where JSON repeats arguments of the request, and which.
    """

    media_type: str | None
    content: bytes
    equal_members: list[tuple[Keys, str]] = field(default_factory=list)

    def content_for(self, arguments: Mapping[str, Json]) -> bytes:
        """The content for the arguments of a request, by name."""
        if not self.equal_members:
            return self.content
        value = json.loads(self.content)
        repeat_arguments(value, self.equal_members, arguments)
        return _written(value)


@dataclass(frozen=True)
class DocumentedResponse:
    """A documented response: examples of its required headers and of its body, and the schema of its body.

    Attributes:
        headers: examples of its required headers, by name.
        media_types: as in the document, JSON first; empty if it has no body.
        examples: of the first media type, by name.
        schema: of the first media type.
        alternatives: other statuses that the real service might return instead (`x-alternatives`).
    """

    headers: Mapping[str, str]
    media_types: tuple[str, ...]
    examples: Mapping[str, Json]
    schema: Json
    alternatives: tuple[int, ...]
    _compile: Callable[[], jsonschema_rs.Validator]
    _generate: Callable[[], Json]
    _equal_members: Callable[[Json], list[tuple[Keys, str]]]

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return self._compile()

    def permits(self, body: Json) -> bool:
        """Whether a body fits the schema of the first media type."""
        return self._validator.is_valid(body)

    def violation(self, headers: Iterable[str], media_type: str, content: bytes) -> str | None:
        """How a response differs from what is documented; None if it does not. Holds no values.

        Args:
            headers: the names of its headers.
            media_type: of its body, without parameters.
            content: its body.
        """
        given = {name.lower() for name in headers}
        missing = [name for name in self.headers if name.lower() not in given]
        if missing:
            return f"{min(missing)}: expected this header"
        if not self.media_types:
            return "expected no body" if content else None
        declared = next((each for each in self.media_types if media_types.fits(media_type, each)), None)
        if declared is None:
            return f"expected {' or '.join(self.media_types)}, not {media_type}"
        described = declared == self.media_types[0] and media_types.is_json(media_type)
        return self._body_violation(content) if described else None

    def _body_violation(self, content: bytes) -> str | None:
        try:
            body = json.loads(content)
        except ValueError:
            return "expected a JSON body"
        for error in validation.errors(self._validator, body):
            return validation.problem(error)
        return None

    @cached_property
    def example(self) -> ExampleContent:
        """The first example that fits the schema; where there is none, a generated value that does.

        Raises:
            NoExample: no value that fits the schema was found.
        """
        if not self.media_types:
            return ExampleContent(None, b"")
        declared = self.media_types[0]
        media_type = _CONCRETE.get(media_types.essence(declared), declared)
        if not media_types.is_json(media_type):
            charset = "; charset=utf-8" if media_types.is_text(media_type) and ";" not in media_type else ""
            return ExampleContent(f"{media_type}{charset}", self._raw(media_type))
        fitting = (value for value in self.examples.values() if self._validator.is_valid(value))
        try:
            value = next(fitting)
        except StopIteration:
            value = self._generate()
        return ExampleContent(media_type, _written(value), self._equal_members(value))

    def _raw(self, media_type: str) -> bytes:
        for value in self.examples.values():
            if isinstance(value, str):
                return value.encode()
        default = _TEXT if media_types.is_text(media_type) else _BYTES
        return _CONTENTS.get(media_types.essence(media_type), default)


def _written(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
