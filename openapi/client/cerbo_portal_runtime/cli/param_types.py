"""The types of arguments and options. No message quotes a value."""

import re
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite, nan
from typing import Any, Final
from uuid import UUID

import click

from .. import json_reader, serialization

_DIGITS: Final = re.compile(r"-?[0-9]{1,19}")


def integer_between(low: int, high: int) -> Callable[[str], int]:
    """The type of an integer within bounds, both included; at most 19 digits."""

    def read(text: str) -> int:
        if _DIGITS.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        raise click.BadParameter(f"expected a whole number from {low} to {high}")

    return read


def integer(text: str) -> int:
    """An integer.

    Raises:
        BadParameter: it is not an integer.
    """
    if _DIGITS.fullmatch(text):
        return int(text)
    raise click.BadParameter("expected a whole number of at most 19 digits")


def utf8_text(text: str) -> str:
    """A text that JSON and URLs can hold.

    Raises:
        BadParameter: it holds bytes that are not UTF-8.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise click.BadParameter("expected UTF-8")
    return text


def json_value(text: str) -> Any:
    """A value that is written as JSON, such as an object.

    Raises:
        BadParameter: it is not JSON.
    """
    try:
        return json_reader.read(text)
    except json_reader.InvalidJson:
        raise click.BadParameter("expected JSON") from None


def json_or_text(text: str) -> Any:
    """A value of one of several types: what the text is as JSON, else the text itself.

    Raises:
        BadParameter: it holds bytes that are not UTF-8.
    """
    try:
        return json_reader.read(utf8_text(text))
    except json_reader.InvalidJson:
        return text


def instant(text: str) -> datetime:
    """A date and time, in UTC where it names no offset.

    Raises:
        BadParameter: it is not a date and time.
    """
    try:
        return serialization.parse_instant(text)
    except ValueError:
        raise click.BadParameter("expected a date and time such as 2026-11-24T10:00:00Z") from None


def number(text: str) -> float:
    """A number.

    Raises:
        BadParameter: it is not a number.
    """
    try:
        value = float(text)
    except ValueError:
        value = nan
    if isfinite(value):
        return value
    raise click.BadParameter("expected a number")


def day(text: str) -> date:
    """A date.

    Raises:
        BadParameter: it is not a date.
    """
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise click.BadParameter("expected a date such as 2026-11-24")


def uuid_text(text: str) -> UUID:
    """A UUID.

    Raises:
        BadParameter: it is not a UUID.
    """
    try:
        return UUID(text)
    except ValueError:
        raise click.BadParameter("expected a UUID") from None
