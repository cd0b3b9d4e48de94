"""A project with five guesses passes without grease and fails with it; without the guesses it passes with any seed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).parents[1] / "guessing_project"
PLUGIN = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:cacheprovider")
TESTS = {
    "test_date_format": "dates",
    "test_numeric_ids": "ids",
    "test_status_of_a_delete": "status",
    "test_order_of_members": "members",
    "test_text_of_an_error": "text",
}
NIGHTLY = settings().max_examples >= 1_000


def _pytest(*arguments: str) -> str:
    command = [sys.executable, "-P", "-m", "pytest", *PLUGIN, "--rootdir=.", "-c", "pytest.ini", *arguments]
    run = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True, timeout=120)
    return run.stdout + run.stderr


def test_guesses_pass_without_grease() -> None:
    assert "5 passed" in _pytest("-q")


def test_each_guess_fails_with_grease_and_names_seed_and_variation() -> None:
    output = _pytest("--cerbo-portal-grease=7")
    assert "5 failed" in output, output
    reports = re.split(r"^_+ (test_\w+) _+$", output, flags=re.MULTILINE)[1:]
    by_test = dict(zip(reports[::2], reports[1::2], strict=True))
    assert by_test.keys() == TESTS.keys()
    for name, kind in TESTS.items():
        assert re.search(rf"\(grease: .*\b{kind}: ", by_test[name]), by_test[name]
        assert f"to repeat: pytest 'test_queue.py::{name}' --cerbo-portal-grease=7" in by_test[name]


@pytest.mark.parametrize("seed", range(200) if NIGHTLY else (7,))
def test_without_the_guesses_the_project_passes_with_grease(seed: int) -> None:
    assert "5 passed" in _pytest("-q", "--robust", f"--cerbo-portal-grease={seed}")
