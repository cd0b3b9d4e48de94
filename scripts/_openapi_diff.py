"""What changed between two OpenAPI documents, and what of it breaks those who keep to the old one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from _schema_diff import Comparison, Kind, Place, as_object, follow, stated

from contract_tests.spec_lint.navigation import located_operations

ANY_OPERATION = "x-any-operation"

_KINDS: tuple[Kind, ...] = ("breaking", "added", "changed")
# Told where they differ, and no more: neither changes what goes over the wire.
_NOTED = ("x-provenance", "x-coming-soon", "deprecated")

Json = Any


class Change(NamedTuple):
    """One change of the contract.

    Attributes:
        kind: `breaking` when a caller or a server that keeps to the old document may fail with one that keeps to
            the new; `added`; or `changed`.
        operation: the operation's id, `x-any-operation`, or `servers`.
        pointer: where it is: within the operation, or from the document's `#` where a component is meant.
        what: what changed, in words; of a breaking change, what breaks.
    """

    kind: Kind
    operation: str
    pointer: str
    what: str


class _Operation(NamedTuple):
    id: str
    route: str
    place: Place
    parameters: dict[tuple[str, str], Place]


def compare(old: Json, new: Json) -> list[Change]:
    """The changes from one document to another, breaking ones first.

    Texts, examples and `x-source` are not compared.

    Args:
        old: the document that was promised.
        new: the document that replaces it.
    """
    found = sorted({*_Documents(old, new).changes()}, key=lambda change: (_KINDS.index(change.kind), change))
    broken = {(change.operation, change.pointer) for change in found if change.kind == "breaking"}
    return [change for change in found if change.kind == "breaking" or change[1:3] not in broken]


def summary(changes: list[Change]) -> list[str]:
    """One line for each change; operations that share it, as they share components, share the line."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for kind, operation, pointer, what in changes:
        lines.setdefault((kind, pointer, what), []).append(operation)
    return [
        f"{kind:8}  {' '.join([', '.join(operations), pointer]).strip()}: {what}"
        for (kind, pointer, what), operations in lines.items()
    ]


class _Part(NamedTuple):
    """A kind of part: what it means that one is gone or new, where none is required, and the kinds of its children."""

    is_request: bool
    gone: Kind
    new: Kind
    children: Mapping[str, str] = {}


_PARTS = {
    "parameter": _Part(is_request=True, gone="breaking", new="added"),
    "body": _Part(is_request=True, gone="breaking", new="added", children={"content": "request type"}),
    "request type": _Part(is_request=True, gone="breaking", new="added"),
    "success": _Part(False, "breaking", "breaking", {"headers": "header", "content": "response type"}),
    "response": _Part(False, "changed", "added", {"headers": "header", "content": "response type"}),
    "header": _Part(is_request=False, gone="changed", new="added"),
    "response type": _Part(is_request=False, gone="breaking", new="breaking"),
}


