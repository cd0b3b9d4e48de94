"""Collects how a body deviates from the contract while it is read."""

from collections.abc import Mapping
from typing import Any, Final

# Bounds the memory of what a body deviates by: the names of unknown members are the server's.
_MOST_DEVIATIONS: Final = 256
_JSON_TYPES: Final = {dict: "an object", list: "an array", str: "text", bool: "a boolean", type(None): "null"}


class Reader:
    """Collects how a body deviates from the contract while it is read.

    Attributes:
        deviations: the members that do not fit, each with the reason; read as None.
        notices: the members and values that the contract leaves room for and does not name.
        latest: the last deviation, element and reason.
        incomplete: the last deviation for which a list lacks an entry; None if it lacks none.
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
