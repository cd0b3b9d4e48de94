"""Patients and their portal queue in memory, with soft delete and audit.

Every public method of `State` is atomic.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.patient_queue import PatientQueue, age
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.spec.errors import InvalidArgument

MAX_ID = 2**63 - 1
#: Checks plain data that are to be added: `patients` or `entries`, and one item.
CheckAddition = Callable[[str, Mapping[str, Any]], None]


def _accept(_member: str, _item: Mapping[str, Any]) -> None:
    """Accept all data, for a state without a contract."""


class UnknownPatient(DomainError):
    """There is no such patient (assumed)."""

    def __init__(self, message: str = "No such patient") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """The id or user name to be added is already taken."""


class UnknownRequest(DomainError):
    """The patient has no such open request: never had, or it is hidden (assumed)."""

    def __init__(self, message: str = "No such request in the patient's portal queue") -> None:
        super().__init__(message)


class State:
    """All patients and queue entries of one instance.

    Args:
        patients: the patients.
        entries: their open requests.
        now: gives the time of audits, aware and in UTC.
        check: checks what `enqueue` and `add_patient` are to add; raises InvalidArgument.

    Raises:
        UnknownPatient: the patient of an entry is not among the patients.
    """

    def __init__(
        self,
        patients: Iterable[Patient],
        entries: Iterable[Entry],
        now: Callable[[], datetime],
        check: CheckAddition = _accept,
    ) -> None:
        self._lock = RLock()
        self._now = now
        self._check = check
        self._patients = {patient.id: patient for patient in patients}
        self._usernames = {patient.username: patient.id for patient in self._patients.values() if patient.username}
        self._queues = {pt_id: PatientQueue() for pt_id in self._patients}
        # The queue of each entry, hidden or not: an entry never changes its queue.
        self._homes: dict[int, PatientQueue] = {}
        self._last_id = 0
        for entry in sorted(entries, key=age):
            queue = self._homes[entry.id] = self._queue(entry.pt_id)
            queue.open[entry.id] = entry
            self._last_id = max(self._last_id, entry.id)

    def patient(self, pt_id: int) -> Patient:
        """The patient of this id.

        Raises:
            UnknownPatient: there is no such patient.
        """
        with self._lock:
            try:
                return self._patients[pt_id]
            except KeyError:
                raise UnknownPatient from None

    def find_by_username(self, username: str) -> Patient | None:
        """The patient of this portal user name, if there is one."""
        with self._lock:
            pt_id = self._usernames.get(username)
            return None if pt_id is None else self._patients[pt_id]

    def add_patient(  # noqa: PLR0913 (a patient has as many members)
        self,
        id: int,  # noqa: A002 (as the members of `Patient`)
        first_name: str,
        last_name: str,
        *,
        primary_email: str | None = None,
        username: str | None = None,
        portal_access: bool = True,
        zip: str | None = "12345",  # noqa: A002
    ) -> Patient:
        """Add a patient, once it is checked.

        Args:
            id: an id that is free.
            first_name: one line of text, as the last name.
            last_name: the last name.
            primary_email: where an invitation is sent; without it, the patient cannot be invited.
            username: a portal user name that is free.
            portal_access: whether the patient may be invited.
            zip: the postal code, needed for an invitation.

        Raises:
            InvalidArgument: a member is not as described; the text names it. Nothing was added.
            Conflict: the id or the user name is taken.
        """
        patient = Patient(id, first_name, last_name, primary_email, username, portal_access, zip)
        optional = ("primary_email", "username")
        self._check(
            "patients", {name: v for name, v in asdict(patient).items() if name not in optional or v is not None}
        )
        self.extend([patient], [], ())
        return patient

    def set_username(self, pt_id: int, username: str) -> Patient:
        """Give a patient a portal user name.

        Args:
            pt_id: the patient.
            username: the user name.

        Raises:
            UnknownPatient: there is no such patient.
            Conflict: another patient has the user name.
        """
        with self._lock:
            patient = self.patient(pt_id)
            if self._usernames.setdefault(username, pt_id) != pt_id:
                raise Conflict("username: expected one that is free")
            named = self._patients[pt_id] = replace(patient, username=username)
            return named

    def open_entries(self, pt_id: int) -> list[Entry]:
        """The patient's queue without its hidden entries, oldest first.

        Raises:
            UnknownPatient: there is no such patient.
        """
        with self._lock:
            return list(self._queue(pt_id).open.values())

    def hidden_entries(self, pt_id: int) -> list[Entry]:
        """The patient's hidden entries, in the order in which they were hidden.

        Raises:
            UnknownPatient: there is no such patient.
        """
        with self._lock:
            return list(self._queue(pt_id).hidden.values())

    def entries_of_type(self, pt_id: int, request_type: str) -> list[Entry]:
        """The patient's entries of this type, hidden ones included, oldest first.

        Raises:
            UnknownPatient: there is no such patient.
        """
        with self._lock:
            queue = self._queue(pt_id)
            entries = [entry for part in (queue.open, queue.hidden) for entry in part.values()]
            return sorted((entry for entry in entries if entry.request_type == request_type), key=age)

    def enqueue(self, pt_id: int, request_type: str, **members: Any) -> Entry:
        """Put an entry into a patient's queue, once it is checked.

        Args:
            pt_id: the patient.
            request_type: what is requested.
            members: the other members of `Entry`; by default it has the next free id, is created now and open.

        Raises:
            InvalidArgument: the API could not show the entry; the text names the member. Nothing was added.
            UnknownPatient: there is no such patient.
            Conflict: the id is taken, or no id is left.
        """
        members = {name: value for name, value in members.items() if value is not None}
        plain = {"pt_id": pt_id, "request_type": request_type, **members}
        if "created" in members:
            created = members["created"]
            if not isinstance(created, datetime) or created.tzinfo is None:
                raise InvalidArgument("created: expected a datetime with a time zone")
            members["created"] = created.astimezone(UTC)
            plain["created"] = created.isoformat()
        self._check("entries", plain)
        return self.append(pt_id, request_type, **members)

    def append(self, pt_id: int, request_type: str, **members: Any) -> Entry:
        """Put an entry into a patient's queue that fits the contract; see `enqueue`."""
        with self._lock:
            queue = self._queue(pt_id)
            entry_id = members.pop("id", None) or self._last_id + 1
            self._check_free(entry_id)
            created = members.pop("created", None) or self._now()
            entry = Entry(id=entry_id, pt_id=pt_id, request_type=request_type, created=created, **members)
            queue.add(entry)
            self._homes[entry_id] = queue
            self._last_id = max(self._last_id, entry_id)
            return entry

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
            try:
                entry = queue.remove(entry_id)
            except KeyError:
                raise UnknownRequest from None
            hidden = replace(entry, hidden_at=self._now(), hidden_by=by)
            queue.hidden[entry_id] = hidden
            return hidden

    def restore(self, entry_id: int) -> Entry:
        """Put a hidden entry back into its queue, as it was.

        Args:
            entry_id: the entry.

        Raises:
            UnknownRequest: no hidden entry has this id.
        """
        with self._lock:
            queue = self._queue_hiding(entry_id)
            entry = replace(queue.hidden.pop(entry_id), hidden_at=None, hidden_by=None)
            queue.add(entry)
            return entry

    def extend(
        self, patients: Sequence[Patient], entries: Sequence[Mapping[str, Any]], restore: Collection[int]
    ) -> list[Entry]:
        """Add patients and entries, and restore hidden entries: all of it or nothing.

        Args:
            patients: patients with ids that are free.
            entries: the arguments of `enqueue`; no id twice.
            restore: the ids of hidden entries; none twice.

        Returns:
            The entries that are in a queue now, in the order in which they were given.

        Raises:
            UnknownPatient, UnknownRequest, Conflict: nothing was changed.
        """
        with self._lock:
            for patient in patients:
                if patient.id in self._patients:
                    raise Conflict(f"patients: expected ids that are free, {patient.id} is not")
                if patient.username in self._usernames:
                    raise Conflict("patients: expected user names that are free")
            new = {patient.id for patient in patients}
            numbered = [entry for entry in entries if entry.get("id")]
            for place, entry in enumerate(entries):
                if entry["pt_id"] not in new and entry["pt_id"] not in self._queues:
                    raise UnknownPatient(f"entries[{place}].pt_id: expected a patient that is there")
                if entry.get("id"):
                    self._check_free(entry["id"], f"entries[{place}].id")
            highest = max([self._last_id, *(entry["id"] for entry in numbered)])
            if len(entries) > len(numbered):
                self._check_free(highest + len(entries) - len(numbered))
            for place, entry_id in enumerate(restore):
                self._queue_hiding(entry_id, f"restore[{place}]")

            self._patients.update((patient.id, patient) for patient in patients)
            self._usernames.update((patient.username, patient.id) for patient in patients if patient.username)
            self._queues.update((pt_id, PatientQueue()) for pt_id in new)
            added = {id(entry): self.append(**entry) for entry in sorted(entries, key=lambda entry: "id" not in entry)}
            return [*(added[id(entry)] for entry in entries), *(self.restore(entry_id) for entry_id in restore)]

    def snapshot(self) -> tuple[list[Patient], list[Entry]]:
        """All patients, and all entries ever enqueued, hidden ones included, at one instant."""
        with self._lock:
            entries = [
                entry for queue in self._queues.values() for entry in (*queue.open.values(), *queue.hidden.values())
            ]
            return list(self._patients.values()), sorted(entries, key=lambda entry: entry.id)

    def _queue(self, pt_id: int) -> PatientQueue:
        try:
            return self._queues[pt_id]
        except KeyError:
            raise UnknownPatient from None

    def _queue_hiding(self, entry_id: int, name: str = "entry_id") -> PatientQueue:
        queue = self._homes.get(entry_id)
        if queue is None or entry_id not in queue.hidden:
            raise UnknownRequest(f"{name}: expected a hidden request, {entry_id} is not")
        return queue

    def _check_free(self, entry_id: int, name: str = "id") -> None:
        if entry_id in self._homes or entry_id > MAX_ID:
            raise Conflict(f"{name}: expected one that is free, {entry_id} is not")
