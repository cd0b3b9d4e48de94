"""What changed between two OpenAPI documents, and what of it breaks those who keep to the old one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from _schema_diff import Comparison, Kind, Place, follow, stated

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
        then, now = Place(self._old, "#").child(ANY_OPERATION), Place(self._new, "#").child(ANY_OPERATION)
        yield from self._answers(ANY_OPERATION, then, now)

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
        yield from self._security(old, new)
        yield from _noted(old.id, then, now)
        yield from self._parameters(old, new)
        yield from self._body(old.id, then.child("requestBody"), now.child("requestBody"))
        yield from self._answers(old.id, then.child("responses"), now.child("responses"))

    def _security(self, old: _Operation, new: _Operation) -> Iterator[Change]:
        before, after = _ways_in(self._old, old.place.node), _ways_in(self._new, new.place.node)
        if not all(any(way <= known for way in after) for known in before):
            yield Change("breaking", old.id, "/security", "credentials that were enough no longer are")
        elif before != after:
            yield Change("changed", old.id, "/security", "other credentials are enough too")

    def _parameters(self, old: _Operation, new: _Operation) -> Iterator[Change]:
        for key in sorted(old.parameters.keys() | new.parameters.keys()):
            location, name = key
            then, now = old.parameters.get(key), new.parameters.get(key)
            if then is None and now is not None:
                required = now.node.get("required")
                what = f"a new {'required ' if required else ''}{location} parameter, {name}"
                yield Change("breaking" if required else "added", old.id, now.pointer, what)
            elif now is None and then is not None:
                yield Change("breaking", old.id, then.pointer, f"the {location} parameter {name} is no longer taken")
            elif then is not None and now is not None:
                yield from _requirement(old.id, then, now, breaks_when=True)
                yield from _noted(old.id, then, now)
                was, now_is = _written(self._old, then), _written(self._new, now)
                for fact in was:
                    if was[fact] != now_is[fact]:
                        what = f"{fact} {stated(was[fact])} -> {stated(now_is[fact])}"
                        yield Change("breaking", old.id, now.pointer, what)
                yield from self._schemas(self._requests, old.id, then, now)

    def _body(self, name: str, old: Place, new: Place) -> Iterator[Change]:
        then, now = follow(self._old, old), follow(self._new, new)
        if then.node is None and now.node is None:
            return
        if now.node is None:
            yield Change("breaking", name, then.pointer, "the body is no longer taken")
        elif then.node is None:
            required = now.node.get("required", False)
            yield Change("breaking" if required else "added", name, now.pointer, "a new body" + ", required" * required)
        else:
            yield from _requirement(name, then, now, breaks_when=True)
            yield from _noted(name, then, now)
            before, after = then.child("content", default={}), now.child("content", default={})
            for media in sorted(before.node.keys() | after.node.keys()):
                if media not in after.node:
                    yield Change("breaking", name, before.child(media).pointer, "the media type is no longer taken")
                elif media not in before.node:
                    yield Change("added", name, after.child(media).pointer, "a new media type")
                else:
                    yield from self._schemas(self._requests, name, before.child(media), after.child(media))

    def _answers(self, name: str, old: Place, new: Place) -> Iterator[Change]:
        before, after = old.node or {}, new.node or {}
        for status in sorted(before.keys() | after.keys()):
            success = status < "4"
            then, now = follow(self._old, old.child(status)), follow(self._new, new.child(status))
            if now.node is None:
                kind: Kind = "breaking" if success else "changed"
                yield Change(kind, name, old.child(status).pointer, f"the answer {status} is gone")
            elif then.node is None:
                kind = "breaking" if success else "added"
                yield Change(kind, name, new.child(status).pointer, f"a new answer, {status}")
            else:
                yield from _noted(name, then, now)
                yield from self._headers(name, then.child("headers", default={}), now.child("headers", default={}))
                yield from self._contents(name, then.child("content", default={}), now.child("content", default={}))

    def _headers(self, name: str, old: Place, new: Place) -> Iterator[Change]:
        for header in sorted(old.node.keys() | new.node.keys()):
            then, now = follow(self._old, old.child(header)), follow(self._new, new.child(header))
            if now.node is None:
                required = then.node.get("required")
                what = f"the {'required ' if required else ''}header {header} is gone"
                yield Change("breaking" if required else "changed", name, old.child(header).pointer, what)
            elif then.node is None:
                yield Change("added", name, now.pointer, f"a new header, {header}")
            else:
                yield from _requirement(name, then, now, breaks_when=False)
                yield from _noted(name, then, now)
                yield from self._schemas(self._responses, name, then, now)

    def _contents(self, name: str, old: Place, new: Place) -> Iterator[Change]:
        for media in sorted(old.node.keys() | new.node.keys()):
            if media not in new.node:
                yield Change("breaking", name, old.child(media).pointer, "the media type is no longer answered")
            elif media not in old.node:
                yield Change("breaking", name, new.child(media).pointer, "may answer a media type that it never did")
            else:
                yield from self._schemas(self._responses, name, old.child(media), new.child(media))

    def _schemas(self, comparison: Comparison, name: str, old: Place, new: Place) -> Iterator[Change]:
        for found in comparison.differences(old.child("schema", default={}), new.child("schema", default={})):
            yield Change(found.kind, name, found.pointer, found.what)


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


def _requirement(name: str, old: Place, new: Place, *, breaks_when: bool) -> Iterator[Change]:
    """A change of `required`; it breaks a caller when it begins, in an answer when it ends."""
    was, now_is = old.node.get("required", False), new.node.get("required", False)
    if was != now_is:
        kind: Kind = "breaking" if now_is == breaks_when else "changed"
        yield Change(kind, name, new.pointer, "is now required" if now_is else "is no longer required")


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
        "default": (follow(document, schema).node | schema.node).get("default"),
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
