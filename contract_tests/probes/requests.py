"""Calls in terms of the contract: what it permits, what it does not, and which element a call goes against."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from cerbo_portal_mock.conformance.report import Element, element, member
from cerbo_portal_mock.conformance.response_checker import ElementSchema

from contract_tests.spec_lint.navigation import body_members, located_operations, needed, repeated, resolve
from contract_tests.spec_lint.yaml_lines import Keys

Json = Any
NO_SUCH_VALUE = "no-such-value"
_OF_A_KIND = {"string": NO_SUCH_VALUE, "boolean": True, "array": []}
_WRITTEN = {"true": True, "false": False}


class User(Enum):
    """As whom a call is made."""

    GIVEN = "with the credentials"
    NOBODY = "without credentials"
    WRONG_PASSWORD = "with a wrong password"
    UNKNOWN = "as an unknown user"
    MALFORMED = "with malformed credentials"


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        operation_id: the operation that is meant.
        method: the HTTP method.
        path: the operation's path, a template.
        values: the path parameters by name.
        query: the query parameters by name.
        body: the JSON body, None if there is none.
        media_type: what the request says that its body is.
        user: as whom the call is made.
        known_method: whether the method is the operation's own.
        repeated: the members of the body that repeat a path parameter, with its name.
    """

    operation_id: str
    method: str
    path: str
    values: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Json | None = None
    media_type: str = "application/json"
    user: User = User.GIVEN
    known_method: bool = True
    repeated: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, value: Any) -> "Call":
        """The call with another value of a path parameter, wherever the request has it."""
        body = self.body
        if isinstance(body, dict):
            body = body | {member: value for member, path in self.repeated.items() if path == name and member in body}
        return replace(self, values={**self.values, name: value}, body=body)

    @property
    def arguments(self) -> dict[str, Any]:
        """The same for the method of the client."""
        return {**self.values, **self.query, **(self.body or {})}


class Parameter:
    """A parameter of an operation, and the element that it is."""

    def __init__(self, document: Json, operation_id: str, reference: Json) -> None:
        node = resolve(document, reference)
        self.element = element("parameter", reference, f"{operation_id} {node['name']}")
        self.name: str = node["name"]
        self.location: str = node["in"]
        self.coming_soon: bool = node.get("x-coming-soon", False)
        self.node: Json = resolve(document, node["schema"])
        self.examples: list[Json] = [example["value"] for example in node.get("examples", {}).values()]

    def of(self, call: Call, value: Any) -> Call:
        """The call with another value of the parameter."""
        if self.location == "path":
            return call.of(self.name, value)
        return replace(call, query={**call.query, self.name: value})

    def permitted(self) -> list[Any]:
        """Values to try: the examples; of an open set one that nobody knows; of ids in a path one that nobody has."""
        if self.location == "path":
            return [self.node["maximum"]] if "maximum" in self.node else []
        is_text = self.node.get("type") == "string" and not {"const", "enum", "pattern", "format"} & self.node.keys()
        return [*self.examples, *([NO_SUCH_VALUE] if is_text else [])]

    def forbidden(self) -> list[Any]:
        """Values that the contract does not permit, one for each way to go against it."""
        beyond = [self.node[bound] + step for bound, step in (("minimum", -1), ("maximum", 1)) if bound in self.node]
        text = self.node.get("type") != "string" or {"const", "enum"} & self.node.keys()
        return [*beyond, *([NO_SUCH_VALUE] if text else [])]

    def read(self, value: Any) -> Any:
        """The value that a text in a URL stands for; texts that stand for none remain what they are."""
        if isinstance(value, str):
            if self.node.get("type") == "integer" and value.removeprefix("-").isdecimal() and value.isascii():
                return int(value) if len(value) < 100 else value
            if self.node.get("type") == "boolean":
                return _WRITTEN.get(value, value)
        return value


class Body:
    """The body of an operation, and the elements that it consists of."""

    def __init__(self, document: Json, operation: Json) -> None:
        operation_id, reference = operation["operationId"], operation["requestBody"]
        node = resolve(document, reference)
        content = node["content"]["application/json"]
        inline = Element("schema", f"{operation_id} body")
        self.element = element("request body", reference, operation_id)
        self.required: bool = node.get("required", False)
        self.schema = ElementSchema(document, content["schema"], inline)
        self.owner = element("schema", content["schema"], inline.name)
        self.members = body_members(document, operation)
        self.required_members: list[str] = resolve(document, content["schema"]).get("required", [])
        self.examples: dict[str, Json] = {name: example["value"] for name, example in content["examples"].items()}

    def violated(self, content: Any) -> list[Element]:
        """The elements that a body goes against; None stands for no body."""
        if content is None:
            return [self.element] if self.required else []
        try:
            return [each for each, _ in self.schema.findings(content)]
        except ValueError:  # nothing that JSON can say
            return [self.element]

    def wrong(self, content: Json) -> Iterator[tuple[Element, Json]]:
        """Bodies with one thing wrong each, and the element that they go against."""
        if self.required:
            yield self.element, None
        for name, node in self.members.items():
            about = member(self.owner, name)
            if name in self.required_members:
                yield about, {key: value for key, value in content.items() if key != name}
            kinds = node.get("type", [])
            another = next((value for kind, value in _OF_A_KIND.items() if kinds and kind not in kinds), None)
            if another is not None:
                yield about, {**content, name: another}


