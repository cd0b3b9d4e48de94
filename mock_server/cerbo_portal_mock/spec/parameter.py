"""A parameter of an operation: how its value is read from path, query or headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cerbo_portal_mock.spec import schema_description
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.text_reader import TextReader, UnreadableText

Json = Any
# By location and style: what separates the items of a list, if they do not have a text each.
_DELIMITERS = {
    ("path", "simple"): ",",
    ("header", "simple"): ",",
    ("query", "form"): ",",
    ("query", "spaceDelimited"): " ",
    ("query", "pipeDelimited"): "|",
}


class UnreadableParameter(ValueError):
    """The mock cannot read such a parameter; the text names it and says which ones it can read."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    location: str
    required: bool
    coming_soon: bool
    default: Json
    schema: Mapping[str, Json]
    reader: TextReader
    #: What separates the items of a list; None if each has a text.
    delimiter: str | None

    def read(self, texts: Sequence[str]) -> Json:
        """The value of a request's texts, of which there is at least one.

        Raises:
            InvalidArgument: they are repeated, malformed or out of range.
        """
        if len(texts) > 1 and (self.delimiter or "array" not in self.reader.types):
            raise InvalidArgument(f"{self.name}: expected once, given {len(texts)} times")
        if self.location == "header":
            texts = [_without_blanks(text, within="array" in self.reader.types) for text in texts]
        try:
            return self.reader.read(texts, self.delimiter)
        except UnreadableText:
            raise InvalidArgument(f"{self.name}: expected {self.expected}") from None

    @property
    def expected(self) -> str:
        """The schema in words."""
        return schema_description.describe(self.schema)


def _without_blanks(text: str, *, within: bool) -> str:
    return ",".join(item.strip(" \t") for item in text.split(",")) if within else text.strip(" \t")


def delimiter(node: Mapping[str, Json], types: frozenset[str]) -> str | None:
    """What separates the items of a list that a parameter takes; None if each has a text.

    Args:
        node: the parameter in the document.
        types: the types that its values can have.

    Raises:
        UnreadableParameter: the mock cannot read such a parameter.
    """
    location = node["in"]
    style = node.get("style", "form" if location == "query" else "simple")
    if "schema" not in node or (location, style) not in _DELIMITERS or types == {"object"}:
        known = ", ".join(f"{location} ({style})" for location, style in _DELIMITERS)
        raise UnreadableParameter(f"parameter {node['name']}: expected a schema of another type than object in {known}")
    explode = node.get("explode", style == "form")
    return None if explode and location == "query" else _DELIMITERS[location, style]
