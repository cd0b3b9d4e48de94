"""The members of a response that repeat an argument of the request: `x-equals` in their schemas."""

from collections.abc import Iterator, Mapping
from typing import Any

from cerbo_portal_mock.spec.openapi import schema_parts

Json = Any
Keys = tuple[str | int, ...]


def argument_name(expression: str) -> str:
    """The name of an argument, such as `pt_id` of `$request.path.pt_id`."""
    return expression.rpartition(".")[2]


def equal_members(document: Mapping[str, Json], schema: Json, value: Json) -> Iterator[tuple[Keys, str]]:
    """Where in a value an argument is repeated, and which one.

    Args:
        document: the OpenAPI document.
        schema: the schema of the value.
        value: a JSON value.
    """
    for part in schema_parts(document, schema):
        if isinstance(value, list):
            inner = [(index, part.get("items")) for index in range(len(value))]
        elif isinstance(value, dict):
            inner = [(name, member) for name, member in part.get("properties", {}).items() if name in value]
        else:
            return
        for key, member in inner:
            if isinstance(member, dict) and "x-equals" in member:
                yield (key,), argument_name(member["x-equals"])
            else:
                yield from (((key, *keys), name) for keys, name in equal_members(document, member, value[key]))


def repeat_arguments(value: Json, members: list[tuple[Keys, str]], arguments: Mapping[str, Json]) -> None:
    """Put arguments where a value repeats them.

    Args:
        value: the value, which is changed.
        members: the places and the names of the arguments.
        arguments: the arguments of a request by name; those that are not given leave the value as it is.
    """
    for (*way, last), name in members:
        if name in arguments:
            holder = value
            for key in way:
                holder = holder[key]
            holder[last] = arguments[name]
