"""The state's objects as the documents that the contract and the control API show."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.chart import Item
from cerbo_portal_mock.clinic.clock import Clock
from cerbo_portal_mock.clinic.faults import Rule
from cerbo_portal_mock.clinic.journal import Exchange
from cerbo_portal_mock.clinic.mail import Mail
from cerbo_portal_mock.clinic.state import Entry, Patient
from cerbo_portal_mock.spec.operation import InvalidArgument

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.instance import Settings

Document = dict[str, Any]


def portal_request(entry: Entry) -> Document:
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


def portal_request_list(entries: Sequence[Entry]) -> Document:
    """Queue entries as `PortalRequestList`."""
    return {
        "object": "list",
        "data": [portal_request(entry) for entry in entries],
        "has_more": False,
        "total_count": len(entries),
    }


def added(thing: Entry | Item) -> Document:
    """What was put into the queue or the chart as `CreationResult`, and as `SecureMessageResult`."""
    if isinstance(thing, Entry):
        return {"result": True, "message": "Added to the patient's portal queue", "portal_queue_id": thing.id}
    return {"result": True, "message": "Added to the patient's chart", "object": thing.kind, "id": thing.id}


def patient_details(patient: Patient) -> Document:
    """A patient as `PatientDetails`, the answer to valid portal credentials."""
    return {
        "id": patient.id,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "email_address": patient.primary_email,
        "status": "active",
    }


def audited(entry: Entry) -> Document:
    """A queue entry with the audit of its soft delete, for the control API only."""
    hidden_at = instant(entry.hidden_at) if entry.hidden_at else None
    return {**portal_request(entry), "hidden_at": hidden_at, "hidden_by": entry.hidden_by}


def chart_item(item: Item) -> Document:
    """An item of a chart, for the control API only."""
    return {**asdict(item), "created": instant(item.created)}


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


def settings(settings: "Settings") -> Document:
    """An instance's settings, in the form in which they are changed."""
    clinic = settings.clinic
    return {
        "clinic": {
            "name": clinic.name,
            "email": clinic.email,
            "invitation": {
                "subject": clinic.invitation_subject,
                "text": clinic.invitation_text,
                "link_lifetime_hours": clinic.link_lifetime // 3600,
            },
        },
        "validate": settings.validate,
        "preview_coming_soon": settings.preview_coming_soon,
    }


def exchange(exchange: Exchange) -> Document:
    """An exchange of the journal, in WireMock's words where it has them."""
    return {
        "id": exchange.id,
        "operation": exchange.operation,
        "patient": exchange.patient,
        "user": exchange.user,
        "instance": exchange.instance,
        "fault": exchange.fault,
        "violation": exchange.violation,
        "wasMatched": exchange.operation is not None,
        "request": {
            "loggedDateString": instant(exchange.at),
            "method": exchange.method,
            "url": exchange.url,
            "clientIp": exchange.client,
            "headers": {_header(name): value for name, value in exchange.headers.items()},
            "body": exchange.body.decode(errors="replace"),
        },
        "response": {
            "status": exchange.status,
            "headers": dict(exchange.response_headers),
            "body": exchange.response_body.decode(errors="replace"),
        },
        "timing": {"totalTime": round(exchange.duration * 1000, 3)},
    }


def fault(rule: Rule) -> Document:
    """A fault that is ordered, in the form in which it is ordered; what it leaves open is left out."""
    return {name: value for name, value in asdict(rule).items() if value is not None}


def clock(clock: Clock) -> Document:
    """An instance's time."""
    return {"now": instant(clock()), "frozen": clock.frozen}


def mail(mail: Mail) -> Document:
    """A mail of the outbox."""
    return {
        "id": mail.id,
        "sent_at": instant(mail.sent_at),
        "sender": mail.sender,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "link": mail.link,
        "delivery": mail.delivery,
        "failure": mail.failure,
    }


@lru_cache(maxsize=1_024)
def instant(moment: datetime) -> str:
    """An aware UTC time in RFC 3339 with `Z` (assumed)."""
    return moment.isoformat().replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The aware UTC time of an RFC 3339 text.

    Raises:
        InvalidArgument: no calendar has it.
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidArgument("expected an instant that a calendar of the years 1 to 9999 has") from None


def _header(name: str) -> str:
    """`HTTP_USER_AGENT` as `User-Agent`."""
    return name.removeprefix("HTTP_").replace("_", "-").title()
