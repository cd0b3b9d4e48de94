"""What a vendor's document says about the contract: where it differs, which guesses it confirms, and what it adds."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from _openapi_diff import Change, compare
from _schema_diff import Place, follow
from _vendor_document import NO_NUL, VendorDocument, skeleton

from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.navigation import located_operations
from contract_tests.spec_lint.yaml_lines import Keys

Json = Any

Pair = tuple[Keys, set[str]]

GUESSES = ("inferred", "assumed")
_LISTS = [["parameters"], ["allOf"], ["anyOf"], ["oneOf"], ["prefixItems"]]


class Match(NamedTuple):
    """An operation of the contract and the one of the document that is the same."""

    keys: Keys
    vendor_keys: Keys
    operation_id: str


class Adoption:
    """A vendor's document next to the contract.

    Args:
        contract: the contract.
        vendor: the document.

    Attributes:
        matches: the operations that both have, by id, else by method and path.
        new: by operation id, the keys of the operations that only the document has.
        missing: the ids of the operations that only the contract has.
        changes: how the document differs from the contract in the operations that both have.
        confirmed: the keys of each guess of the contract that the document confirms: every operation that both have
            has the element, and it is the same in each.
    """

    def __init__(self, contract: Json, vendor: VendorDocument) -> None:
        self._vendor = vendor
        theirs = {node["operationId"]: keys for keys, node in located_operations(vendor.content)}
        routes = {(keys[2], skeleton(str(keys[1]))): name for name, keys in theirs.items()}
        self.matches, self.missing = [], []
        for keys, node in located_operations(contract):
            name = vendor.ids.get(node["operationId"], routes.get((keys[2], skeleton(str(keys[1]))), ""))
            if name in theirs:
                self.matches.append(Match(keys, theirs[name], node["operationId"]))
            else:
                self.missing.append(node["operationId"])
        matched = {match.vendor_keys for match in self.matches}
        self.new = {name: keys for name, keys in theirs.items() if keys not in matched}
        ours = _part(_plain(contract), [match.keys for match in self.matches])
        self.changes = compare(ours, _part(_plain(vendor.content), [match.vendor_keys for match in self.matches]))
        changed = {change[1:3] for change in self.changes}
        found, refuted = dict[Keys, None](), set()
        documents = (contract, vendor.content)
        for match in self.matches:
            node, place = _at(contract, match.keys), Place(_at(vendor.content, match.vendor_keys), "")
            for keys, pointers in _pairs(documents, match.keys, node, place, set()):
                found[keys] = None
                if not pointers or any((match.operation_id, pointer) in changed for pointer in pointers):
                    refuted.add(keys)
        self.confirmed = [keys for keys in found if keys not in refuted and _is_guess(contract, keys)]

    def where(self, change: Change, operation: Keys) -> str:
        """`file:line` of a change in the vendor's document; nothing where that has no such element.

        Args:
            change: the change.
            operation: the keys of its operation there.
        """
        keys = (*(() if change.pointer.startswith("#") else operation), *_keys(change.pointer))
        node = self._vendor.content
        for key in keys:
            if key not in (node if isinstance(node, Mapping) else range(len(node))):
                return ""
            node = node[key]
        return self._vendor.where(keys).split(": ", 1)[0]


def _pairs(documents: tuple[Json, Json], keys: Keys, node: Json, place: Place, seen: set[Json]) -> Iterator[Pair]:
    """The keys of each element of the contract, with pointers to what the document has in its place, if it has that."""
    node, reference = navigation.follow(documents[0], node)
    keys = _keys(reference) if reference else keys
    place = follow(documents[1], place)
    if not place.node or not isinstance(node, Mapping):
        yield keys, set()
        return
    if (keys, place.pointer) in seen:
        return
    seen.add((keys, place.pointer))
    schema = follow(documents[1], place.child("schema", default={}))
    yield keys, {place.pointer, schema.pointer}
    for key, child in node.items():
        inner = (*keys, key)
        if key == "parameters":
            theirs = [follow(documents[1], place.child(key, str(index))) for index in range(len(place.node[key]))]
            known = {(each.node["in"], each.node["name"]): each for each in theirs}
            for index, each in enumerate(child):
                plain = navigation.resolve(documents[0], each)
                other = known.get((plain["in"], plain["name"]), Place(None, ""))
                yield from _pairs(documents, (*inner, index), each, other, seen)
        elif key in {"responses", "content", "headers", "properties"}:
            for name, each in child.items():
                yield from _pairs(documents, (*inner, name), each, place.child(key, name), seen)
        elif key in {"requestBody", "schema", "items"}:
            yield from _pairs(documents, inner, child, place.child(key), seen)


def _keys(pointer: str) -> Keys:
    """The keys of a JSON Pointer, with or without its first `#`."""
    keys: list[str | int] = []
    for step in pointer.removeprefix("#").split("/")[1:]:
        is_index = step.isdecimal() and keys[-1:] in _LISTS
        keys.append(int(step) if is_index else step.replace("~1", "/").replace("~0", "~"))
    return tuple(keys)


def _at(document: Json, keys: Keys) -> Json:
    for key in keys:
        document = document[key]
    return document


def _is_guess(document: Json, keys: Keys) -> bool:
    """Whether an element has a grade below `documented`, and no alternatives; a property without a grade is assumed."""
    node = _at(document, keys)
    grade = node.get("x-provenance", "assumed" if keys[-2] == "properties" and "$ref" not in node else "")
    return grade in GUESSES and "x-alternatives" not in node


def _plain(node: Json) -> Json:
    """A document without extensions, and without what the contract says of many elements and a vendor does not.

    That is: the type null, which any member of a response may have, conditions, that a text has no NUL, and that a free
    object has other members.
    """
    if isinstance(node, list):
        return [_plain(child) for child in node]
    if not isinstance(node, Mapping):
        return node
    plain = {key: _plain(child) for key, child in node.items() if not (key.startswith("x-") or _is_own(key, child))}
    types = plain.get("type")
    if isinstance(types, list) and (others := [name for name in types if name != "null"]):
        plain["type"] = others if others[1:] else others[0]
    return plain


def _is_own(key: str, value: Json) -> bool:
    if key == "allOf" and isinstance(value, list):
        return any(isinstance(each, Mapping) and "if" in each for each in value)
    return (key, value) in {"pattern": NO_NUL, "additionalProperties": True}.items()


def _part(document: Json, matches: list[Keys]) -> Json:
    """A document of these operations alone, each as its own id has it, and of all components."""
    paths: Json = {}
    for _, path, method in matches:
        paths.setdefault(path, {})[method] = document["paths"][path][method]
    return {"components": document["components"], "security": document["security"], "paths": paths}
