"""The OpenAPI document, loaded once: its operations, and the responses that belong to none of them."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from cerbo_portal_mock.spec.openapi import operations, resolve
from cerbo_portal_mock.spec.operation import DocumentedResponse, Operation, Parameter, RequestBody
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument

# The end of a key such as 2XX, which stands for each status of its hundred that has no key.
_RANGE = "XX"

Json = Any


class Contract:
    """The OpenAPI document of the portal.

    Args:
        path: the document; by default the one of this package, in a checkout the one of `openapi/`.

    Raises:
        DocumentError: the document cannot be read, or lacks what a contract must have.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or default_path()
        self.document: Mapping[str, Json] = YamlDocument(path).content
        try:
            self.base_path = urlsplit(self.document["servers"][-1]["url"]).path
            self.operations = {operation.id: operation for operation in self._operations()}
            #: The documented responses that belong to no operation, by status.
            self.responses = self._responses(self.document.get("x-any-operation", {}))
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}"
            raise DocumentError(
                f"{path}: expected a whole contract ({what}); ./scripts/check names every problem"
            ) from None

    def serves(self, path: str) -> bool:
        """Whether a URL's path is the base path or below it."""
        return path == self.base_path or path.startswith(f"{self.base_path}/")

    def largest_body(self, operation: Operation | None) -> int:
        """The limit of a request's body in bytes, for an operation or for requests that belong to none."""
        general: int = self.document["x-any-operation"]["413"]["x-max-body"]
        return (operation and operation.body and operation.body.limit) or general

    @property
    def error_statuses(self) -> dict[str, frozenset[int]]:
        """The documented error statuses, by operation id."""
        return {
            operation.id: frozenset(status for status in operation.responses if status >= 400)
            for operation in self.operations.values()
        }

    def resolve(self, node: Mapping[str, Json]) -> Mapping[str, Json]:
        """The node itself, or the component that its `$ref` names."""
        return resolve(self.document, node)

    def validator(self, schema: Mapping[str, Json]) -> jsonschema_rs.Validator:
        """A compiled validator of one of the contract's schemas, formats included."""
        # Each validator keeps a copy of what it is given.
        components = {"components": self.document["components"]} if '"$ref"' in json.dumps(schema) else {}
        return jsonschema_rs.Draft202012Validator({**schema, **components}, validate_formats=True, mask="the value")

    def schema(self, name: str) -> Mapping[str, Json]:
        """A reference to the component schema of this name."""
        return {"$ref": f"#/components/schemas/{name}"}

    def _operations(self) -> Iterator[Operation]:
        for path, method, node in operations(self.document):
            declared = [*self.document["paths"][path].get("parameters", []), *node.get("parameters", [])]
            yield Operation(
                id=node["operationId"],
                method=method.upper(),
                path=path,
                tag=node["tags"][0],
                parameters=tuple(self._parameter(self.resolve(parameter)) for parameter in declared),
                body=self._body(node),
                responses=self._responses(node["responses"]),
                ranges={
                    int(status[0]): self._response(each)
                    for status, each in node["responses"].items()
                    if status.endswith(_RANGE)
                },
            )

    def _body(self, operation: Mapping[str, Json]) -> RequestBody | None:
        if "requestBody" not in operation:
            return None
        node = self.resolve(operation["requestBody"])
        schema = node["content"]["application/json"]["schema"]
        members = self.resolve(schema)["properties"]
        return RequestBody(
            required=node.get("required", False),
            limit=node.get("x-max-body"),
            properties={name: self.resolve(member) for name, member in members.items()},
            _compile=lambda: self.validator(schema),
        )

    def _responses(self, responses: Mapping[str, Json]) -> dict[int, DocumentedResponse]:
        return {int(status): self._response(node) for status, node in responses.items() if not status.endswith(_RANGE)}

    def _response(self, node: Mapping[str, Json]) -> DocumentedResponse:
        node = self.resolve(node)
        content = node.get("content", {}).get("application/json", {})
        headers = {name: self.resolve(header) for name, header in node.get("headers", {}).items()}
        return DocumentedResponse(
            headers={name: _first(header["examples"]) for name, header in headers.items() if header.get("required")},
            examples={name: example["value"] for name, example in content.get("examples", {}).items()},
            _compile=lambda: self.validator(content.get("schema", {})),
        )

    def _parameter(self, node: Mapping[str, Json]) -> Parameter:
        return Parameter(
            name=node["name"],
            location=node["in"],
            required=node.get("required", False),
            coming_soon=node.get("x-coming-soon", False),
            default=node["schema"].get("default"),
            schema=self.resolve(node["schema"]),
            validator=self.validator(self.resolve(node["schema"])),
        )


def _first(examples: Mapping[str, Json]) -> Json:
    return next(iter(examples.values()))["value"]


@cache
def installed() -> Contract:
    """The contract of this installation, read once: shared by all mocks of this process.

    Raises:
        DocumentError: the document cannot be read.
    """
    return Contract()


def default_path() -> Path:
    """The contract of this installation: package data, or in a checkout the document itself."""
    packaged = Path(__file__).with_name("cerbo-portal.yaml")
    checkout = Path(__file__).parents[3] / "openapi" / "cerbo-portal.yaml"
    return packaged if packaged.exists() else checkout
