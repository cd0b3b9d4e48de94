"""The named defects fit the code as it is, and the docs show them; that each is found is `scripts/mutants`' to say."""

import _mutants
import pytest
from _mutants import MUTANTS, PACKAGES

from contract_tests.mutants import Mutant

EACH = [(kind, mutant) for kind, mutants in MUTANTS.items() for mutant in mutants]


@pytest.mark.parametrize(("kind", "mutant"), EACH, ids=lambda value: getattr(value, "name", value))
def test_a_defect_changes_what_it_says_into_other_valid_code(kind: str, mutant: Mutant) -> None:
    package = PACKAGES[kind]
    spoiled = _mutants.spoiled(mutant, package)
    assert spoiled != (package / mutant.module).read_text(encoding="utf-8")
    compile(spoiled, mutant.module, "exec")
    assert mutant.check in _mutants.checks()


def test_there_are_enough_defects_of_different_names() -> None:
    assert len(MUTANTS["mock"]) >= 40
    assert len(MUTANTS["client"]) >= 20
    for mutants in MUTANTS.values():
        assert len({mutant.name for mutant in mutants}) == len(mutants)


@pytest.mark.parametrize("check", ["mock", "client-wire", "client-parse", "model"])
def test_a_defect_would_survive_without(check: str) -> None:
    assert [mutant.name for _, mutant in EACH if mutant.check == check and mutant.alone]


def test_a_defect_that_does_not_fit_is_named() -> None:
    mutant = Mutant("gone", "state.py", "no such text", "", "model")
    with pytest.raises(ValueError, match=r"gone: expected its text once in state.py, found it 0 times"):
        _mutants.spoiled(mutant, PACKAGES["mock"])


def test_the_docs_show_the_defects() -> None:
    text = _mutants.DOCS.read_text(encoding="utf-8")
    assert text == _mutants.document(text), "expected the tables of ./scripts/mutants --docs"
