"""What a measurement is, and how two or more things take turns."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Cell = str | float


class Row(NamedTuple):
    """One figure that has a bound: a ratio of two things, or, with a unit, an amount."""

    what: str
    value: float
    bound: float
    at_least: bool = False
    unit: str = ""
    basis: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure keeps within its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True)
class Table:
    """Figures that have no bound of their own."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Outcome:
    """What one sub-command measured, and the versions of what was measured besides this project."""

    rows: Sequence[Row]
    tables: Sequence[Table] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


def in_turns(
    actions: Mapping[str, Callable[[], object]],
    rounds: int,
    repeat: int = 1,
) -> dict[str, float]:
    """The medians, in seconds of one call, of things that take turns, after one call of each that does not count.

    Args:
        actions: what is called.
        rounds: how many turns each has.
        repeat: how many calls a turn is.
    """
    spent: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            start = time.perf_counter()
            for _ in range(repeat):
                action()
            spent[name].append((time.perf_counter() - start) / repeat)
    return {name: statistics.median(times) for name, times in spent.items()}
