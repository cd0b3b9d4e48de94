"""Prints results: JSON for programs, tables for people, and no control characters."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import click

from .. import serialization
from .batch import Outcome
from .command import Command
from .formatting import Row, local_text, rows, short_text, summarise


def escape(text: str) -> str:
    """The text with control characters and bidirectional marks as escapes.

    Args:
        text: anything; its lines stay lines.
    """
    return "".join(
        character if character.isprintable() or character == "\n" else character.encode("unicode_escape").decode()
        for character in text
    )


def complain(text: str, program: str | None = None) -> None:
    """Print an error in one line, to the standard error.

    Args:
        text: the error.
        program: the name of the program; within a command that of its group.
    """
    name = program or click.get_current_context().find_root().info_name
    click.echo(escape(f"{name}: {text}".replace("\n", " ")), err=True)


@dataclass
class Output:
    """Prints the outcomes of the calls.

    Args:
        command: the sub-command.
        as_json: print a line of JSON for each call, instead of tables.
        local_time: print dates in this machine's zone, instead of UTC.
        summarise: print a summary of the lists, instead of their entries.
    """

    command: Command
    as_json: bool
    local_time: bool
    summarise: bool
    outcomes: list[Outcome] = field(default_factory=list, init=False)

    def add(self, outcome: Outcome) -> None:
        """Add an outcome; a line of JSON is written at once, so that a later failure cannot lose it."""
        self.outcomes.append(outcome)
        if self.as_json and (outcome.failure or not self.summarise):
            _write({**outcome.target, "exit_code": outcome.code, **self._result(outcome)})

    def close(self) -> None:
        """Print the tables or the summary, which need all outcomes."""
        if not self.as_json:
            from . import tables  # noqa: PLC0415 (Rich, which JSON does not need)

            tables.print_all(self)
        elif self.summarise:
            _write({"summary": self.summary()})

    def summary(self) -> Row:
        """The summary of the lists."""
        assert self.command.summary
        answered = [outcome for outcome in self.outcomes if outcome.answer]
        # The oldest is found by its time, before that is formatted.
        entries = [row for outcome in answered for row in self._rows(outcome, lambda moment: moment)]
        summary = summarise(self.command.summary, entries, answered[0].target if answered else ())
        if summary["oldest"]:
            by = self.command.summary.oldest_by
            summary["oldest"][by] = self._format(summary["oldest"][by])
        return {"lists": len(answered), **summary}

    def rows(self) -> list[Row]:
        """The rows of a table of all answers."""
        return [row for outcome in self.outcomes for row in self._rows(outcome, self._format)]

    def _rows(self, outcome: Outcome, instants: Callable[[datetime], Any]) -> Iterator[Row]:
        if outcome.answer:
            yield from rows({**outcome.target}, outcome.answer.to_dict(instants), self.command.operation.list_member)

    @property
    def _format(self) -> Callable[[datetime], str]:
        if self.as_json:
            return local_text if self.local_time else serialization.format_instant
        return partial(short_text, local=self.local_time)

    def _result(self, outcome: Outcome) -> Row:
        result: Row = {}
        if outcome.answer and not self.summarise:
            result["answer"] = outcome.answer.to_dict(self._format)
        if outcome.failure:
            failure = outcome.failure
            error = {"kind": failure.kind, "status": failure.status, "message": failure.message}
            result["error"] = {name: value for name, value in error.items() if value is not None}
        return result


def _write(line: Row) -> None:
    # ASCII only: no control character passes, and no locale of a cron job stands in the way.
    click.echo(json.dumps(line))
