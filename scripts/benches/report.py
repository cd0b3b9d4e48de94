"""What a benchmark measured, and its tables in the documents."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from contract_tests.markdown_blocks import renewed

DOCUMENT, README = Path("docs/benchmarks.md"), Path("README.md")
# The columns of the server's table that the README shows.
_SHORT = 6

Line = Sequence[str | float]


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

    @property
    def cells(self) -> list[str]:
        """The figure as a row of a table."""
        measured, bound = (f"{number:.2f} {self.unit}".strip() for number in (self.value, self.bound))
        sign, holds = "≥" if self.at_least else "≤", "yes" if self.holds else "**no**"
        return [self.what, measured, f"{sign} {bound}", holds, self.basis]


class Result(NamedTuple):
    """What one sub-command measured: figures that have a bound, and a table of others, whose first line names them."""

    rows: Sequence[Row]
    table: Sequence[Line] = ()


def ratio(what: str, ours: float, base: float, bound: float, unit: str) -> Row:
    """A row of two amounts, in seconds or megabytes, which are shown in the unit."""
    factor = {"µs": 1e6, "ms": 1e3}.get(unit, 1.0)
    return Row(what, ours / base, bound, basis=f"{ours * factor:,.1f} / {base * factor:,.1f} {unit}")


def in_turns(
    actions: Mapping[str, Callable[[], object]],
    rounds: int,
    repeat: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """The median seconds of one call of each action, after one call of each that does not count.

    Args:
        actions: what is called.
        rounds: how many turns each has.
        repeat: how many calls a turn is.
        clock: the clock that measures them.
    """
    spent: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            start = clock()
            for _ in range(repeat):
                action()
            spent[name].append((clock() - start) / repeat)
    return {name: statistics.median(times) for name, times in spent.items()}


def as_markdown(result: Result) -> str:
    """A result as tables: what has a bound, then the other figures."""
    bounds = _markdown([["what", "measured", "bound", "holds", "of"], *(row.cells for row in result.rows)])
    return f"{bounds}\n\n{_markdown(result.table)}" if result.table else bounds


def write(root: Path, results: Mapping[str, Result]) -> None:
    """Renew the tables of what was measured; the others stay.

    Args:
        root: the project's folder.
        results: by sub-command.
    """
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}."
    blocks = {"machine": machine, **{name: as_markdown(result) for name, result in results.items()}}
    if "server" in results:
        blocks["short"] = _markdown([line[:_SHORT] for line in results["server"].table])
    parts = {f"bench: {name}": f"\n{block}\n\n" for name, block in blocks.items()}
    for name in (DOCUMENT, README):
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_text(renewed(text, parts), encoding="utf-8")


def _markdown(table: Sequence[Line]) -> str:
    rule = ["---" if isinstance(cell, str) else "--:" for cell in table[1]]
    cells = ([cell if isinstance(cell, str) else f"{cell:,}" for cell in line] for line in [table[0], rule, *table[1:]])
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
