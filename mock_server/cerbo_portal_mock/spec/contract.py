"""The OpenAPI document, loaded once: its operations, and the responses that belong to none of them."""

import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from cerbo_portal_mock.spec import media_types
from cerbo_portal_mock.spec.equal_members import equal_members
from cerbo_portal_mock.spec.example_values import ExampleValues
from cerbo_portal_mock.spec.openapi import default_id, operations, parameters, resolve, schema_parts
from cerbo_portal_mock.spec.operation import Operation
from cerbo_portal_mock.spec.parameter import Parameter, UnreadableParameter, delimiter, explodes
from cerbo_portal_mock.spec.request_body import BodyContent, RequestBody
from cerbo_portal_mock.spec.response import DocumentedResponse
from cerbo_portal_mock.spec.text_reader import TextReader
from cerbo_portal_mock.spec.wire_forms import WireForms
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument

# In bytes, where the document does not say.
_LARGEST_BODY = 1_048_576

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
            self.base_path = urlsplit(self.document["servers"][-1]["url"]).path.rstrip("/")
            self.operations = {operation.id: operation for operation in self._operations()}
            #: The documented responses that belong to no operation, by status.
            self.responses = self._responses("", self.document.get("x-any-operation", {}))
        except UnreadableParameter as error:
            raise DocumentError(f"{path}: {error}") from None
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}"
            raise DocumentError(
                f"{path}: expected a whole contract ({what}); ./scripts/check names every problem"
            ) from None

        if not self.base_path:
            # Every path would belong to the API, those of the control API included.
            raise DocumentError(f"{path}: servers: expected a URL with a path, such as https://clinic.example/api/v1")

    def serves(self, path: str) -> bool:
        """Whether a URL's path is the base path or below it."""
        return path == self.base_path or path.startswith(f"{self.base_path}/")

    def largest_body(self, operation: Operation | None) -> int:
        """The limit of a request's body in bytes, for an operation or for requests that belong to none."""
        too_large = self.document.get("x-any-operation", {}).get("413", {})
        general: int = too_large.get("x-max-body", _LARGEST_BODY)
        return (operation and operation.body and operation.body.limit) or general

    @property
    def error_statuses(self) -> dict[str, frozenset[int]]:
        """The documented error statuses, by operation id."""
        return {
            operation.id: frozenset(status for status in operation.responses if status >= 400)
            for operation in self.operations.values()
        }

    @cached_property
    def portal_request(self) -> jsonschema_rs.Validator:
        """Validates entries of a queue."""
        return self.validator(self.schema("PortalRequest"))

    @cached_property
    def wire_forms(self) -> WireForms:
        """The forms that the schemas permit."""
        return WireForms(self.document, self.validator)

    def resolve(self, node: Mapping[str, Json]) -> Mapping[str, Json]:
        """The node itself, or the component that its `$ref` names."""
        return resolve(self.document, node)

    def validator(self, schema: Mapping[str, Json] | bool) -> jsonschema_rs.Validator:
        """A compiled validator of one of the contract's schemas, formats included."""
        if isinstance(schema, bool):
            return jsonschema_rs.Draft202012Validator(schema)
        # Each validator keeps a copy of what it is given.
        components = {"components": self.document.get("components", {})} if '"$ref"' in json.dumps(schema) else {}
        return jsonschema_rs.Draft202012Validator({**schema, **components}, validate_formats=True, mask="the value")

    def schema(self, name: str) -> Mapping[str, Json]:
        """A reference to the component schema of this name."""
        return {"$ref": f"#/components/schemas/{name}"}

    def _operations(self) -> Iterator[Operation]:
        for path, method, node in operations(self.document):
            name = node.get("operationId") or default_id(method, path)
            responses = node["responses"]
            try:
                read = tuple(self._parameter(each) for each in parameters(self.document, path, node))
            except UnreadableParameter as error:
                raise UnreadableParameter(f"{name}: {error}") from None
            yield Operation(
                id=name,
                method=method.upper(),
                path=path,
                tag=next(iter(node.get("tags", [])), ""),
                anonymous=node.get("security", self.document.get("security")) == [],
                parameters=read,
                body=self._body(node),
                responses=self._responses(name, {key: responses[key] for key in responses if key.isdecimal()}),
                other_responses={key: self._response(name, responses[key]) for key in responses if not key.isdecimal()},
            )

    def _body(self, operation: Mapping[str, Json]) -> RequestBody | None:
        if "requestBody" not in operation:
            return None
        node = self.resolve(operation["requestBody"])
        contents = node["content"].items()
        return RequestBody(
            required=node.get("required", False),
            limit=node.get("x-max-body"),
            contents=tuple(self._body_content(media_type, content) for media_type, content in contents),
        )

    def _body_content(self, media_type: str, node: Mapping[str, Json]) -> BodyContent:
        schema = node.get("schema", {})
        properties: dict[str, Mapping[str, Json]] = {}
        for part in schema_parts(self.document, schema):
            for name, member in part.get("properties", {}).items():
                properties.setdefault(name, self._described(member))
        return BodyContent(
            media_type=media_types.essence(media_type),
            schema=self._described(schema),
            properties=properties,
            encoding=node.get("encoding", {}),
            reader=self._reader(schema),
            _compile=lambda: self.validator(schema),
        )

    def _responses(self, seed: str, responses: Mapping[str, Json]) -> dict[int, DocumentedResponse]:
        return {int(status): self._response(seed, node) for status, node in responses.items()}

    def _response(self, seed: str, node: Mapping[str, Json]) -> DocumentedResponse:
        node = self.resolve(node)
        contents = node.get("content", {})
        declared = tuple(sorted(contents, key=lambda media_type: not media_types.is_json(media_type)))
        content = contents[declared[0]] if declared else {}
        schema = content.get("schema", {})
        headers = {name: self.resolve(header) for name, header in node.get("headers", {}).items()}
        return DocumentedResponse(
            headers={name: self._header(header) for name, header in headers.items() if header.get("required")},
            media_types=declared,
            examples=self._examples(content),
            schema=schema,
            alternatives=tuple(node.get("x-alternatives", ())),
            _compile=lambda: self.validator(schema),
            _generate=lambda: self._generated(schema, seed),
            _equal_members=lambda value: list(equal_members(self.document, schema, value)),
        )

    def _examples(self, node: Mapping[str, Json]) -> dict[str, Json]:
        """The examples of a media type or of a header, by name."""
        examples = {name: self.resolve(example) for name, example in node.get("examples", {}).items()}
        single = {"example": node["example"]} if "example" in node else {}
        return {name: example["value"] for name, example in examples.items() if "value" in example} | single

    def _header(self, node: Mapping[str, Json]) -> str:
        examples = list(self._examples(node).values())
        return str(examples[0] if examples else self._generated(node.get("schema", {}), "header"))

    def _generated(self, schema: Json, seed: str) -> Json:
        return ExampleValues(self.document, self.validator, seed).value(schema)

    def _reader(self, schema: Json) -> TextReader:
        return TextReader(self.document, schema, self.validator)

    def _described(self, schema: Json, depth: int = 2) -> Mapping[str, Json]:
        """A schema whose options, items and members are resolved, so that it can be described in words."""
        if not isinstance(schema, dict):
            return {}
        whole = dict(self.resolve(schema))
        if depth:
            for keyword in {"anyOf", "oneOf"} & whole.keys():
                whole[keyword] = [self._described(option, depth - 1) for option in whole[keyword]]
            if "items" in whole:
                whole["items"] = self._described(whole["items"], depth - 1)
            members = whole.get("properties", {})
            whole["properties"] = {name: self._described(member, depth - 1) for name, member in members.items()}
        return whole

    def _parameter(self, node: Mapping[str, Json]) -> Parameter:
        reader = self._reader(node.get("schema", {}))
        # An invalid schema stops the start.
        reader.fits(None)
        separator = delimiter(node)
        schema = self._described(node["schema"])
        return Parameter(
            name=node["name"],
            location=node["in"],
            required=node.get("required", False),
            coming_soon=node.get("x-coming-soon", False),
            default=schema.get("default"),
            schema=schema,
            reader=reader,
            delimiter=separator,
            explode=explodes(node),
        )


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
