"""Schemathesis finds nothing against operations of every kind that have no handlers."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from cerbo_portal_mock import create_app
from flask import Flask

from contract_tests import example_budget
from contract_tests.document_patches import Patch

from ..stub_contract import Json, components, json_content, operation, paths, stub_contract

INTEGER = {"type": "integer", "minimum": 1, "maximum": 1000}
TEXT = {"type": "string", "pattern": "^[a-z]{1,8}$"}
BINARY = {"type": "string", "format": "binary"}
UUID = {"type": "string", "format": "uuid"}
WORDS = {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 1, "maxItems": 3}
CHART: Json = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {
        "id": UUID,
        "kind": {"enum": ["note", "lab"]},
        "at": {"type": "string", "format": "date-time"},
        "rating": {"type": ["number", "null"]},
        "parent": {"$ref": "#/components/schemas/Chart"},
    },
}
FIELDS = {
    "type": "object",
    "required": ["count"],
    "properties": {"count": INTEGER, "on": {"type": "boolean"}, "tags": WORDS, "name": TEXT},
}


def _parameters(*parameters: Json) -> list[Json]:
    return [{"required": True, "description": "x", **parameter} for parameter in parameters]


def _success(status: str = "200", **content: Json) -> Json:
    return {status: {"description": "done", **content}}


def _body(media_type: str, schema: Json) -> Json:
    return {"required": True, "content": {media_type: {"schema": schema}}}


ITEMS = {
    "/charts/{chart-id}": {
        "parameters": _parameters({"name": "chart-id", "in": "path", "schema": UUID}),
        "get": operation(
            "readChart",
            parameters=_parameters(
                {"name": "X-Count", "in": "header", "schema": INTEGER},
                {"name": "kinds", "in": "query", "schema": WORDS},
                {"name": "commas", "in": "query", "schema": WORDS, "explode": False},
                {"name": "pipes", "in": "query", "schema": WORDS, "style": "pipeDelimited", "explode": False},
                {"name": "since", "in": "query", "schema": {"type": "string", "format": "date"}},
                {"name": "ratio", "in": "query", "schema": {"type": "number", "minimum": 0, "maximum": 1}},
                {"name": "on", "in": "query", "schema": {"type": "boolean"}},
            ),
            responses=_success(**json_content({"$ref": "#/components/schemas/Chart"})),
        ),
        "delete": operation("dropChart", responses=_success("204")),
        "put": operation("replaceChart", requestBody=_body("application/json", {"$ref": "#/components/schemas/Chart"})),
        "patch": operation("changeChart", requestBody=_body("application/x-www-form-urlencoded", FIELDS)),
    },
    "/lists": {
        "get": operation("readLists", responses=_success("2XX", **json_content({"type": "array", "items": CHART}))),
        "post": operation("addLists", requestBody=_body("application/json", WORDS)),
    },
    "/files": {
        "get": operation("readFile", responses=_success(content={"application/pdf": {"schema": {"type": "string"}}})),
        "post": operation(
            "addFile",
            requestBody=_body(
                "multipart/form-data",
                {
                    "type": "object",
                    "required": ["file", "name"],
                    "properties": {"file": BINARY, "name": TEXT},
                },
            ),
        ),
        "put": operation(
            "replaceFile", requestBody=_body("application/octet-stream", {"type": "string", "format": "binary"})
        ),
    },
}


def _app() -> Flask:
    with TemporaryDirectory() as folder:
        patches: tuple[Patch, ...] = (components("schemas", {"Chart": CHART}), paths(ITEMS))
        return create_app(contract=stub_contract(Path(folder), *patches), validate="strict")


schema = schemathesis.openapi.from_wsgi("/openapi.json", _app(), config=example_budget.config()).exclude(
    path_regex="^/patients"
)


@schema.parametrize()
def test_schemathesis_finds_nothing_in_stubs(case: schemathesis.Case[Any]) -> None:
    answer = case.call_and_validate()
    assert "x-cerbo-mock-stub" in answer.headers or answer.status_code in {404, 405}
