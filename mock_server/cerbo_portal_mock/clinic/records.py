"""The records of the clinic: patients, and the entries of their queues."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """A synthetic patient; kept out of logs, hence no `repr` of its members."""

    id: int
    first_name: str
    last_name: str
    primary_email: str | None = None
    username: str | None = None
    portal_access: bool = True
    zip: str | None = "12345"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A request in a patient's queue; `hidden_at` (UTC) and `hidden_by` are the audit of its soft delete."""

    id: int
    pt_id: int
    request_type: str
    created: datetime
    status: str = "open"
    addedby: int | None = None
    subject: str | None = None
    notes: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    hidden_at: datetime | None = None
    hidden_by: str | None = None
