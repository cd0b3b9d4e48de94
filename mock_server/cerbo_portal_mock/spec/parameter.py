"""A parameter of an operation: how its value is read from path, query or headers."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
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
    #: Whether each member of an object has its name with it.
    explode: bool

    def read(self, texts: Sequence[str]) -> Json:
        """The value of a request's texts, of which there is at least one.

        Raises:
            InvalidArgument: they are repeated, malformed or out of range.
        """
        if self.location == "header":
            texts = [_without_blanks(text, within=bool({"array", "object"} & self.reader.types)) for text in texts]
        if self.delimiter and "object" in self.reader.types and len(texts) == 1:
            with suppress(UnreadableText):
                return self.reader.read_object(self._pairs(texts[0].split(self.delimiter)))
        if len(texts) > 1 and (self.delimiter or "array" not in self.reader.types):
            raise InvalidArgument(f"{self.name}: expected once, given {len(texts)} times")
        try:
            return self.reader.read(texts, self.delimiter)
        except UnreadableText:
            raise InvalidArgument(f"{self.name}: expected {self.expected}") from None

    @cached_property
    def is_spread(self) -> bool:
        """Whether the members of the value are parameters of the query themselves."""
        return self.location == "query" and self.explode and "object" in self.reader.types

    def read_spread(self, query: Mapping[str, Sequence[str]], others: Collection[str]) -> Json:
        """The value of an object whose members are parameters of the query; None if none is given.

        Args:
            query: every text given for each name.
            others: the names that are other parameters.

        Raises:
            InvalidArgument: a member is malformed or out of range.
        """
        # A map takes every name that is no parameter.
        known = self.reader.members.keys() or query.keys() - others
        given = {name: query[name] for name in query if name in known}
        try:
            return self.reader.read_object(given) if given else None
        except UnreadableText as error:
            member = self.schema.get("properties", {}).get(str(error))
            name, schema = (self.name, self.schema) if member is None else (error, member)
            raise InvalidArgument(f"{name}: expected {schema_description.describe(schema)}") from None

    def _pairs(self, items: Sequence[str]) -> dict[str, list[str]]:
        if items == [""]:
            return {}
        if self.explode:
            pairs = [item.partition("=")[::2] for item in items]
        elif len(items) % 2:
            raise UnreadableText
        else:
            pairs = [*zip(items[::2], items[1::2], strict=True)]
        return {name: [text] for name, text in pairs}

    @property
    def expected(self) -> str:
        """The schema in words."""
        return schema_description.describe(self.schema)


def _without_blanks(text: str, *, within: bool) -> str:
    return ",".join(item.strip(" \t") for item in text.split(",")) if within else text.strip(" \t")


def explodes(node: Mapping[str, Json]) -> bool:
    """Whether a parameter writes each item of a list, and each member of an object, for itself.

    Args:
        node: the parameter in the document.
    """
    style = node.get("style", "form" if node["in"] == "query" else "simple")
    explode: bool = node.get("explode", style == "form")
    return explode


def delimiter(node: Mapping[str, Json]) -> str | None:
    """What separates the items of a list that a parameter takes; None if each has a text.

    Args:
        node: the parameter in the document.

    Raises:
        UnreadableParameter: the mock cannot read such a parameter.
    """
    location = node["in"]
    style = node.get("style", "form" if location == "query" else "simple")
    if "schema" not in node or (location, style) not in _DELIMITERS:
        known = ", ".join(f"{location} ({style})" for location, style in _DELIMITERS)
        raise UnreadableParameter(f"parameter {node['name']}: expected a schema, and one of {known}")
    return None if explodes(node) and location == "query" else _DELIMITERS[location, style]
