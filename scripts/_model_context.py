"""Prepares the models of the client for their template."""

from collections.abc import Mapping
from typing import Any

from _kinds import Json, Kind, RenderError, class_name, kind_of, placed, variants_of
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint import navigation

# Of the base classes of models, and what the bodies of the classes refer to.
_RESERVED = {"additional_properties", "from_dict", "raw", "read", "to_dict"}
_RESERVED_IN_REQUESTS = {"from_dict", "read", "to_dict"}
_MODULES = {"composites", "datetime", "kinds", "os", "uuid"}


def models(document: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The variables of each model: every component schema that is an object with members.

    Args:
        document: the contract, normalised.

    Raises:
        RenderError: a member is of no kind that a client can read.
    """
    schemas = document["components"]["schemas"]
    names: dict[str, str] = {}
    for name in schemas:
        other = names.setdefault(class_name(name), name)
        if other != name:
            text = f"expected a name that makes another class than {other}, both are {class_name(name)} in Python"
            raise RenderError(text, ("components", "schemas", name))
    sent = navigation.reachable(document, "requestBody") | navigation.reachable(document, "parameters")
    received = navigation.reachable(document, "responses")
    return [
        {
            "name": class_name(name),
            "schema": name,
            "description": safe_for_docstring(schema.get("description", "").strip() or f"The schema `{name}`."),
            "is_request": name not in received,
            "members": _members(document, name, is_request=name not in received),
        }
        for name, schema in schemas.items()
        if "properties" in schema and name in sent | received
    ]


def open_sets(document: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The variables of each class of constants: every component schema that is a text with `x-extensible-enum`.

    Args:
        document: the contract, normalised.
    """
    parts = ("parameters", "requestBody", "responses")
    reachable = set().union(*(navigation.reachable(document, part) for part in parts))
    return [
        {
            "name": class_name(name),
            "description": safe_for_docstring(schema.get("description", "").strip() or f"The schema `{name}`."),
            "constants": _constants(schema["x-extensible-enum"]),
        }
        for name, schema in document["components"]["schemas"].items()
        if name in reachable and all(isinstance(each, str) for each in schema.get("x-extensible-enum", [None]))
    ]


def _constants(values: list[str]) -> dict[str, str]:
    """The values by the names of their constants."""
    constants: dict[str, str] = {}
    for value in values:
        name = str(PythonIdentifier(value, "value_")).upper().rstrip("_")
        while name in constants:
            name += "_"
        constants[name] = value
    return constants


def sent_schemas(document: Mapping[str, Json]) -> dict[str, Json]:
    """The component schemas that a body of a request consists of."""
    return {
        name: document["components"]["schemas"][name] for name in sorted(navigation.reachable(document, "requestBody"))
    }


def _members(document: Mapping[str, Json], name: str, *, is_request: bool) -> list[dict[str, Any]]:
    """The members of a schema, required ones first."""
    schema = document["components"]["schemas"][name]
    variants = navigation.variants(schema)
    required = schema.get("required", [])
    found = []
    names: dict[str, str] = {}
    for member, node in schema["properties"].items():
        keys = ("components", "schemas", name, "properties", member)
        chosen = [each for each in variants if each.name == member]
        with placed(*keys):
            kind = variants_of(chosen) if chosen else kind_of(document, node)
            if schema.get("x-multipart"):
                kind = _form_kind(document, kind, navigation.resolve(document, node))
        attribute = str(PythonIdentifier(member, "field_"))
        attribute += "_" if attribute in _MODULES | (_RESERVED_IN_REQUESTS if is_request else _RESERVED) else ""
        other = names.setdefault(attribute, member)
        if other != member:
            raise RenderError(f"expected a name that differs from {other}, both are {attribute} in Python", keys)
        described = node if "description" in node else navigation.resolve(document, node)
        found.append(
            {
                "name": member,
                "attribute": attribute,
                "code": kind.code,
                "kind": kind,
                "schema": node,
                "required": member in required,
                "field": _field(kind, is_request=is_request, is_required=member in required),
                "description": safe_for_docstring(" ".join(described.get("description", "").split())),
            }
        )
    return sorted(found, key=lambda each: not each["required"])


def _form_kind(document: Mapping[str, Json], kind: Kind, schema: Json) -> Kind:
    """The kind of the values of a form's field, which may be a file or several."""
    if _is_file(schema):
        return Kind("file", "bytes | File", "kinds.ANY")
    if kind.name == "array" and _is_file(navigation.resolve(document, schema["items"])):
        return Kind("files", "list[bytes | File]", "composites.List(kinds.ANY)")
    return kind


def _is_file(schema: Json) -> bool:
    return "contentMediaType" in schema or schema.get("format") == "binary"


def _field(kind: Kind, *, is_request: bool, is_required: bool) -> str:
    null = " | None" if kind.annotation != "Any" else ""
    if is_request:
        return f"{kind.argument}{null if kind.nullable else ''}{'' if is_required else ' | Unset = UNSET'}"
    return kind.annotation if is_required else f"{kind.annotation}{null} = None"
