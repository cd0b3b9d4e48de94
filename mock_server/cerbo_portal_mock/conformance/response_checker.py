"""Checks one response against the contract, element by element; findings never contain a value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jsonschema_rs
from cerbo_portal_runtime import json_reader

from cerbo_portal_mock.conformance.report import ANY_OPERATION, Element, Report, element, member
from cerbo_portal_mock.spec.openapi import operations, resolve

Json = Any
Path = tuple[str | int, ...]
Finding = tuple[Element, str]
NO_RESPONSE = 0
# Keywords whose values are short and come from the contract.
SHOWN_KEYWORDS = {"type", "format", "const", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}


@dataclass(frozen=True)
class ObservedResponse:
    """One response, and the operation that was called.

    Attributes:
        operation_id: the operation.
        status: its status; `NO_RESPONSE` if there was none.
        headers: its headers, by lower-case name.
        content: its body.
        known_method: whether the method is the operation's own.
        failure: why there was no response, as far as it is known.
    """

    operation_id: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    known_method: bool = True
    failure: str = ""

    @property
    def where(self) -> str:
        """The operation and the status."""
        return f"{self.operation_id} {self.status or ''}".rstrip()

    @property
    def is_success(self) -> bool:
        """Whether the server reports success."""
        return 200 <= self.status < 300

    @cached_property
    def body(self) -> Json:
        """The body, read from JSON.

        Raises:
            InvalidJson: it is not JSON.
        """
        return json_reader.read(self.content)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class ElementSchema:
    """A schema of the contract, and the elements that its parts are.

    Args:
        document: the contract.
        node: the schema.
        owner: the element of the schema, unless it is a component.
    """

    def __init__(self, document: Json, node: Json, owner: Element) -> None:
        self._document, self._node, self._owner = document, node, owner
        self._validators: dict[int, jsonschema_rs.Draft202012Validator] = {}

    def findings(self, value: Json) -> list[Finding]:
        """How the value contradicts the schema, with the element it contradicts."""
        return [finding for _, finding in self._errors(value)]

    def check(self, value: Json, report: Report, holder: Element, where: str) -> None:
        """Report each element that occurs in the value.

        Args:
            value: the JSON value.
            report: where to report.
            holder: the element that contains the value; reported for parts that have no name in the contract.
            where: the operation and the status.
        """
        wrong = set()
        for path, (each, what) in self._errors(value):
            wrong.add(path)
            report.contradict(each if each in report.provenance else holder, what, where)
        seen = set()
        for path, each, node, part in self._visit(self._node, self._owner, value, ()):
            if path not in wrong and each in report.provenance:
                # Several parts of a schema may say something of the same place.
                if (path, each) not in seen:
                    report.confirm(each)
                seen.add((path, each))
                for what in _beyond(node, part):
                    report.note(each, what)

    def _errors(self, value: Json) -> Iterator[tuple[Path, Finding]]:
        for error in self._validator(self._node).iter_errors(value):
            *path, keyword = error.evaluation_path
            each, named, node = self._follow(path)
            if keyword == "required":
                missing = error.kind.property  # type: ignore[attr-defined]
                yield (*error.instance_path, missing), (member(named, missing), "missing, though required")
            else:
                what = (
                    f"expected {keyword} {_expected(node[keyword])}"
                    if keyword in SHOWN_KEYWORDS
                    else f"does not fit its {keyword}"
                )
                yield (*error.instance_path,), (each, what)

    def _follow(self, path: list[Any]) -> tuple[Element, Element, Json]:
        """The element of a part of the schema, the element that names its members, and the part itself.

        A value that does not fit the schema that a member refers to contradicts the member.
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

    def _visit(self, node: Json, each: Element, value: Json, path: Path) -> Iterator[tuple[Path, Element, Json, Json]]:
        yield path, each, node, value
        if "$ref" in node:
            each, node = Element("schema", node["$ref"].rsplit("/", 1)[-1]), resolve(self._document, node)
            yield path, each, node, value
        for inner in node.get("allOf", []):
            yield from self._visit(inner, each, value, path)
        for inner in (each for keyword in ("anyOf", "oneOf") for each in node.get(keyword, [])):
            if self._validator(inner).is_valid(value):
                yield from self._visit(inner, each, value, path)
        if "if" in node:
            chosen = "then" if self._validator(node["if"]).is_valid(value) else "else"
            yield from self._visit(node.get(chosen, {}), each, value, path)
        if isinstance(value, dict):
            for name in sorted(node.get("properties", {}).keys() & value.keys()):
                yield from self._visit(node["properties"][name], member(each, name), value[name], (*path, name))
        if isinstance(value, list) and isinstance(node.get("items"), dict):
            for index, item in enumerate(value):
                yield from self._visit(node["items"], each, item, (*path, index))

    def _validator(self, node: Json) -> jsonschema_rs.Draft202012Validator:
        """The validator of a part of the contract, compiled once."""
        if id(node) not in self._validators:
            schema = {**node, "components": self._document["components"]}
            self._validators[id(node)] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        return self._validators[id(node)]


