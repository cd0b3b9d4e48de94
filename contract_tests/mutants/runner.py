"""Runs the tests against copies of mock and client with a defect in them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from contract_tests.mutants import PACKAGES, Mutant
from contract_tests.support.checkout import ROOT

_WORKERS = 2
# One run, in seconds; the longest, of nearly all tests, takes minutes on a busy machine.
_LIMIT = 1_800
_VERDICTS = {0: "survived", 1: "killed"}


class Run(NamedTuple):
    """How a run of tests ended, `killed`, `survived` or else; the test that failed; and the seconds it took."""

    verdict: str
    by: str
    seconds: float


class Result(NamedTuple):
    """The run of a mutant's check, and what is wrong; empty if nothing is."""

    mutant: Mutant
    run: Run
    problem: str


def checks() -> dict[str, Path]:
    """The files of tests by their short names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("test_*.py"))]
    # These projects are run by tests.
    paths = [path for path in paths if path.parent.name not in {"sample_project", "guessing_project"}]
    return {path.stem.removeprefix("test_").replace("_", "-"): path for path in paths}


def run(mutants: Iterable[Mutant], names: Collection[str]) -> Run:
    """Run checks on copies of the packages with these defects in them."""
    paths = checks()
    with tempfile.TemporaryDirectory() as directory:
        for name, package in PACKAGES.items():
            shutil.copytree(package, Path(directory, name), ignore=shutil.ignore_patterns("__pycache__"))
        # As in the wheel: outside of the checkout the contract is data of the package.
        shutil.copy(ROOT / "openapi" / "cerbo-portal.yaml", Path(directory, "cerbo_portal_mock", "spec"))
        for mutant in mutants:
            path = Path(directory, mutant.path)
            path.write_text(mutant.apply(path.read_text(encoding="utf-8")), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no"]
        command += sorted(str(paths[name]) for name in names)
        settings = {"PYTHONPATH": directory, "HYPOTHESIS_PROFILE": "mutants", "CERBO_STRESS_SECONDS": "6"}
        start = time.monotonic()
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, **settings},
                check=False,
                capture_output=True,
                text=True,
                timeout=_LIMIT,
            )
        except subprocess.TimeoutExpired:
            return Run(f"took more than {_LIMIT} seconds", "", _LIMIT)
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    verdict = _VERDICTS.get(done.returncode, f"ended with {done.returncode}")
    return Run(verdict, failed[1] if failed else "", time.monotonic() - start)


def results(mutants: list[Mutant]) -> Iterator[Result]:
    """Try mutants, in parallel, and yield the results in their order."""
    alone = [mutant for mutant in mutants if mutant.alone]
    witnesses = {mutant.check for mutant in alone}
    # `drift` tests the checkout, not the copy.
    others = checks().keys() - witnesses - {"drift"}
    with ThreadPoolExecutor(_WORKERS) as pool:
        # Nearly all tests, once with all of these defects: to run them for each would take longer than all else.
        unseen = pool.submit(run, alone, others) if alone else None

        def result(mutant: Mutant) -> Result:
            found = run([mutant], {mutant.check})
            if found.verdict == "survived":
                return Result(mutant, found, f"expected {mutant.check} to find it")
            if found.verdict != "killed":
                return Result(mutant, found, f"expected a test to fail, the run {found.verdict}")
            if mutant.alone and unseen:
                failures = [unseen.result()] if unseen.result().verdict != "survived" else []
                if witnesses - {mutant.check}:
                    failures.append(run([mutant], witnesses - {mutant.check}))
                if by := [other.by or other.verdict for other in failures if other.verdict != "survived"]:
                    return Result(mutant, found, f"expected {mutant.check} alone to find it, not {by[0]}")
            return Result(mutant, found, "")

        yield from pool.map(result, mutants)
