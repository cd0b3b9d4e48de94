"""What the command prints: JSON for programs, tables for people, and nothing that a terminal would obey."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial

import click
from attrs import define, field

from .. import serialization
from .batch import Outcome
from .commands import Subcommand
from .formatting import Json, Row, dated, local_text, short_text, summary


def safe(text: str) -> str:
    """The text, with what a terminal would obey (control characters, marks that turn the order) as escapes.

    Args:
        text: anything; its lines stay lines.
    """
    return "".join(
        character if character.isprintable() or character == "\n" else character.encode("unicode_escape").decode()
        for character in text
    )


def complain(text: str) -> None:
    """Say what is wrong, in one line of the standard error."""
    click.echo(safe(f"cerbo-portal: {text}".replace("\n", " ")), err=True)


@define
class Output:
    """Takes the outcomes of the calls, and prints them in the form that was asked for.

    Args:
        subcommand: the operation.
        as_json: JSON, a line for each call, rather than tables.
        local_time: dates of this machine's zone rather than UTC.
        summarise: a summary of the lists rather than their entries.
    """

    subcommand: Subcommand
    as_json: bool
    local_time: bool
    summarise: bool
    outcomes: list[Outcome] = field(factory=list, init=False)

    def add(self, outcome: Outcome) -> None:
        """Take an outcome; a line of JSON is written at once, so that it outlives whatever comes."""
        self.outcomes.append(outcome)
        if self.as_json and (outcome.failure or not self.summarise):
            _write({**outcome.target, "exit_code": outcome.code, **self._told(outcome)})

    def close(self) -> None:
        """Print what had to wait for the last outcome."""
        if not self.as_json:
            from . import tables  # noqa: PLC0415 (Rich, which JSON can do without)

            tables.print_all(self)
        elif self.summarise:
            _write({"summary": self.summary()})

    def summary(self) -> Row:
        """The summary of the lists."""
        return summary(self.subcommand.face, self.outcomes, self._show)

    def answer(self, outcome: Outcome) -> Json:
        """The answer to a call, with its dates in the form that was asked for."""
        schemas = self.subcommand.contract.schemas.schemas
        return dated(outcome.answer, schemas[self.subcommand.operation.schema], schemas, self._show)

    @property
    def _show(self) -> Callable[[datetime], str]:
        if self.as_json:
            return local_text if self.local_time else serialization.format_instant
        return partial(short_text, local=self.local_time)

    def _told(self, outcome: Outcome) -> Row:
        told: Row = {}
        if outcome.answer is not None and not self.summarise:
            told["answer"] = self.answer(outcome)
        if outcome.failure:
            failure = outcome.failure
            error = {"kind": failure.kind, "status": failure.status, "message": failure.message}
            told["error"] = {name: value for name, value in error.items() if value is not None}
        return told


def _write(line: Row) -> None:
    # ASCII only: no control character passes, and no locale of a cron job stands in the way.
    click.echo(json.dumps(line))
