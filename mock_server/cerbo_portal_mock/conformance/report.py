"""The conformance report: each element of the contract was confirmed, contradicted, or not seen.

A report contains names of the contract's elements, statuses and kinds of violations. It never contains a value, an
id, a name that is not in the contract, or the address of the server.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from cerbo_portal_mock.spec.openapi import operations, resolve

Json = Any
CONFIRMED, CONTRADICTED, NOT_SEEN = "confirmed", "contradicted", "not seen"
ANY_OPERATION = "any operation"
# The prefix of references to components.
_COMPONENTS = "#/components/"


class Element(NamedTuple):
    """A part of the contract that an implementation can confirm or contradict.

    Attributes:
        kind: operation, parameter, request body, response, header, schema, member or credentials.
        name: of a component its name, of what stands in an operation the operation's id and its own name.
    """

    kind: str
    name: str

    @property
    def shown(self) -> str:
        """Both, for people."""
        return f"{self.kind} {self.name}"


@dataclass
class Seen:
    """The observations of one element.

    Attributes:
        confirmed: how many times it was as the contract says.
        contradictions: how many times it was not, by kind of violation and by where.
        notes: how many times it was more than the contract says, which the contract permits.
    """

    confirmed: int = 0
    contradictions: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def verdict(self) -> str:
        """One contradiction outweighs any number of confirmations."""
        if self.contradictions:
            return CONTRADICTED
        return CONFIRMED if self.confirmed else NOT_SEEN


def element(kind: str, node: Json, own_name: str) -> Element:
    """The element that a node is: a component where it refers to one, else a part of where it stands."""
    reference = node.get("$ref", "")
    return Element(kind, reference.rsplit("/", 1)[-1] if reference.startswith(_COMPONENTS) else own_name)


def catalogue(document: Json) -> dict[Element, str]:
    """Every element of the contract with its provenance, in the document's order."""
    found: dict[Element, str] = {}
    for each, node in _elements(document):
        found.setdefault(each, resolve(document, node).get("x-provenance", "assumed"))
    return found


def _elements(document: Json) -> Iterator[tuple[Element, Json]]:
    for name, node in document["components"].get("securitySchemes", {}).items():
        yield Element("credentials", name), node
    for _, _, operation in operations(document):
        operation_id = operation["operationId"]
        yield Element("operation", operation_id), operation
        for node in operation.get("parameters", []):
            own_name = f"{operation_id} {resolve(document, node)['name']}"
            yield element("parameter", node, own_name), node
        if "requestBody" in operation:
            node = operation["requestBody"]
            yield element("request body", node, operation_id), node
            yield from _schemas(document, node, f"{operation_id} body")
        for status, node in operation["responses"].items():
            yield from _response(document, node, f"{operation_id} {status}")
    for status, node in document.get("x-any-operation", {}).items():
        yield from _response(document, node, f"{ANY_OPERATION} {status}")
    for name, node in document["components"]["schemas"].items():
        yield from _members(Element("schema", name), node)


def _response(document: Json, node: Json, name: str) -> Iterator[tuple[Element, Json]]:
    yield Element("response", name), node
    for header, child in resolve(document, node).get("headers", {}).items():
        yield element("header", child, f"{name} {header}"), child
    yield from _schemas(document, node, name)


def _schemas(document: Json, node: Json, name: str) -> Iterator[tuple[Element, Json]]:
    """The schemas that stand in a body; those that it refers to are components."""
    for content in resolve(document, node).get("content", {}).values():
        if "$ref" not in content.get("schema", {"$ref": ""}):
            yield from _members(Element("schema", name), content["schema"])


def _members(owner: Element, node: Json) -> Iterator[tuple[Element, Json]]:
    yield owner, node
    inner = [node, *node.get("allOf", []), *node.get("anyOf", []), *node.get("oneOf", [])]
    for schema in inner:
        for name, child in schema.get("properties", {}).items():
            yield from _members(member(owner, name), child)
    if isinstance(node.get("items"), dict) and "properties" in node["items"]:
        for name, child in node["items"]["properties"].items():
            yield from _members(member(owner, name), child)


