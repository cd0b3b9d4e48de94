"""Brings a contract into one form for each construct, so that the client's templates need to know one only."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from openapi_python_client.strings import ClassName

from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.navigation import located_operations, resolve

Json = Any

_SCHEMAS = "#/components/schemas/"


def normalised(document: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of a contract of the same meaning.

    Each operation has an id, all its parameters, a summary and a grade. A schema that consists of others by `allOf` is
    one object, and an object with members within another schema is a separate component, named after its place.

    Args:
        document: the contract, which breaks no rule.
    """
    copy = deepcopy(dict(document))
    copy.setdefault("components", {}).setdefault("schemas", {})
    for (_, path, method), operation in located_operations(copy):
        _complete(copy["paths"][path], str(path), str(method), operation)
        operation.setdefault("security", copy.get("security", [{}]))
        operation["parameters"] = _parameters(copy, ("paths", str(path)), str(method), operation)
    _Naming(copy).run()
    _separate_bodies(copy)
    return copy


def _separate_bodies(document: Json) -> None:
    """Give bodies separate schemas where responses have the same one, or where they are forms with files.

    A model of a response cannot say which of its members are not sent.
    """
    received = navigation.reachable(document, "responses")
    made: dict[tuple[str, bool], Json] = {}
    for _, operation in located_operations(document):
        for media_type, content in resolve(document, operation.get("requestBody", {})).get("content", {}).items():
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            schema = document["components"]["schemas"].get(name, {})
            is_multipart = media_type.lower().startswith("multipart/")
            if "properties" not in schema or not (is_multipart or name in received):
                continue
            if (name, is_multipart) not in made:
                own = f"{name}Request" if name in received else name
                while own != name and own in document["components"]["schemas"]:
                    own += "_"
                document["components"]["schemas"][own] = {**schema, "x-multipart": is_multipart}
                made[name, is_multipart] = {"$ref": _SCHEMAS + own}
            content["schema"] = made[name, is_multipart]


def _complete(item: Json, path: str, method: str, operation: Json) -> None:
    """Give an operation what a client needs and a document may leave out."""
    words = re.findall(r"[A-Za-z0-9]+", path)
    operation.setdefault("operationId", method + "".join(word[0].upper() + word[1:] for word in words))
    summary = item.get("summary") or f"{method.upper()} {path}"
    operation["summary"] = (operation.get("summary") or summary).strip().removesuffix(".")
    operation["description"] = operation.get("description") or item.get("description") or f"{operation['summary']}."
    operation.setdefault("x-provenance", "assumed")
    # Whether another method is safe to repeat, only the document can say.
    operation.setdefault("x-idempotent", method in {"get", "head"})


def _parameters(document: Json, item: tuple[str, str], method: str, operation: Json) -> list[Json]:
    """The parameters of an operation and those of its path, which it may replace; `x-keys` lead to each."""
    shared = document["paths"][item[1]].get("parameters", [])
    found = {}
    for keys, nodes in ((item, shared), ((*item, method), operation.get("parameters", []))):
        for index, node in enumerate(nodes):
            parameter = {**resolve(document, node), "x-keys": (*keys, "parameters", index)}
            found[parameter["in"], parameter["name"]] = parameter
    return list(found.values())


class _Naming:
    """Makes components of the objects within other schemas."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: dict[str, Json] = document["components"]["schemas"]

    def run(self) -> None:
        for name in list(self._schemas):
            self._schemas[name] = self._inner(self._merged(self._schemas[name], name), name)
        for _, operation in located_operations(self._document):
            name = str(ClassName(operation["operationId"], ""))
            body = resolve(self._document, operation.get("requestBody", {}))
            self._name_content(body, f"{name}Body")
            for parameter in operation["parameters"]:
                if "schema" in parameter:
                    parameter["schema"] = self._placed(parameter["schema"], name + _pascal(parameter["name"]))
            for status, response in operation["responses"].items():
                # A response that operations share is named once, after the first.
                suffix = "" if status == "200" else status
                self._name_content(resolve(self._document, response), f"{name}Response{suffix}")

    def _name_content(self, node: Json, name: str) -> None:
        for content in node.get("content", {}).values():
            if "schema" in content:
                content["schema"] = self._placed(content["schema"], name)

    def _placed(self, schema: Json, name: str) -> Json:
        """The schema, or a reference to the component that it has become."""
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        schema = self._merged(schema, name)
        if "$ref" in schema:
            return schema
        schema = self._inner(schema, name)
        if "properties" not in schema or not _is_object(schema):
            return schema
        others = [each for each in _types(schema) if each != "object"]
        while name in self._schemas:
            name += "_"
        self._schemas[name] = {**schema, "type": "object"}
        reference = {"$ref": _SCHEMAS + name}
        return {"anyOf": [reference, *({"type": each} for each in others)]} if others else reference

    def _inner(self, schema: Json, name: str) -> Json:
        """The schema with the objects within it named."""
        if not isinstance(schema, dict):
            return schema
        schema = self._distributed(dict(schema))
        if "properties" in schema:
            members = schema["properties"].items()
            schema["properties"] = {each: self._placed(child, name + _pascal(each)) for each, child in members}
        if "items" in schema:
            schema["items"] = self._placed(schema["items"], f"{name}Item")
        if isinstance(schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self._placed(schema["additionalProperties"], f"{name}Value")
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                branches = enumerate(schema[keyword], start=1)
                schema[keyword] = [self._placed(branch, f"{name}Option{number}") for number, branch in branches]
        return schema

    @staticmethod
    def _distributed(schema: Json) -> Json:
        """An object with alternatives as alternatives that have its members; alternatives without any go."""
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword, [])
            if not ("properties" in schema and branches):
                continue
            whole = {name: value for name, value in schema.items() if name != keyword}
            if not any({"$ref", "allOf", "properties", "type"} & each.keys() for each in branches):
                return whole
            described = {name: schema[name] for name in ("description", "discriminator") if name in schema}
            return {
                **described,
                keyword: [each if _types(each) == ["null"] else {"allOf": [whole, each]} for each in branches],
            }
        return schema

    def _merged(self, schema: Json, name: str, seen: tuple[str, ...] = ()) -> Json:
        """The schema without `allOf`, but for conditions."""
        parts = schema.get("allOf", []) if isinstance(schema, dict) else []
        conditions = [part for part in parts if "if" in part]
        if len(conditions) == len(parts):
            return schema
        own = {keyword: value for keyword, value in schema.items() if keyword != "allOf"}
        others = [part for part in parts if "if" not in part]
        if len(others) == 1 and "$ref" in others[0] and not {"properties", "required", "type"} & own.keys():
            return others[0]
        whole: dict[str, Json] = {"allOf": conditions} if conditions else {}
        for part in [*others, own]:
            reference = part.get("$ref")
            target = resolve(self._document, part)
            inner = target if reference in seen else self._merged(target, name, (*seen, reference or ""))
            inner = resolve(self._document, inner) if "$ref" in inner else inner
            properties = whole.get("properties", {}) | inner.get("properties", {})
            required = [*dict.fromkeys([*whole.get("required", []), *inner.get("required", [])])]
            whole |= inner
            whole |= ({"properties": properties} if properties else {}) | ({"required": required} if required else {})
        return whole


def _is_object(schema: Json) -> bool:
    return "object" in (_types(schema) or ["object"])


def _types(schema: Json) -> list[str]:
    types = schema.get("type", [])
    return types if isinstance(types, list) else [types]


def _pascal(name: str) -> str:
    return str(ClassName(name, "Member"))
