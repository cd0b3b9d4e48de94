"""Answers as people and scripts get them: dates of the zone that was asked for, rows, and the summary of a list."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .. import serialization
from .batch import Outcome
from .presentation import Face

Json = Any
Row = dict[str, Json]


def dated(
    content: Json, schema: Mapping[str, Any], schemas: Mapping[str, Any], show: Callable[[datetime], str]
) -> Json:
    """JSON with its dates shown in another way.

    Args:
        content: a value that fits the schema.
        schema: what tells a date and time from a text.
        schemas: the component schemas, by name.
        show: makes the text of an instant.
    """
    if not schema:
        # What the contract does not know has no dates, and may be nested more deeply than a function can follow.
        return content
    if "$ref" in schema:
        return dated(content, schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, show)
    for branch in schema.get("anyOf", ()):
        content = dated(content, branch, schemas, show)
    if isinstance(content, dict):
        members = schema.get("properties", {})
        return {name: dated(value, members.get(name, {}), schemas, show) for name, value in content.items()}
    if isinstance(content, list):
        return [dated(value, schema.get("items", {}), schemas, show) for value in content]
    if schema.get("format") == "date-time" and isinstance(content, str) and serialization.is_instant(content):
        return show(serialization.parse_instant(content))
    return content


def local_text(moment: datetime) -> str:
    """An instant in RFC 3339, with the offset of this machine's zone."""
    return _local(moment).isoformat()


def short_text(moment: datetime, *, local: bool) -> str:
    """An instant to the minute, for a table."""
    return f"{_local(moment) if local else moment:%Y-%m-%d %H:%M %Z}"


def _local(moment: datetime) -> datetime:
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        # At the ends of what Python or the system can tell the time of.
        return moment.astimezone(UTC)


def rows(outcome: Outcome) -> Iterator[Row]:
    """What a table shows of an answer: the entries of a list, or the answer itself, with the ids of the call."""
    if outcome.answer is not None:
        entries = outcome.answer.get("data")
        for entry in entries if isinstance(entries, list) else [outcome.answer]:
            yield {**outcome.target, **(entry if isinstance(entry, dict) else {"data": entry})}


def summary(face: Face, outcomes: Iterable[Outcome], show: Callable[[datetime], str]) -> Row:
    """How many entries of each kind the lists hold, and which is the oldest.

    Args:
        face: says which members tell the kind and the time of an entry; it has a summary.
        outcomes: the calls; the failed ones count for nothing.
        show: makes the text of an instant.
    """
    kind, time = face.summary or ("", "")
    answered = [outcome for outcome in outcomes if outcome.answer is not None]
    entries = [row for outcome in answered for row in rows(outcome)]
    oldest = min(entries, key=lambda row: serialization.parse_instant(row[time]), default=None)
    kinds = Counter(str(row.get(kind, "unknown")) for row in entries)
    if oldest:
        told = {*answered[0].target, "id", kind, time}
        shown = {**oldest, time: show(serialization.parse_instant(oldest[time]))}
        oldest = {name: value for name, value in shown.items() if name in told}
    return {"lists": len(answered), "entries": len(entries), f"by_{kind}": dict(kinds.most_common()), "oldest": oldest}
