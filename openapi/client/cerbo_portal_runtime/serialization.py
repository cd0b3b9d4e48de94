"""Conversion between JSON values and Python's: whole numbers, and instants, always aware and always UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

# RFC 3339, the vendor's form without an offset (UTC, documented), and PHP's offset without a colon.
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?"
    r"([Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?",
    re.ASCII,
)
# What databases have for no date.
NO_INSTANT: Final = frozenset({"", "0000-00-00 00:00:00"})
# A leading zero belongs to a code, such as a ZIP code, and not to a number.
_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,18}")
_LARGEST_ID = 2**63 - 1
_FLAGS: dict[object, bool] = {True: True, "1": True, "true": True, False: False, "0": False, "false": False}
_USUAL = re.compile(r"\d{4}-\d\d-\d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)


def parse_instant(text: str) -> datetime:
    """The instant of a date and time, to the microsecond.

    Args:
        text: `YYYY-MM-DD HH:MM:SS` without an offset, which is read as UTC, or RFC 3339 in either case, with or without
            the colon of its offset; a 60th second is the first of the next minute.

    Raises:
        ValueError: the text is neither, or the instant is outside `datetime`'s range.
    """
    if _USUAL.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
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


def read_integer(value: object) -> int | None:
    """The number of a JSON integer, of one with a point such as `27.0`, or of a text of digits; None of others."""
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_id(value: object) -> int | None:
    """The number of an id, or None if the value is not one: a whole number from 1 to 2^63-1, or text of its digits."""
    number = read_integer(value)
    return number if number is not None and 0 < number <= _LARGEST_ID else None


def read_flag(value: object) -> bool | None:
    """True for true, 1, "1" and "true"; false for false, 0, "0" and "false"; None for anything else."""
    return _FLAGS.get(value) if isinstance(value, bool | int | str) else None
