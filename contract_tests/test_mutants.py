"""The named defects fit the code, and the docs show them; `scripts/mutants` shows that each is found."""

import re

import pytest

from contract_tests.mutants import PACKAGES, Mutant, load, runner
from contract_tests.support.checkout import ROOT

MUTANTS = load()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_changes_its_function_into_other_valid_code(mutant: Mutant) -> None:
    source = (PACKAGES[mutant.path.parts[0]].parent / mutant.path).read_text(encoding="utf-8")
    changed = mutant.apply(source)
    compile(changed, str(mutant.path), "exec")
    assert changed != Mutant("", "", mutant.where, mutant.old, mutant.old).apply(source) or mutant.old == "..."
    assert mutant.check in runner.checks()
    assert mutant.alone in {"", "alone"}


def test_mutant_names_are_unique_and_few() -> None:
    assert 60 <= len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) <= 80


@pytest.mark.parametrize("check", ["mock", "client-wire", "client-parse", "model"])
def test_mutant_would_survive_without_its_check(check: str) -> None:
    assert [mutant.name for mutant in MUTANTS if mutant.check == check and mutant.alone]


@pytest.mark.parametrize(
    ("where", "old", "message"),
    [
        ("m:f", "b", "expected `b` once in m:f, found it 0 times"),
        ("m:f", "a", "expected `a` once in m:f, found it 2 times"),
        ("m:g", "a", "expected the function m:g"),
    ],
)
def test_mutant_that_does_not_fit_is_named(where: str, old: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"gone: {message}")):
        Mutant("model", "gone", where, old, "0").apply("def f(a): return a + a\n\na = b = 0\n".replace("(a)", "()"))


def test_the_readme_has_the_number_of_the_mutants() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"\n{len(MUTANTS)} named defects of the mock and of the client" in readme
