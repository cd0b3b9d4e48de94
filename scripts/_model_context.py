"""Prepares the models of the client for their template: what each member is in Python, and how it is read."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from _command_context import RenderError
from openapi_python_client.strings import ClassName, PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint import navigation

Json = Any

# Of the base class of models.
_RESERVED = {"additional_properties", "from_dict", "raw", "read", "to_dict"}
_NULL = {"type": "null"}


class Kind(NamedTuple):
    """A kind of value.

    Attributes:
        annotation: its type in Python.
        code: the expression of its `cerbo_portal_runtime.members.Kind`.
        nullable: whether it may be null.
    """

    annotation: str
    code: str
    nullable: bool = False


def models(document: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The variables of each model: every component schema that is an object with members.

    Args:
        document: the contract.

    Raises:
        RenderError: a member is of no kind that a client can read.
    """
    schemas = document["components"]["schemas"]
    sent, received = _reachable(document, "requestBody"), _reachable(document, "responses")
    return [
        {
            "name": str(ClassName(name, "")),
            "description": safe_for_docstring(schema.get("description", "").strip()),
            "is_request": name in sent - received,
            "members": _members(document, name, is_request=name in sent - received),
        }
        for name, schema in schemas.items()
        if "properties" in schema and name in sent | received
    ]


def sent_schemas(document: Mapping[str, Json]) -> dict[str, Json]:
    """The component schemas that a body of a request consists of."""
    return {name: document["components"]["schemas"][name] for name in sorted(_reachable(document, "requestBody"))}


def _reachable(document: Mapping[str, Json], part: str) -> set[str]:
    """The names of the component schemas to which the references in this part of each operation lead."""
    found: set[str] = set()
    ahead = [operation.get(part, {}) for _, operation in navigation.operations(document)]
    ahead += [document.get("x-any-operation", {})] if part == "responses" else []
    while ahead:
        node = ahead.pop()
        for _, each in navigation.nodes(node):
            if "$ref" not in each:
                continue
            kind, name = each["$ref"].removeprefix("#/components/").split("/")
            if kind == "schemas" and name not in found:
                found.add(name)
                ahead.append(document["components"]["schemas"][name])
            elif kind != "schemas":
                ahead.append(document["components"][kind][name])
    return found


def _members(document: Mapping[str, Json], name: str, *, is_request: bool) -> list[dict[str, Any]]:
    """The members of a schema, required ones first."""
    schema = document["components"]["schemas"][name]
    variants = navigation.variants(schema)
    required = schema.get("required", [])
    found = []
    for member, node in schema["properties"].items():
        chosen = [each for each in variants if each.name == member]
        kind = _variants(chosen) if chosen else kind_of(document, node, f"{name}.{member}")
        attribute = str(PythonIdentifier(member, "field_"))
        attribute += "_" if attribute in _RESERVED and not is_request else ""
        described = node if "description" in node else navigation.resolve(document, node)
        found.append(
            {
                "name": member,
                "attribute": attribute,
                "code": kind.code,
                "required": member in required,
                "field": _field(kind, is_request=is_request, is_required=member in required),
                "description": safe_for_docstring(" ".join(described.get("description", "").split())),
            }
        )
    return sorted(found, key=lambda each: not each["required"])


def _field(kind: Kind, *, is_request: bool, is_required: bool) -> str:
    nullable = " | None" if kind.annotation != "Any" else ""
    if is_request:
        optional = "" if is_required else " | Unset = UNSET"
        return f"{kind.annotation}{nullable if kind.nullable else ''}{optional}"
    return kind.annotation if is_required else f"{kind.annotation}{nullable} = None"


def _variants(chosen: list[navigation.Variant]) -> Kind:
    classes = [*dict.fromkeys(str(ClassName(each.schema, "")) for each in chosen)]
    by_value = ", ".join(f'"{each.value}": {ClassName(each.schema, "")}' for each in chosen)
    code = f'members.Variants("{chosen[0].chooser}", lambda: {{{by_value}}})'
    return Kind(" | ".join([*classes, "dict[str, Any]"]), code)


def kind_of(document: Mapping[str, Json], node: Json, where: str) -> Kind:
    """The kind of the values that a schema admits.

    Args:
        document: the contract.
        node: the schema.
        where: names it in an error.

    Raises:
        RenderError: there is no such kind.
    """
    schema = navigation.resolve(document, node)
    branches = [navigation.resolve(document, each) for each in schema.get("anyOf", ())]
    types = {*_types(schema, branches)}
    nullable = "null" in types or not types
    match sorted(each for each in types if each != "null"):
        case [] if not types:
            kind = Kind("Any", "members.ANY")
        case ["string"]:
            kind = _text(schema, branches)
        case ["boolean"]:
            kind = Kind("bool", "members.BOOLEAN")
        case ["integer"] | ["integer", "string"]:
            limits = [str(schema.get(limit)) for limit in ("minimum", "maximum")]
            text = ", text=True" if "string" in types else ""
            kind = Kind("int", f"members.Integer({', '.join(limits)}{text})")
        case ["number"] | ["number", "string"]:
            kind = Kind("float", f"members.Number({'text=True' if 'string' in types else ''})")
        case ["array"]:
            item = kind_of(document, schema.get("items", {}), f"{where}[]")
            nulls = ", nulls=True" if item.nullable else ""
            kind = Kind(
                f"list[{item.annotation}{' | None' if item.nullable else ''}]", f"members.List({item.code}{nulls})"
            )
        case ["object"]:
            kind = _object(document, node, schema, [each for each in schema.get("anyOf", ()) if each != _NULL], where)
        case _:
            raise RenderError(f"{where}: expected one type, beside null, or anyOf for a date and time")
    return kind._replace(nullable=nullable)


def _types(schema: Json, branches: list[Json]) -> Iterator[str]:
    for each in branches or [schema]:
        types = each.get("type", [])
        yield from types if isinstance(types, list) else [types]


def _text(schema: Json, branches: list[Json]) -> Kind:
    if any(each.get("format") == "date-time" for each in branches or [schema]):
        return Kind("datetime.datetime", "members.INSTANT")
    known = schema.get("x-extensible-enum", ())
    return Kind("str", f"members.Text({', '.join(map(repr, known))})" if known else "members.TEXT")


def _object(document: Mapping[str, Json], node: Json, schema: Json, branches: list[Json], where: str) -> Kind:
    """A model, if the schema is a component that has members; otherwise a free object."""
    if len(branches) == 1:
        node, schema = branches[0], navigation.resolve(document, branches[0])
    if "properties" not in schema:
        return Kind("dict[str, Any]", "members.OBJECT")
    _, reference = navigation.follow(document, node)
    if reference is None or len(branches) > 1:
        raise RenderError(f"{where}: expected one component schema, by its $ref")
    name = str(ClassName(reference.rpartition("/")[2], ""))
    return Kind(name, f"members.Entity(lambda: {name})")
