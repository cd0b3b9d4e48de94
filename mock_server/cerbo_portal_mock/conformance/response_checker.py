"""Holds one answer of a server against the contract, element by element. Says what is wrong, never with which value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import jsonschema_rs

from cerbo_portal_mock.conformance.report import ANY_OPERATION, Element, Report, element, member
from contract_tests.spec_lint.navigation import operations, resolve

Json = Any
Place = tuple[str | int, ...]
Finding = tuple[Element, str]
NO_ANSWER = 0
# The words of these keywords are the contract's own, and short.
TOLD = {"type", "format", "const", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}


@dataclass(frozen=True)
class Exchange:
    """One call and its answer.

    Attributes:
        operation_id: what was called.
        status: the answer's status; `NO_ANSWER` where there was none.
        headers: its headers, by lower-case name.
        content: its body.
        known_method: whether the method is the operation's own.
    """

    operation_id: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    known_method: bool = True

    @property
    def where(self) -> str:
        """The operation and the status."""
        return f"{self.operation_id} {self.status or ''}".rstrip()

    @property
    def is_success(self) -> bool:
        """Whether the server says that it was done."""
        return 200 <= self.status < 300

    @cached_property
    def body(self) -> Json:
        """The body, read from JSON.

        Raises:
            ValueError: it is not JSON.
        """
        try:
            return json.loads(self.content, parse_constant=_refuse)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @property
    def media_type(self) -> str:
        """What the answer says that its body is."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse(_: str) -> NoReturn:
    raise ValueError("not JSON")


class Schema:
    """A schema of the contract, and which elements its parts are.

    Args:
        document: the contract.
        node: the schema.
        owner: the element that the schema is where it is no component.
    """

    def __init__(self, document: Json, node: Json, owner: Element) -> None:
        self._document, self._node, self._owner = document, node, owner
        self._validators: dict[int, jsonschema_rs.Draft202012Validator] = {}

    def findings(self, value: Json) -> list[Finding]:
        """What about the value contradicts the schema, and which element says so."""
        return [finding for _, finding in self._errors(value)]

    def judge(self, value: Json, report: Report, holder: Element, where: str) -> None:
        """Report each element that the value has an instance of.

        Args:
            value: the JSON value.
            report: where to report.
            holder: the element that holds the value; stands in for what the contract has no name for.
            where: the operation and the status.
        """
        wrong = set()
        for place, (each, what) in self._errors(value):
            wrong.add(place)
            report.contradict(each if each in report.provenance else holder, what, where)
        for place, each, node, part in self._visit(self._node, self._owner, value, ()):
            if place not in wrong and each in report.provenance:
                report.confirm(each)
                for what in _beyond(node, part):
                    report.note(each, what)

    def _errors(self, value: Json) -> Iterator[tuple[Place, Finding]]:
        for error in self._validator(self._node).iter_errors(value):
            *path, keyword = error.evaluation_path
            each, named, node = self._follow(path)
            if keyword == "required":
                missing = error.kind.property  # type: ignore[attr-defined]
                yield (*error.instance_path, missing), (member(named, missing), "missing, though required")
            else:
                what = (
                    f"expected {keyword} {_told(node[keyword])}" if keyword in TOLD else f"does not fit its {keyword}"
                )
                yield (*error.instance_path,), (each, what)

    def _follow(self, path: list[Any]) -> tuple[Element, Element, Json]:
        """What a part of the schema belongs to, whose members are within it, and the part itself.

        A member stays what is meant where it refers to a schema: that its value is none of that schema's is the
        member's contradiction.
        """
        each = named = self._owner
        node, before, names = self._node, "", False
        for step in path:
            if step == "$ref":
                named = Element("schema", node["$ref"].rsplit("/", 1)[-1])
                node = resolve(self._document, node)
                each = each if each.kind == "member" and before == "name" else named
                before = ""
                continue
            node = node[step]
            if names:
                each = named = member(named, str(step))
            before = "name" if names else ""
            names = step == "properties" and not names
        return each, named, node

    def _visit(
        self, node: Json, each: Element, value: Json, place: Place
    ) -> Iterator[tuple[Place, Element, Json, Json]]:
        yield place, each, node, value
        if "$ref" in node:
            each, node = Element("schema", node["$ref"].rsplit("/", 1)[-1]), resolve(self._document, node)
            yield place, each, node, value
        for inner in (each for keyword in ("allOf", "anyOf", "oneOf") for each in node.get(keyword, [])):
            if self._validator(inner).is_valid(value):
                yield from self._visit(inner, each, value, place)
        if isinstance(value, dict):
            for name in sorted(node.get("properties", {}).keys() & value.keys()):
                yield from self._visit(node["properties"][name], member(each, name), value[name], (*place, name))
        if isinstance(value, list) and isinstance(node.get("items"), dict):
            for index, item in enumerate(value):
                yield from self._visit(node["items"], each, item, (*place, index))

    def _validator(self, node: Json) -> jsonschema_rs.Draft202012Validator:
        """What checks values against a part of the contract, made once for each part that is met."""
        if id(node) not in self._validators:
            schema = {**node, "components": self._document["components"]}
            self._validators[id(node)] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        return self._validators[id(node)]


