"""The domain's objects as JSON objects of the contract."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from cerbo_portal_mock.clinic.chart import Item
from cerbo_portal_mock.clinic.records import Entry, Patient

JsonObject = dict[str, Any]


def portal_request(entry: Entry, api_url: str) -> JsonObject:
    """A queue entry as `PortalRequest`.

    Args:
        entry: the entry.
        api_url: the URL that routes begin with, without a slash at its end.
    """
    return {
        "object": "portal_request",
        "id": entry.id,
        "pt_id": entry.pt_id,
        "request_type": entry.request_type,
        "status": "dismissed" if entry.hidden_at else entry.status,
        "created": vendor_date(entry.created),
        "addedby": entry.addedby,
        "subject": entry.subject,
        "notes": entry.notes,
        "url_patient_details": f"{api_url}/patients/{entry.pt_id}",
        "details": entry.details,
    }


def portal_request_list(entries: Sequence[Entry], api_url: str) -> JsonObject:
    """Queue entries as `PortalRequestList`; the arguments are those of `portal_request`."""
    return {
        "object": "list",
        "data": [portal_request(entry, api_url) for entry in entries],
        "has_more": False,
        "total_count": len(entries),
    }


def secure_message(entry: Entry) -> JsonObject:
    """A queue entry as `SecureMessage`; only patients' messages pass through the queue."""
    return {
        "object": "secure_message",
        "id": entry.id,
        "pt_id": entry.pt_id,
        "sent_by": "pt",
        "created": vendor_date(entry.created),
        "subject": entry.subject,
        "note": entry.notes,
        "dr_id": entry.details.get("dr_id"),
        "reply": entry.details.get("reply"),
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
        "id": str(patient.id),
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "email_address": patient.primary_email,
        "status": "active",
    }


@lru_cache(maxsize=1_024)
def vendor_date(moment: datetime) -> str:
    """An aware UTC time in the vendor's format, `YYYY-MM-DD HH:MM:SS`; a fraction of a second is dropped."""
    return moment.replace(tzinfo=None).isoformat(" ", "seconds")
