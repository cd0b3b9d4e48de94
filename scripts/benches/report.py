"""Outcomes as text, as JSON, and in the project's documents."""

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benches import plot, server
from benches.measure import Cell, Outcome, Row

DOCUMENT = Path("docs/benchmarks.md")
RESULTS = Path("docs/bench/results.json")
PLOT = Path("docs/bench/requests-per-second.svg")
_BLOCK = r"(<!-- bench: {} -->\n).*?(<!-- end of bench -->)"

Json = dict[str, Any]


def to_json(outcome: Outcome) -> Json:
    """An outcome, when it was measured, and what holds."""
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "rows": [{**row._asdict(), "holds": row.holds} for row in outcome.rows],
        "tables": [{"title": t.title, "columns": list(t.columns), "rows": t.rows} for t in outcome.tables],
        "versions": dict(outcome.versions),
    }


def machine() -> Json:
    """What the figures depend on besides the project, without anything that names the machine."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def as_text(outcome: Outcome) -> str:
    """An outcome for a terminal."""
    lines = []
    for row in outcome.rows:
        mark = " " if row.holds else "!"
        basis = f" ({row.basis})" if row.basis else ""
        lines.append(f"{mark} {_value(row):>9}  {_bound(row):>11}  {row.what}{basis}")
    for table in outcome.tables:
        cells = [list(map(str, table.columns)), *([_cell(cell) for cell in row] for row in table.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["", table.title]
        lines += [
            "  ".join(text.ljust(width) if i == 0 else text.rjust(width) for i, (text, width) in enumerate(
                zip(row, widths, strict=True)))
            for row in cells
        ]  # fmt: skip
    return "\n".join(lines)


def write(root: Path, outcomes: Mapping[str, Outcome]) -> None:
    """Renew the results, the tables and the plot for what was measured; the others stay.

    Args:
        root: the project's folder.
        outcomes: by sub-command.
    """
    path = root / RESULTS
    kept: Json = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"benches": {}}
    benches = kept["benches"] | {name: to_json(outcome) for name, outcome in outcomes.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"machine": machine(), "benches": benches}, indent=1, ensure_ascii=False)
    path.write_text(f"{content}\n", encoding="utf-8")
    document = (root / DOCUMENT).read_text(encoding="utf-8")
    document = _put(document, "machine", _machine_line(benches))
    for name, outcome in outcomes.items():
        document = _put(document, name, as_markdown(outcome))
    (root / DOCUMENT).write_text(document, encoding="utf-8")
    if "server" in outcomes:
        (root / PLOT).write_text(plot.bars(outcomes["server"].tables[0], server.MOCK), encoding="utf-8")
        readme = (root / "README.md").read_text(encoding="utf-8")
        (root / "README.md").write_text(_put(readme, "short", short(outcomes["server"])), encoding="utf-8")


def as_markdown(outcome: Outcome) -> str:
    """An outcome as tables: what has a bound, then the figures."""
    parts = []
    if outcome.rows:
        rows = [[row.what, _value(row), _bound(row), "yes" if row.holds else "**no**", row.basis]
                for row in outcome.rows]  # fmt: skip
        parts.append(_markdown(["what", "measured", "bound", "holds", "of"], rows))
    for table in outcome.tables:
        parts += [f"{table.title}:", _markdown(table.columns, table.rows)]
    return "\n\n".join(parts)


def short(outcome: Outcome) -> str:
    """The requests per second, the start-up and the memory of all servers in one table."""
    rates, start = outcome.tables[0], outcome.tables[-1]
    columns = ["server", *(f"{method}, per s" for method in rates.columns[1:]), *start.columns[1:3]]
    return _markdown(columns, [[*row, *more[1:3]] for row, more in zip(rates.rows, start.rows, strict=True)])


def _put(document: str, name: str, content: str) -> str:
    pattern = re.compile(_BLOCK.format(re.escape(name)), re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}\n{content}\n\n{match[2]}", document)


def _machine_line(benches: Mapping[str, Json]) -> str:
    found = machine()
    versions = {name: number for bench in benches.values() for name, number in bench["versions"].items()}
    made_of = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{found['cores']} cores, {found['memory_gb']} GB of memory, {found['system']}, {found['python']}; {made_of}."
    )


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    rule = ["---" if isinstance(cell, str) else "--:" for cell in rows[0]]
    lines = [columns, rule, *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(cell: Cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:,}"


def _value(row: Row) -> str:
    return f"{row.value:.2f} {row.unit}".strip()


def _bound(row: Row) -> str:
    return f"{'≥' if row.at_least else '≤'} {row.bound:.2f} {row.unit}".strip()
