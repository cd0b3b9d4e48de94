"""Renders the elements of the contract with their grades, in Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.spec_lint.navigation import located_operations

Node = Mapping[str, Any]

_HEAD = """\
# Every element of the contract

<!-- Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost. -->

What each grade means, and what follows from it, is in
[What is documented, and what is a guess](../explanation/provenance.md).
"""
_CHAPTERS = {
    "parameters": "Parameters",
    "requestBodies": "Bodies of requests",
    "responses": "Errors",
    "headers": "Headers",
    "schemas": "Schemas",
    "securitySchemes": "Security",
}


def render(document: Node) -> str:
    """The page.

    Args:
        document: the contract.
    """
    operations = {
        f"`{node['operationId']}` `{str(method).upper()} {path}`": node
        for (_, path, method), node in located_operations(document)
    }
    successes = {
        f"`{node['operationId']}` {status}": response
        for node in operations.values()
        for status, response in node["responses"].items()
        if "$ref" not in response
    }
    chapters = {"Operations": operations, "Successes": successes}
    for kind, title in _CHAPTERS.items():
        rows = chapters[title] = {}
        for name, node in document["components"].get(kind, {}).items():
            rows[f"`{name}`"] = node
            members = node.get("properties", {}).items()
            rows |= {f"`{name}.{member}`": child for member, child in members if "$ref" not in child}
    chapters["Answers of no operation"] = document["x-any-operation"]
    return "\n".join([_HEAD, *(line for title, rows in chapters.items() for line in _table(title, rows))])


def _table(title: str, rows: Mapping[str, Node]) -> Iterator[str]:
    yield f"## {title}\n\n| element | grade | source |\n| --- | --- | --- |"
    for name, node in rows.items():
        # What states no grade is a guess: the default is the safe one.
        yield f"| {name} | {node.get('x-provenance', 'assumed')} | {node.get('x-source', '')} |"
    yield ""
