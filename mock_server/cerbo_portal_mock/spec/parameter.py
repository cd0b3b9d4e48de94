"""A parameter of an operation: how its value is read from path, query or headers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cerbo_portal_mock.spec import schema_description
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.text_reader import TextReader, UnreadableText

Json = Any
Fields = Mapping[str, Sequence[str]]
_OBJECT = frozenset({"object"})
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
    #: What separates the items of a list, or names and values of an object; None if each has a text.
    delimiter: str | None

    def texts(self, query: Mapping[str, Sequence[str]], others: Collection[str]) -> Fields:
        """The texts of a query that belong to the parameter, by their names.

        Args:
            query: all texts by name.
            others: the names of all parameters in the query.
        """
        if not self._is_exploded_object:
            return {self.name: query[self.name]} if self.name in query else {}
        # A map takes all names that are no parameters.
        named = self.reader.members.keys() or query.keys() - others
        return {name: texts for name, texts in query.items() if name in named}

    @property
    def _is_exploded_object(self) -> bool:
        return self.location == "query" and self.delimiter is None and self.reader.types == _OBJECT

    def read(self, fields: Fields) -> Json:
        """The value of a request's texts.

        Args:
            fields: the texts, at least one, by their names: of an exploded object, each member has a text.

        Raises:
            InvalidArgument: they are repeated, malformed or out of range.
        """
        if not self._is_exploded_object:
            return self._read(fields[self.name])
        value = {name: self.reader.read_member(name, texts) for name, texts in fields.items()}
        if not self.reader.fits(value):
            for name, member in self.reader.members.items():
                if name in value and not member.fits(value[name]):
                    described = self.schema.get("properties", {}).get(name, {})
                    raise InvalidArgument(f"{name}: expected {schema_description.describe(described)}")
            raise InvalidArgument(f"{self.name}: expected {self.expected}")
        return value

    def _read(self, texts: Sequence[str]) -> Json:
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
    """What separates the items of a list, or names and values of an object; None if each has a text.

    Args:
        node: the parameter in the document.
        types: the types that its values can have.

    Raises:
        UnreadableParameter: the mock cannot read such a parameter.
    """
    location = node["in"]
    style = node.get("style", "form" if location == "query" else "simple")
    unreadable = types == _OBJECT and location != "query"
    if "schema" not in node or (location, style) not in _DELIMITERS or unreadable:
        known = ", ".join(f"{location} ({style})" for location, style in _DELIMITERS)
        raise UnreadableParameter(f"parameter {node['name']}: expected a schema in {known}; objects in query only")
    explode = node.get("explode", style == "form")
    return None if explode and location == "query" else _DELIMITERS[location, style]
