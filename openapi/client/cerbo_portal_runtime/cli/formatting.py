"""Formats dates, and turns responses into the rows of a table or the summary of lists."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from .command import Summary

Json = Any
Row = dict[str, Json]


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


def rows(target: Row, answer: Row, list_member: str | None) -> Iterator[Row]:
    """The rows of a table: the entries of a list, or the response itself, with the ids of the call.

    Args:
        target: the ids of the call.
        answer: the response.
        list_member: the member that holds the entries, if it is a list.
    """
    for entry in answer.get(list_member) or () if list_member else [answer]:
        # An entry need not name its patient.
        yield {**target, **{name: value for name, value in entry.items() if value is not None or name not in target}}


def summarise(summary: Summary, entries: Sequence[Row], target: Iterable[str]) -> Row:
    """How many entries of each kind there are, and which is the oldest.

    Args:
        summary: the members that hold the kind and the time of an entry.
        entries: the entries, with their times as `datetime`, or None where there is none.
        target: the names of the ids of the calls.
    """
    count_by, oldest_by = summary
    dated = [entry for entry in entries if entry.get(oldest_by)]
    oldest = min(dated, key=lambda entry: entry[oldest_by], default=None)
    counts = Counter(str(entry.get(count_by) or "unknown") for entry in entries)
    if oldest:
        shown = {*target, "id", count_by, oldest_by}
        oldest = {name: value for name, value in oldest.items() if name in shown}
    return {"entries": len(entries), f"by_{count_by}": dict(counts.most_common()), "oldest": oldest}
