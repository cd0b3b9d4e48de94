"""Values of a command line. What is wrong with one is said in words that do not repeat it."""

import re
from datetime import datetime
from math import isfinite, nan
from typing import Final

import click

from .. import serialization

_DIGITS: Final = re.compile(r"-?[0-9]{1,19}")
_FIRST_ID: Final = 1
_LAST_ID: Final = 2**63 - 1


def resource_id(text: str) -> int:
    """The id of one resource, as the contract has them.

    Raises:
        BadParameter: it is none.
    """
    if _DIGITS.fullmatch(text) and _FIRST_ID <= int(text) <= _LAST_ID:
        return int(text)
    raise click.BadParameter(f"expected a whole number from {_FIRST_ID} to {_LAST_ID}")


def whole(text: str) -> int:
    """A whole number.

    Raises:
        BadParameter: it is none.
    """
    if _DIGITS.fullmatch(text):
        return int(text)
    raise click.BadParameter("expected a whole number of at most 19 digits")


def sendable(text: str) -> str:
    """A text that JSON and URLs can carry.

    Raises:
        BadParameter: it holds bytes that are not UTF-8.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise click.BadParameter("expected UTF-8")
    return text


def instant(text: str) -> datetime:
    """A date and time, in UTC where it names no offset.

    Raises:
        BadParameter: it is none.
    """
    try:
        return serialization.parse_instant(text)
    except ValueError:
        raise click.BadParameter("expected a date and time such as 2026-11-24T10:00:00Z") from None


def number(text: str) -> float:
    """A number.

    Raises:
        BadParameter: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = nan
    if isfinite(value):
        return value
    raise click.BadParameter("expected a number")
