"""Mistakes of someone who adds an endpoint: `scripts/generate` names the line of each, and what was expected there."""

import runpy
import shutil
import sys
from pathlib import Path

import pytest

from contract_tests.markdown_blocks import blocks
from contract_tests.spec_lint.semantics import lint, warnings
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT

SCRIPT = str(ROOT / "scripts" / "generate")
PAGE = ROOT / "docs" / "how-to" / "add-an-endpoint.md"
(BLOCK,) = (block.code for block in blocks(PAGE) if block.language == "yaml")
PATH = "/patients/{pt_id}/portal/requests/{queue_request_id}"
PARAMETER = "- $ref: '#/components/parameters/PatientId'"
SOMEWHERE = "expected the place of something in this document, such as '#/components/schemas/Error'"
COMPONENT = "expected a component of this document, such as '#/components/responses/NotFound'"
TAKEN = "get /patients/{pt_id}/portal/enqueued"
TYPES = "array, boolean, integer, null, number, object, string"

# What becomes of the block of the page, a text on the line that is named, and what is said: behind the path's place
# where it begins with a dot, else behind the line.
MISTAKES = {
    "an operation id that is taken": (
        ("showPortalRequest\n", "showPortalRequests\n"),
        "operationId",
        f".get.operationId: expected each operation id once, showPortalRequests is that of {TAKEN}",
    ),
    "a misspelt method": (
        ("    get:", "    gett:"),
        "operationId",
        ".gett: expected no such member, only get, put, post, delete, options, head, patch",
    ),
    "a path without its slash": (
        ("  /patients", "  patients"),
        "    get:",
        f"paths['{PATH[1:]}']: expected a path that begins with /, of characters that a URL may have",
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
        f".get.responses['403']['$ref']: {COMPONENT}",
    ),
    "a parameter of nowhere": (
        (PARAMETER, "- {name: pt_id, in: pat, required: true, description: P, schema: {type: integer}}"),
        "in: pat",
        ".get.parameters[0].in: expected one of path, query, header",
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
    "a status without quotes": (
        ("'404':", "404:"),
        "404:",
        "expected a key that is text: '404' in quotes",
    ),
    "a status that is not a number": (
        ("'503':", "other:"),
        "ServiceUnavailable",
        ".get.responses.other: expected a status, such as 404, 4XX or default",
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


def _edited(checkout: Path, edit: tuple[str, str], on_the_line: str) -> tuple[Path, int]:
    """Write the contract with the edited block of the page, and return its path and the number of the line."""
    assert BLOCK.count(edit[0]) >= 1
    spec = checkout / "openapi" / "cerbo-portal.yaml"
    original = (ROOT / "openapi" / "cerbo-portal.yaml").read_text(encoding="utf-8")
    before, after = original.split("\ncomponents:\n", 1)
    block = BLOCK.replace(*edit, 1)
    spec.write_text(f"{before}\n{block}components:\n{after}", encoding="utf-8")
    return spec, before.count("\n") + 2 + block[: block.index(on_the_line)].count("\n")


@pytest.mark.parametrize(("edit", "on_the_line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_with_its_place(
    edit: tuple[str, str],
    on_the_line: str,
    said: str,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec, line = _edited(checkout, edit, on_the_line)
    monkeypatch.setattr(sys, "argv", [SCRIPT, "--check", "--root", str(checkout)])
    assert runpy.run_path(SCRIPT)["main"]() == 2
    place = f"paths['{PATH}']" if said.startswith(".") else ""
    assert capsys.readouterr() == ("", f"generate: {spec}:{line}: {place}{said}\n")


# What the contract should say, a text on the line that is named, and what is said behind the place.
OMISSIONS = {
    "no summary": (
        ("      summary: Show one portal request\n", ""),
        "operationId",
        ".summary: expected text, not empty",
    ),
    "no word on repeats": (
        ("      x-idempotent: true\n", ""),
        "operationId",
        "['x-idempotent']: expected true or false",
    ),
    "no provenance": (
        ("      x-provenance: assumed\n      x-idem", "      x-idem"),
        "operationId",
        "['x-provenance']: expected one of documented, inferred, assumed",
    ),
    "a response without a description": (
        ("          description: The request.\n", ""),
        "          x-provenance: assumed",
        ".responses['200'].description: expected text",
    ),
}


@pytest.mark.parametrize(("edit", "on_the_line", "said"), OMISSIONS.values(), ids=OMISSIONS)
def test_an_omission_is_a_warning_of_generate_and_an_error_of_check(
    edit: tuple[str, str], on_the_line: str, said: str, checkout: Path
) -> None:
    path, line = _edited(checkout, edit, on_the_line)
    document = YamlDocument(path)
    place = f"paths['{PATH}'].get{said}"
    (warning,) = warnings(document, document.content, own=True)
    assert warning.startswith(f"{path}:{line}: warning: {place}")
    (finding,) = lint(document)
    assert finding.startswith(f"{path}:{line}: {place}")
    assert not lint(document, generation=True)
