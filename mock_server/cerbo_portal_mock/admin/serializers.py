"""The domain's objects as JSON objects of the control API."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.chart import Item
from cerbo_portal_mock.clinic.clock import Clock
from cerbo_portal_mock.clinic.fault_rule import FaultRule
from cerbo_portal_mock.clinic.grease import OFF
from cerbo_portal_mock.clinic.instance import Settings
from cerbo_portal_mock.clinic.journal import Exchange
from cerbo_portal_mock.clinic.mail import Mail
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.clinic.serializers import JsonObject, portal_request

T = TypeVar("T")
# Bytes of a list of requests or of mails.
MAX_LISTED = 8 * 1024 * 1024


def newest(items: Sequence[T], serialize: Callable[[T], JsonObject]) -> list[JsonObject]:
    """The newest items that have at most `MAX_LISTED` bytes together as JSON, oldest first.

    Args:
        items: the items, oldest first.
        serialize: makes a JSON object of one.
    """
    shown: list[JsonObject] = []
    left = MAX_LISTED
    for item in reversed(items):
        document = serialize(item)
        left -= len(json.dumps(document))
        if left < 0:
            break
        shown.append(document)
    return shown[::-1]


@lru_cache(maxsize=1_024)
def instant(moment: datetime) -> str:
    """An aware UTC time in RFC 3339 with `Z`: the control API does not imitate the vendor's format."""
    return moment.isoformat().replace("+00:00", "Z")


def audited(entry: Entry, api_url: str) -> JsonObject:
    """A queue entry with the audit of its soft delete.

    Args:
        entry: the entry.
        api_url: the URL that routes begin with, without a slash at its end.
    """
    hidden_at = instant(entry.hidden_at) if entry.hidden_at else None
    audit = {"created": instant(entry.created), "hidden_at": hidden_at, "hidden_by": entry.hidden_by}
    return portal_request(entry, api_url) | audit


def chart_item(item: Item) -> JsonObject:
    """An item of a chart."""
    return {**asdict(item), "created": instant(item.created)}


def patient(patient: Patient) -> JsonObject:
    """A patient."""
    return {
        "id": patient.id,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "primary_email": patient.primary_email,
        "username": patient.username,
        "portal_access": patient.portal_access,
        "zip": patient.zip,
    }


def user(user: ApiUser) -> JsonObject:
    """An API user without the password."""
    return {
        "id": user.id,
        "username": user.username,
        "read_only": user.read_only,
        "resources": None if user.resources is None else sorted(user.resources),
    }


def settings(settings: Settings) -> JsonObject:
    """An instance's settings, with the members by which they are changed."""
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
        "grease": str(settings.grease or OFF),
    }


def exchange(exchange: Exchange) -> JsonObject:
    """An exchange of the journal, with WireMock's names where it has them."""
    return {
        "id": exchange.id,
        "operation": exchange.operation,
        "patient": exchange.patient,
        "user": exchange.user,
        "instance": exchange.instance,
        "fault": exchange.fault,
        "stub": exchange.stub,
        "grease": list(exchange.grease),
        "violation": exchange.violation,
        "truncated": list(exchange.truncated),
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


def fault(rule: FaultRule) -> JsonObject:
    """A fault rule as it was ordered, without the members that were not given."""
    members = {name: value for name, value in asdict(rule).items() if value is not None}
    if isinstance(rule.body, bytes):
        members["body"] = rule.body.decode(errors="replace")
    return members


def clock(clock: Clock) -> JsonObject:
    """An instance's time."""
    return {"now": instant(clock()), "frozen": clock.frozen}


def mail(mail: Mail) -> JsonObject:
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


def _header(name: str) -> str:
    """`HTTP_USER_AGENT` as `User-Agent`."""
    return name.removeprefix("HTTP_").replace("_", "-").title()
