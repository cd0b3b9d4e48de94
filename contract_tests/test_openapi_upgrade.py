"""A document of OpenAPI 3.0 becomes the one of 3.1 that means the same."""

from copy import deepcopy
from typing import Any

import pytest
from _openapi_upgrade import upgraded
from openapi_spec_validator import OpenAPIV31SpecValidator

Json = Any

A = "#/components/schemas/A"
NULL = {"type": "null"}
SCHEMAS = {
    "nullable type": ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    "not nullable": ({"type": "string", "nullable": False}, {"type": "string"}),
    "nullable without a type": ({"nullable": True}, {}),
    "nullable enum": (
        {"type": "string", "enum": ["a"], "nullable": True},
        {"type": ["string", "null"], "enum": ["a", None]},
    ),
    "nullable reference": ({"$ref": A, "nullable": True}, {"anyOf": [{"$ref": A}, NULL]}),
    "nullable allOf": ({"allOf": [{"$ref": A}], "nullable": True}, {"anyOf": [{"allOf": [{"$ref": A}]}, NULL]}),
    "next to a reference": ({"$ref": A, "description": "x", "example": 1}, {"$ref": A}),
    "exclusive minimum": ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
    "inclusive maximum": ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
    "exclusive without a bound": ({"exclusiveMaximum": True}, {}),
    "example": ({"example": 1}, {"examples": [1]}),
    "byte": ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
    "binary": ({"format": "binary"}, {"contentMediaType": "application/octet-stream"}),
    "another format": ({"format": "date"}, {"format": "date"}),
    "nested": (
        {"properties": {"a": {"items": {"type": "string", "nullable": True}}}},
        {"properties": {"a": {"items": {"type": ["string", "null"]}}}},
    ),
    "members of these names": (
        {"properties": {"nullable": {"type": "string"}, "example": {"format": "byte"}}},
        {"properties": {"nullable": {"type": "string"}, "example": {"contentEncoding": "base64"}}},
    ),
    "data": (
        {"default": {"nullable": True}, "enum": [{"nullable": True}]},
        {"default": {"nullable": True}, "enum": [{"nullable": True}]},
    ),
}


def _document(schema: Json, version: str = "3.0.3") -> Json:
    parameter = {"name": "a", "in": "query", "schema": deepcopy(schema), "example": 2}
    return {
        "openapi": version,
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "A"}}}}},
        "components": {"schemas": {"A": {"type": "object"}, "B": deepcopy(schema)}},
    }


@pytest.mark.parametrize(("old", "new"), SCHEMAS.values(), ids=SCHEMAS)
def test_openapi_3_0_schema_becomes_3_1_wherever_it_stands(old: Json, new: Json) -> None:
    document = _document(old)
    result = upgraded(document)
    (parameter,) = result["paths"]["/a"]["get"]["parameters"]
    assert result["openapi"] == "3.1.1"
    assert result["components"]["schemas"]["B"] == parameter["schema"] == new
    assert parameter["examples"] == {"example": {"value": 2}}
    assert document == _document(old)
    OpenAPIV31SpecValidator(result).validate()


def test_openapi_3_1_document_stays_as_it_is() -> None:
    document = _document({"nullable": True}, "3.1.0")
    assert upgraded(document) == _document({"nullable": True}, "3.1.0")


def test_document_without_components_is_upgraded() -> None:
    assert upgraded({"openapi": "3.0.0", "paths": {}}) == {"openapi": "3.1.1", "paths": {}}
