"""How values are read from JSON, tolerantly, and written to it: one class for each kind of value."""

import os
import re
from base64 import b64encode
from collections.abc import Callable, Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from . import serialization
from .reader import Reader

_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

Instants = Callable[[datetime], str]


def to_json(value: Any, instants: Instants) -> Any:
    """The JSON value of a Python value of any kind.

    Args:
        value: the value; what is JSON already stays as it is.
        instants: formats a date and time.
    """
    if isinstance(value, datetime):
        return instants(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [to_json(each, instants) for each in value]
    if isinstance(value, dict):
        return {name: to_json(each, instants) for name, each in value.items()}
    return value.to_dict(instants) if hasattr(value, "to_dict") else value


class Kind:
    """A kind of value. The base class is that of any value, read as it is.

    Attributes:
        exact: the Python type of the values that are read as they are, without a call of `read`; None if there is none.
    """

    exact: type | None = None

    def read(self, value: Any, reader: Reader, element: str) -> Any:  # noqa: ARG002 (subclasses use them)
        """The Python value of a JSON value other than null, or None if it cannot be read.

        Args:
            value: the JSON value.
            reader: records how it deviates.
            element: its place in the contract.
        """
        return value

    def write(self, value: Any, instants: Instants) -> Any:  # noqa: ARG002
        """The JSON value of a Python value.

        Args:
            value: the Python value, not None.
            instants: formats a date and time.
        """
        return value


class Text(Kind):
    """Text.

    Args:
        known: the known values of an open set; another one is a notice. None where any text will do.
    """

    def __init__(self, *known: str) -> None:
        self._known = frozenset(known)
        self.exact = None if known else str

    def read(self, value: Any, reader: Reader, element: str) -> str | None:
        """The text."""
        if type(value) is not str:
            reader.expect(element, "text", value)
            return None
        if self._known and value not in self._known:
            reader.notice(element, "a value beyond the known ones")
        return value


class Object(Kind):
    """An object whose members are its sender's; a `dict`."""

    exact = dict

    def read(self, value: Any, reader: Reader, element: str) -> dict[str, Any] | None:
        """The object."""
        if type(value) is dict:
            return value
        reader.expect(element, "an object", value)
        return None


class Boolean(Kind):
    """A boolean. 1, 0 and their texts are read, too, and deviate."""

    exact = bool

    def read(self, value: Any, reader: Reader, element: str) -> bool | None:
        """The boolean."""
        if type(value) is bool:
            return value
        reader.expect(element, "a boolean", value)
        return serialization.read_flag(value)


class Integer(Kind):
    """An integer.

    Args:
        minimum: the least one.
        maximum: the greatest one.
        text: whether the contract permits a text of digits; otherwise that is read, too, and deviates.
        known: the known values of an open set; another one is a notice. Empty where any integer will do.
    """

    def __init__(
        self,
        minimum: int | None = None,
        maximum: int | None = None,
        *,
        text: bool = False,
        known: Collection[int] = (),
    ) -> None:
        self._minimum = -(2**63) if minimum is None else minimum
        self._maximum = 2**63 - 1 if maximum is None else maximum
        self._text = text
        self._known = frozenset(known)

    def read(self, value: Any, reader: Reader, element: str) -> int | None:
        """The integer, also of `27.0` and of a text of digits."""
        number = value if type(value) is int else serialization.read_integer(value)
        if number is None or not self._minimum <= number <= self._maximum:
            reader.expect(element, f"an integer from {self._minimum} to {self._maximum}", value)
            return None
        if type(value) is str and not self._text:
            reader.expect(element, "an integer", value)
        if self._known and number not in self._known:
            reader.notice(element, "a value beyond the known ones")
        return number


class Number(Kind):
    """A number.

    Args:
        text: whether the contract permits a text of a decimal number; otherwise that is read, too, and deviates.
    """

    def __init__(self, *, text: bool = False) -> None:
        self._text = text

    def read(self, value: Any, reader: Reader, element: str) -> float | None:
        """The number."""
        if type(value) is int or type(value) is float:
            return value
        number = float(value) if type(value) is str and _DECIMAL.fullmatch(value) else None
        if number is None or not self._text:
            reader.expect(element, "a number", value)
        return number


class Instant(Kind):
    """A date and time; an aware `datetime` in UTC."""

    def read(self, value: Any, reader: Reader, element: str) -> datetime | None:
        """The instant; None, too, for the texts that databases have for no date."""
        if type(value) is str:
            try:
                return serialization.parse_instant(value)
            except ValueError:
                if value in serialization.NO_INSTANT:
                    return None
        reader.expect(element, "a date and time", value)
        return None

    def write(self, value: Any, instants: Instants) -> Any:
        """The formatted instant."""
        return to_json(value, instants)


class Day(Kind):
    """A date; a `date`."""

    def read(self, value: Any, reader: Reader, element: str) -> date | None:
        """The date."""
        if type(value) is str and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        reader.expect(element, "a date", value)
        return None

    def write(self, value: Any, instants: Instants) -> Any:
        """The date in ISO 8601."""
        return to_json(value, instants)


class Uuid(Kind):
    """A UUID; a `UUID`."""

    def read(self, value: Any, reader: Reader, element: str) -> UUID | None:
        """The UUID."""
        if type(value) is str and _UUID.fullmatch(value):
            return UUID(value)
        reader.expect(element, "a UUID", value)
        return None

    def write(self, value: Any, instants: Instants) -> Any:
        """The text."""
        return to_json(value, instants)


class Base64(Kind):
    """Bytes, as text in base64. A request takes the bytes, or the path of a file, and encodes them."""

    exact = str

    def read(self, value: Any, reader: Reader, element: str) -> str | None:
        """The text, still encoded."""
        if type(value) is str:
            return value
        reader.expect(element, "text", value)
        return None

    def write(self, value: Any, instants: Instants) -> Any:  # noqa: ARG002
        """The text; what is text already is sent as it is.

        Raises:
            OSError: the file cannot be read.
        """
        content = Path(value).read_bytes() if isinstance(value, os.PathLike) else value
        return b64encode(content).decode() if isinstance(content, bytes) else content


ANY: Final = Kind()
TEXT: Final = Text()
BOOLEAN: Final = Boolean()
OBJECT: Final = Object()
INSTANT: Final = Instant()
DAY: Final = Day()
UUID_TEXT: Final = Uuid()
BASE64: Final = Base64()
