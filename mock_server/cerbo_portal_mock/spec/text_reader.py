"""Reads the JSON values that stand as texts in URLs, headers and forms."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import jsonschema_rs
from cerbo_portal_runtime import json_reader

from cerbo_portal_mock.spec.openapi import schema_parts

# More digits than any number of a request needs, and far fewer than int() refuses to read.
_INTEGER = re.compile(r"-?[0-9]{1,100}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_NULLS = {"", "null"}
_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
    list: "array",
    dict: "object",
}

Json = Any
Validator = jsonschema_rs.Validator


class UnreadableText(ValueError):
    """The texts stand for no value that fits the schema; the text is the name of the member that does not, if known."""


class TextReader:
    """Reads texts by a schema: where they could stand for several values, the first one that fits.

    Args:
        document: the OpenAPI document, in which the schema's references lead to its components.
        schema: the schema.
        compile_schema: makes a validator of a schema of the document.
    """

    def __init__(self, document: Mapping[str, Json], schema: Json, compile_schema: Callable[[Json], Validator]) -> None:
        self._document, self._schema, self._compile_schema = document, schema, compile_schema
        self._parts = schema_parts(document, schema)
        #: The types that values of the schema can have.
        self.types = frozenset(_types(self._parts)) or frozenset({"string"})

    def read(self, texts: Sequence[str], delimiter: str | None = None) -> Json:
        """The value of the texts given for one name.

        Args:
            texts: the texts, at least one.
            delimiter: what separates the items of a list within one text; None if each item has a text.

        Raises:
            UnreadableText: none fits the schema.
        """
        for value in self._values(texts, delimiter):
            if self.fits(value):
                return value
        raise UnreadableText

    @cached_property
    def _validator(self) -> Validator:
        return self._compile_schema(self._schema)

    def fits(self, value: Json) -> bool:
        """Whether a value fits the schema."""
        return self._validator.is_valid(value)

    @cached_property
    def _others(self) -> "TextReader | None":
        """A reader of the members that the schema does not name."""
        for part in self._parts:
            if isinstance(part.get("additionalProperties"), dict):
                return TextReader(self._document, part["additionalProperties"], self._compile_schema)
        return None

    @cached_property
    def members(self) -> "dict[str, TextReader]":
        """A reader of each member that the schema names."""
        readers: dict[str, TextReader] = {}
        for part in self._parts:
            for name, member in part.get("properties", {}).items():
                readers.setdefault(name, TextReader(self._document, member, self._compile_schema))
        return readers

    def read_member(self, name: str, texts: Sequence[str], delimiter: str | None = None) -> Json:
        """The value of a member of an object; texts that fit no value of it stay texts, which the schema then refuses.

        Args:
            name: of the member.
            texts: the texts, at least one.
            delimiter: what separates the items of a list within one text; None if each item has a text.
        """
        reader = self.members.get(name, self._others)
        try:
            if reader:
                return reader.read(texts, delimiter)
        except UnreadableText:
            pass
        return texts[0] if len(texts) == 1 else texts

    def read_object(self, texts: Mapping[str, Sequence[str]]) -> Json:
        """The object of the texts that are given for each member.

        Args:
            texts: the texts, at least one for each name.

        Raises:
            UnreadableText: it does not fit the schema.
        """
        value = {name: self.read_member(name, given) for name, given in texts.items()}
        if not self.fits(value):
            unfit = (name for name in value if name in self.members and not self.members[name].fits(value[name]))
            raise UnreadableText(next(unfit, ""))
        return value

    def _values(self, texts: Sequence[str], delimiter: str | None) -> Iterator[Json]:
        if "array" in self.types:
            for items in _lists(texts, delimiter):
                yield [self._item(text) for text in items]
        if len(texts) == 1:
            yield from self._scalars(texts[0])

    def _item(self, text: str) -> Json:
        try:
            return self._items.read([text]) if self._items else text
        except UnreadableText:
            return text

    @cached_property
    def _items(self) -> "TextReader | None":
        for part in self._parts:
            if isinstance(part.get("items"), dict):
                return TextReader(self._document, part["items"], self._compile_schema)
        return None

    def _scalars(self, text: str) -> Iterator[Json]:
        types = self.types
        if ("integer" in types or "number" in types) and _INTEGER.fullmatch(text):
            yield int(text)
        elif "number" in types and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            yield float(text)
        if "boolean" in types and text in _BOOLEANS:
            yield _BOOLEANS[text]
        if "object" in types:
            with suppress(json_reader.InvalidJson):
                yield json_reader.read(text)
        if "string" in types:
            yield text
        if "null" in types and text in _NULLS:
            yield None


def _lists(texts: Sequence[str], delimiter: str | None) -> Iterator[Sequence[str]]:
    if delimiter is None:
        yield texts
    elif len(texts) == 1:
        if not texts[0]:
            yield []
        yield texts[0].split(delimiter)
        # Clients escape the delimiter as they escape one within an item.
        yield texts


def _types(parts: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    for part in parts:
        declared = part.get("type", [])
        yield from [declared] if isinstance(declared, str) else declared
        for value in [*part.get("enum", []), *([part["const"]] if "const" in part else [])]:
            yield _TYPES[type(value)]
