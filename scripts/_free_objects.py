"""Free objects, whose members are their sender's own: a `dict` in Python, where the generator would make a class."""

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import define, fields
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty

Json = Any


@define
class _DictProperty(AnyProperty):
    _type_string: ClassVar[str] = "dict[str, Any]"


def untyped(document: Mapping[str, Json]) -> dict[str, Json]:
    """The contract with no type for the free objects that are members.

    Args:
        document: the contract.
    """
    schemas = {
        name: schema if "properties" not in schema else {**schema, "properties": _untyped(schema["properties"])}
        for name, schema in document["components"]["schemas"].items()
    }
    return {**document, "components": {**document["components"], "schemas": schemas}}


def type_as_dict(data: GeneratorData, document: Mapping[str, Json]) -> None:
    """Give the members that `untyped` has changed their type in Python.

    Args:
        data: the contract that `untyped` returned, as the generator reads it.
        document: the contract.
    """
    schemas = document["components"]["schemas"]
    bodies = [
        body.prop
        for collection in data.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
        for body in endpoint.bodies
        if isinstance(body.prop, ModelProperty)
    ]
    for model in (*data.models, *bodies):
        members = schemas.get(model.class_info.name, {}).get("properties", {})
        for properties in (model.required_properties or [], model.optional_properties or []):
            for place, each in enumerate(properties):
                if isinstance(each, AnyProperty) and _is_free(members.get(each.name.get_untrusted_value(), {})):
                    values = {field.name: getattr(each, field.name) for field in fields(AnyProperty)}
                    properties[place] = _DictProperty(**values)


def _untyped(members: Mapping[str, Json]) -> dict[str, Json]:
    return {
        name: {"description": schema["description"]} if _is_free(schema) else schema for name, schema in members.items()
    }


def _is_free(schema: Json) -> bool:
    return schema.get("type") == "object" and "properties" not in schema
