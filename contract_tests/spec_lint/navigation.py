"""Ways through an OpenAPI document: references, operations, responses, schemas."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from contract_tests.spec_lint.yaml_lines import Keys

Json = Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
# Members that hold data, or names, and no objects of the document.
_DATA = {
    *("const", "default", "enum", "example", "examples", "dependentRequired", "discriminator", "x-extensible-enum"),
}
# Members that map the author's own names to objects: there, `format` is a name and no keyword.
_NAME_MAPS = {
    *("$defs", "patternProperties", "properties", "dependentSchemas"),
    *("callbacks", "content", "encoding", "headers", "links", "paths", "responses", "variables"),
    *("x-any-operation", "parameters", "pathItems", "requestBodies", "schemas", "securitySchemes"),
}


def follow(document: Json, node: Json) -> tuple[Json, str | None]:
    """The node and None, or what its `$ref` leads to and the last reference; nothing there is None."""
    seen = set()
    reference = None
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if reference in seen:
            return None, reference
        seen.add(reference)
        node = document
        for key in reference.removeprefix("#/").split("/"):
            node = node.get(key.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return node, reference


def resolve(document: Json, node: Json) -> Json:
    """The node, or what its `$ref` leads to; an empty object where that is nothing."""
    return follow(document, node)[0] or {}


def located_operations(document: Json) -> Iterator[tuple[Keys, Json]]:
    """Every operation with the keys that lead to it."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield ("paths", path, method), item[method]


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """Every operation with its id."""
    for _, operation in located_operations(document):
        yield operation["operationId"], operation


def responses(document: Json) -> Iterator[tuple[Keys, str, Json]]:
    """Every response of the document, resolved: its keys, its status and its content."""
    groups = [((*keys, "responses"), operation["responses"]) for keys, operation in located_operations(document)]
    for keys, group in [*groups, (("x-any-operation",), document.get("x-any-operation", {}))]:
        for status, response in group.items():
            yield (*keys, status), status, resolve(document, response)


def nodes(node: Json, keys: Keys = (), *, names: bool = False) -> Iterator[tuple[Keys, Json]]:
    """Every object of a document with its keys, without what is data.

    Args:
        node: where to begin.
        keys: the keys that lead there.
        names: whether the node maps the author's own names to objects.
    """
    # Not recursive: each step of a generator within generators costs as much as there are around it.
    ahead = [(keys, node, names)]
    while ahead:
        keys, node, names = ahead.pop()
        children: list[tuple[Keys, Json, bool]] = []
        if isinstance(node, dict):
            if not names:
                yield keys, node
            children = [
                ((*keys, name), child, not names and name in _NAME_MAPS)
                for name, child in node.items()
                if names or name not in _DATA
            ]
        elif isinstance(node, list):
            children = [((*keys, index), child, False) for index, child in enumerate(node)]
        ahead += reversed(children)


def schemas(document: Json) -> Iterator[tuple[Keys, Json]]:
    """Every schema, and every schema within one, with its keys."""
    components = ("components", "schemas")
    yield from nodes(document.get("components", {}).get("schemas", {}), components, names=True)
    for keys, node in nodes(document):
        if isinstance(node.get("schema"), dict) and keys[:2] != components:
            yield from nodes(node["schema"], (*keys, "schema"))


def with_components(schema: Mapping[str, Json], components: Mapping[str, Json]) -> dict[str, Json]:
    """A schema together with those component schemas that it leads to: a validator takes time for each."""
    found: dict[str, Json] = {}
    waiting: list[Json] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            name = str(node.get("$ref", "")).removeprefix("#/components/schemas/").partition("/")[0]
            if name in components and name not in found:
                waiting.append(found.setdefault(name, components[name]))
        waiting += node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    return {**schema, "components": {"schemas": found}}


def reachable(document: Json, part: str) -> set[str]:
    """The names of the component schemas to which the references in this part of each operation lead.

    Args:
        document: the contract.
        part: parameters, requestBody or responses.
    """
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [operation.get(part, {}) for _, operation in located_operations(document)]
    ahead += [document.get("x-any-operation", {})] if part == "responses" else []
    while ahead:
        for _, each in nodes(ahead.pop()):
            reference = each.get("$ref")
            if not reference or reference in seen:
                continue
            seen.add(reference)
            kind, name = reference.removeprefix("#/components/").split("/", 1)
            found |= {name} if kind == "schemas" else set()
            ahead.append(document["components"][kind][name])
    return found


