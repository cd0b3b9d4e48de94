"""Mistakes of someone who adds an endpoint: `scripts/generate` names the line of each, and what was expected there."""

import runpy
import shutil
import sys
from pathlib import Path

import pytest

from contract_tests.markdown_blocks import blocks
from contract_tests.support.checkout import ROOT

SCRIPT = str(ROOT / "scripts" / "generate")
PAGE = ROOT / "docs" / "how-to" / "add-an-endpoint.md"
(BLOCK,) = (block.code for block in blocks(PAGE) if block.language == "yaml")
PATH = "/patients/{pt_id}/portal/requests/{queue_request_id}"
PARAMETER = "- $ref: '#/components/parameters/PatientId'"
SOMEWHERE = "expected the place of something in this document, such as '#/components/schemas/Error'"
NAME = "expected a name of letters and digits, such as showPortalRequests"
TAKEN = "get /patients/{pt_id}/portal/enqueued"
TYPES = "array, boolean, integer, null, number, object, string"

# What becomes of the block of the page, a text on the line that is named, and what is said: behind the path's place
# where it begins with a dot, else behind the line.
MISTAKES = {
    "no operation id": (
        ("      operationId: showPortalRequest\n", ""),
        "tags: [Patient-Portal]",
        f".get.operationId: {NAME}, nothing was given",
    ),
    "an operation id with spaces": (
        ("showPortalRequest\n", "show one\n"),
        "show one",
        f".get.operationId: {NAME}",
    ),
    "an operation id that is taken": (
        ("showPortalRequest\n", "showPortalRequests\n"),
        "operationId",
        f".get.operationId: expected each operation id once, showPortalRequests is that of {TAKEN}",
    ),
    "a misspelt method": (
        ("    get:", "    gett:"),
        "operationId",
        ".gett: expected no such member, only get, put, post, delete, options, head, patch, trace",
    ),
    "a path without its slash": (
        ("  /patients", "  patients"),
        "    get:",
        f"paths['{PATH[1:]}']: expected a path that begins with /",
    ),
    "no tag": (
        ("[Patient-Portal]", "[]"),
        "tags",
        ".get.tags: expected a list of one tag",
    ),
    "no summary": (
        ("      summary: Show one portal request\n", ""),
        "operationId",
        ".get.summary: expected text, not empty, nothing was given",
    ),
    "no provenance": (
        ("      x-provenance: assumed\n      x-idem", "      x-idem"),
        "operationId",
        ".get['x-provenance']: expected one of documented, inferred, assumed, nothing was given",
    ),
    "a misspelt provenance": (
        ("      x-provenance: assumed\n      x-idem", "      x-provenance: asumed\n      x-idem"),
        "asumed",
        ".get['x-provenance']: expected one of documented, inferred, assumed",
    ),
    "no word on repeats": (
        ("      x-idempotent: true\n", ""),
        "operationId",
        ".get['x-idempotent']: expected true or false, nothing was given",
    ),
    "a misspelt parameter": (
        ("PatientId", "PatientID"),
        "PatientID",
        f".get.parameters[0]['$ref']: {SOMEWHERE}",
    ),
    "a misspelt schema": (
        ("schemas/PortalRequest'", "schemas/PortalReqest'"),
        "PortalReqest",
        f".get.responses['200'].content['application/json'].schema['$ref']: {SOMEWHERE}",
    ),
    "a misspelt response": (
        ("responses/Forbidden", "responses/Forbiden"),
        "Forbiden",
        f".get.responses['403']['$ref']: {SOMEWHERE}",
    ),
    "a reference to elsewhere": (
        ("'#/components/responses/Forbidden'", "errors.yaml#/Forbidden"),
        "errors.yaml",
        f".get.responses['403']['$ref']: {SOMEWHERE}",
    ),
    "a parameter of nowhere": (
        (PARAMETER, "- {name: pt_id, in: pat, required: true, description: P, schema: {type: integer}}"),
        "in: pat",
        ".get.parameters[0].in: expected one of path, query, header, cookie",
    ),
    "a parameter without a schema": (
        (PARAMETER, "- {name: pt_id, in: path, required: true, description: P}"),
        "name: pt_id",
        ".get.parameters[0].schema: expected a schema, nothing was given",
    ),
    "a parameter of an unknown type": (
        (PARAMETER, "- {name: pt_id, in: path, required: true, description: P, schema: {type: int}}"),
        "type: int",
        f".get.parameters[0].schema.type: expected one of {TYPES}, or a list of them",
    ),
    "an undeclared path parameter": (
        (f"        {PARAMETER}\n", ""),
        "QueueRequestId",
        ".get.parameters: expected the path parameters pt_id, queue_request_id, found queue_request_id",
    ),
    "parameters that are no list": (
        (PARAMETER, "one:\n            $ref: '#/components/parameters/PatientId'\n        two:\n  "),
        "one:",
        ".get.parameters: expected a list",
    ),
    "a response without a description": (
        ("          description: The request.\n", ""),
        "          x-provenance: assumed",
        ".get.responses['200'].description: expected text, not empty, nothing was given",
    ),
    "a response without a schema": (
        ("              schema:\n                $ref: '#/components/schemas/PortalRequest'\n", ""),
        "examples:",
        ".get.responses['200'].content['application/json'].schema: expected a schema, nothing was given",
    ),
    "a schema without a name": (
        ("$ref: '#/components/schemas/PortalRequest'", "type: object"),
        "description: The request.",
        ".get.responses['200']: expected one component schema for the success, by its $ref",
    ),
    "a status without quotes": (
        ("'404':", "404:"),
        "404:",
        "expected a key that is text: '404' in quotes",
    ),
    "a status that is not a number": (
        ("'503':", "default:"),
        "ServiceUnavailable",
        ".get.responses.default: expected a status, such as 404 or 2XX",
    ),
    "a tab": (
        ("      tags:", "\ttags:"),
        "tags:",
        "not YAML: found a tab character that violates indentation",
    ),
    "a colon in a text": (
        ("description: One request", "description: One: request"),
        "One: request",
        "not YAML: mapping values are not allowed in this context",
    ),
    "an alias": (
        ("tags: [Patient-Portal]", "tags: &tags [Patient-Portal]\n      x-tags: *tags"),
        "&tags",
        "expected no YAML aliases",
    ),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `scripts/generate --check` reads before it compares; each test rewrites the contract."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "openapi", root / "openapi", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.mark.parametrize(("edit", "on_the_line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_with_its_place(
    edit: tuple[str, str],
    on_the_line: str,
    said: str,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert BLOCK.count(edit[0]) >= 1
    spec = checkout / "openapi" / "cerbo-portal.yaml"
    original = (ROOT / "openapi" / "cerbo-portal.yaml").read_text(encoding="utf-8")
    before, after = original.split("\ncomponents:\n", 1)
    block = BLOCK.replace(*edit, 1)
    spec.write_text(f"{before}\n{block}components:\n{after}", encoding="utf-8")
    line = before.count("\n") + 2 + block[: block.index(on_the_line)].count("\n")
    monkeypatch.setattr(sys, "argv", [SCRIPT, "--check", "--root", str(checkout)])
    assert runpy.run_path(SCRIPT)["main"]() == 2
    place = f"paths['{PATH}']" if said.startswith(".") else ""
    assert capsys.readouterr() == ("", f"generate: {spec}:{line}: {place}{said}\n")
