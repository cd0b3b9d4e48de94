"""The contract, loaded once: operations, their parameters and compiled validators.

Knows neither Flask nor the state.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from cerbo_portal_mock.yamlfile import Document

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# More digits than any 64-bit number has, and far fewer than int() refuses to read.
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}

Json = Any
Value = str | int | bool


class InvalidArgument(ValueError):
    """A request's argument is not what the contract asks for; the text names it and what was expected."""


@dataclass(frozen=True)
class Parameter:
    """A path or query parameter of an operation."""

    name: str
    location: str
    required: bool
    coming_soon: bool
    schema: Mapping[str, Json]
    validator: jsonschema_rs.Validator

    def read(self, text: str) -> Value:
        """The value that a request's text stands for.

        Raises:
            InvalidArgument: the text is malformed or out of range.
        """
        value: Value | None = text
        match self.schema.get("type"):
            case "integer":
                value = int(text) if _INTEGER.fullmatch(text) else None
            case "boolean":
                value = _BOOLEANS.get(text)
        if value is None or not self.validator.is_valid(value):
            raise InvalidArgument(f"{self.name}: expected {self.expected}")
        return value

    @cached_property
    def expected(self) -> str:
        """What the schema asks for, in words."""
        match self.schema:
            case {"type": "integer", "minimum": low, "maximum": high}:
                return f"an integer from {low} to {high}"
            case {"type": "boolean"}:
                return "true or false"
            case {"enum": [*members]}:
                return "one of " + ", ".join(str(member) for member in members)
            case {"type": kind}:
                return f"a value of type {kind}"
        return "another value"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    tag: str
    parameters: tuple[Parameter, ...]
    statuses: frozenset[int]

    @property
    def writes(self) -> bool:
        """Whether the operation may change something."""
        return self.method not in {"GET", "HEAD"}

    def arguments(self, path: Mapping[str, str], query: Mapping[str, list[str]]) -> dict[str, Value]:
        """The checked arguments of a request, by parameter name.

        Args:
            path: the text of each path parameter.
            query: every text given for each query parameter.

        Raises:
            InvalidArgument: an argument is missing, repeated, malformed or out of range.
        """
        values: dict[str, Value] = {}
        for parameter in self.parameters:
            texts = [path[parameter.name]] if parameter.location == "path" else query.get(parameter.name, [])
            if len(texts) > 1:
                raise InvalidArgument(f"{parameter.name}: expected once, given {len(texts)} times")
            if texts:
                values[parameter.name] = parameter.read(texts[0])
            elif parameter.required:
                raise InvalidArgument(f"{parameter.name}: expected {parameter.expected}, nothing was given")
        return values


class Contract:
    """The OpenAPI document of the portal.

    Args:
        path: the document; by default the one of this package, in a checkout the one of `openapi/`.

    Raises:
        DocumentError: the document cannot be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.document: Mapping[str, Json] = Document(path or default_path()).content
        self.base_path = urlsplit(self.document["servers"][-1]["url"]).path
        self.operations = {operation.id: operation for operation in self._operations()}

    def resolve(self, node: Mapping[str, Json]) -> Mapping[str, Json]:
        """The node itself, or the component that its `$ref` names."""
        while "$ref" in node:
            target: Any = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def validator(self, schema: Mapping[str, Json]) -> jsonschema_rs.Validator:
        """A compiled validator of one of the contract's schemas, formats included."""
        return jsonschema_rs.Draft202012Validator(
            {**schema, "components": self.document["components"]}, validate_formats=True, mask="the value"
        )

    def schema(self, name: str) -> Mapping[str, Json]:
        """A reference to the component schema of this name."""
        return {"$ref": f"#/components/schemas/{name}"}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method not in item:
                    continue
                node = item[method]
                declared = [*item.get("parameters", []), *node.get("parameters", [])]
                yield Operation(
                    id=node["operationId"],
                    method=method.upper(),
                    path=path,
                    tag=node["tags"][0],
                    parameters=tuple(self._parameter(self.resolve(parameter)) for parameter in declared),
                    statuses=frozenset(int(status) for status in node["responses"]),
                )

    def _parameter(self, node: Mapping[str, Json]) -> Parameter:
        return Parameter(
            name=node["name"],
            location=node["in"],
            required=node.get("required", False),
            coming_soon=node.get("x-coming-soon", False),
            schema=self.resolve(node["schema"]),
            validator=self.validator(node["schema"]),
        )


def default_path() -> Path:
    """The contract of this installation: package data, or in a checkout the document itself."""
    packaged = Path(__file__).with_name("cerbo-portal.yaml")
    checkout = Path(__file__).parents[2] / "openapi" / "cerbo-portal.yaml"
    return packaged if packaged.exists() else checkout
