"""Walking an OpenAPI document: its operations, and the components that a `$ref` names."""

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Json = Any


def operations(document: Mapping[str, Json]) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    """Each operation with its path and its method in lower case, in the document's order of paths."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


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
