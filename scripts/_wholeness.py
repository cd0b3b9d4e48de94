"""What keeps a client from being made from the contract, each problem with the line on which it stands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _schema_diff import Place, follow
from cerbo_portal_mock.spec.schema_set import Problem, SchemaSet
from cerbo_portal_mock.spec.yaml_document import YamlDocument

FORM = Path("openapi/client/form.yaml")
# What is data may look like anything.
_DATA = {"const", "default", "enum", "example", "examples"}

Json = Any
Keys = tuple[str | int, ...]


def problems(document: YamlDocument, form: Path) -> list[str]:
    """The problems of the contract, `file:line: place: what was expected`, all of the first kind that there is.

    Args:
        document: the contract.
        form: the file of what it must be like.
    """
    content = document.content
    found = (
        list(SchemaSet(form).problems("contract", content))
        or list(_references(content, content))
        or [*_repeated(content), *_untold(content), *_unnamed(content)]
    )
    return [f"{document.where(keys)}: {what}" for keys, what in found]


def _references(document: Json, node: Json, keys: Keys = ()) -> Iterator[Problem]:
    """References that lead nowhere."""
    if isinstance(node, dict) and "$ref" in node and not follow(document, Place(node, "")).node:
        yield [*keys, "$ref"], "expected the place of something in this document, such as '#/components/schemas/Error'"
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key not in _DATA:
            yield from _references(document, child, (*keys, key))


def _operations(document: Json) -> Iterator[tuple[list[str | int], str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield ["paths", path, method], path, operation


def _repeated(document: Json) -> Iterator[Problem]:
    """Operation ids that another operation has."""
    seen: dict[str, str] = {}
    for keys, path, operation in _operations(document):
        name = operation["operationId"]
        if name in seen:
            yield [*keys, "operationId"], f"expected each operation id once, {name} is that of {seen[name]}"
        seen.setdefault(name, f"{keys[-1]} {path}")


def _untold(document: Json) -> Iterator[Problem]:
    """Operations whose path parameters are not those of their path."""
    for keys, path, operation in _operations(document):
        parameters = [follow(document, Place(node, "")).node for node in operation.get("parameters", [])]
        told = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        named = set(re.findall(r"{([^{}]*)}", path))
        if told != named:
            expected, found = (", ".join(sorted(names)) or "none" for names in (named, told))
            yield [*keys, "parameters"], f"expected the path parameters {expected}, found {found}"


def _unnamed(document: Json) -> Iterator[Problem]:
    """Operations whose successes have no schema that has a name, and becomes a class."""
    for keys, _, operation in _operations(document):
        successes = {status: node for status, node in operation["responses"].items() if status.startswith("2")}
        contents = [follow(document, Place(node, "")).node.get("content", {}) for node in successes.values()]
        names = {content.get("application/json", {}).get("schema", {}).get("$ref") for content in contents}
        if len(names) != 1 or None in names:
            yield (
                [*keys, "responses", *list(successes)[:1]],
                "expected one component schema for the success, by its $ref",
            )
