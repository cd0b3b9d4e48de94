"""A changed contract needs a version, a breaking one more than that, and `scripts/compat` says so."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from _openapi_diff import Change
from _release import ReleaseError, problems, since_release

from contract_tests.support.checkout import ROOT

GATE = [
    ("0.1.0", "0.1.1-dev", "", "", []),
    ("0.1.0", "0.1.0", "", "", []),
    ("0.1.0", "0.1.0", "added", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.1.0-dev", "", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.0.9", "", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.1.1", "changed", "", []),
    ("0.1.0", "0.1.1", "breaking", "contract 0.1.1", ["at least 0.2.0"]),
    ("0.1.0", "0.2.0-dev", "breaking", "", ['names "contract 0.2.0"']),
    ("0.1.0", "0.2.0-dev", "breaking", "Contract 0.2.0 drops it.", []),
    ("0.1.0", "0.2.0", "breaking", "contract 0.2.01", ['names "contract 0.2.0"']),
    ("0.1.0", "1.0.0", "breaking", "contract 1.0.0.", []),
    ("1.4.0", "1.5.0", "breaking", "contract 1.5.0", ["at least 2.0.0"]),
    ("1.4.0", "2.0.0", "breaking", "contract 2.0.0", []),
    ("1.4.0", "1.4.0", "breaking", "", ["higher than 1.4.0", "at least 2.0.0", "contract 1.4.0"]),
]


@pytest.mark.parametrize(("before", "after", "kind", "changelog", "expected"), GATE)
def test_a_change_asks_for_a_version_and_a_breaking_one_for_an_entry(
    before: str, after: str, kind: Any, changelog: str, expected: list[str]
) -> None:
    old, new = ({"info": {"version": version}} for version in (before, after))
    found = problems(old, new, [Change(kind, "ping", "", "else")] if kind else [], changelog)
    assert len(found) == len(expected)
    for problem, text in zip(found, expected, strict=True):
        assert text in problem


def _compat(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "compat"), "--root", str(root)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `scripts/compat` reads, in a place of its own."""
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi", ignore=shutil.ignore_patterns("client"))
    shutil.copy(ROOT / "CHANGELOG.md", tmp_path)
    return tmp_path


def test_the_contract_may_follow_its_last_release() -> None:
    run = _compat(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_command_fails_at_a_breaking_change_and_says_where(checkout: Path) -> None:
    spec = checkout / "openapi" / "cerbo-portal.yaml"
    content = yaml.safe_load(spec.read_text(encoding="utf-8"))
    content["info"]["version"] = "9.0.0"
    (checkout / "openapi" / "released" / "9.0.0.yaml").write_text(yaml.safe_dump(content))
    content["info"]["version"] = "9.0.1-dev"
    spec.write_text(yaml.safe_dump(content).replace("x-idempotent: true", "x-idempotent: false"))
    run = _compat(checkout)
    assert run.returncode == 1
    (change,) = [line for line in run.stdout.splitlines() if "/x-idempotent: whether" in line]
    assert change.startswith("breaking  ")
    assert "deletePortalRequest, " in change
    assert "inviteToPortal" not in change
    assert "expected at least 10.0.0" in run.stderr
    assert 'names "contract ' in run.stderr


def test_the_last_release_is_the_highest_version(checkout: Path) -> None:
    released = checkout / "openapi" / "released"
    content = (released / "0.1.0.yaml").read_text(encoding="utf-8")
    for version in ("0.9.0", "0.10.0", "0.10.0-rc.1"):
        (released / f"{version}.yaml").write_text(content.replace("version: 0.1.0", f"version: {version}"))
    assert since_release(checkout).old["info"]["version"] == "0.10.0"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("9.0.0.yaml", "info: {version: 9.0.1}", "9.0.0.yaml: expected info.version: 9.0.0"),
        ("9.0.0.yaml", "info: {version: 9.0.0}\npaths: []", "expected OpenAPI documents"),
        ("9.0.0.yaml", "[]", "expected OpenAPI documents"),
        ("next.yaml", "{}", "expected a version"),
    ],
)
def test_a_release_that_is_none_is_refused(name: str, content: str, expected: str, checkout: Path) -> None:
    (checkout / "openapi" / "released" / name).write_text(content)
    with pytest.raises(ReleaseError, match=expected):
        since_release(checkout)
    run = _compat(checkout)
    assert run.returncode == 2
    assert run.stderr.startswith("compat: ")
    assert "Traceback" not in run.stderr


def test_a_checkout_without_releases_is_refused(checkout: Path) -> None:
    shutil.rmtree(checkout / "openapi" / "released")
    with pytest.raises(ReleaseError, match="expected released documents"):
        since_release(checkout)


def test_every_released_document_is_read_as_released() -> None:
    for path in (ROOT / "openapi" / "released").glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["info"]["version"] == path.stem
