"""`scripts/nightly` prints its seed and passes it on; a failure comes with a way to replay it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from contract_tests.example_budget import config
from contract_tests.support.scripts import load_script

Run = tuple[list[str], dict[str, str]]
nightly = load_script("nightly")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The commands of the nightly run, none of which is started; the tests fail where they are to."""
    runs: list[Run] = []

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> "subprocess.CompletedProcess[str]":
        runs.append((command[1:], env))
        return subprocess.CompletedProcess(command, 1 if "failing" in command else 0)

    monkeypatch.setattr(subprocess, "run", run)
    return runs


@pytest.fixture
def run_nightly(runs: list[Run], monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the script with arguments, and gives its exit code."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["nightly", *arguments])
        try:
            return int(nightly.main())
        except SystemExit as error:
            return int(str(error.code))

    return run


def test_nightly_draws_and_prints_a_new_seed(
    run_nightly: Callable[..., int], runs: list[Run], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [run_nightly("-q") for _ in range(2)] == [0, 0]
    (_, first), (_, second) = runs
    assert first["NIGHTLY_SEED"] != second["NIGHTLY_SEED"]
    assert f"again: ./scripts/nightly --seed {first['NIGHTLY_SEED']}\n" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--seed", "7"], ["--seed=7"]])
def test_nightly_seed_reaches_every_generator(
    arguments: list[str], run_nightly: Callable[..., int], runs: list[Run]
) -> None:
    assert run_nightly(*arguments, "-k", "wire") == 0
    ((command, environment),) = runs
    assert command == ["scripts/test", "--hypothesis-seed=7", "-k", "wire"]
    names = ("HYPOTHESIS_PROFILE", "NIGHTLY_SEED", "CERBO_STRESS_SECONDS")
    assert [environment[name] for name in names] == ["nightly", "7", "30"]


def test_nightly_failure_prints_its_replay(
    run_nightly: Callable[..., int], runs: list[Run], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_nightly("--seed=7", "failing") == 1
    out, error = capsys.readouterr()
    assert "to replay a failure: ./scripts/nightly --seed 7 -k " in error
    assert "nightly: tests failed after" in out


def test_nightly_runs_the_mutants_unless_pytest_has_arguments(run_nightly: Callable[..., int], runs: list[Run]) -> None:
    run_nightly()
    run_nightly("-k", "wire")
    assert [command[0] for command, _ in runs] == ["scripts/test", "scripts/mutants", "scripts/test"]


@pytest.mark.parametrize("seed", ["--seed", "--seed=", "--seed=x", "--seed=-1", "--seed=4294967296"])
def test_nightly_refuses_a_bad_seed(
    seed: str, run_nightly: Callable[..., int], runs: list[Run], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_nightly(seed) == 2
    assert "--seed: expected " in capsys.readouterr().err
    assert runs == []


def test_nightly_profile_sets_the_number_of_examples(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIGHTLY_SEED", "7")
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path))
    settings_of_schemathesis = config()
    assert settings_of_schemathesis.seed == 7
    assert settings.get_profile("nightly").max_examples == nightly.EXAMPLES
    generation = settings_of_schemathesis.projects.default.generation
    assert generation.max_examples == nightly.EXAMPLES
    assert not generation.deterministic
