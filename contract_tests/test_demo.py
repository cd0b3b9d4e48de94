"""The walk-through runs, prints what its page shows, and says so when it does not."""

import os
import re
from pathlib import Path

import pytest

from contract_tests.markdown_blocks import blocks
from contract_tests.support.checkout import ROOT
from contract_tests.support.scripts import run_script

PAGE = ROOT / "docs" / "demo.md"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of one's own, with few steps."""
    path = tmp_path / "page.md"
    path.write_text("Add:\n\n```python\n>>> 1 + 1\n2\n>>> url[:17]\n'http://127.0.0.1:'\n```\n\nDone.\n")
    return path


def test_demo_page_shows_the_results_of_its_steps() -> None:
    before = os.times()
    run = run_script("demo")
    after = os.times()
    assert run.returncode == 0, run.stderr
    for block in blocks(PAGE):
        assert block.code.replace("`", "") in run.stdout
    # Of the processor, so that a busy machine tells nothing.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 5


def test_demo_prints_text_without_markdown(page: Path) -> None:
    page.write_text("# Sums\n\nAdd by `+`:\n\n```python\n>>> 1 + 1\n2\n```\n\nDone.\n")
    run = run_script("demo", "--page", str(page))
    assert run.stdout == "Sums\n\nAdd by +:\n\n>>> 1 + 1\n2\n\nDone.\n"


def test_demo_page_calls_every_step_of_the_loop() -> None:
    steps = re.findall(r"^>>> .*?cerbo\.(\w+)\(|/__admin/(\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    loop = ["invite_to_portal", "outbox", "validate_portal_credentials", "create_secure_message"]
    loop += ["create_patient_questionnaire", "show_portal_requests", "delete_portal_request", "state"]
    places = [[call or path for call, path in steps].index(name) for name in loop]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("\n2\n", "\n3\n", "Expected:\n    3\nGot:\n    2\n"),
        ("1 + 1", "1 / 0", "ZeroDivisionError: division by zero\n"),
    ],
    ids=["another result", "an exception"],
)
def test_demo_names_a_step_whose_result_differs(old: str, new: str, shown: str, page: Path) -> None:
    page.write_text(page.read_text().replace(old, new))
    run = run_script("demo", "--page", str(page))
    assert run.returncode == 1
    assert f'File "{page}", line ' in run.stderr
    assert shown in run.stderr


def test_demo_names_a_missing_page(tmp_path: Path) -> None:
    run = run_script("demo", "--page", str(tmp_path / "none.md"))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.endswith("none.md: No such file or directory\n")
