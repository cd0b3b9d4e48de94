"""Turns an OpenAPI 3.0 document into the OpenAPI 3.1 document that means the same."""

from copy import deepcopy
from typing import Any

from contract_tests.spec_lint.navigation import nodes, schemas

VERSION = "3.1.1"

Json = Any

_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_CONTENTS = {
    "base64": {"contentEncoding": "base64"},
    "binary": {"contentMediaType": "application/octet-stream"},
    "byte": {"contentEncoding": "base64"},
}
_COMBINED = {"$ref", "allOf", "anyOf", "oneOf"}


def upgraded(document: Json) -> Json:
    """A document as OpenAPI 3.1: a copy of one of 3.0 with its constructs replaced, any other as it is.

    `nullable` becomes the type null, also next to a reference or a composition, where 3.0 has it ignored but authors
    rely on it. Boolean `exclusiveMinimum` and `exclusiveMaximum` become numbers, `example` becomes `examples`, the
    formats `byte` and `binary` become `contentEncoding` and `contentMediaType`. Members next to a `$ref` go, as 3.0
    ignores them. Every object keeps its place, but one that is nullable and composed becomes the first of two branches.

    Args:
        document: an OpenAPI document, in which `components` and its members are objects.
    """
    if not str(document.get("openapi")).startswith("3.0."):
        return document
    document = {**deepcopy(document), "openapi": VERSION}
    found = {id(schema): schema for _, schema in schemas(document)}
    for _, node in list(nodes(document)):
        if id(node) not in found and "example" in node:
            example = node.pop("example")
            node.setdefault("examples", {"example": {"value": example}})
    for schema in found.values():
        _upgrade(schema)
    return document


def _upgrade(schema: dict[str, Json]) -> None:
    nullable = schema.pop("nullable", False) is True
    if "$ref" in schema:
        for key in schema.keys() - {"$ref"}:
            del schema[key]
    if "example" in schema:
        example = schema.pop("example")
        schema.setdefault("examples", [example])
    for exclusive, bound in _BOUNDS.items():
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and bound in schema:
            schema[exclusive] = schema.pop(bound)
    if isinstance(schema.get("format"), str) and schema["format"] in _CONTENTS:
        schema.update(_CONTENTS[schema.pop("format")])
    if nullable and _COMBINED & schema.keys():
        composed = dict(schema)
        schema.clear()
        schema["anyOf"] = [composed, {"type": "null"}]
    elif nullable and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"].append(None)
