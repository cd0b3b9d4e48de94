"""What the portal means, in as few lines as it takes: the reference that mock and client are held to.

Knows neither of them. Each operation is a method with the API user's name and the arguments of the client's method;
it returns the content of the response, or raises `PortalError` with the name of the client's error.
"""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

LINK_LIFETIME = timedelta(hours=72)
API = 99999  # whom an entry names that an API user added
Content = tuple[str | None, str | None, dict[str, Any]]  # subject, notes and details
Item = tuple[int, int, str, datetime, int, Content]  # of a chart: id, patient, kind, when, by whom
#: What an operation adds to queue or chart: its kind, and its content by the operation's other arguments.
ADDED: dict[str, tuple[str, Callable[..., Content]]] = {
    "create_patient_questionnaire": ("questionnaire", lambda **given: (given.get("questionnaire_name"), None, given)),
    "queue_patient_prescription": ("prescription", lambda notes=None, **given: (None, notes, given)),
    "refill_patient_prescription": (
        "prescription_refill",
        lambda notes=None, **given: (None, notes, {"agreed_to_terms": "No terms agreed to"} | given),
    ),
    "queue_patient_supplement": ("supplement", lambda notes=None, **given: (None, notes, given)),
    "create_patient_document": (
        "document",
        lambda base64_content, notes=None, **doc: (doc["name"], notes, doc | {"size": len(b64decode(base64_content))}),
    ),
    "create_secure_message": ("secure_message", lambda subject, note, **given: (subject, note, given)),
}


class PortalError(Exception):
    """The name of the error that a caller gets."""


class Entry(NamedTuple):
    """A request in a queue, and the audit of its soft delete."""

    id: int
    pt_id: int
    request_type: str
    status: str
    created: datetime
    addedby: int | None = None
    content: Content = (None, None, {})
    hidden_at: datetime | None = None
    hidden_by: str | None = None


class Mail(NamedTuple):
    """An invitation: to whom, when, and whether a mail server took it."""

    pt_id: int
    sent_at: datetime
    taken: bool


@dataclass
class Patient:
    """A patient: what an invitation takes (an address, access, a ZIP code), and the portal login."""

    mailable: bool
    username: str | None = None
    password: str | None = None
    access: bool = True
    zip: bool = True


class Portal:
    """Patients, every entry that there ever was, charts, and every mail; `now` is for the test to move."""

    def __init__(self, now: datetime, patients: dict[int, Patient]) -> None:
        self.now = now
        self.patients = {pt_id: replace(patient) for pt_id, patient in patients.items()}
        self.entries: dict[int, Entry] = {}
        self.chart: list[Item] = []
        self.mails: list[Mail] = []
        self.used: set[int] = set()
        self.filters_in_force = False
        self.mail_server_works = True

    def open(self, pt_id: int) -> list[Entry]:
        """A patient's queue, oldest first."""
        mine = [entry for entry in self.entries.values() if entry.pt_id == pt_id and not entry.hidden_at]
        return sorted(mine, key=lambda entry: (entry.created, entry.id))

    def enqueue(self, pt_id: int, request_type: str, status: str = "open", *added: Any) -> Entry:
        """A patient or an API user puts a request into the queue; no id comes twice."""
        entry_id = max(self.entries, default=0) + 1
        self.entries[entry_id] = Entry(entry_id, pt_id, request_type, status, self.now, *added)
        return self.entries[entry_id]

    def restore(self, entry_id: int) -> None:
        """A hidden entry is as it was."""
        self.entries[entry_id] = self.entries[entry_id]._replace(hidden_at=None, hidden_by=None)

    def link_works(self, mail: int) -> bool:
        """Whether the link of a mail, by its place in `mails`, is neither used nor expired."""
        return mail not in self.used and self.now <= self.mails[mail].sent_at + LINK_LIFETIME

    def join(self, mail: int, username: str | None, password: str) -> int:
        """A patient follows a link and fills in the form: the status of the page."""
        patient = self.patients[self.mails[mail].pt_id]
        if not self.link_works(mail):
            return 410
        if patient.username is None and username in {each.username for each in self.patients.values()}:
            return 422
        self.used.add(mail)
        patient.username, patient.password = patient.username or username, password
        return 200

    def show_portal_requests(
        self, _: str, pt_id: int, request_type: str | None = None, status: str | None = None
    ) -> list[Entry]:
        self._patient(pt_id)
        if not self.filters_in_force:
            return self.open(pt_id)
        return [
            e for e in self.open(pt_id) if e.status == (status or "open") and request_type in (None, e.request_type)
        ]

    def delete_portal_request(self, user: str, pt_id: int, queue_request_id: int) -> int:
        self._patient(pt_id)
        entry = self.entries.get(queue_request_id)
        if entry not in self.open(pt_id):
            raise PortalError("NotFound")
        self.entries[entry.id] = entry._replace(hidden_at=self.now, hidden_by=user)
        return queue_request_id

    def invite_to_portal(self, _: str, pt_id: int) -> bool:
        patient = self._patient(pt_id)
        if not (patient.access and patient.mailable and patient.zip):
            raise PortalError("Unprocessable")
        self.mails.append(Mail(pt_id, self.now, self.mail_server_works))
        return self.mail_server_works

    def list_secure_messages(self, _: str, pt_id: int, sent_by: str = "pt") -> list[tuple[Any, ...]]:
        self._patient(pt_id)
        mine = [e for e in self.entries.values() if (e.pt_id, e.request_type) == (pt_id, "secure_message")]
        messages = [
            (e.id, e.pt_id, e.created, e.content[0], e.content[1], e.content[2].get("dr_id"), e.content[2].get("reply"))
            for e in sorted(mine, key=lambda e: (e.created, e.id))
        ]
        return messages if sent_by == "pt" else []

    def validate_portal_credentials(self, _: str, username: str, password: str) -> int | None:
        logins = {(each.username, each.password): pt_id for pt_id, each in self.patients.items()}
        return logins.get((username, password))

    def add(self, name: str, _: str, /, pt_id: int, *, enqueue: bool = True, **given: Any) -> int | tuple[str, int]:
        """One of the operations of `ADDED`: the id in the queue, or in the charts the kind and the id."""
        self._patient(pt_id)
        kind, read = ADDED[name]
        if enqueue:
            return self.enqueue(pt_id, kind, "open", API, read(**given)).id
        self.chart.append((len(self.chart) + 1, pt_id, kind, self.now, API, read(**given)))
        return kind, len(self.chart)

    def _patient(self, pt_id: int) -> Patient:
        if pt_id not in self.patients:
            raise PortalError("NotFound")
        return self.patients[pt_id]
