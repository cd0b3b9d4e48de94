"""Named defects of mock and client, each with the check that must find it; `scripts/mutants` tries them."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One small change of behaviour.

    Attributes:
        name: what is wrong with it.
        module: the file, within its package.
        old: what stands there, exactly once.
        new: what stands there instead.
        check: the file of tests that must find it, without `test_`: `bad-input` is `test_bad_input.py`.
        alone: whether no other file of tests finds it.
    """

    name: str
    module: str
    old: str
    new: str
    check: str
    alone: bool = False
