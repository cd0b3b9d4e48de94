"""One schema in place of several that all apply."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

Json = Any


def merge(*schemas: Mapping[str, Json]) -> dict[str, Json]:
    """A schema whose values fit all the schemas, as far as their keywords can be combined.

    Of keywords that cannot, such as two patterns, the last one remains.
    """
    return reduce(_pair, schemas, {})


def _pair(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    whole = {**one, **other}
    for keyword in one.keys() & other.keys() & _COMBINED.keys():
        whole[keyword] = _COMBINED[keyword](one[keyword], other[keyword])
    return whole


def types(schema: Mapping[str, Json]) -> list[str]:
    """The types that a schema names."""
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)


def _properties(one: Json, other: Json) -> Json:
    both = {name: {"allOf": [one[name], other[name]]} for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _types(one: Json, other: Json) -> Json:
    narrow, wide = types({"type": one}), types({"type": other})
    common = [each for each in narrow if each in wide]
    if "integer" not in common and {"integer", "number"} <= {*narrow, *wide}:
        common.append("integer")
    return common


_COMBINED: dict[str, Callable[[Json, Json], Json]] = {
    "allOf": lambda one, other: [*one, *other],
    "enum": lambda one, other: [each for each in one if each in other],
    "properties": _properties,
    "required": lambda one, other: [*dict.fromkeys([*one, *other])],
    "type": _types,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}
