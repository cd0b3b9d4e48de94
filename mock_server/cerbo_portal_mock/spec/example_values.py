"""Example values of JSON Schemas: valid, and the same for the same seed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from random import Random
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec.example_scalars import NoExample, number, text
from cerbo_portal_mock.spec.openapi import resolve
from cerbo_portal_mock.spec.schema_merge import merge, types

# So often a value is drawn until one fits the whole schema.
_ATTEMPTS = 20
# Inside of so many references, only what is required is made.
_DEEP = 4
_CHOICES = ("oneOf", "anyOf")
_OBJECT = {"properties", "required", "additionalProperties", "minProperties"}
_ARRAY = {"items", "prefixItems", "minItems"}
_NUMBER = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}

Json = Any
Path = tuple[str, ...]


class ExampleValues:
    """Makes values of the schemas of a document.

    Args:
        document: the OpenAPI document, in which the schemas' references lead to its components.
        compile_schema: makes a validator of a schema of the document.
        seed: the same seed gives the same values.
    """

    def __init__(
        self, document: Mapping[str, Json], compile_schema: Callable[[Json], jsonschema_rs.Validator], seed: str
    ) -> None:
        self._document, self._compile_schema, self._seed = document, compile_schema, seed
        self._random = Random(seed)  # noqa: S311 (repeatable on purpose)

    def value(self, schema: Json) -> Json:
        """A value that fits the schema.

        Raises:
            NoExample: none was found.
        """
        validator = self._compile_schema(schema)
        for attempt in range(_ATTEMPTS):
            self._random.seed(f"{self._seed} {attempt}")
            with suppress(NoExample):
                value = self._value(schema, ())
                if validator.is_valid(value):
                    return value
        raise NoExample("no value that fits the schema was found")

    def _value(self, schema: Json, within: Path) -> Json:
        """A value that should fit the schema.

        Args:
            schema: the schema.
            within: the references that led to it: one that leads back to itself is not followed again.
        """
        if not isinstance(schema, dict):
            if schema is False:
                raise NoExample("the schema permits no value")
            return "example"
        for given in self._given(schema):
            return given
        if "$ref" in schema:
            reference = schema["$ref"]
            if reference in within:
                raise NoExample("the schema contains itself")
            own = {keyword: schema[keyword] for keyword in schema if keyword != "$ref"}
            return self._value(merge(resolve(self._document, schema), own), (*within, reference))
        if "allOf" in schema:
            own = {keyword: schema[keyword] for keyword in schema if keyword != "allOf"}
            parts = [self._resolved(part) for part in schema["allOf"]]
            return self._value(merge(*parts, own), within)
        for keyword in _CHOICES:
            if keyword in schema:
                return self._chosen(schema, keyword, within)
        return self._typed(schema, within)

    def _resolved(self, part: Json) -> Json:
        if isinstance(part, bool):
            return {} if part else {"enum": []}
        own = {keyword: part[keyword] for keyword in part if keyword != "$ref"}
        return merge(resolve(self._document, part), own) if "$ref" in part else part

    def _given(self, schema: Mapping[str, Json]) -> Iterator[Json]:
        """The values that the schema itself gives: the only one, an example, the default, one of a set."""
        if "const" in schema:
            yield schema["const"]
        examples = [*schema.get("examples", []), *(schema[name] for name in ("example", "default") if name in schema)]
        if examples:
            validator = self._compile_schema(schema)
            yield from (example for example in examples if validator.is_valid(example))
        members = schema.get("enum", [])
        if members:
            yield self._random.choice([each for each in members if each is not None] or members)

    def _chosen(self, schema: Mapping[str, Json], keyword: str, within: Path) -> Json:
        own = {name: schema[name] for name in schema if name != keyword}
        validator = self._compile_schema(schema)
        for option in sorted(schema[keyword], key=lambda option: option == {"type": "null"}):
            whole = merge(own, option) if isinstance(option, dict) else option
            with suppress(NoExample):
                value = self._value(whole, within)
                discriminator = schema.get("discriminator", {})
                if discriminator and isinstance(value, dict):
                    value[discriminator["propertyName"]] = _discriminating(discriminator, option, value)
                if validator.is_valid(value):
                    return value
        raise NoExample(f"no value of its {keyword} was found")

    def _typed(self, schema: Mapping[str, Json], within: Path) -> Json:
        makers: dict[str, Callable[[], Json]] = {
            "object": lambda: self._object(schema, within),
            "array": lambda: self._array(schema, within),
            "integer": lambda: number(schema, self._random, whole=True),
            "number": lambda: number(schema, self._random, whole=False),
            "boolean": lambda: self._random.choice((True, False)),
            "string": lambda: text(schema, self._random),
            "null": lambda: None,
        }
        for kind in sorted(types(schema) or _implied(schema), key=lambda kind: kind == "null"):
            with suppress(NoExample):
                return makers[kind]()
        raise NoExample("no type of the schema has a value")

    def _object(self, schema: Mapping[str, Json], within: Path) -> Json:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        others = schema.get("additionalProperties", True)
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", len(properties) + len(required) + 1)
        members: dict[str, Json] = {name: self._value(properties.get(name, others), within) for name in required}
        for name, member in properties.items() if len(within) < _DEEP else ():
            written = isinstance(member, dict) and member.get("writeOnly", False)
            if name not in members and not written and len(members) < most:
                with suppress(NoExample):
                    members[name] = self._value(member, within)
        # A map has a member, so that its values are seen.
        if not properties and isinstance(others, dict) and others:
            least = max(least, min(most, 1))
        for index in range(1, least + 1):
            if len(members) < least:
                members.setdefault(f"key{index}", self._value(others, within))
        # In the order of the schema.
        return {name: members[name] for name in [*properties, *members] if name in members}

    def _array(self, schema: Mapping[str, Json], within: Path) -> Json:
        first, rest = schema.get("prefixItems", []), schema.get("items", True)
        least = schema.get("minItems", 0)
        items = [self._value(item, within) for item in first]
        usual = 1 if len(within) < _DEEP else 0
        count = min(max(least, usual), schema.get("maxItems", least + 1)) if rest is not False else least
        for _ in range(max(0, count - len(items)) * _ATTEMPTS):
            if len(items) >= count:
                break
            try:
                item = self._value(rest, within)
            except NoExample:
                if len(items) < least:
                    raise
                break
            if not (schema.get("uniqueItems") and item in items):
                items.append(item)
        return items


def _implied(schema: Mapping[str, Json]) -> list[str]:
    """The type of values to which the keywords of a schema without a type apply."""
    for keywords, kind in ((_OBJECT, "object"), (_ARRAY, "array"), (_NUMBER, "number")):
        if keywords & schema.keys():
            return [kind]
    return ["string"]


def _discriminating(discriminator: Mapping[str, Json], option: Json, value: Mapping[str, Json]) -> Json:
    """The value of the member by which readers recognize an option; the value's own where the document says none."""
    reference = option.get("$ref", "")
    name = reference.rpartition("/")[2]
    for key, target in discriminator.get("mapping", {}).items():
        if target in {reference, name}:
            return key
    return name or value.get(discriminator["propertyName"])
