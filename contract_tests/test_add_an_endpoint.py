"""The page on adding an endpoint is true: what it shows, done to a copy of the checkout, is an operation everywhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.markdown_blocks import blocks
from contract_tests.spec_lint.semantics import lint
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT

PAGE = ROOT / "docs" / "how-to" / "add-an-endpoint.md"
USE = """\
from cerbo_portal_client import Client
from cerbo_portal_mock import MockPortal
with MockPortal().server() as BASE_URL:
{}
print(BASE_URL)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout to which the page's first three steps were done."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("openapi", "mock_server/cerbo_portal_mock"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    block, function, _ = _code()
    spec = root / "openapi" / "cerbo-portal.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("\ncomponents:\n", f"\n{block}components:\n", 1))
    handlers = root / "mock_server" / "cerbo_portal_mock" / "http" / "handlers.py"
    imported = "from cerbo_portal_mock.clinic.state import UnknownRequest\n"
    start = "from cerbo_portal_mock.clinic.serializers import JsonObject\n"
    source = handlers.read_text(encoding="utf-8").replace(start, start + imported, 1)
    handlers.write_text(f"{source}\n\n{function}", encoding="utf-8")
    generate = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate"), "--root", str(root)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "added     showPortalRequest: a new operation" in generate.stdout
    return root


def _code() -> tuple[str, str, str]:
    yaml, function, use = (block.code for block in blocks(PAGE) if block.language in {"yaml", "python"})
    return yaml, function, use


def test_the_client_calls_the_new_operation_of_the_mock(checkout: Path) -> None:
    use = "".join(f"    {line}" for line in _code()[2].splitlines(keepends=True))
    path = os.pathsep.join(str(checkout / name) for name in ("generated", "mock_server"))
    subprocess.run(
        [sys.executable, "-c", USE.format(use)],
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
        cwd=checkout,
    )


def test_the_contract_still_keeps_its_rules(checkout: Path) -> None:
    assert lint(YamlDocument(checkout / "openapi" / "cerbo-portal.yaml")) == []
