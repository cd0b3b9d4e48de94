"""Named defects of mock and client: applied one at a time to a copy, which the tests then take for the real thing."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from _venv import ROOT

from contract_tests.mutants import Mutant, client, mock_auth, mock_enqueue, mock_semantics

DOCS = ROOT / "docs" / "how-we-know.md"
PACKAGES = {
    "mock": ROOT / "mock_server" / "cerbo_portal_mock",
    "client": ROOT / "generated" / "cerbo_portal_client",
}
MUTANTS: dict[str, tuple[Mutant, ...]] = {
    "mock": mock_semantics.MUTANTS + mock_enqueue.MUTANTS + mock_auth.MUTANTS,
    "client": client.MUTANTS,
}
WORKERS = 2
# One run, in seconds; the longest takes a minute.
LIMIT = 600
_VERDICTS = {0: "survived", 1: "killed"}


def checks() -> dict[str, Path]:
    """The files of tests by their short names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("test_*.py"))]
    return {path.stem.removeprefix("test_").replace("_", "-"): path for path in paths}


@dataclass(frozen=True)
class Run:
    """How one run of tests ended: `killed`, `survived`, or what else; by which test; and the seconds it took."""

    verdict: str
    seconds: float
    by: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a mutant: the run of its check, and of all others, where that matters."""

    mutant: Mutant
    check: Run
    others: Run | None = None

    @property
    def problem(self) -> str:
        """What is wrong; empty if nothing is."""
        if self.check.verdict == "survived":
            seen = f"only {self.others.by}" if self.others and self.others.by else "nothing"
            return f"{self.mutant.name}: expected {self.mutant.check} to find it, {seen} does"
        if self.check.verdict != "killed":
            return f"{self.mutant.name}: expected a test to fail, the run {self.check.verdict}"
        if self.others and self.others.verdict != "survived":
            others = f"the others: {self.others.verdict} {self.others.by}".rstrip()
            return f"{self.mutant.name}: expected {self.mutant.check} alone to find it, {others}"
        return ""


def spoiled(mutant: Mutant, package: Path) -> str:
    """The text of the mutant's module.

    Raises:
        ValueError: what it replaces does not stand there exactly once.
    """
    text = (package / mutant.module).read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise ValueError(
            f"{mutant.name}: expected its text once in {mutant.module}, found it {text.count(mutant.old)} times"
        )
    return text.replace(mutant.old, mutant.new)


def run(mutants: list[tuple[str, Mutant]]) -> Iterator[Result]:
    """Try mutants, in parallel, and yield the results in their order.

    Args:
        mutants: each with the package that it is of.
    """
    alone = [each for each in mutants if each[1].alone]
    witnesses = {mutant.check for _, mutant in alone}
    with ThreadPoolExecutor(WORKERS) as pool:
        # To run nearly all tests for each of them would take more time than all other mutants do.
        unseen = pool.submit(_run, alone, checks().keys() - witnesses) if alone else None
        yield from pool.map(lambda each: _try(each[0], each[1], witnesses, unseen), mutants)


def baseline(names: set[str]) -> Run:
    """Run the checks on copies without a defect: they must pass, or a failure says nothing about a mutant."""
    return _run([], names)


def _try(kind: str, mutant: Mutant, witnesses: set[str], unseen: Future[Run] | None) -> Result:
    check = _run([(kind, mutant)], {mutant.check})
    if check.verdict == "survived":
        return Result(mutant, check, _run([(kind, mutant)], checks().keys() - {mutant.check}))
    return Result(mutant, check, _elsewhere(kind, mutant, witnesses, unseen) if mutant.alone and unseen else None)


def _elsewhere(kind: str, mutant: Mutant, witnesses: set[str], unseen: Future[Run]) -> Run:
    """Whether another check finds a mutant that only its own should find.

    Args:
        kind: the package that it is of.
        mutant: the defect.
        witnesses: the checks of all mutants of this sort.
        unseen: the run of all other checks, with all mutants of this sort at once.
    """
    others = witnesses - {mutant.check}
    if others and (found := _run([(kind, mutant)], others)).verdict != "survived":
        return found
    found = unseen.result()
    # Where one of them was seen, it need not be this one.
    return found if found.verdict == "survived" else _run([(kind, mutant)], checks().keys() - witnesses)


def _run(mutants: list[tuple[str, Mutant]], names: Iterable[str]) -> Run:
    """Run checks on copies of both packages with these defects."""
    paths = checks()
    with tempfile.TemporaryDirectory() as directory:
        copies = {kind: _copy(package, Path(directory)) for kind, package in PACKAGES.items()}
        for kind, mutant in mutants:
            (copies[kind] / mutant.module).write_text(spoiled(mutant, copies[kind]), encoding="utf-8")
        return _pytest(Path(directory), *(str(paths[name]) for name in sorted(names)))


def _copy(package: Path, directory: Path) -> Path:
    copy = Path(shutil.copytree(package, directory / package.name, ignore=shutil.ignore_patterns("__pycache__")))
    if package == PACKAGES["mock"]:
        # As in the wheel: out of the checkout the contract is data of the package.
        shutil.copy(ROOT / "openapi" / "cerbo-portal.yaml", copy / "spec")
    return copy


def _pytest(directory: Path, *arguments: str) -> Run:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no", *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": str(directory),
        "HYPOTHESIS_PROFILE": "mutants",
        "CERBO_STRESS_SECONDS": "6",
    }
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return Run(f"took more than {LIMIT} seconds", LIMIT)
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    verdict = _VERDICTS.get(done.returncode, f"ended with {done.returncode}")
    return Run(verdict, time.monotonic() - start, failed[1] if failed else "")


def table(kind: str) -> list[str]:
    """The mutants of mock or client as a table of Markdown."""
    return [
        "| what is wrong | change | found by |",
        "| --- | --- | --- |",
        *(
            f"| {mutant.name} | {mutant.module}: {_code(mutant.old)} → {_code(mutant.new)} |"
            f" {mutant.check}{' **alone**' if mutant.alone else ''} |"
            for mutant in MUTANTS[kind]
        ),
    ]


def _code(text: str) -> str:
    lines = [line.strip().replace("|", "\\|") for line in text.strip().splitlines()]
    return f"`{' ⏎ '.join(lines)}`" if text.strip() else "nothing"


def seeds() -> list[str]:
    """The seeded defects of the contract, and of what is generated, as a table of Markdown."""
    from contract_tests.spec_diff_cases import BREAKING, COMPATIBLE
    from contract_tests.test_drift import FAILURES, TAMPERINGS
    from contract_tests.test_spec import DEFECTS

    rows = [f"| {rule} | {number} | spec |" for rule, number in sorted(Counter(name for name, _ in DEFECTS).items())]
    rows += [f"| generated files: {name} | 1 | drift |" for name in TAMPERINGS]
    rows += [f"| generating: {name} | 1 | drift |" for name in FAILURES]
    rows += [
        f"| changes that break callers | {len(BREAKING)} | compatibility |",
        f"| changes that must be no alarm | {len(COMPATIBLE)} | compatibility |",
    ]
    return ["| what is seeded | defects | found by |", "| --- | --- | --- |", *rows]


def document(text: str) -> str:
    """The page of the docs with its tables made anew; each stands between comments that name it."""
    for name, lines in (("mock", table("mock")), ("client", table("client")), ("seeds", seeds())):
        head, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        if not end:
            raise ValueError(f"{DOCS.name}: expected a place for the table {name}")
        text = "".join([head, begin, "\n".join(lines), "\n", end, tail])
    return text
