"""A changed contract needs a version, a breaking one more than that, and `scripts/compat` says so."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from _openapi_diff import Change
from _release import ReleaseError, problems, since_release, unnamed

from contract_tests.support.checkout import ROOT

GATE = [
    ("0.1.0", "0.1.1-dev", "", "", []),
    ("0.1.0", "0.1.0", "", "", []),
    ("0.1.0", "0.1.0", "added", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.1.0-dev", "", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.0.9", "", "", ["higher than 0.1.0"]),
    ("0.1.0", "0.1.1", "changed", "", []),
    ("0.1.0", "0.1.1", "breaking", "contract 0.1.1: ping", ["at least 0.2.0"]),
    ("0.1.0", "0.2.0-dev", "breaking", "", ['names "contract 0.2.0" and what breaks: ping']),
    ("0.1.0", "0.2.0-dev", "breaking", "Contract 0.2.0 breaks.", ["what breaks: ping"]),
    ("0.1.0", "0.2.0-dev", "breaking", "- Contract 0.2.0 breaks.\n- `ping` is new.", ["what breaks: ping"]),
    ("0.1.0", "0.2.0-dev", "breaking", "- Contract 0.2.0 breaks\n  `ping`.", []),
    ("0.1.0", "0.2.0", "breaking", "contract 0.2.01: ping", ['names "contract 0.2.0"']),
    ("0.1.0", "0.2.0", "breaking", "contract 0.2.0: pings", ["what breaks: ping"]),
    ("0.1.0", "1.0.0", "breaking", "ping breaks in contract 1.0.0.", []),
    ("1.4.0", "1.5.0", "breaking", "contract 1.5.0: ping", ["at least 2.0.0"]),
    ("1.4.0", "2.0.0", "breaking", "contract 2.0.0: ping", []),
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


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("ping", "#/components/schemas/Pong/properties/late/items"), "late"),
        (("ping", "#/components/parameters/Delay"), "Delay"),
        (("ping", "/responses/2XX/content/application~1json"), "ping"),
        (("ping", "/parameters/3"), "ping"),
        (("servers", "https://{subdomain}.md-hq.com/api/v1"), "https://{subdomain}.md-hq.com/api/v1"),
    ],
)
def test_an_entry_names_the_innermost_element_that_breaks(change: tuple[str, str], name: str) -> None:
    changes = [Change("breaking", *change, "else")]
    assert unnamed("0.2.0", changes, f"contract 0.2.0: `{name}`") == []
    (problem,) = unnamed("0.2.0", changes, "contract 0.2.0")
    assert problem.endswith(f"what breaks: {name}")


def _compat(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "compat"), "--root", str(root), *arguments]
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
    assert max(map(len, run.stdout.splitlines())) <= 120
    changes = " ".join(run.stdout.split()).replace("breaking ", "\nbreaking  ").splitlines()
    (change,) = [line for line in changes if "/x-idempotent: whether" in line]
    assert change.startswith("breaking  ")
    assert "deletePortalRequest, " in change
    assert "inviteToPortal" not in change
    assert "expected at least 10.0.0" in run.stderr
    assert 'names "contract ' in run.stderr


@pytest.fixture
def repository(checkout: Path) -> Path:
    """The checkout as a repository with one revision."""
    for arguments in (["init", "-q"], ["add", "."], [*_AUTHOR, "commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", "-C", str(checkout), *arguments], check=True, timeout=60)
    return checkout


_AUTHOR = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


def test_what_changed_since_a_revision_needs_a_new_changelog_entry(repository: Path) -> None:
    assert _compat(repository, "--against", "HEAD").returncode == 0
    spec, changelog = repository / "openapi" / "cerbo-portal.yaml", repository / "CHANGELOG.md"
    spec.write_text(spec.read_text(encoding="utf-8").replace("username", "login"), encoding="utf-8")
    run = _compat(repository, "--against", "HEAD")
    assert run.returncode == 1
    assert 'names "contract 0.2.0" and what breaks: PortalCredentials, username\n' in run.stderr
    entry = "- Contract 0.2.0: `username` of `PortalCredentials` has another name.\n"
    changelog.write_text(changelog.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert _compat(repository, "--against", "HEAD").returncode == 0
    subprocess.run(["git", "-C", str(repository), *_AUTHOR, "commit", "-qam", "Rename"], check=True, timeout=60)
    spec.write_text(spec.read_text(encoding="utf-8").replace("login", "name"), encoding="utf-8")
    assert _compat(repository, "--against", "HEAD").returncode == 1


def test_changes_against_a_document_are_printed_as_json(repository: Path) -> None:
    spec = repository / "openapi" / "cerbo-portal.yaml"
    old = shutil.copy(spec, repository / "old.yaml")
    run = _compat(repository, "--json", "--against", str(old))
    assert (run.returncode, json.loads(run.stdout)["changes"]) == (0, [])
    spec.write_text(spec.read_text(encoding="utf-8").replace("username", "login"), encoding="utf-8")
    run = _compat(repository, "--json", "--against", str(old))
    report = json.loads(run.stdout)
    assert run.returncode == 1
    assert (report["old"], report["new"]) == ("0.2.0", "0.2.0")
    assert report["changes"][0].items() >= {"kind": "breaking", "operation": "validatePortalCredentials"}.items()
    assert report["problems"] == [run.stderr.strip().removeprefix("compat: ")]


@pytest.mark.parametrize("target", ["nowhere", "--upload-pack=x", "HEAD:"])
def test_a_revision_that_is_none_is_refused(target: str, repository: Path) -> None:
    run = _compat(repository, f"--against={target}")
    assert run.returncode == 2
    assert run.stderr == "compat: --against: expected a document, or a revision that has openapi/cerbo-portal.yaml\n"


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