def members(
    document: Json, schema: Json, way: tuple[str, ...] = (), within: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every member of a schema's objects with the way to it, where `[]` is each entry of an array; none of a union.

    Args:
        document: the contract.
        schema: a schema, or a reference to one; where it contains itself, that is not followed.
        way: the way to the schema itself.
        within: the references on the way.
    """
    content, reference = follow(document, schema)
    if not isinstance(content, Mapping) or reference in within:
        return
    within = (*within, reference) if reference else within
    if way:
        yield way, content
    for name, child in content.get("properties", {}).items():
        yield from members(document, child, (*way, name), within)
    if "items" in content:
        yield from members(document, content["items"], (*way, "[]"), within)


class Variant(NamedTuple):
    """The schema that a free object has where another member has a value.

    Attributes:
        name: the member that is the object.
        chooser: the member whose value decides.
        value: its value.
        schema: the name of the component schema.
        place: the index of the condition in `allOf`.
    """

    name: str
    chooser: str
    value: Json
    schema: str
    place: int


def variants(schema: Json) -> list[Variant]:
    """The schemas that a schema's free objects have by conditions: `allOf` with `if` and `then`."""
    found = []
    for index, part in enumerate(schema.get("allOf", ())):
        wanted, given = (part.get(key, {}).get("properties", {}) for key in ("if", "then"))
        choosers = [(name, node["const"]) for name, node in wanted.items() if "const" in node]
        chosen = [(name, node["$ref"].rpartition("/")[2]) for name, node in given.items() if "$ref" in node]
        if len(choosers) == len(chosen) == 1:
            (chooser, value), (name, target) = choosers[0], chosen[0]
            found.append(Variant(name, chooser, value, target, index))
    return found


def body_members(document: Json, operation: Json) -> dict[str, Json]:
    """The members of an operation's JSON body by name, resolved; none where it takes no body."""
    content = resolve(document, operation.get("requestBody", {})).get("content", {})
    schema = resolve(document, content.get("application/json", {}).get("schema", {}))
    children = schema.get("properties", {}).items()
    return {name: resolve(document, child) for name, child in children if isinstance(child, dict)}


def repeated(document: Json, operation: Json) -> dict[str, str]:
    """The members of an operation's body that repeat an argument, with the argument's name: `x-equals`."""
    members = body_members(document, operation).items()
    return {name: argument_name(member["x-equals"]) for name, member in members if "x-equals" in member}


def needed(document: Json, operation: Json) -> dict[str, dict[str, Json]]:
    """The arguments with which alone members of an operation's body may be sent, by member: `x-only-with`."""
    return {
        name: {argument_name(argument): value for argument, value in member["x-only-with"].items()}
        for name, member in body_members(document, operation).items()
        if "x-only-with" in member
    }


def argument_name(expression: str) -> str:
    """The name of an argument, such as `pt_id` of `$request.path.pt_id`."""
    return expression.rsplit(".", 1)[-1]


def compared(document: Json, operation: Json) -> Iterator[tuple[tuple[str, ...], str, Json]]:
    """The members of an operation's successful response that must equal a path parameter: way, parameter, schema."""
    parameters = [resolve(document, each) for each in operation.get("parameters", [])]
    names = {each["name"] for each in parameters if each["in"] == "path"}
    for status, node in operation["responses"].items():
        content = resolve(document, node).get("content", {})
        schema = content.get("application/json", {}).get("schema", {}) if status.startswith("2") else {}
        for way, member in members(document, schema):
            name = member.get("x-equals", "").removeprefix("$request.path.")
            if name in names:
                yield way, name, member


def pointed(value: Json, pointer: str) -> list[Json]:
    """The values that a JSON Pointer leads to, without its first `/`; `*` in it stands for any index."""
    found = [value]
    for key in pointer.split("/"):
        found = [child for each in found for child in _children(each, key)]
    return found


def _children(value: Json, key: str) -> list[Json]:
    if isinstance(value, list):
        return value if key == "*" else value[int(key) :][:1] if key.isdecimal() else []
    return [value[key]] if isinstance(value, dict) and key in value else []
