"""The structure of the contract: `structure.yaml`, and how a difference from it is worded."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.spec_lint.yaml_lines import Keys, YamlDocument

Json = Any

#: How the text about a missing member ends.
MISSING = "nothing was given"
_TYPES = {"array": "a list", "boolean": "true or false", "object": "an object", "string": "text"}


def differences(content: Json, *, generation: bool = False) -> Iterator[tuple[Keys, str]]:
    """Where the contract has another structure, and what was expected there.

    Args:
        content: the contract.
        generation: leave out what generating the client does not need.
    """
    schema, validator = _schema()
    for error in validator.iter_errors(content):
        node, members, check = _at(schema, error.evaluation_path)
        if not (generation and check):
            yield from _worded(schema, node, members, error, _keys(error.instance_path, content))


def is_keyword(name: str) -> bool:
    """Whether a schema of the contract may have a keyword, or may have one in its place (`enum`)."""
    known = _schema()[0]["$defs"]["schema"]["else"]
    return name in known["properties"] or any(re.search(pattern, name) for pattern in known["patternProperties"])


def formats() -> list[str]:
    """The values of `format` that the contract may have."""
    known: list[str] = _schema()[0]["$defs"]["schema"]["else"]["properties"]["format"]["allOf"][0]["enum"]
    return known


@cache
def _schema() -> tuple[Json, jsonschema_rs.Draft202012Validator]:
    schema = YamlDocument(Path(__file__).with_name("structure.yaml")).content
    return schema, jsonschema_rs.Draft202012Validator(schema, offline=True)


def _referred(schema: Json, node: Json) -> Json:
    return schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _at(schema: Json, path: list[Any]) -> tuple[Json, Json, bool]:
    """The node that holds the path's last keyword, the members described there, and whether `x-check` covers it."""
    held = node = schema
    members: dict[str, Json] = {}
    check = names = False
    for step in path:
        if isinstance(node, dict) and not names:
            checked = node.get("x-check", [])
            check = check or checked is True or step in checked
            members = node.get("properties", members)
        if step == "$ref" and not names:
            node = _referred(schema, node)
        else:
            # The validator takes a name such as "200" for a number.
            child = node[str(step) if isinstance(node, dict) else step]
            names = step == "properties" and not names
            held, node = node, child
    return held, members, check


def _worded(schema: Json, node: Json, members: Json, error: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
    match error.kind.name:
        case "required":
            wanted = _expected(schema, members.get(error.kind.property, {}), "this member")
            yield (*keys, error.kind.property), f"expected {wanted}, {MISSING}"
        case "additionalProperties":
            wanted = node.get("x-expected", "no such member")
            yield from (((*keys, name), f"expected {wanted}") for name in error.kind.unexpected)
        case "propertyNames":
            yield (*keys, error.kind.error.instance), f"expected {_expected(schema, node)}"
        case _:
            yield keys, f"expected {_expected(schema, node)}"


def _expected(schema: Json, node: Json, otherwise: str = "another value") -> str:
    node = _referred(schema, node if isinstance(node, dict) else {})
    if "enum" in node and "x-expected" not in node:
        return "one of " + ", ".join(node["enum"])
    return node.get("x-expected") or _TYPES.get(str(node.get("type")), otherwise)


def _keys(path: list[str | int], content: Json) -> Keys:
    """The keys of a path into the content: the validator takes a name such as "200" for a number."""
    keys: list[str | int] = []
    for step in path:
        keys.append(str(step) if isinstance(content, dict) else step)
        content = content[keys[-1]]
    return tuple(keys)
