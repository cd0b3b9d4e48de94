"""The state's objects as the documents that the contract and the control API show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cerbo_portal_mock.accounts import ApiUser
from cerbo_portal_mock.mail import Mail
from cerbo_portal_mock.state import Entry, Patient

Document = dict[str, Any]


def portal_request(entry: Entry) -> Document:
    """A queue entry as `PortalRequest`."""
    return {
        "object": "portal_request",
        "id": entry.id,
        "pt_id": entry.pt_id,
        "request_type": entry.request_type,
        "status": entry.status,
        "created": instant(entry.created),
        "addedby": entry.addedby,
        "subject": entry.subject,
        "notes": entry.notes,
        "url_patient_details": f"/api/v1/patients/{entry.pt_id}",
        "details": entry.details,
    }


def portal_request_list(entries: Sequence[Entry]) -> Document:
    """Queue entries as `PortalRequestList`."""
    return {
        "object": "list",
        "data": [portal_request(entry) for entry in entries],
        "has_more": False,
        "total_count": len(entries),
    }


def audited(entry: Entry) -> Document:
    """A queue entry with the audit of its soft delete, for the control API only."""
    hidden_at = instant(entry.hidden_at) if entry.hidden_at else None
    return {**portal_request(entry), "hidden_at": hidden_at, "hidden_by": entry.hidden_by}


def patient(patient: Patient) -> Document:
    """A patient, for the control API only."""
    return {
        "id": patient.id,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "primary_email": patient.primary_email,
        "username": patient.username,
    }


def user(user: ApiUser) -> Document:
    """An API user without the password."""
    return {
        "id": user.id,
        "username": user.username,
        "read_only": user.read_only,
        "resources": None if user.resources is None else sorted(user.resources),
    }


def mail(mail: Mail) -> Document:
    """A mail of the outbox."""
    return {
        "id": mail.id,
        "sent_at": instant(mail.sent_at),
        "sender": mail.sender,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "text": mail.text,
        "link": mail.link,
    }


def instant(moment: datetime) -> str:
    """An aware UTC time in RFC 3339 with `Z` (assumed)."""
    return moment.isoformat().replace("+00:00", "Z")