class Operation:
    """An operation of the contract."""

    def __init__(self, document: Json, keys: Keys, node: Json) -> None:
        self.id: str = node["operationId"]
        self.path, self.method = str(keys[1]), str(keys[2]).upper()
        self.node = node
        self.parameters = [Parameter(document, self.id, parameter) for parameter in node.get("parameters", [])]
        self.request_body = Body(document, node) if "requestBody" in node else None
        security = node.get("security", document.get("security", []))
        self.schemes: list[str] = [name for requirement in security for name in requirement]
        self.repeated, self.needed = repeated(document, node), needed(document, node)

    @property
    def element(self) -> Element:
        """The element that it is."""
        return Element("operation", self.id)

    def query(self, body: Mapping[str, Json]) -> dict[str, Json]:
        """The query without which this body is refused."""
        return {name: value for member in body for name, value in self.needed.get(member, {}).items()}

    def fitting(self, body: dict[str, Json], values: Mapping[str, Any], query: Mapping[str, Json]) -> dict[str, Json]:
        """The body with what the path says where it repeats that, and without members that the query rules out."""
        body = body | {name: values[argument] for name, argument in self.repeated.items() if name in body}
        return {name: value for name, value in body.items() if self.needed.get(name, {}).items() <= query.items()}

    @property
    def values(self) -> dict[str, Any]:
        """The path parameters by name, from their examples."""
        return {each.name: each.examples[0] for each in self.parameters if each.location == "path"}

    @property
    def bodies(self) -> Mapping[str, Json]:
        """The examples of the JSON body by name."""
        return self.request_body.examples if self.request_body else {}

    @property
    def body(self) -> Json | None:
        """The first example of the JSON body, None if there is none."""
        return next(iter(self.bodies.values()), None)

    @property
    def queries(self) -> list[tuple[str, str]]:
        """The examples of query parameters that have an effect, as texts, with their names."""
        effective = [each for each in self.parameters if each.location == "query" and not each.coming_soon]
        return [(each.name, str(value).lower()) for each in effective for value in each.examples]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of a valid call of the client's method."""
        return {**self.values, **(self.body or {})}

    def samples(self, ids: Mapping[str, Sequence[int]]) -> list[Call]:
        """Calls that the contract permits: one for each example of the body, and for each of the ids.

        Args:
            ids: for path parameters by name, what the server knows in place of the contract's example.
        """
        base = Call(self.id, self.method, self.path, self.values, repeated=self.repeated)
        calls = [replace(base, body=body, query=self.query(body or {})) for body in self.bodies.values() or [None]]
        for name, known in ids.items():
            if name in self.values:
                calls = [call.of(name, value) for value in known for call in calls]
        return calls

    def violated(self, call: Call) -> list[Element]:
        """The elements that a call of it goes against."""
        given = {**call.values, **call.query}
        found = []
        for parameter in self.parameters:
            if parameter.name in given:
                value = parameter.read(given[parameter.name])
                found += [each for each, _ in self._schema(parameter).findings(value)]
        if self.request_body:
            found += [*self.request_body.violated(call.body), *self.contradictions(call)]
        return found

    def contradictions(self, call: Call) -> list[Element]:
        """The members of a call's body that contradict its path or its query."""
        if not (self.request_body and isinstance(call.body, dict)):
            return []
        defaults = {each.name: each.node["default"] for each in self.parameters if "default" in each.node}
        given = {each.name: each.read(call.query[each.name]) for each in self.parameters if each.name in call.query}
        values = {name: value for name, value in call.values.items() if name in self.repeated.values()}
        path = {each.name: each.read(values[each.name]) for each in self.parameters if each.name in values}
        fitting = self.fitting(call.body, path, defaults | given)
        return [member(self.request_body.owner, name) for name in call.body if fitting.get(name) != call.body[name]]

    def _schema(self, parameter: Parameter) -> ElementSchema:
        return ElementSchema({"components": {}}, parameter.node, parameter.element)


def known_operations(document: Json) -> dict[str, Operation]:
    """The operations of the contract by id, in its order."""
    return {node["operationId"]: Operation(document, keys, node) for keys, node in located_operations(document)}


def sample(document: Json, operation_id: str) -> Operation:
    """One operation of the contract, whose `arguments` are those of a valid call."""
    return known_operations(document)[operation_id]


def method_name(operation_id: str) -> str:
    """The client's name of an operation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation_id).lower()
