"""The walk-through runs, prints what its page shows, and says so when it does not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.markdown_blocks import blocks
from contract_tests.support.checkout import ROOT

PAGE = ROOT / "docs" / "demo.md"


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "demo"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of one's own, with few steps."""
    path = tmp_path / "page.md"
    path.write_text("Add:\n\n```python\n>>> 1 + 1\n2\n>>> url[:17]\n'http://127.0.0.1:'\n```\n\nDone.\n")
    return path


def test_the_page_shows_what_the_walk_through_does() -> None:
    before = os.times()
    run = _demo()
    after = os.times()
    assert run.returncode == 0, run.stderr
    for block in blocks(PAGE):
        assert block.code in run.stdout
    # Of the processor, so that a busy machine tells nothing.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 5


def test_what_is_printed_is_for_people_and_not_markdown(page: Path) -> None:
    page.write_text("# Sums\n\nAdd by `+`:\n\n```python\n>>> 1 + 1\n2\n>>> '`'\n'`'\n```\n\nDone.\n")
    run = _demo("--page", str(page))
    assert run.stdout == "Sums\n====\n\nAdd by +:\n\n>>> 1 + 1\n2\n>>> '`'\n'`'\n\nDone.\n"


def test_the_walk_through_shows_every_step_of_the_loop() -> None:
    steps = re.findall(r"^>>> .*?cerbo\.(\w+)\(|/__admin/(\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    loop = ["invite_to_portal", "outbox", "validate_portal_credentials", "create_secure_message"]
    loop += ["create_patient_questionnaire", "show_portal_requests", "delete_portal_request", "state"]
    places = [[call or path for call, path in steps].index(name) for name in loop]
    assert places == sorted(places)


def test_a_page_that_shows_something_else_is_told_and_renewed(page: Path) -> None:
    right = page.read_text()
    page.write_text(right.replace("\n2\n", "\n3\n"))
    run = _demo("--page", str(page))
    assert run.returncode == 1
    assert "-3\n+2\n" in run.stderr
    assert run.stderr.splitlines()[-1] == "demo: page.md shows other results; run ./scripts/demo --write"
    assert _demo("--page", str(page), "--write").returncode == 0
    assert page.read_text() == right


def test_a_step_that_fails_is_named(page: Path) -> None:
    page.write_text(page.read_text().replace("1 + 1", "1 / 0"))
    before = page.read_text()
    run = _demo("--page", str(page), "--write")
    assert run.returncode == 2
    assert run.stderr == f"demo: {page}: 1 / 0 raised ZeroDivisionError: division by zero\n"
    assert page.read_text() == before


def test_a_page_that_is_missing_is_named(tmp_path: Path) -> None:
    run = _demo("--page", str(tmp_path / "none.md"))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.endswith("none.md: No such file or directory\n")