def _told(expected: Json) -> str:
    return " or ".join(map(str, expected)) if isinstance(expected, list) else str(expected)


def _beyond(node: Json, value: Json) -> Iterator[str]:
    """How a value is more than the contract says, which it permits."""
    open_object = isinstance(value, dict) and "properties" in node and "additionalProperties" not in node
    if open_object and value.keys() - node["properties"].keys():
        yield "has members that the contract does not name"
    if value not in node.get("x-extensible-enum", [value]):
        yield "has values beyond the known ones"


class Judge:
    """Holds answers against the contract.

    Args:
        document: the contract.
        report: where to report.
    """

    def __init__(self, document: Json, report: Report) -> None:
        self._document, self._report = document, report
        self._operations = dict(operations(document))
        self._schemas: dict[Element, Schema] = {}

    def judge(self, exchange: Exchange) -> None:
        """Report what the answer confirms and contradicts, whatever the call was."""
        documented = self._operations[exchange.operation_id]["responses"]
        any_operation = self._document.get("x-any-operation", {})
        status = str(exchange.status)
        if exchange.known_method and status in documented:
            self._judge_response(exchange, f"{exchange.operation_id} {status}", documented[status])
        elif status in any_operation:
            self._judge_response(exchange, f"{ANY_OPERATION} {status}", any_operation[status])
        elif exchange.known_method:
            operation = Element("operation", exchange.operation_id)
            self._report.contradict(operation, "a status that is not documented", exchange.where)

    def _judge_response(self, exchange: Exchange, name: str, node: Json) -> None:
        response, node = Element("response", name), resolve(self._document, node)
        for header, child in node.get("headers", {}).items():
            self._judge_header(exchange, element("header", child, f"{name} {header}"), header, child)
        content = node.get("content", {})
        if content and exchange.media_type not in content:
            expected = ", ".join(content)
            self._report.contradict(response, f"another content type than {expected}", exchange.where)
            return
        try:
            body = exchange.body if content else None
        except ValueError:
            self._report.contradict(response, "a body that is not JSON", exchange.where)
            return
        self._report.confirm(response)
        if content:
            owner = Element("schema", name)
            if owner not in self._schemas:
                self._schemas[owner] = Schema(self._document, content[exchange.media_type]["schema"], owner)
            self._schemas[owner].judge(body, self._report, response, exchange.where)

    def _judge_header(self, exchange: Exchange, header: Element, name: str, node: Json) -> None:
        node = resolve(self._document, node)
        text = exchange.headers.get(name.lower())
        if text is not None:
            schema = resolve(self._document, node["schema"])
            value = int(text) if schema.get("type") == "integer" and text.isdecimal() else text
            findings = Schema(self._document, schema, header).findings(value)
            for _, what in findings:
                self._report.contradict(header, what, exchange.where)
            if not findings:
                self._report.confirm(header)
        elif node.get("required"):
            self._report.contradict(header, "missing, though required", exchange.where)
