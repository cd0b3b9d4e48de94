"""Renders what a contract may contain, in Markdown, from the table that the tests execute."""

from collections.abc import Iterator
from itertools import groupby

from contract_tests.constructs import Row, rows

_HEAD = """\
# What a contract may contain

<!-- Made from contract_tests/constructs/constructs.yaml by ./scripts/docs --write; edits are lost. -->

`./scripts/generate` makes a client from the contract, or from another document with `--contract FILE --output DIR`.
It supports the constructs of OpenAPI 3.1 in the first part of this page, and rejects those in the second with file and
line. OpenAPI 3.0 is read as 3.1: `nullable` becomes the type null, and `exclusiveMinimum: true`, `example` and the
formats `binary` and `byte` become what 3.1 has in their place.

Each row is a test: a supported construct is generated, imported, type-checked, called over a socket, compared with the
request that schemathesis sends, answered by a stub of the mock, and read.

What a document should say and does not, such as a description, is a warning. Members that begin with `x-` do not change
the client, nor do keywords of schemas that restrict values without changing their type, such as `not`.
"""


def render() -> str:
    """The page."""
    lines = [_HEAD, "## Supported", ""]
    for section, found in groupby((*rows("supported"), *rows("converted")), key=lambda row: row.section):
        lines += [f"### {section}", "", "| construct | request or result |", "| --- | --- |"]
        lines += [*(f"| {row.node['construct']} | {_shown(row)} |" for row in found), ""]
    lines += ["## Rejected", ""]
    for section, found in groupby(rows("rejected"), key=lambda row: row.section):
        lines += [f"### {section}, rejected", "", "| construct | error |", "| --- | --- |"]
        lines += [*(f"| {row.node['construct']} | `{_escaped(row.node['error'])}` |" for row in found), ""]
    return "\n".join(lines)


def _shown(row: Row) -> str:
    return ", ".join(f"`{_escaped(text)}`" for text in _texts(row))


def _texts(row: Row) -> Iterator[str]:
    if "sent" in row.node:
        yield row.node["sent"]
    if row.node.get("returns", "None") != "None":
        yield row.node["returns"].replace("models.", "")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
