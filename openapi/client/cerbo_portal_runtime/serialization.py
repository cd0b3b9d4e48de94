"""Conversion between JSON values and Python's: whole numbers, and instants, always aware and always UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

# RFC 3339, and the form without an offset that the vendor may use: dates in responses are UTC (documented).
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_ID = re.compile(r"[1-9][0-9]{0,18}")
_LARGEST_ID = 2**63 - 1
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


def parse_instant(text: str) -> datetime:
    """The instant of a date and time, to the microsecond.

    Args:
        text: RFC 3339 in either case, or `YYYY-MM-DD HH:MM:SS` without an offset, which is read as UTC;
            a 60th second is the first of the next minute.

    Raises:
        ValueError: the text is neither, or the instant is outside `datetime`'s range.
    """
    if _USUAL.fullmatch(text):
        return datetime.fromisoformat(text)
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError("expected a date and time")
    day, minute, second, fraction, offset = match.groups()
    leap = second == "60"
    digits = (fraction or "")[:6].ljust(6, "0")
    zone = "+00:00" if offset in {None, "Z", "z"} else offset
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}:{'59' if leap else second}.{digits}{zone}").astimezone(UTC)
        return moment + timedelta(seconds=1) if leap else moment
    except OverflowError:
        raise ValueError("expected an instant between the years 1 and 9999") from None


def is_instant(text: str) -> bool:
    """Whether `parse_instant` accepts the text."""
    try:
        parse_instant(text)
    except ValueError:
        return False
    return True


def format_instant(moment: datetime) -> str:
    """An instant in RFC 3339, in UTC.

    Raises:
        ValueError: the datetime is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("expected an aware datetime")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_id(value: object) -> int | None:
    """The number of an id, or None if the value is not one: a whole number from 1 to 2^63-1, or text of its digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and _ID.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and value is not True and 0 < value <= _LARGEST_ID else None


def to_integer(value: Any) -> Any:
    """The value, as an int where JSON wrote a whole number with a point: `165.0` is 165."""
    return int(value) if isinstance(value, float) else value


def to_json(value: Any) -> Any:
    """The JSON value of a model, or of a value that is JSON already."""
    return value.to_dict() if hasattr(value, "to_dict") else value