def member(owner: Element, name: str) -> Element:
    """The element that a member of a schema is."""
    return Element("member", f"{owner.name}.{name}")


class Report:
    """Collects the observations of a run.

    Args:
        document: the contract.
    """

    def __init__(self, document: Json) -> None:
        self._version = document["info"]["version"]
        self.provenance = catalogue(document)
        self._seen = {each: Seen() for each in self.provenance}
        self.calls = 0
        #: What could not be tried, in words.
        self.incomplete: list[str] = []

    def confirm(self, each: Element) -> None:
        """The element was seen, as the contract says."""
        self._seen[each].confirmed += 1

    def contradict(self, each: Element, what: str, where: str) -> None:
        """The element was seen, and not as the contract says.

        Args:
            each: the element.
            what: the kind of violation; holds no value that the server sent.
            where: the operation and the status.
        """
        self._seen[each].contradictions[what, where] += 1

    def note(self, each: Element, what: str) -> None:
        """The element was more than the contract says."""
        self._seen[each].notes[what] += 1

    def verdict(self, each: Element) -> str:
        """The verdict on the element."""
        return self._seen[each].verdict

    @property
    def contradicted(self) -> dict[Element, list[str]]:
        """The elements that were not as the contract says, with the kinds of violations."""
        return {
            each: sorted({what for what, _ in seen.contradictions})
            for each, seen in self._seen.items()
            if seen.contradictions
        }

    def document(self) -> Json:
        """The report as plain data."""
        return {
            "contract": self._version,
            "calls": self.calls,
            "incomplete": self.incomplete,
            "summary": self._summary(),
            "elements": [
                {
                    "kind": each.kind,
                    "name": each.name,
                    "provenance": self.provenance[each],
                    "seen": seen.verdict,
                    "times": seen.confirmed,
                    "contradictions": _contradictions(seen),
                    "notes": sorted(seen.notes),
                }
                for each, seen in self._in_order()
            ],
        }

    def json(self) -> str:
        """The report as JSON."""
        return json.dumps(self.document(), indent=2) + "\n"

    def table(self) -> str:
        """The report for people: contradictions first, then what was confirmed, then what was not seen."""
        lines = [f"Conformance with contract {self._version}, by {self.calls} calls"]
        lines += [f"incomplete: {what}" for what in self.incomplete]
        for verdict, rows in groupby(self._in_order(), key=lambda row: row[1].verdict):
            group = list(rows)
            lines += ["", f"{verdict} ({len(group)})"]
            for each, seen in group:
                lines.append(f"  {self.provenance[each]:<10}  {each.kind:<12}  {each.name}")
                lines += [
                    f"  {'':<10}  {'':<12}    {entry['what']} ({', '.join(entry['at'])})"
                    for entry in _contradictions(seen)
                ]
                lines += [f"  {'':<10}  {'':<12}    note: {what}" for what in sorted(seen.notes)]
        summary = [
            f"  {grade:<10}  {', '.join(f'{number} {verdict}' for verdict, number in numbers.items())}"
            for grade, numbers in self._summary().items()
        ]
        return "\n".join([*lines, "", "summary", *summary])

    def _summary(self) -> dict[str, dict[str, int]]:
        numbers = Counter((self.provenance[each], seen.verdict) for each, seen in self._seen.items())
        return {
            grade: {verdict: numbers[grade, verdict] for verdict in (CONTRADICTED, CONFIRMED, NOT_SEEN)}
            for grade in ("documented", "inferred", "assumed")
        }

    def _in_order(self) -> list[tuple[Element, Seen]]:
        verdicts = (CONTRADICTED, CONFIRMED, NOT_SEEN)
        return sorted(self._seen.items(), key=lambda row: verdicts.index(row[1].verdict))


def _contradictions(seen: Seen) -> list[dict[str, Any]]:
    by_kind = groupby(sorted(seen.contradictions), key=lambda key: key[0])
    return [
        {"what": what, "at": [where for _, where in keys], "times": sum(seen.contradictions[key] for key in keys)}
        for what, keys in ((what, list(group)) for what, group in by_kind)
    ]
