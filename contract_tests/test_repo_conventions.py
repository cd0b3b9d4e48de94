"""CI, the hooks and CONTRIBUTING.md name the scripts that exist, and nothing else."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.support.checkout import ROOT

Json = Any
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and path.name[0] not in "._"}
# What CI runs beside the scripts, as it needs a service that a contributor may not reach.
AUDIT = ("python -m pip install --quiet pip-audit==", "pip-audit --strict ")


def _load(path: Path) -> Json:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _steps(workflow: Path) -> Iterator[Json]:
    for job in _load(workflow)["jobs"].values():
        yield from job["steps"]


def _is_script(command: str) -> bool:
    match = re.fullmatch(r"(?:python |\./)scripts/([a-z]+)(?: --[a-z]+)*|bash \.ci/run", command)
    return match is not None and (match[1] is None or match[1] in SCRIPTS)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_scripts_of_the_checkout(workflow: Path) -> None:
    commands = [step["run"] for step in _steps(workflow) if "run" in step]
    assert commands
    assert [run for run in commands if not _is_script(run) and not run.startswith(AUDIT)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_no_more_and_what_it_uses_is_pinned(workflow: Path) -> None:
    content = _load(workflow)
    assert content["permissions"] == {"contents": "read"}
    assert [name for name, job in content["jobs"].items() if "permissions" in job or "timeout-minutes" not in job] == []
    used = [step["uses"] for step in _steps(workflow) if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []


def test_the_hooks_are_scripts_and_fetch_nothing() -> None:
    repositories = _load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert [hook["entry"] for hook in hooks if not _is_script(hook["entry"])] == []


def test_contributing_names_each_script_once() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `\./scripts/([a-z]+)` \|", page, re.MULTILINE)) == sorted(SCRIPTS)


def test_each_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if re.fullmatch(r"(dependencies|mock|cli|dev) = \[", line)]
    listed = [line for start in starts for line in lines[start + 1 : lines.index("]", start)]]
    assert len(listed) > 10
    assert [line for line in listed if not re.fullmatch(r' +"[^"]+", # \S.+', line)] == []


def test_all_of_the_project_is_imported_before_the_first_case_is_drawn() -> None:
    """What Hypothesis draws depends on the modules that are imported: all are, so it is the same in every run."""
    roots = {"contract_tests": "", "generated": "generated", "mock_server/cerbo_portal_mock": "mock_server"}
    for place, root in {**roots, "scripts": "scripts"}.items():
        for path in (ROOT / place).rglob("*.py"):
            if not path.name.startswith(("test_", "__main__")):
                name = ".".join(path.relative_to(ROOT / root).with_suffix("").parts)
                assert name.removesuffix(".__init__") in sys.modules, path
