"""The nightly run says from which seed it runs, and passes it on; a failure comes with a way to replay it."""

import subprocess
from pathlib import Path
from typing import Any

import _nightly
import pytest
from hypothesis import settings

from contract_tests.example_budget import config

Run = tuple[list[str], dict[str, str]]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Run]:
    """What the nightly run starts, in place of being started; the tests fail where they are to."""
    runs: list[Run] = []

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> "subprocess.CompletedProcess[str]":
        runs.append((command, env))
        return subprocess.CompletedProcess(command, 1 if "failing" in command else 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(_nightly, "ROOT", tmp_path)
    (tmp_path / "scripts").mkdir()
    return runs


def test_each_run_has_a_seed_of_its_own_and_prints_it(runs: list[Run], capsys: pytest.CaptureFixture[str]) -> None:
    assert [_nightly.main(["--nightly"]) for _ in range(2)] == [0, 0]
    (_, first), (_, second) = runs
    assert first["NIGHTLY_SEED"] != second["NIGHTLY_SEED"]
    assert f"again: ./scripts/test --nightly --seed {first['NIGHTLY_SEED']}\n" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--seed", "7"], ["--seed=7"]])
def test_a_seed_that_is_given_reaches_every_generator(arguments: list[str], runs: list[Run]) -> None:
    assert _nightly.main(["--nightly", *arguments, "-k", "wire"]) == 0
    ((command, environment),) = runs
    assert command[2:] == ["--hypothesis-seed=7", "-k", "wire"]
    told = ("HYPOTHESIS_PROFILE", "NIGHTLY_SEED", "CERBO_STRESS_SECONDS")
    assert [environment[name] for name in told] == ["nightly", "7", "30"]


def test_a_failure_comes_with_its_replay(runs: list[Run], capsys: pytest.CaptureFixture[str]) -> None:
    assert _nightly.main(["--nightly", "--seed=7", "failing"]) == 1
    out, error = capsys.readouterr()
    assert "to replay a failure: ./scripts/test --nightly --seed 7 -k " in error
    assert "nightly: tests failed after" in out


def test_the_mutants_run_where_they_are_and_nothing_else_was_asked_for(runs: list[Run], tmp_path: Path) -> None:
    mutants = tmp_path / "scripts" / "mutants"
    mutants.touch()
    _nightly.main(["--nightly"])
    _nightly.main(["--nightly", "-k", "wire"])
    assert [command[1] for command, _ in runs] == ["scripts/test", str(mutants), "scripts/test"]


@pytest.mark.parametrize("seed", ["--seed", "--seed=", "--seed=x", "--seed=-1", "--seed=4294967296"])
def test_a_bad_seed_is_refused(seed: str, runs: list[Run], capsys: pytest.CaptureFixture[str]) -> None:
    assert _nightly.main(["--nightly", seed]) == 2
    assert capsys.readouterr().err == "test: --seed: expected a number from 0 to 4294967295\n"
    assert runs == []


def test_the_nightly_profile_tries_as_many_examples_as_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIGHTLY_SEED", "7")
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path))
    nightly = config()
    assert nightly.seed == 7
    assert settings.get_profile("nightly").max_examples == _nightly.EXAMPLES
    generation = nightly.projects.default.generation
    assert generation.max_examples == _nightly.EXAMPLES
    assert not generation.deterministic
