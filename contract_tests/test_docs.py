"""Every page is true: its commands and its Python run, in their order, against a mock of the page's own.

A block of JSON after a command is the last line that it prints. A block whose first line is a comment with the name
of a file is that file. What a test cannot run says why in a comment before it, `<!-- not run: REASON -->`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cerbo_portal_client as cerbo
import pytest
import yaml
from cerbo_portal_mock import MockPortal

from contract_tests.markdown_blocks import Block, blocks
from contract_tests.support.checkout import ROOT

BASE = "http://127.0.0.1:8080"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
# Pages of which every block is run by a test of their own.
RUN_BY = {
    "docs/how-to/adopt-the-vendors-document.md": "contract_tests/test_adopt.py",
    "docs/demo.md": "contract_tests/test_demo.py",
    "docs/how-to/add-an-endpoint.md": "contract_tests/test_add_an_endpoint.py",
    "docs/how-to/command-line.md": "openapi/client/tests/test_command_usage.py",
    "docs/reference/admin.md": "mock_server/tests/admin/test_admin_reference.py",
}
RUN = {"sh", "python", "json", "yaml", "toml"}
SHOWN = {"text", "console", "mermaid"}
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def origin() -> Iterator[str]:
    with MockPortal().server() as url:
        yield url.removesuffix("/api/v1")


@pytest.mark.parametrize("page", [page for page in PAGES if _name(page) not in RUN_BY], ids=_name)
def test_what_a_page_shows_runs(page: Path, origin: str, tmp_path: Path) -> None:
    found = list(blocks(page))
    assert {block.language for block in found} <= RUN | SHOWN, "a language that no test knows"
    namespace: dict[str, Any] = {}
    printed = ""
    for block in found:
        if block.is_run and block.language in RUN:
            printed = _run(block, origin, tmp_path, namespace, printed)


def _run(block: Block, origin: str, folder: Path, namespace: dict[str, Any], printed: str) -> str:
    """Run one block; what a command printed."""
    code = block.code.replace(BASE, origin)
    if block.file:
        (folder / block.file).write_text(code, encoding="utf-8")
        return ""
    match block.language:
        case "sh":
            return _shell(block, code, folder)
        case "python":
            exec(compile(code, str(block), "exec"), namespace)
        case "json":
            expected = json.loads(code)
            if printed:
                assert json.loads(printed.splitlines()[-1]) == expected, str(block)
        case "yaml":
            yaml.safe_load(code)
        case "toml":
            tomllib.loads(code)
    return ""


def _shell(block: Block, code: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CERBO_", "PYTEST_"))}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=_name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target).resolve()
        assert found.exists(), target
        assert found.is_relative_to(ROOT), target
        if anchor and found.suffix == ".md":
            assert anchor[1:] in _anchors(found), f"{target}{anchor}"


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the viewers of Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_block_that_is_not_run_says_why() -> None:
    for page in PAGES:
        for block in blocks(page):
            assert not block.remark or re.fullmatch(r"not run: \S.{9,}", block.remark), str(block)


def test_a_page_with_a_test_of_its_own_is_read_by_it() -> None:
    for page, test in RUN_BY.items():
        assert f'"{Path(page).name}"' in (ROOT / test).read_text(encoding="utf-8")


def test_the_classes_that_the_pages_of_errors_name_are_the_clients() -> None:
    errors = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    named = {
        int(status): _names(cell) for status, cell in re.findall(r"^\| \[(\d+)\].*\| (.*) \|$", errors, re.MULTILINE)
    }
    for status, names in named.items():
        assert names <= set(cerbo.__all__), status
        if status in cerbo.errors.BY_STATUS:
            assert cerbo.errors.BY_STATUS[status].__name__ in names
    assert named.keys() >= cerbo.errors.BY_STATUS.keys()
    retries = (ROOT / "docs/explanation/retries.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", retries, re.MULTILINE)
    leaves = {name for name in cerbo.errors.__all__ if isinstance(getattr(cerbo.errors, name), type)}
    bases = {"ApiError", "CallError", "CerboError", "InvalidSettings"}
    assert {name for row in rows for name in _names(row)} == leaves - bases


def _names(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def test_the_site_has_every_page() -> None:
    site = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    listed = re.findall(r"'([\w/.-]+\.md)'", str(site["nav"]))
    assert sorted(listed) == sorted(page.relative_to(ROOT / "docs").as_posix() for page in PAGES)
