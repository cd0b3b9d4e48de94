"""The contract, loaded once: operations, their parameters and compiled validators.

Knows neither Flask nor the state.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from cerbo_portal_mock import wording, yamlfile
from cerbo_portal_mock.yamlfile import Document, DocumentError

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# More digits than any 64-bit number has, and far fewer than int() refuses to read.
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_SHOWN_PROBLEMS = 10
_BOOLEANS = {"true": True, "false": False}

Json = Any
Value = str | int | bool


class InvalidArgument(ValueError):
    """A request's argument is not what the contract asks for; the text names it and what was expected."""


class TooLarge(InvalidArgument):
    """A member of a body stands for more than the contract permits; the text says for how much it may."""


@dataclass(frozen=True)
class Parameter:
    """A path or query parameter of an operation."""

    name: str
    location: str
    required: bool
    coming_soon: bool
    default: Value | None
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

    @property
    def expected(self) -> str:
        """What the schema asks for, in words."""
        return wording.expected(self.schema)


@dataclass(frozen=True)
class Answer:
    """A documented response: its examples by name, those of its headers, and what its body must be like."""

    headers: Mapping[str, str]
    examples: Mapping[str, Json]
    _compile: Callable[[], jsonschema_rs.Validator]

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return self._compile()

    def violation(self, headers: Iterable[str], body: Json) -> str | None:
        """How a response differs from what is documented; None if it does not. Holds no values.

        Args:
            headers: the names of its headers.
            body: its body, read from JSON.
        """
        missing = self.headers.keys() - set(headers)
        if missing:
            return f"{min(missing)}: expected this header"
        for error in self._validator.iter_errors(body):
            return _problem(error)
        return None


@dataclass(frozen=True)
class Body:
    """The JSON object that an operation takes, of at most `limit` bytes (None: as many as any)."""

    required: bool
    limit: int | None
    properties: Mapping[str, Mapping[str, Json]]
    _compile: Callable[[], jsonschema_rs.Validator]

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The members that hold passwords."""
        return frozenset(name for name, member in self.properties.items() if member.get("format") == "password")

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return self._compile()

    def members(self, content: Json) -> dict[str, Json]:
        """The members that the contract knows.

        Args:
            content: the body, read from JSON.

        Raises:
            InvalidArgument: it does not fit; the text names each member and what was expected, but no values.
            TooLarge: what a member stands for is larger than the contract permits.
        """
        try:
            errors = list(islice(self._validator.iter_errors(content), _SHOWN_PROBLEMS))
        except ValueError:  # what the validator itself cannot read
            raise InvalidArgument("the body: expected less nesting, and no halves of characters") from None
        if errors:
            raise InvalidArgument("; ".join(dict.fromkeys(self._refusal(error) for error in errors)))
        members = {name: whole(content[name]) for name in content if name in self.properties}
        for name, text in members.items():
            limit = self.properties[name].get("x-max-decoded")
            if limit is not None and len(text) // 4 * 3 - text[-2:].count("=") > limit:
                raise TooLarge(f"{name}: expected at most {limit} bytes, decoded")
        return members

    def _refusal(self, error: Any) -> str:
        keys = list(error.instance_path)
        match error.kind.name, keys:
            case "required", []:
                name, end = error.kind.property, ", nothing was given"
            case _, [str(name)]:
                end = ""
            case "type", []:
                return "the body: expected a JSON object"
            case _:
                return _problem(error)
        return f"{name}: expected {wording.expected(self.properties.get(name, {}))}{end}"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    tag: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: Mapping[int, Answer]

    @property
    def writes(self) -> bool:
        """Whether the operation may change something."""
        return self.method not in {"GET", "HEAD"}

    def defaults(self, *, coming_soon: bool) -> dict[str, Value]:
        """What stands for the arguments that a request leaves out, by parameter name.

        Args:
            coming_soon: whether announced parameters are in force already.
        """
        return {
            parameter.name: parameter.default
            for parameter in self.parameters
            if parameter.default is not None and (coming_soon or not parameter.coming_soon)
        }

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
        DocumentError: the document cannot be read, or lacks what a contract must have.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or default_path()
        self.document: Mapping[str, Json] = Document(path).content
        try:
            self.base_path = urlsplit(self.document["servers"][-1]["url"]).path
            self.operations = {operation.id: operation for operation in self._operations()}
            #: The documented responses that belong to no operation, by status.
            self.answers = self._answers(self.document.get("x-any-operation", {}))
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}"
            raise DocumentError(f"{path}: expected a whole contract ({what}); ./scripts/check tells more") from None

    def largest_body(self, operation_id: str | None) -> int:
        """How many bytes of a body the operation takes, or any request that is of none."""
        operation = self.operations.get(operation_id or "")
        general: int = self.document["x-any-operation"]["413"]["x-max-body"]
        return (operation and operation.body and operation.body.limit) or general

    @property
    def error_statuses(self) -> dict[str, frozenset[int]]:
        """By operation id, the statuses that are documented for what went wrong."""
        return {
            operation.id: frozenset(status for status in operation.answers if status >= 400)
            for operation in self.operations.values()
        }

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
        # Each validator keeps a copy of what it is given.
        components = {"components": self.document["components"]} if '"$ref"' in json.dumps(schema) else {}
        return jsonschema_rs.Draft202012Validator({**schema, **components}, validate_formats=True, mask="the value")

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
                    body=self._body(node),
                    answers=self._answers(node["responses"]),
                )

    def _body(self, operation: Mapping[str, Json]) -> Body | None:
        if "requestBody" not in operation:
            return None
        node = self.resolve(operation["requestBody"])
        schema = node["content"]["application/json"]["schema"]
        members = self.resolve(schema)["properties"]
        return Body(
            required=node.get("required", False),
            limit=node.get("x-max-body"),
            properties={name: self.resolve(member) for name, member in members.items()},
            _compile=lambda: self.validator(schema),
        )

    def _answers(self, responses: Mapping[str, Json]) -> dict[int, Answer]:
        return {int(status): self._answer(node) for status, node in responses.items()}

    def _answer(self, node: Mapping[str, Json]) -> Answer:
        node = self.resolve(node)
        content = node.get("content", {}).get("application/json", {})
        headers = {name: self.resolve(header) for name, header in node.get("headers", {}).items()}
        return Answer(
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


def whole(value: Json) -> Json:
    """The value, as an int where JSON wrote a whole number with a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def place(keys: Iterable[str | int]) -> str:
    """A path into a body, such as `patients[0].queue[2].id`."""
    return yamlfile.place(keys) or "the body"


def _problem(error: Any) -> str:
    return f"{place(error.instance_path)}: {error.message}"


def _first(examples: Mapping[str, Json]) -> Json:
    return next(iter(examples.values()))["value"]


@cache
def installed() -> Contract:
    """The contract of this installation, read once: what many mocks of one process share.

    Raises:
        DocumentError: the document cannot be read.
    """
    return Contract()


def default_path() -> Path:
    """The contract of this installation: package data, or in a checkout the document itself."""
    packaged = Path(__file__).with_name("cerbo-portal.yaml")
    checkout = Path(__file__).parents[2] / "openapi" / "cerbo-portal.yaml"
    return packaged if packaged.exists() else checkout
