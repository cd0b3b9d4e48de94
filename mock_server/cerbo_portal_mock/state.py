"""Patients and their portal queue in memory, with soft delete and audit.

Knows neither HTTP, Flask nor the contract's file. Every public method of `State` is atomic.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from typing import Any

Clock = Callable[[], datetime]


class Refused(Exception):
    """The state refuses what was asked; the text says why and holds no patient data."""


class UnknownPatient(Refused):
    """There is no such patient (assumed)."""

    def __init__(self) -> None:
        super().__init__("No such patient")


class UnknownRequest(Refused):
    """The patient has no such open request: never had, or it is hidden (assumed)."""

    def __init__(self) -> None:
        super().__init__("No such request in the patient's portal queue")


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """A synthetic patient; absent from logs, so its `repr` tells nothing."""

    id: int
    first_name: str
    last_name: str
    primary_email: str | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A request in a patient's queue; `hidden_at` (UTC) and `hidden_by` are the audit of its soft delete."""

    id: int
    pt_id: int
    request_type: str
    status: str
    created: datetime
    addedby: int | None = None
    subject: str | None = None
    notes: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    hidden_at: datetime | None = None
    hidden_by: str | None = None


class _Queue:
    """One patient's entries by id: those in the queue, and those hidden from the API."""

    __slots__ = ("hidden", "open")

    def __init__(self) -> None:
        self.open: dict[int, Entry] = {}
        self.hidden: dict[int, Entry] = {}


class State:
    """All patients and queue entries of one instance.

    Args:
        patients: the patients.
        entries: their open requests.
        clock: gives the time of audits, aware and in UTC.

    Raises:
        UnknownPatient: an entry belongs to nobody.
    """

    def __init__(self, patients: Iterable[Patient], entries: Iterable[Entry], clock: Clock) -> None:
        self._lock = RLock()
        self._clock = clock
        self._patients = {patient.id: patient for patient in patients}
        self._queues = {pt_id: _Queue() for pt_id in self._patients}
        for entry in sorted(entries, key=lambda entry: (entry.created, entry.id)):
            self._queue(entry.pt_id).open[entry.id] = entry

    def patient(self, pt_id: int) -> Patient:
        """The patient of this id.

        Raises:
            UnknownPatient: there is none.
        """
        with self._lock:
            try:
                return self._patients[pt_id]
            except KeyError:
                raise UnknownPatient from None

    def open_entries(self, pt_id: int) -> list[Entry]:
        """The patient's queue without its hidden entries, oldest first.

        Raises:
            UnknownPatient: there is no such patient.
        """
        with self._lock:
            return list(self._queue(pt_id).open.values())

    def hide(self, pt_id: int, entry_id: int, by: str) -> Entry:
        """Soft delete: the entry leaves the queue, and when and by whom is kept (documented).

        Args:
            pt_id: the patient whose queue holds the entry.
            entry_id: the entry.
            by: the API user's name.

        Raises:
            UnknownPatient: there is no such patient.
            UnknownRequest: the patient's queue does not hold the entry (any more).
        """
        with self._lock:
            queue = self._queue(pt_id)
            if entry_id not in queue.open:
                raise UnknownRequest
            entry = queue.open.pop(entry_id)
            hidden = replace(entry, status="dismissed", hidden_at=self._clock(), hidden_by=by)
            queue.hidden[entry_id] = hidden
            return hidden

    def snapshot(self) -> tuple[list[Patient], list[Entry]]:
        """All patients, and all entries ever enqueued, hidden ones included, at one instant."""
        with self._lock:
            entries = [
                entry for queue in self._queues.values() for entry in (*queue.open.values(), *queue.hidden.values())
            ]
            return list(self._patients.values()), sorted(entries, key=lambda entry: entry.id)

    def _queue(self, pt_id: int) -> _Queue:
        try:
            return self._queues[pt_id]
        except KeyError:
            raise UnknownPatient from None


def utc_now() -> datetime:
    """The time of day, aware and in UTC."""
    return datetime.now(UTC)
