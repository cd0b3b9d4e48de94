"""What a contract may contain: `constructs.yaml`, as one contract, as calls of its client, and as changes to reject."""

import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.spec_lint.navigation import METHODS
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT

Json = Any

PACKAGE = "constructs_client"
_ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
_BASE = {
    "openapi": "3.1.1",
    "info": {"title": "Constructs", "version": "1"},
    "servers": [{"url": "http://127.0.0.1/api/v1"}],
    "security": [{"basicAuth": []}],
    "components": {
        "securitySchemes": {"basicAuth": {"type": "http", "scheme": "basic"}},
        "schemas": {"Error": {"type": "object", "properties": {"error": {"type": "object"}}}},
    },
}


class Row(NamedTuple):
    """A construct.

    Attributes:
        section: the heading that it stands under.
        number: its place among the rows.
        node: its content.
    """

    section: str
    number: int
    node: Mapping[str, Json]

    def __str__(self) -> str:
        return f"{self.section}: {self.node['construct']}".replace("`", "")

    @property
    def route(self) -> str:
        """The path of the row, without what follows it."""
        return f"/row{self.number}"

    @property
    def path(self) -> str:
        """The path of the operation."""
        return f"{self.route}{self.node.get('path', '')}"

    @property
    def method(self) -> str:
        """The method of the operation."""
        method: str = self.node.get("method", "get")
        assert method in METHODS
        return method

    @property
    def item(self) -> Json:
        """The path item in the document."""
        node = self.node
        success: Json = {"204": {"description": "Done."}}
        if "json" in node:
            example = {"example": node["example"]} if "example" in node else {}
            content = {"application/json": {"schema": node["json"], **example}}
            success = {"200": {"description": "Done.", "content": content}}
        errors = {status: {"description": "An error.", **_ERROR} for status in ("4XX", "5XX")}
        operation = {
            "operationId": f"row{self.number}",
            "tags": ["Constructs"],
            "summary": f"Row {self.number}",
            "description": "A row.",
            **({"parameters": node["parameters"]} if "parameters" in node else {}),
            **({"requestBody": node["body"]} if "body" in node else {}),
            "responses": {**node.get("responses", success), **errors},
            **node.get("operation", {}),
        }
        return {
            **node.get("item", {}),
            self.method: {name: value for name, value in operation.items() if value is not None},
        }

    @property
    def parameters(self) -> list[Json]:
        """The parameters of the operation; its own replace those of the path."""
        item = self.item
        found = [*item.get("parameters", ()), *item[self.method].get("parameters", ())]
        return list({each["name"]: each for each in found}.values())

    @property
    def values(self) -> Mapping[str, Json]:
        """The values of the parameters and the body, by name."""
        values: Mapping[str, Json] = self.node.get("values", {})
        return values

    @property
    def answers_nothing(self) -> bool:
        """Whether the operation answers without content."""
        return not {"json", "responses"} & self.node.keys()

    def arguments(self) -> str:
        """The arguments of a call in Python."""
        if "call" in self.node:
            # The class of a parameter's object has the name of its operation.
            return re.sub(
                r"models\.([A-Z]{2,})", lambda name: f"models.Row{self.number}{name[1].title()}", self.node["call"]
            )
        return ", ".join(f"{name}={value!r}" for name, value in self.values.items())


@cache
def rows(kind: str) -> tuple[Row, ...]:
    """The rows that are `supported`, `converted` or `rejected`."""
    sections = YamlDocument(Path(__file__).with_name("constructs.yaml")).content[kind]
    every = [(section, node) for section, nodes in sections.items() for node in nodes]
    return tuple(Row(section, number, node) for number, (section, node) in enumerate(every, start=1))


def contract() -> Json:
    """The contract of all supported rows."""
    document: Json = deepcopy(_BASE)
    document["paths"] = {row.path: row.item for row in rows("supported")}
    for row in rows("supported"):
        document["components"]["schemas"] |= row.node.get("schemas", {})
    return document


def converted(row: Row) -> Json:
    """A contract in OpenAPI 3.0, whose only operation answers with the schema of a row."""
    document: Json = deepcopy(_BASE)
    document["openapi"] = "3.0.3"
    document["paths"] = {row.path: row.item}
    document["components"]["schemas"]["Thing"] = {"type": "object", "properties": {"id": {"type": "integer"}}}
    return document


def rejected(row: Row) -> Json:
    """The contract with a rejected construct."""
    document = deepcopy(_BASE)
    document["paths"] = {
        "/others": {"get": {"operationId": "others", "responses": {"204": {}}}},
        "/things": {"get": {"operationId": "things", "responses": {"204": {}}}},
    }
    _merge(document, row.node.get("document", {}))
    _merge(document, {"paths": {"/things": {"get": row.node.get("operation", {})}}})
    return document


def _merge(document: Json, change: Json) -> None:
    for name, value in change.items():
        if value is None:
            document.pop(name, None)
        elif name != "responses" and isinstance(value, dict) and isinstance(document.get(name), dict):
            _merge(document[name], value)
        else:
            document[name] = value


def calls(methods: Mapping[str, str]) -> Iterator[str]:
    """The lines of a module with functions for each supported row: two call its method, one checks the result.

    Args:
        methods: the names of the methods, by the paths of the document.
    """
    yield "import datetime\nimport uuid\nfrom typing import Any, assert_type\n"
    yield f"from cerbo_portal_runtime.types import File\nfrom {PACKAGE} import AsyncClient, Client, models\n"
    for row in rows("supported"):
        call = f"client.{methods[row.path]}({row.arguments()})"
        expected = row.node.get("returns", "None" if row.answers_nothing else "")
        result = call if expected in {"", "None"} else f"assert_type({call}, {expected})"
        waited = result.replace("client.", "await client.", 1)
        for head, kind, value in (("def ", "Client", result), ("async def async_", "AsyncClient", waited)):
            ends = "; return None" if expected == "None" else ""
            yield f"{head}{row.route[1:]}(client: {kind}) -> object: {'' if ends else 'return '}{value}{ends}"
        yield f"def check_{row.route[1:]}(result: Any) -> object: return {row.node.get('check', 'result is None')}\n"


def write(directory: Path) -> Path:
    """Write the client of the supported rows, and their calls, and return the file of the contract.

    Args:
        directory: where the contract, the package and the module `calls` are written.
    """
    from _render import Source, render  # noqa: PLC0415 (slow)

    path = directory / "contract.yaml"
    path.write_text(json.dumps(contract(), ensure_ascii=False), encoding="utf-8")
    render(Source(ROOT, path, PACKAGE), directory)
    (directory / "generated" / PACKAGE).rename(directory / PACKAGE)
    sys.path.insert(0, str(directory))
    try:
        operations = importlib.import_module(f"{PACKAGE}._operations").CONTRACT.operations
    finally:
        sys.path.remove(str(directory))
    methods = {operation.path: name for name, operation in operations.items()}
    (directory / "calls.py").write_text("\n".join(calls(methods)), encoding="utf-8")
    return path
