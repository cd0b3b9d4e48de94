"""Formats dates, and turns responses into the rows of a table or the summary of lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .. import serialization
from .batch import Outcome
from .command import Summary

Json = Any
Row = dict[str, Json]


def format_instants(
    content: Json, schema: Mapping[str, Any], schemas: Mapping[str, Any], show: Callable[[datetime], str]
) -> Json:
    """JSON with its dates formatted.

    Args:
        content: a value that fits the schema.
        schema: its schema, which distinguishes dates from other texts.
        schemas: the component schemas, by name.
        show: formats an instant.
    """
    if not schema:
        # A member that the contract does not know has no dates, and may be nested too deeply for a recursive function.
        return content
    if "$ref" in schema:
        return format_instants(content, schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, show)
    for branch in schema.get("anyOf", ()):
        content = format_instants(content, branch, schemas, show)
    if isinstance(content, dict):
        members = schema.get("properties", {})
        return {name: format_instants(value, members.get(name, {}), schemas, show) for name, value in content.items()}
    if isinstance(content, list):
        return [format_instants(value, schema.get("items", {}), schemas, show) for value in content]
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
        # Outside of the range of `datetime` or of the system.
        return moment.astimezone(UTC)


def rows(outcome: Outcome) -> Iterator[Row]:
    """The rows of a table: the entries of a list, or the response itself, with the ids of the call."""
    if outcome.answer is not None:
        entries = outcome.answer.get("data")
        for entry in entries if isinstance(entries, list) else [outcome.answer]:
            yield {**outcome.target, **(entry if isinstance(entry, dict) else {"data": entry})}


def summarise(summary: Summary, outcomes: Iterable[Outcome], show: Callable[[datetime], str]) -> Row:
    """How many entries of each kind the lists hold, and which is the oldest.

    Args:
        summary: the members that hold the kind and the time of an entry.
        outcomes: the calls; failed ones are ignored.
        show: formats an instant.
    """
    count_by, oldest_by = summary
    answered = [outcome for outcome in outcomes if outcome.answer is not None]
    entries = [row for outcome in answered for row in rows(outcome)]
    oldest = min(entries, key=lambda row: serialization.parse_instant(row[oldest_by]), default=None)
    counts = Counter(str(row.get(count_by, "unknown")) for row in entries)
    if oldest:
        shown = {*answered[0].target, "id", count_by, oldest_by}
        formatted = {**oldest, oldest_by: show(serialization.parse_instant(oldest[oldest_by]))}
        oldest = {name: value for name, value in formatted.items() if name in shown}
    by_count = {f"by_{count_by}": dict(counts.most_common())}
    return {"lists": len(answered), "entries": len(entries), **by_count, "oldest": oldest}
