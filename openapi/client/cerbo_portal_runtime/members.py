"""How the members of models are read from JSON, tolerantly, and written to it: one class for each kind of value."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import serialization

if TYPE_CHECKING:
    from .models import Model

# Bounds the memory of what a body deviates by: the names of unknown members are the server's.
_MOST_DEVIATIONS: Final = 256
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_JSON_TYPES: Final = {dict: "an object", list: "an array", str: "text", bool: "a boolean", type(None): "null"}

Instants = Callable[[datetime], str]


class Reader:
    """Collects how a body deviates from the contract while it is read.

    Attributes:
        deviations: the members that do not fit, each with the reason; read as None.
        notices: the members and values that the contract leaves room for and does not name.
        latest: the last deviation, element and reason.
        incomplete: the deviation for which a list lacks entries; None if it lacks none.
        holder: the object whose member is read.
    """

    def __init__(self) -> None:
        self.holder: Mapping[str, Any] = {}
        self.deviations: dict[tuple[str, str], None] = {}
        self.notices: dict[tuple[str, str], None] = {}
        self.latest = ("body", "cannot be read")
        self.incomplete: tuple[str, str] | None = None

    def deviate(self, element: str, reason: str) -> None:
        """Record a deviation.

        Args:
            element: the place in the contract, names joined by dots, `[]` for the entries of an array.
            reason: what was expected there, without the value.
        """
        self.latest = (element, reason)
        if len(self.deviations) < _MOST_DEVIATIONS:
            self.deviations[element, reason] = None

    def expect(self, element: str, expected: str, value: object) -> None:
        """Record that a value of another type or form is where something else is expected."""
        self.deviate(element, f"expected {expected}, not {_JSON_TYPES.get(type(value), 'a number')}")

    def notice(self, element: str, reason: str) -> None:
        """Record a notice, like a deviation."""
        if len(self.notices) < _MOST_DEVIATIONS:
            self.notices[element, reason] = None


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
    """

    def __init__(self, minimum: int | None = None, maximum: int | None = None, *, text: bool = False) -> None:
        self._minimum = -(2**63) if minimum is None else minimum
        self._maximum = 2**63 - 1 if maximum is None else maximum
        self._text = text

    def read(self, value: Any, reader: Reader, element: str) -> int | None:
        """The integer, also of `27.0` and of a text of digits."""
        number = value if type(value) is int else serialization.read_integer(value)
        if number is None or not self._minimum <= number <= self._maximum:
            reader.expect(element, f"an integer from {self._minimum} to {self._maximum}", value)
            return None
        if type(value) is str and not self._text:
            reader.expect(element, "an integer", value)
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

    def write(self, value: datetime, instants: Instants) -> str:
        """The formatted instant."""
        return instants(value)


class Entity(Kind):
    """An object that has a model.

    Args:
        model: returns the class; a function, as models may contain each other.
    """

    def __init__(self, model: Callable[[], "type[Model]"]) -> None:
        self._model = model

    def read(self, value: Any, reader: Reader, element: str) -> "Model | None":
        """The model."""
        return self._model().read(value, reader, element)

    def write(self, value: "Model", instants: Instants) -> dict[str, Any]:
        """The object."""
        return value.to_dict(instants)


class Variants(Kind):
    """An object whose model depends on another member of its holder; a `dict` where no model is known.

    Args:
        chooser: the name of the other member.
        models: returns the classes by the value of that member.
    """

    def __init__(self, chooser: str, models: Callable[[], "Mapping[str, type[Model]]"]) -> None:
        self._chooser = chooser
        self._models = models

    def read(self, value: Any, reader: Reader, element: str) -> Any:
        """The model, or the object itself."""
        if type(value) is not dict:
            reader.expect(element, "an object", value)
            return None
        chosen = reader.holder.get(self._chooser)
        model = self._models().get(chosen) if type(chosen) is str else None
        return value if model is None else model.read(value, reader, element) or value

    def write(self, value: Any, instants: Instants) -> Any:
        """The object."""
        return value if isinstance(value, dict) else value.to_dict(instants)


class List(Kind):
    """An array. The values of an object are read, too, in their order, and deviate.

    Args:
        item: the kind of its entries.
        nulls: whether an entry may be null.
    """

    def __init__(self, item: Kind, *, nulls: bool = False) -> None:
        self._item = item
        self._nulls = nulls

    def read(self, value: Any, reader: Reader, element: str) -> list[Any] | None:
        """The readable entries; any other makes the reader incomplete."""
        if type(value) is dict:
            reader.expect(element, "an array", value)
            value = list(value.values())
        elif type(value) is not list:
            reader.expect(element, "an array", value)
            return None
        read, exact, place = self._item.read, self._item.exact, f"{element}[]"
        items = []
        for each in value:
            item = each if type(each) is exact or each is None else read(each, reader, place)
            if item is not None or (each is None and self._nulls):
                items.append(item)
            else:
                if each is None:
                    reader.expect(place, "a value", each)
                reader.incomplete = reader.latest
        return items

    def write(self, value: list[Any], instants: Instants) -> list[Any]:
        """The array."""
        return [None if item is None else self._item.write(item, instants) for item in value]


class Member(NamedTuple):
    """A member of a model.

    Attributes:
        attribute: the name of the Python attribute.
        name: the name in JSON.
        kind: the kind of its values.
        required: whether an object without it is useless.
    """

    attribute: str
    name: str
    kind: Kind
    required: bool = False


ANY: Final = Kind()
TEXT: Final = Text()
BOOLEAN: Final = Boolean()
OBJECT: Final = Object()
INSTANT: Final = Instant()