class _Documents:
    """The old and the new document, gone through side by side."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._requests = Comparison(old, new, "request")
        self._responses = Comparison(old, new, "response")

    def changes(self) -> Iterator[Change]:
        urls = [{server["url"] for server in document.get("servers", [])} for document in (self._old, self._new)]
        yield from (Change("breaking", "servers", url, "the server is gone") for url in urls[0] - urls[1])
        yield from (Change("added", "servers", url, "a new server") for url in urls[1] - urls[0])
        old, new = _operations(self._old), _operations(self._new)
        routes = {operation.route: operation for operation in new.values() if operation.id not in old}
        matches = {name: new.get(name) or routes.get(operation.route) for name, operation in old.items()}
        for name, match in matches.items():
            if match is None:
                yield Change("breaking", name, "", f"the operation is gone ({old[name].route})")
            else:
                yield from self._operation(old[name], match)
        for name in new.keys() - {match.id for match in matches.values() if match}:
            yield Change("added", name, "", f"a new operation ({new[name].route})")
        yield from self._children(
            ANY_OPERATION, {ANY_OPERATION: "response"}, Place(self._old, "#"), Place(self._new, "#")
        )

    def _operation(self, old: _Operation, new: _Operation) -> Iterator[Change]:
        then, now = old.place, new.place
        if old.id != new.id:
            yield Change("breaking", old.id, "/operationId", f"the operation is now called {new.id}")
        if old.route != new.route:
            yield Change("breaking", old.id, "", f"moved from {old.route} to {new.route}")
        if (was := then.node.get("x-idempotent")) != (now_is := now.node.get("x-idempotent")):
            kind: Kind = "breaking" if was else "changed"
            yield Change(kind, old.id, "/x-idempotent", f"whether a repeat is safe: {stated(was)} -> {stated(now_is)}")
        was, now_is = (place.node.get("x-result-false", "error") for place in (then, now))
        if was != now_is:
            what = f"a result that is false was an {was} and is an {now_is}"
            yield Change("breaking", old.id, "/x-result-false", what)
        before, after = _ways_in(self._old, then.node), _ways_in(self._new, now.node)
        if not all(any(way <= known for way in after) for known in before):
            yield Change("breaking", old.id, "/security", "credentials that were enough no longer are")
        elif before != after:
            yield Change("changed", old.id, "/security", "other credentials are enough too")
        yield from _noted(old.id, then, now)
        for key in sorted(old.parameters.keys() | new.parameters.keys()):
            pair = [each.parameters.get(key, Place(None, "")) for each in (old, new)]
            yield from self._part(old.id, _PARTS["parameter"], " parameter ".join(key), *pair)
        yield from self._part(old.id, _PARTS["body"], "body", then.child("requestBody"), now.child("requestBody"))
        yield from self._children(old.id, {"responses": "response"}, then, now)

    def _part(self, operation: str, part: _Part, name: str, old: Place, new: Place) -> Iterator[Change]:
        """The changes of a part that one or both documents have."""
        then, now = follow(self._old, old), follow(self._new, new)
        if then.node is None and now.node is None:
            return
        if then.node is None or now.node is None:
            given, place = (now, new) if then.node is None else (then, old)
            # A request must carry what is required, and a response no longer does when that is gone.
            required = given.node.get("required", False) and part.is_request == (given is now)
            state, kind = ("is new", part.new) if given is now else ("is gone", part.gone)
            what = f"the {name} {state}{', required' * required}"
            yield Change("breaking" if required else kind, operation, place.pointer, what)
            return
        yield from self._both(operation, part, then, now)
        yield from self._children(operation, part.children, then, now)

    def _children(self, operation: str, kinds: Mapping[str, str], old: Place, new: Place) -> Iterator[Change]:
        for key, kind in kinds.items():
            before, after = old.child(key, default={}), new.child(key, default={})
            for name in sorted(before.node.keys() | after.node.keys()):
                part = _PARTS["success" if kind == "response" and name < "4" else kind]
                yield from self._part(operation, part, f"{kind} {name}", before.child(name), after.child(name))

    def _both(self, operation: str, part: _Part, old: Place, new: Place) -> Iterator[Change]:
        was, now_is = old.node.get("required", False), new.node.get("required", False)
        if was != now_is:
            # It breaks a caller when a requirement begins, in a response when it ends.
            kind: Kind = "breaking" if now_is == part.is_request else "changed"
            yield Change(kind, operation, new.pointer, "is now required" if now_is else "is no longer required")
        yield from _noted(operation, old, new)
        if "in" in old.node:
            before, after = _written(self._old, old), _written(self._new, new)
            for fact in before:
                if before[fact] != after[fact]:
                    what = f"{fact} {stated(before[fact])} -> {stated(after[fact])}"
                    yield Change("breaking", operation, new.pointer, what)
        comparison = self._requests if part.is_request else self._responses
        for found in comparison.differences(old.child("schema", default={}), new.child("schema", default={})):
            yield Change(found.kind, operation, found.pointer, found.what)


def _operations(document: Json) -> dict[str, _Operation]:
    found = {}
    for (_, path, method), node in located_operations(document):
        item = document["paths"][path]
        places = [
            follow(document, Place(parameter, f"/parameters/{index}"))
            for index, parameter in enumerate([*item.get("parameters", []), *node.get("parameters", [])])
        ]
        parameters = {(place.node["in"], place.node["name"]): place for place in places}
        route = f"{str(method).upper()} {path}"
        found[node["operationId"]] = _Operation(node["operationId"], route, Place(node, ""), parameters)
    return found


def _noted(name: str, old: Place, new: Place) -> Iterator[Change]:
    for key in _NOTED:
        if (was := old.node.get(key)) != (now_is := new.node.get(key)):
            yield Change("changed", name, new.pointer, f"{key} {stated(was)} -> {stated(now_is)}")


def _written(document: Json, place: Place) -> dict[str, Json]:
    """How a parameter's value is written into a request, and what stands for one that is absent."""
    node = place.node
    schema = place.child("schema", default={})
    style = node.get("style", "simple" if node["in"] in {"path", "header"} else "form")
    return {
        "style": style,
        "explode": node.get("explode", style == "form"),
        "allowReserved": node.get("allowReserved", False),
        "content": node.get("content"),
        "default": {**as_object(follow(document, schema).node), **as_object(schema.node)}.get("default"),
    }


def _ways_in(document: Json, operation: Json) -> set[frozenset[str]]:
    """The sets of credentials of which each is enough; a scheme counts by what it is, not by its name."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    requirements = operation.get("security", document.get("security", [])) or [{}]
    return {
        frozenset(
            json.dumps([_plain(schemes.get(name)), scope], sort_keys=True)
            for name, scopes in requirement.items()
            for scope in [None, *scopes]
        )
        for requirement in requirements
    }


def _plain(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {key: _plain(child) for key, child in node.items() if key != "description" and not key.startswith("x-")}
    return node
