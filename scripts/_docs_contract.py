"""Renders the elements of the contract with their grades, in Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_HEAD = """\
# Every element of the contract

<!-- Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost. -->

What each grade means, and what follows from it, is in
[What is documented, and what is a guess](../explanation/provenance.md).
"""
_CHAPTERS = {
    "Parameters": "parameters",
    "Bodies of requests": "requestBodies",
    "Errors": "responses",
    "Headers": "headers",
    "Schemas": "schemas",
    "Security": "securitySchemes",
}


def render(document: Node) -> str:
    """The page.

    Args:
        document: the contract.
    """
    return "\n".join([_HEAD, *_operations(document), *_components(document), *_elsewhere(document)])


def _operations(document: Node) -> Iterator[str]:
    operations = [
        (operation["operationId"], f"`{method.upper()} {path}`", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    yield from _table("Operations", [(f"`{name}` {route}", node) for name, route, node in operations])
    successes = [
        (f"`{name}` {status}", response)
        for name, _, operation in operations
        for status, response in operation["responses"].items()
        if "$ref" not in response
    ]
    yield from _table("Successes", successes)


def _components(document: Node) -> Iterator[str]:
    for title, kind in _CHAPTERS.items():
        rows: list[tuple[str, Node]] = []
        for name, node in document["components"].get(kind, {}).items():
            rows.append((f"`{name}`", node))
            members = node.get("properties", {}).items()
            rows.extend((f"`{name}.{member}`", child) for member, child in members if "$ref" not in child)
        yield from _table(title, rows)


def _elsewhere(document: Node) -> Iterator[str]:
    yield from _table("Answers of no operation", list(document["x-any-operation"].items()))


def _table(title: str, rows: list[tuple[str, Node]]) -> Iterator[str]:
    yield f"## {title}\n\n| element | grade | source |\n| --- | --- | --- |"
    for name, node in rows:
        # What states no grade is a guess: the default is the safe one.
        yield f"| {name} | {node.get('x-provenance', 'assumed')} | {node.get('x-source', '')} |"
    yield ""
