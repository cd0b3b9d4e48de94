"""What a benchmark measured, and its tables in the documents."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from contract_tests.markdown_blocks import renewed

DOCUMENT, README = Path("docs/benchmarks.md"), Path("README.md")

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

    @property
    def cells(self) -> list[Cell]:
        """The figure as a row of a table."""
        bound = f"{'≥' if self.at_least else '≤'} {self.bound:.2f} {self.unit}".strip()
        return [
            self.what,
            f"{self.value:.2f} {self.unit}".strip(),
            bound,
            "yes" if self.holds else "**no**",
            self.basis,
        ]


class Table(NamedTuple):
    """Figures that have no bound."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Result:
    """What one sub-command measured, and the versions of what was measured besides this project."""

    rows: Sequence[Row]
    tables: Sequence[Table] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


def ratio(what: str, ours: float, base: float, bound: float, unit: str) -> Row:
    """A row of two amounts, in seconds or megabytes, which are shown in the unit."""
    factor = {"µs": 1e6, "ms": 1e3}.get(unit, 1.0)
    return Row(what, ours / base, bound, basis=f"{ours * factor:,.1f} / {base * factor:,.1f} {unit}")


def in_turns(
    actions: Mapping[str, Callable[[], object]],
    rounds: int,
    repeat: int = 1,
    clocks: Mapping[str, Callable[[], float]] | None = None,
) -> dict[str, float]:
    """The median seconds of one call of each action, after one call of each that does not count.

    Args:
        actions: what is called.
        rounds: how many turns each has.
        repeat: how many calls a turn is.
        clocks: by action, the clock that measures it; elapsed time for the others.
    """
    spent: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            clock = (clocks or {}).get(name, time.perf_counter)
            start = clock()
            for _ in range(repeat):
                action()
            spent[name].append((clock() - start) / repeat)
    return {name: statistics.median(times) for name, times in spent.items()}


def as_markdown(result: Result) -> str:
    """A result as tables: what has a bound, then the other figures."""
    parts = [_markdown(["what", "measured", "bound", "holds", "of"], [row.cells for row in result.rows])]
    for table in result.tables:
        parts += [f"{table.title}:", _markdown(table.columns, table.rows)]
    return "\n\n".join(parts)


def write(root: Path, results: Mapping[str, Result]) -> None:
    """Renew the tables of what was measured; the others stay.

    Args:
        root: the project's folder.
        results: by sub-command.
    """
    versions = {name: number for result in results.values() for name, number in result.versions.items()}
    python = f"{platform.python_implementation()} {platform.python_version()}"
    made_of = ", ".join(f"{name} {number}" for name, number in versions.items())
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}; {made_of}."
    blocks = {"machine": machine, **{name: as_markdown(result) for name, result in results.items()}}
    if "server" in results:
        rates, *_, start = results["server"].tables
        columns = ["server", *(f"{method}, per s" for method in rates.columns[1:]), *start.columns[1:3]]
        rows = [[*row, *more[1:3]] for row, more in zip(rates.rows, start.rows, strict=True)]
        blocks["short"] = _markdown(columns, rows)
    parts = {f"bench: {name}": f"\n{block}\n\n" for name, block in blocks.items()}
    for name in (DOCUMENT, README):
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_text(renewed(text, parts), encoding="utf-8")


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    rule = ["---" if isinstance(cell, str) else "--:" for cell in rows[0]]
    cells = ([cell if isinstance(cell, str) else f"{cell:,}" for cell in line] for line in [columns, rule, *rows])
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
