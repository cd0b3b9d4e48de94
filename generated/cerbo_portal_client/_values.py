# Made from openapi/client/runtime/_values.py by ./scripts/generate; edits are lost.
"""JSON's values as Python's: finite numbers, whole numbers, and dates, always aware and always UTC."""

import json
import re
from datetime import UTC, datetime, timedelta
from math import isinf
from typing import Any, NoReturn

# RFC 3339, and the form without an offset that the vendor may use: dates in responses are UTC (documented).
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


def read(content: bytes) -> Any:
    """The values of a JSON document.

    Raises:
        ValueError: it is not JSON, or has a number that no double can hold.
        RecursionError: it is nested deeper than Python reads.
    """
    return _DECODER.decode(content.decode(json.detect_encoding(content), "surrogatepass"))


def _finite(text: str) -> float:
    number = float(text)
    return _refuse(text) if isinf(number) else number


def _refuse(_: str) -> NoReturn:
    raise ValueError("expected a number of JSON, within the range of a double")


# What `json.loads` would make anew for each document.
_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)


def instant(text: str) -> datetime:
    """The instant that a date and time of the contract stands for, to the microsecond.

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
    """Whether `instant` takes the text."""
    try:
        instant(text)
    except ValueError:
        return False
    return True


def instant_text(moment: datetime) -> str:
    """An instant in RFC 3339, in UTC.

    Raises:
        ValueError: the datetime is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("expected an aware datetime")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole(value: Any) -> Any:
    """The value, as an int where JSON wrote a whole number with a point: `165.0` is 165."""
    return int(value) if isinstance(value, float) else value
