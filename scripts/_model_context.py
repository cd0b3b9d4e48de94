"""Prepares the models of the client for their template."""

from collections.abc import Mapping
from typing import Any

from _kinds import Json, Kind, class_name, kind_of, variants_of
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint import navigation

# Of the base class of models.
_RESERVED = {"additional_properties", "from_dict", "raw", "read", "to_dict"}


def models(document: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The variables of each model: every component schema that is an object with members.

    Args:
        document: the contract, normalised.

    Raises:
        RenderError: a member is of no kind that a client can read.
    """
    schemas = document["components"]["schemas"]
    sent, received = _reachable(document, "requestBody"), _reachable(document, "responses")
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


def sent_schemas(document: Mapping[str, Json]) -> dict[str, Json]:
    """The component schemas that a body of a request consists of."""
    return {name: document["components"]["schemas"][name] for name in sorted(_reachable(document, "requestBody"))}


def _reachable(document: Mapping[str, Json], part: str) -> set[str]:
    """The names of the component schemas to which the references in this part of each operation lead."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [operation.get(part, {}) for _, operation in navigation.operations(document)]
    ahead += [document.get("x-any-operation", {})] if part == "responses" else []
    while ahead:
        for _, each in navigation.nodes(ahead.pop()):
            reference = each.get("$ref")
            if not reference or reference in seen:
                continue
            seen.add(reference)
            kind, name = reference.removeprefix("#/components/").split("/", 1)
            found |= {name} if kind == "schemas" else set()
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
        kind = variants_of(chosen) if chosen else kind_of(document, node, f"{name}.{member}")
        attribute = str(PythonIdentifier(member, "field_"))
        attribute += "_" if attribute in _RESERVED and not is_request else ""
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


def _field(kind: Kind, *, is_request: bool, is_required: bool) -> str:
    null = " | None" if kind.annotation != "Any" else ""
    if is_request:
        return f"{kind.argument}{null if kind.nullable else ''}{'' if is_required else ' | Unset = UNSET'}"
    return kind.annotation if is_required else f"{kind.annotation}{null} = None"
