"""The base classes of the generated models."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

from . import serialization
from .deviations import WITHHELD
from .kinds import Instants, Kind
from .reader import Reader
from .types import UNSET

_MOST_PLANS = 64
# JSON name, exact type, how another type is read, the place in the contract, whether it is required.
_Step = tuple[str, type | None, Callable[[Any, Reader, str], Any], str, bool]


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


# Members may be patient data.
_values_are_shown = False


def show_values(enabled: bool = True) -> None:
    """Have the `repr` of models show their values, in this process: for tests, whose data is nobody's.

    Args:
        enabled: Whether they are shown; by default models show their class only.
    """
    global _values_are_shown  # noqa: PLW0603
    _values_are_shown = enabled


class _Shared(ABC):
    """The part that models of responses and of requests share."""

    __slots__ = ()

    MEMBERS: ClassVar[tuple[Member, ...]] = ()

    def __repr__(self) -> str:
        values = (f"{member.attribute}={getattr(self, member.attribute)!r}" for member in self.MEMBERS)
        return f"{type(self).__name__}({', '.join(values) if _values_are_shown else '...'})"

    @abstractmethod
    def to_dict(self, instants: Instants = serialization.format_instant) -> dict[str, Any]:
        """The JSON object, with numbers and dates in one form.

        Args:
            instants: formats a date and time, by default RFC 3339 in UTC.
        """

    def to_json(self) -> str:
        """The JSON text of `to_dict`."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


@dataclass(repr=False, eq=False, slots=True)
class Model(_Shared):  # noqa: PLW1641 (it can be changed)
    """The base of the models of responses. A member that is absent, null or unreadable is None.

    Attributes:
        raw: The JSON object as it came; it distinguishes what is None.
    """

    _names: ClassVar[frozenset[str]] = frozenset()
    _plans: ClassVar[dict[str, tuple[_Step, ...]]] = {}

    raw: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def __init_subclass__(cls) -> None:
        cls._names = frozenset(member.name for member in cls.MEMBERS)
        cls._plans = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.to_dict() == other.to_dict()

    def __getitem__(self, name: str) -> Any:
        """The member of this JSON name, as it came."""
        return self.raw[name]

    def __contains__(self, name: str) -> bool:
        """Whether a member of this JSON name came."""
        return name in self.raw

    @property
    def additional_properties(self) -> dict[str, Any]:
        """The members that the contract does not know, as they came."""
        return {name: value for name, value in self.raw.items() if name not in self._names}

    def to_dict(self, instants: Instants = serialization.format_instant) -> dict[str, Any]:
        """The JSON object, with numbers and dates in one form.

        Args:
            instants: formats a date and time, by default RFC 3339 in UTC.
        """
        members: dict[str, Any] = {}
        for attribute, name, kind, _ in self.MEMBERS:
            value = getattr(self, attribute)
            if value is not None:
                members[name] = kind.write(value, instants)
            elif name in self.raw:
                members[name] = None
        return members | self.additional_properties

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Args:
            source: The object. Members that do not fit the contract are None.

        Raises:
            ValueError: A required member is missing or cannot be read.
        """
        model = cls.read(dict(source), Reader())
        if model is None:
            raise ValueError("expected an object with all required members")
        return model

    @classmethod
    def read(cls, source: Any, reader: Reader, at: str = "") -> Self | None:
        """The model of a JSON value, or None if the value is no object, or a required member cannot be read.

        Args:
            source: The value.
            reader: Records how it deviates from the contract.
            at: Its place in the body, names joined by dots.
        """
        if type(source) is not dict:
            reader.expect(at or "body", "an object", source)
            return None
        try:
            return cls._read_members(source, reader, at)
        except RecursionError:
            reader.deviate(at or "body", "nested too deeply")
            return None

    @classmethod
    def _read_members(cls, source: dict[str, Any], reader: Reader, at: str) -> Self | None:
        values, incomplete, get = [], reader.incomplete, source.get
        for name, exact, read, element, required in cls._plans.get(at) or cls._plan(at):
            value = get(name)
            if value is not None and type(value) is not exact:
                reader.holder = source
                value = read(value, reader, element)
                if reader.incomplete is not incomplete:
                    if required:
                        incomplete = reader.incomplete
                    else:
                        # A part of an array would pass for the whole.
                        value, reader.incomplete = None, incomplete
            if value is None and required:
                if source.get(name) is None:
                    reader.deviate(element, "missing")
                return None
            values.append(value)
        if not source.keys() <= cls._names:
            for name in source:
                if name not in cls._names:
                    # A name with dots or brackets would pass for several.
                    shown = name if name.isidentifier() else WITHHELD
                    reader.notice(f"{at}.{shown}" if at else shown, "not in the contract")
        return cls(*values, raw=source)

    @classmethod
    def _plan(cls, at: str) -> tuple[_Step, ...]:
        """The steps by which an object at this place is read, made once for each place."""
        prefix = f"{at}." if at else ""
        steps = tuple((name, kind.exact, kind.read, prefix + name, required) for _, name, kind, required in cls.MEMBERS)
        # Bounded, as a schema that contains itself has endless places.
        return cls._plans.setdefault(at, steps) if len(cls._plans) < _MOST_PLANS else steps


@dataclass(repr=False, slots=True)
class RequestModel(_Shared):
    """The base of the models of requests. An optional member that is not sent is `UNSET`."""

    def to_dict(self, instants: Instants = serialization.format_instant) -> dict[str, Any]:
        """The JSON object.

        Args:
            instants: formats a date and time, by default RFC 3339 in UTC.
        """
        members = {}
        for attribute, name, kind, _ in self.MEMBERS:
            value = getattr(self, attribute)
            if value is not UNSET:
                members[name] = None if value is None else kind.write(value, instants)
        return members

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            source: The object.
        """
        given = {}
        for attribute, name, kind, _ in cls.MEMBERS:
            if name in source:
                value = source[name]
                given[attribute] = None if value is None else kind.read(value, Reader(), name)
        return cls(**given)

    @classmethod
    def read(cls, source: Any, reader: Reader, at: str = "") -> Self | None:
        """The model of a JSON value, or None if the value is no object with all required members.

        Args:
            source: The value.
            reader: Records how it deviates from the contract.
            at: Its place in the body, names joined by dots.
        """
        if type(source) is dict and all(member.name in source for member in cls.MEMBERS if member.required):
            return cls.from_dict(source)
        reader.expect(at or "body", "an object with all required members", source)
        return None
