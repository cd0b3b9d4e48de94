"""What changed between two schemas, and whether one still admits all that the other admits."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import jsonschema_rs
from jsonschema_rs.canonical import Containment

from contract_tests.spec_lint import navigation

# The most characters of a value that a line shows.
_LONGEST = 160

Json = Any
Kind = Literal["added", "changed", "breaking"]
Direction = Literal["request", "response"]

# JSON Schema takes these for annotations; in OpenAPI they are ranges.
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
PROSE = {"description", "examples", "title", "$comment", "x-source"}
NAMED = {"properties", "patternProperties", "dependentSchemas", "$defs"}
_CONDITIONS = {"x-equals", "x-only-with"}
LISTED = {"allOf", "anyOf", "oneOf", "prefixItems"}
NESTED = {
    "items",
    "additionalProperties",
    "unevaluatedProperties",
    "contains",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
}
# The keywords that hold schemas.
INNER = NAMED | LISTED | NESTED
# An object that is closed within one of these could admit nothing, or other branches than before.
_INEXACT = {"allOf", "oneOf", "not", "if", "dependentSchemas", "unevaluatedProperties"}


class Place(NamedTuple):
    """A node of a document, and the pointer to it: from the operation, or from the document's `#`."""

    node: Json
    pointer: str

    def child(self, *keys: str, default: Json = None) -> "Place":
        """What the keys lead to, or the default."""
        node = self.node
        for key in keys:
            node = node.get(key) if isinstance(node, Mapping) else node[int(key)] if isinstance(node, list) else None
        steps = "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
        return Place(default if node is None else node, self.pointer + steps)


class Difference(NamedTuple):
    """One difference of two schemas."""

    kind: Kind
    pointer: str
    what: str


def follow(document: Json, place: Place) -> Place:
    """The place itself, or the one that its `$ref` leads to; nothing where it leads nowhere."""
    node, reference = navigation.follow(document, place.node)
    return Place(node, place.pointer if reference is None else reference)


class Comparison:
    """Compares schemas of two documents for one direction of a call.

    In a response the old schema must admit whatever the new one admits: an object is open, so a member that the old
    schema does not name may have been there all along. In a request the new schema must admit whatever a caller may
    send by the old one, and a caller sends only members that the schema names: there an object is closed unless it
    says otherwise. What `jsonschema_rs` cannot prove counts as not admitted.

    Args:
        old: the whole document of the old schemas.
        new: the whole document of the new schemas.
        direction: where the schemas stand.
    """

    def __init__(self, old: Json, new: Json, direction: Direction) -> None:
        self._documents = (old, new)
        self._request = direction == "request"
        self._prepared = {
            closed: [
                {
                    "components": {
                        "schemas": {
                            name: _prepared(schema, closed=closed)
                            for name, schema in document.get("components", {}).get("schemas", {}).items()
                        }
                    }
                }
                for document in self._documents
            ]
            for closed in {False, self._request}
        }

    def differences(self, old: Place, new: Place) -> list[Difference]:
        """The differences of an old and a new schema, each at its innermost place."""
        holds = self._holds(old.node, new.node)
        found = list(self._walk(old, new, set()))
        if holds:
            found = [entry._replace(kind="changed") if entry.kind == "breaking" else entry for entry in found]
        elif not any(entry.kind == "breaking" for entry in found):
            found.append(Difference("breaking", new.pointer, f"{self._verdict}: the schemas differ as wholes"))
        return [*found, *self._conditions(old, new)]

    @property
    def _verdict(self) -> str:
        return "may refuse what it took" if self._request else "may answer what it never did"

    def _conditions(self, old: Place, new: Place) -> Iterator[Difference]:
        """Members of a body that the request's arguments restrict where they did not."""
        old, new = follow(self._documents[0], old), follow(self._documents[1], new)
        for name, member in as_object(new.node).get("properties", {}).items() if self._request else ():
            before = old.child("properties", name).node
            for key in _CONDITIONS & as_object(member).keys() if before is not None else ():
                if (was := before.get(key)) != member[key]:
                    what = f"{self._verdict}: {key} {stated(was)} -> {stated(member[key])}"
                    yield Difference("breaking", new.child("properties", name).pointer, what)

    def _walk(self, old: Place, new: Place, seen: set[tuple[str, str]]) -> Iterator[Difference]:
        old, new = follow(self._documents[0], old), follow(self._documents[1], new)
        if (old.pointer, new.pointer) in seen:
            return
        seen.add((old.pointer, new.pointer))
        before, after = as_object(old.node), as_object(new.node)
        if before.get("type") != after.get("type"):
            yield from self._own(before, after, {"type"}, new.pointer)
            return
        shared = _shared(before, after)
        inner = {"properties", *(key for key, *_ in shared)}
        shells = [{key: value for key, value in node.items() if key not in inner | PROSE} for node in (before, after)]
        differing = {key for key in shells[0].keys() | shells[1].keys() if shells[0].get(key) != shells[1].get(key)}
        names = dict.fromkeys([*before.get("properties", {}), *after.get("properties", {})], True)
        for shell, node in zip(shells, (before, after), strict=True):
            if "properties" in node:
                shell["properties"] = names
        yield from self._own(shells[0], shells[1], differing, new.pointer)
        for keys in shared:
            yield from self._walk(old.child(*keys, default={}), new.child(*keys, default={}), seen)
        for name in names:
            then, now = old.child("properties", name), new.child("properties", name)
            if then.node is None or now.node is None:
                yield self._one_sided(before, after, then, now)
            else:
                yield from self._walk(then, now, seen)

    def _one_sided(self, before: Json, after: Json, then: Place, now: Place) -> Difference:
        """A member that only one of the two schemas names."""
        rest = [
            node.get("additionalProperties", not (self._request and "properties" in node)) for node in (before, after)
        ]
        if then.node is None:
            kind: Kind = "added"
            holds, place, what = self._holds(rest[0], now.node), now, "a new member"
        else:
            kind = "changed"
            holds, place, what = self._holds(then.node, rest[1]), then, "is no longer named"
        if holds:
            return Difference(kind, place.pointer, what)
        return Difference("breaking", place.pointer, f"{self._verdict}: {what}")

    def _own(self, before: Json, after: Json, differing: set[str], pointer: str) -> Iterator[Difference]:
        """What differs in the keywords of the two schemas themselves."""
        if not differing:
            return
        what = "; ".join(f"{key} {stated(before.get(key))} -> {stated(after.get(key))}" for key in sorted(differing))
        if self._holds(before, after):
            yield Difference("changed", pointer, what)
        else:
            yield Difference("breaking", pointer, f"{self._verdict}: {what}")

    def _holds(self, old: Json, new: Json) -> bool:
        """Whether the new schema keeps what the old one promised."""
        closed = self._request
        sides = self._sides(old, new, closed=closed)
        inexact = closed and any(_INEXACT & node.keys() for side in sides for node in _objects(list(side.values())))
        if inexact:
            sides = self._sides(old, new, closed=(closed := False))
        if sides[0] == sides[1]:
            return True
        try:
            wholes = [
                navigation.with_components(as_object(side[""]), document["components"]["schemas"])
                for side, document in zip(sides, self._prepared[closed], strict=True)
            ]
            if not self._request and not any("if" in node for node in _objects(wholes[0])):
                wholes[1] = _unconditional(wholes[1])
            before, after = (
                jsonschema_rs.canonicalize(whole, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True)
                for whole in wholes
            )
        except (ValueError, jsonschema_rs.ReferencingError):  # a schema that cannot be read proves nothing
            return False
        proofs = [after.covers(before)] if self._request else [before.covers(after)]
        if inexact:
            proofs.append(before.covers(after))
        return all(proof == Containment.YES for proof in proofs)

    def _sides(self, old: Json, new: Json, *, closed: bool) -> list[dict[str, Json]]:
        """The two schemas, as `""`, each with all that it refers to, directly or not."""
        sides = []
        for schema, document in zip((old, new), self._prepared[closed], strict=True):
            side = {"": _prepared(schema, closed=closed)}
            waiting = [side[""]]
            while waiting:
                for node in _objects(waiting.pop()):
                    if isinstance(ref := node.get("$ref"), str) and ref not in side:
                        target = follow(document, Place(node, "")).node
                        # What is not among the schemas is unlike anything, so that nothing is taken for unchanged.
                        side[ref] = object() if target is None or target == {} else target
                        waiting.append(target)
            sides.append(side)
        return sides