def _expected(expected: Json) -> str:
    return " or ".join(map(str, expected)) if isinstance(expected, list) else str(expected)


def _beyond(node: Json, value: Json) -> Iterator[str]:
    """How a value exceeds the contract in ways that the contract permits."""
    open_object = isinstance(value, dict) and "properties" in node and "additionalProperties" not in node
    if open_object and value.keys() - node["properties"].keys():
        yield "has members that the contract does not name"
    if value is not None and value not in node.get("x-extensible-enum", [value]):
        yield "has values beyond the known ones"


class ResponseChecker:
    """Checks responses against the contract.

    Args:
        document: the contract.
        report: where to report.
    """

    def __init__(self, document: Json, report: Report) -> None:
        self._document, self._report = document, report
        self._operations = {operation["operationId"]: operation for _, _, operation in operations(document)}
        self._schemas: dict[Element, ElementSchema] = {}

    def check(self, observed: ObservedResponse) -> None:
        """Report what the response confirms and contradicts."""
        documented = self._operations[observed.operation_id]["responses"]
        any_operation = self._document.get("x-any-operation", {})
        status, hundred = str(observed.status), f"{observed.status // 100}XX"
        alternatives = (name for name, node in documented.items() if observed.status in self._alternatives(node))
        alternative = next(alternatives, "default")
        if observed.known_method and status in documented:
            self._check_response(observed, f"{observed.operation_id} {status}", documented[status])
        elif status in any_operation:
            self._check_response(observed, f"{ANY_OPERATION} {status}", any_operation[status])
        elif observed.known_method and hundred in documented:
            name, node = f"{observed.operation_id} {hundred}", documented[hundred]
            if observed.is_success and not observed.content:  # the contract says that it may have no body
                self._report.confirm(Element("response", name))
            else:
                self._check_response(observed, name, node)
        elif observed.known_method and alternative in documented:
            self._check_response(observed, f"{observed.operation_id} {alternative}", documented[alternative])
        elif observed.known_method:
            operation = Element("operation", observed.operation_id)
            self._report.contradict(operation, "a status that is not documented", observed.where)

    def _alternatives(self, node: Json) -> list[int]:
        """The other statuses that the contract permits in place of a response's."""
        found: list[int] = resolve(self._document, node).get("x-alternatives", [])
        return found

    def _check_response(self, observed: ObservedResponse, name: str, node: Json) -> None:
        response, node = Element("response", name), resolve(self._document, node)
        for header, child in node.get("headers", {}).items():
            self._check_header(observed, element("header", child, f"{name} {header}"), header, child)
        content = node.get("content", {})
        if content and observed.media_type not in content:
            expected = ", ".join(content)
            self._report.contradict(response, f"another content type than {expected}", observed.where)
            return
        try:
            body = observed.body if content else None
        except json_reader.InvalidJson:
            self._report.contradict(response, "a body that is not JSON", observed.where)
            return
        self._report.confirm(response)
        if content:
            owner = Element("schema", name)
            if owner not in self._schemas:
                self._schemas[owner] = ElementSchema(self._document, content[observed.media_type]["schema"], owner)
            self._schemas[owner].check(body, self._report, response, observed.where)

    def _check_header(self, observed: ObservedResponse, header: Element, name: str, node: Json) -> None:
        node = resolve(self._document, node)
        text = observed.headers.get(name.lower())
        if text is not None:
            schema = resolve(self._document, node["schema"])
            value = int(text) if schema.get("type") == "integer" and text.isdecimal() else text
            findings = ElementSchema(self._document, schema, header).findings(value)
            for _, what in findings:
                self._report.contradict(header, what, observed.where)
            if not findings:
                self._report.confirm(header)
        elif node.get("required"):
            self._report.contradict(header, "missing, though required", observed.where)
