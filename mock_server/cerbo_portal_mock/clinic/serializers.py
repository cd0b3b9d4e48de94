"""The domain's objects as JSON objects of the contract, and instants as text."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from cerbo_portal_mock.clinic.chart import Item
from cerbo_portal_mock.clinic.state import Entry, Patient

JsonObject = dict[str, Any]


def portal_request(entry: Entry) -> JsonObject:
    """A queue entry as `PortalRequest`."""
    return {
        "object": "portal_request",
        "id": entry.id,
        "pt_id": entry.pt_id,
        "request_type": entry.request_type,
        "status": "dismissed" if entry.hidden_at else entry.status,
        "created": instant(entry.created),
        "addedby": entry.addedby,
        "subject": entry.subject,
        "notes": entry.notes,
        "url_patient_details": f"/api/v1/patients/{entry.pt_id}",
        "details": entry.details,
    }


def portal_request_list(entries: Sequence[Entry]) -> JsonObject:
    """Queue entries as `PortalRequestList`."""
    return {
        "object": "list",
        "data": [portal_request(entry) for entry in entries],
        "has_more": False,
        "total_count": len(entries),
    }


def secure_message(entry: Entry) -> JsonObject:
    """A queue entry as `SecureMessage`; only patients' messages pass through the queue."""
    # The details of a scenario's entry may be anything.
    dr_id, reply = entry.details.get("dr_id"), entry.details.get("reply")
    return {
        "object": "secure_message",
        "id": entry.id,
        "pt_id": entry.pt_id,
        "sent_by": "pt",
        "created": instant(entry.created),
        "subject": entry.subject,
        "note": entry.notes,
        "dr_id": dr_id if type(dr_id) is int else None,
        "reply": reply if isinstance(reply, str) else None,
    }


def secure_message_list(entries: Sequence[Entry]) -> JsonObject:
    """Queue entries as `SecureMessageList`."""
    return {
        "object": "list",
        "data": [secure_message(entry) for entry in entries],
        "has_more": False,
        "total_count": len(entries),
    }


def added(created: Entry | Item) -> JsonObject:
    """An entry of the queue or an item of the chart as `CreationResult` and `SecureMessageResult`."""
    if isinstance(created, Entry):
        return {"result": True, "message": "Added to the patient's portal queue", "portal_queue_id": created.id}
    return {"result": True, "message": "Added to the patient's chart", "object": created.kind, "id": created.id}


def patient_details(patient: Patient) -> JsonObject:
    """A patient as `PatientDetails`, part of the response to valid portal credentials."""
    return {
        "id": patient.id,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "email_address": patient.primary_email,
        "status": "active",
    }


@lru_cache(maxsize=1_024)
def instant(moment: datetime) -> str:
    """An aware UTC time in RFC 3339 with `Z` (assumed)."""
    return moment.isoformat().replace("+00:00", "Z")