def stated(value: Json) -> str:
    """A value of the document, in one line and cut where it is long."""
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _prepared(schema: Json, *, closed: bool) -> Json:
    """The schema with what OpenAPI means by it said in JSON Schema, and without what is for people."""
    if not isinstance(schema, Mapping):
        return schema
    result: dict[str, Json] = {}
    for key, value in schema.items():
        if key in PROSE or key.startswith("x-"):
            continue
        if key in NAMED:
            result[key] = {name: _prepared(child, closed=closed) for name, child in value.items()}
        elif key in LISTED:
            result[key] = [_prepared(child, closed=closed) for child in value]
        else:
            result[key] = _prepared(value, closed=closed) if key in NESTED else value
    if schema.get("format") in _RANGES:
        low, high = _RANGES[schema["format"]]
        result["minimum"] = max(low, schema.get("minimum", low))
        result["maximum"] = min(high, schema.get("maximum", high))
    if closed and "properties" in schema:
        result.setdefault("additionalProperties", False)
    return result


def _unconditional(schema: Json) -> Json:
    """A schema that admits more, as it has no conditions, each of which doubles the time that a proof takes.

    Where a part of the schema could admit less by that, the schema itself.
    """
    wider = _without_conditions(schema)
    is_certain = not any((_INEXACT - {"allOf"}) & node.keys() for node in _objects(wider))
    return wider if is_certain else schema


def _without_conditions(node: Json) -> Json:
    if isinstance(node, list):
        return [_without_conditions(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    parts = node.get("allOf")
    kept = [part for part in parts if "if" not in as_object(part)] if isinstance(parts, list) else []
    others = {key: child for key, child in node.items() if key != "allOf" or not isinstance(parts, list)}
    return {key: _without_conditions(child) for key, child in (others | ({"allOf": kept} if kept else {})).items()}


def _shared(before: Json, after: Json) -> list[tuple[str, ...]]:
    """The ways to the schemas, other than members, that are held against each other one by one."""
    ways: list[tuple[str, ...]] = [("items",)] if "items" in before or "items" in after else []
    if all(isinstance(node.get("additionalProperties"), Mapping) for node in (before, after)):
        ways.append(("additionalProperties",))
    for key in sorted(LISTED):
        branches = before.get(key, [])
        if len(branches) == len(after.get(key, [])):
            ways += [(key, str(index)) for index in range(len(branches))]
    return ways


def as_object(schema: Json) -> Json:
    """A schema, the boolean ones included, as an object."""
    if isinstance(schema, Mapping):
        return schema
    return {"not": {}} if schema is False else {}


def _objects(node: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(node, Mapping):
        yield node
    for child in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from _objects(child)
