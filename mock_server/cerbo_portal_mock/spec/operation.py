"""An operation of the contract: how its requests are read, and how its responses are checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec import schema_description, validation
from cerbo_portal_mock.spec.yaml_document import json_path

# More digits than any 64-bit number has, and far fewer than int() refuses to read.
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_SHOWN_PROBLEMS = 10
# Characters of a name that the caller chose.
_SHOWN_NAME = 64
_BOOLEANS = {"true": True, "false": False}

Json = Any
Value = str | int | bool


class InvalidArgument(ValueError):
    """A request's argument does not fit the contract; the text names it and says what was expected."""


class TooLarge(InvalidArgument):
    """A member of a body is larger than the contract permits; the text says how large it may be."""


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
        """The value of a request's text.

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
        """The schema in words."""
        return schema_description.describe(self.schema)


@dataclass(frozen=True)
class DocumentedResponse:
    """A documented response: examples of its required headers and of its body, and the schema of its body."""

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
        for error in validation.errors(self._validator, body):
            return _problem(error)
        return None


@dataclass(frozen=True)
class RequestBody:
    """The JSON object that an operation takes, of at most `limit` bytes (None: the general limit)."""

    required: bool
    limit: int | None
    properties: Mapping[str, Mapping[str, Json]]
    _compile: Callable[[], jsonschema_rs.Validator]

    @cached_property
    def defaults(self) -> dict[str, Json]:
        """The values of the members that a request leaves out, by name."""
        return {name: member["default"] for name, member in self.properties.items() if "default" in member}

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
            TooLarge: a member is larger than the contract permits.
        """
        try:
            errors = list(islice(validation.errors(self._validator, content), _SHOWN_PROBLEMS))
        except ValueError:  # the validator itself cannot read it
            raise InvalidArgument("the body: nested too deeply, or contains an unpaired surrogate") from None
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
        return f"{name}: expected {schema_description.describe(self.properties.get(name, {}))}{end}"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    tag: str
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: Mapping[int, DocumentedResponse]
    #: The responses of the keys `1XX` to `5XX`, by their first digit.
    ranges: Mapping[int, DocumentedResponse]

    def response(self, status: int) -> DocumentedResponse | None:
        """The documented response of a status: its own, or that of its hundred."""
        return self.responses.get(status) or self.ranges.get(status // 100)

    @property
    def writes(self) -> bool:
        """Whether the operation may change something."""
        return self.method not in {"GET", "HEAD"}

    def defaults(self, *, coming_soon: bool) -> dict[str, Value]:
        """The arguments that apply where a request leaves them out, by parameter name.

        Args:
            coming_soon: whether announced parameters are already in force.
        """
        return {
            parameter.name: parameter.default
            for parameter in self.parameters
            if parameter.default is not None and (coming_soon or not parameter.coming_soon)
        }

    def check_body(self, members: Mapping[str, Json], arguments: Mapping[str, Value]) -> None:
        """Check what the contract says of a body's members and the request's arguments together.

        Args:
            members: the members of the body.
            arguments: the arguments of path and query, defaults included.

        Raises:
            InvalidArgument: a member differs from the argument that it must equal, or needs another one.
        """
        properties = self.body.properties if self.body else {}
        for name, value in members.items():
            argument = _argument(properties[name].get("x-equals", ""))
            if argument and value != arguments[argument]:
                raise InvalidArgument(f"{name}: expected the {argument} of the path")
            for expression, needed in properties[name].get("x-only-with", {}).items():
                argument = _argument(expression)
                if arguments.get(argument) != needed:
                    raise InvalidArgument(f"{name}: expected only with {argument}={str(needed).lower()}")

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


def _argument(expression: str) -> str:
    """The name of an argument, such as `pt_id` of `$request.path.pt_id`."""
    return expression.rpartition(".")[2]


def whole(value: Json) -> Json:
    """The value, as an int if it is a float without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def body_path(keys: Iterable[str | int]) -> str:
    """A path into a body, such as `patients[0].queue[2].id`."""
    shown = (key[:_SHOWN_NAME] if isinstance(key, str) else key for key in keys)
    return json_path(shown) or "the body"


def _problem(error: Any) -> str:
    return f"{body_path(error.instance_path)}: {error.message}"
