"""Tables, by Rich. Texts of the server are printed literally: no markup, no control characters."""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from .batch import Failure
from .formatting import Json, Row
from .output import Output, escape

_NOTHING: Final = "Nothing."
_USUAL_WIDTH: Final = 80
_MIN_WIDTH: Final = 40


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Raise the error, so that the command chooses the exit code."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def print_all(output: Output) -> None:
    """Print the tables of an output.

    Args:
        output: has all outcomes.
    """
    console = _Output(file=sys.stdout, markup=False, highlight=False, emoji=False)
    # Rich leaves out the columns that a narrow table has no room for, and COLUMNS=0 means an unknown width.
    console.width = max(console.width or _USUAL_WIDTH, _MIN_WIDTH)
    if output.summarise:
        _print_summary(console, output.summary())
    else:
        lines = output.rows()
        if lines:
            console.print(_table(lines, output.command.columns or list(dict.fromkeys(_names(lines)))))
        elif any(outcome.answer and not outcome.failure for outcome in output.outcomes):
            console.print(_NOTHING)
    failures = [{**outcome.target, **_reason(outcome.failure)} for outcome in output.outcomes if outcome.failure]
    if failures:
        console.print("Not confirmed:", _table(failures, list(failures[0])), sep="\n")


def _reason(failure: Failure) -> Row:
    return {"why": failure.kind, "status": failure.status, "message": failure.message}


def _print_summary(console: Console, totals: Row) -> None:
    (by,) = (name for name in totals if name.startswith("by_"))
    kind = by.removeprefix("by_")
    if not totals["entries"]:
        console.print(_NOTHING)
    else:
        counts = [*totals[by].items(), ("all", totals["entries"])]
        console.print(_table([{kind: name, "entries": count} for name, count in counts], [kind, "entries"]))
    if totals["oldest"]:
        console.print("The oldest:", _table([totals["oldest"]], list(totals["oldest"])), sep="\n")


def _names(lines: Sequence[Row]) -> Iterator[str]:
    for line in lines:
        yield from line


def _table(lines: Sequence[Row], columns: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(Text(escape(column)), overflow="fold")
    for line in lines:
        table.add_row(*(Text(escape(_text(line.get(column)))) for column in columns))
    return table


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@contextmanager
def progress(total: int, text: str) -> Iterator[Callable[[], None]]:
    """A progress bar on the standard error, removed at the end; yields a function that advances it by one.

    Args:
        total: the number of calls.
        text: shown next to it.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=total)
        yield lambda: bar.advance(task)
