"""Walking an OpenAPI document: its operations, their parameters, and the components that a `$ref` names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# OpenAPI: parameters of these names are ignored, the document describes them elsewhere.
_IGNORED_HEADERS = {"accept", "content-type", "authorization"}

Json = Any


def operations(document: Mapping[str, Json]) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    """Each operation with its path and its method in lower case, in the document's order of paths."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def default_id(method: str, path: str) -> str:
    """The id of an operation that has none, such as `getThings`."""
    words = re.findall(r"[A-Za-z0-9]+", path)
    return method + "".join(word[0].upper() + word[1:] for word in words)


def parameters(document: Mapping[str, Json], path: str, operation: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """The parameters of an operation, resolved: its own replace those of its path that have their name and location."""
    declared = [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
    resolved = [resolve(document, parameter) for parameter in declared]
    known = {(parameter["in"], parameter["name"]): parameter for parameter in resolved}
    return [
        parameter
        for (location, name), parameter in known.items()
        if location != "header" or name.lower() not in _IGNORED_HEADERS
    ]


def resolve(document: Mapping[str, Json], node: Mapping[str, Json]) -> Mapping[str, Json]:
    """The node itself, or the component that its `$ref` names.

    Raises:
        LookupError: the document has no such component.
    """
    while "$ref" in node:
        target: Json = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def schema_parts(document: Mapping[str, Json], schema: Json) -> list[Mapping[str, Json]]:
    """A schema and those that it is made of by `$ref`, `allOf`, `anyOf` and `oneOf`, each once.

    Raises:
        LookupError: the document lacks a component.
    """
    found: list[Mapping[str, Json]] = []
    rest = [schema]
    while rest:
        part = rest.pop(0)
        if not isinstance(part, dict) or any(part is known for known in found):
            continue
        found.append(part)
        if "$ref" in part:
            rest.append(resolve(document, {"$ref": part["$ref"]}))
        for keyword in ("allOf", "anyOf", "oneOf"):
            rest.extend(part.get(keyword, []))
    return found
