"""The patients' charts: what was added without passing through the queue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from cerbo_portal_mock.clinic.state import State


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """Something in a patient's chart; `kind` is what `request_type` is to an entry of the queue."""

    id: int
    pt_id: int
    kind: str
    created: datetime
    addedby: int
    subject: str | None = None
    notes: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


class Chart:
    """The charts of one instance's patients.

    Args:
        state: the patients.
        now: gives the time at which items are added, aware and in UTC.
    """

    def __init__(self, state: State, now: Callable[[], datetime]) -> None:
        self._state = state
        self._now = now
        self._lock = Lock()
        self._items: list[Item] = []

    def __iter__(self) -> Iterator[Item]:
        with self._lock:
            return iter(list(self._items))

    def add(self, pt_id: int, kind: str, **members: Any) -> Item:
        """Put an item into a patient's chart.

        Args:
            pt_id: the patient.
            kind: what it is.
            members: the other members of `Item`; its id is the next, and it is created now.

        Raises:
            UnknownPatient: there is no such patient.
        """
        self._state.patient(pt_id)
        with self._lock:
            item = Item(id=len(self._items) + 1, pt_id=pt_id, kind=kind, created=self._now(), **members)
            self._items.append(item)
            return item
