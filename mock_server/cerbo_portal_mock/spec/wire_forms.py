"""The forms on the wire that a JSON Schema permits for one value: a number as text, a date in other formats."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec.openapi import resolve, schema_parts

Json = Any
Schemas = tuple[Json, ...]

# Schemas that accept this text accept any, so that it is not known what a text means there.
_ANY_TEXT = "x"
# Values per schema whose forms are kept.
_MOST_KNOWN = 512
_NO_DATE = (None, "", "0000-00-00 00:00:00")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_ZONES = (timedelta(hours=2), -timedelta(hours=5, minutes=30))


@dataclass(frozen=True)
class SchemaNode:
    """The schemas of one value together.

    Attributes:
        parts: the schemas, and those that they consist of, without the branches of `if`.
    """

    parts: tuple[Mapping[str, Json], ...]
    _validators: Callable[[], list[jsonschema_rs.Validator]]

    @cached_property
    def validators(self) -> list[jsonschema_rs.Validator]:
        """Compiled when they are first needed."""
        return self._validators()

    def permits(self, value: Json) -> bool:
        """Whether the schemas accept a value."""
        return all(validator.is_valid(value) for validator in self.validators)

    @cached_property
    def properties(self) -> Mapping[str, Schemas]:
        """The schemas of the known members."""
        return _properties(self.parts)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the members without which a value is useless."""
        return frozenset(name for part in self.parts for name in part.get("required", []))

    @cached_property
    def items(self) -> Schemas:
        """The schemas of the entries of an array."""
        return tuple(part["items"] for part in self.parts if isinstance(part.get("items"), dict))

    @cached_property
    def is_open_set(self) -> bool:
        """Whether unknown values are legal, next to known ones."""
        return any("x-extensible-enum" in part for part in self.parts)

    @cached_property
    def kind(self) -> str | None:
        """What has several forms: `ids` (any numbers), `dates`, `routes`, or `text`, any text; None if nothing has."""
        if any(part.get("format") == "uri" for part in self.parts):
            return "routes"
        if self.is_open_set or self.permits(_ANY_TEXT):
            return None if self.is_open_set else "text"
        if self.permits(7) and self.permits("7"):
            return "ids"
        moment = datetime(2026, 11, 24, 10, tzinfo=UTC)
        return "dates" if any(self.permits(form) for form in _date_forms(moment)) else None

    @cached_property
    def _known(self) -> dict[Json, list[Json]]:
        return {}

    def forms(self, value: Json) -> list[Json]:
        """A number, a date or a route in each permitted form, itself included; empty for any other value.

        Args:
            value: no array and no object.
        """
        key = (type(value), value)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            candidates = {"ids": _number_forms, "dates": _date_or_none_forms, "routes": _route_forms}[self.kind or ""]
            found = self._known[key] = [form for form in candidates(value) if self.permits(form)]
        return found


def _number_forms(value: Json) -> list[Json]:
    if isinstance(value, str):
        return [value, int(value)] if _NUMBER.fullmatch(value) else []
    return [] if value is None or isinstance(value, bool) else [value, str(value)]


def _route_forms(value: Json) -> list[Json]:
    return [value, None] if isinstance(value, str) else []


def _date_or_none_forms(value: Json) -> list[Json]:
    if value in _NO_DATE:
        return list(_NO_DATE)
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return []
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return [value, *(form for form in _date_forms(moment) if form != value)]


def _date_forms(moment: datetime) -> Iterator[str]:
    if moment.microsecond:
        return
    text = moment.replace(tzinfo=None).isoformat()
    yield text.replace("T", " ")
    yield from (f"{text}Z", f"{text}.000Z", f"{text}+00:00", f"{text}+0000", f"{text}z".replace("T", "t"))
    for zone in _ZONES:
        try:
            shifted = moment.astimezone(timezone(zone)).isoformat()
        except OverflowError:
            continue
        yield shifted
        yield shifted[:-3] + shifted[-2:]


class WireForms:
    """The schemas of a document, looked up by the values that they describe.

    Args:
        document: the OpenAPI document.
        compile_schema: makes a validator of a schema.
    """

    def __init__(self, document: Mapping[str, Json], compile_schema: Callable[[Json], jsonschema_rs.Validator]) -> None:
        self._document = document
        self._compile_schema = compile_schema
        # By identity: the schemas are parts of the document, which stays.
        self._nodes: dict[tuple[int, ...], SchemaNode] = {}
        self._validators: dict[int, jsonschema_rs.Validator] = {}

    def node(self, schemas: Schemas) -> SchemaNode:
        """The schemas of one value together."""
        key = tuple(map(id, schemas))
        node = self._nodes.get(key)
        if node is None:
            parts = tuple(part for schema in schemas for part in schema_parts(self._document, schema))
            node = SchemaNode(parts, lambda: [self._validator(schema) for schema in schemas])
            self._nodes[key] = node
        return node

    def members(self, node: SchemaNode, value: Mapping[str, Json]) -> Mapping[str, Schemas]:
        """The schemas of the known members of an object, those of its `then` and `else` included.

        Args:
            node: the schemas of the object.
            value: the object, which decides on the branches.
        """
        branches = [
            part.get("then" if self._applies(part["if"], value) else "else") for part in node.parts if "if" in part
        ]
        found = [branch for branch in branches if isinstance(branch, dict)]
        if not found:
            return node.properties
        inner = self.node(tuple(found))
        return {
            name: (*node.properties.get(name, ()), *inner.properties.get(name, ()))
            for name in {**node.properties, **inner.properties}
        }

    def _applies(self, condition: Json, value: Mapping[str, Json]) -> bool:
        # Most conditions ask for a constant, which is cheap to compare.
        for name, member in condition.get("properties", {}).items() if isinstance(condition, dict) else ():
            if isinstance(member, dict) and "const" in member and name in value and value[name] != member["const"]:
                return False
        return self._validator(condition).is_valid(value)

    def _validator(self, schema: Json) -> jsonschema_rs.Validator:
        # Of a reference alone, its component: validators keep a copy of what they are given.
        target = resolve(self._document, schema) if isinstance(schema, dict) else schema
        found = self._validators.get(id(target))
        if found is None:
            found = self._validators[id(target)] = self._compile_schema(target)
        return found


def _properties(parts: tuple[Mapping[str, Json], ...]) -> Mapping[str, Schemas]:
    found: dict[str, Schemas] = {}
    for part in parts:
        for name, member in part.get("properties", {}).items():
            found[name] = (*found.get(name, ()), member)
    return found
