"""The clock: audits and links follow it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.clock import LATEST, Clock, InvalidInstant
from cerbo_portal_mock.clinic.invitations import BadLink

from contract_tests.support.http_client import Admin, error_message

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_frozen_clock_stands_still_until_it_is_released() -> None:
    clock = Clock(lambda: NOON)
    assert clock() == NOON
    clock.freeze(datetime.fromisoformat("2027-01-01T01:00:00+01:00"))
    assert (clock(), clock.frozen) == (datetime(2027, 1, 1, tzinfo=UTC), True)
    clock.advance(3600)
    assert clock() == datetime(2027, 1, 1, 1, tzinfo=UTC)
    clock.release()
    assert (clock(), clock.frozen) == (NOON, False)


def test_a_running_clock_that_is_advanced_goes_on_from_there() -> None:
    now = [NOON]
    clock = Clock(lambda: now[0])
    clock.advance(60)
    clock.advance(-10)
    now[0] += timedelta(seconds=1)
    assert clock() == NOON + timedelta(seconds=51)
    clock.freeze()
    now[0] += timedelta(seconds=1)
    assert clock() == NOON + timedelta(seconds=51)


def test_a_clock_advances_by_days_hours_and_minutes(admin: Admin, portal: MockPortal) -> None:
    portal.clock.freeze(NOON)
    portal.clock.advance(30, minutes=1, hours=2, days=1)
    assert portal.clock() == NOON + timedelta(days=1, hours=2, minutes=1, seconds=30)
    admin("POST", "/clock/advance", {"hours": -24, "minutes": -1.5})
    assert portal.clock() == NOON + timedelta(hours=2)


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), datetime(1969, 1, 1, tzinfo=UTC)])  # noqa: DTZ001
def test_a_clock_that_links_cannot_follow_is_refused(at: datetime) -> None:
    clock = Clock(lambda: NOON)
    with pytest.raises(InvalidInstant, match="from 1970-01-02 to 9999-12-30"):
        clock.freeze(at)
    with pytest.raises(InvalidInstant, match="from 1970-01-02 to 9999-12-30"):
        clock.advance(float("nan"))
    assert clock() == NOON


@pytest.mark.parametrize("at", ["2026-11-24 12:00:00", "2026-11-24T13:00:00+01:00", "2026-11-24T12:00:00+0000"])
def test_the_clock_freezes_at_dates_in_the_vendors_format_and_in_rfc_3339(admin: Admin, at: str) -> None:
    assert admin("POST", "/clock/freeze", {"at": at}).json() == {"now": "2026-11-24T12:00:00Z", "frozen": True}


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31 23:59:59",
        "9999-12-30T00:00:01Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_the_clock_refuses_the_end_of_the_year_9999(admin: Admin, at: str) -> None:
    refused = admin("POST", "/clock/freeze", {"at": at})
    assert (refused.status_code, error_message(refused.content)) == (
        400,
        "clock: expected a time in UTC or with an offset, from 1970-01-02 to 9999-12-30",
    )


def test_audits_links_and_mails_work_at_the_latest_time(admin: Admin, http: httpx.Client, portal: MockPortal) -> None:
    admin("POST", "/clock/freeze", {"at": "9999-12-29T23:59:59Z"}).raise_for_status()
    assert admin("POST", "/clock/advance", {"seconds": 1}).json()["now"] == "9999-12-30T00:00:00Z"
    assert admin("POST", "/clock/advance", {"seconds": 1}).status_code == 400
    http.delete("/api/v1/patients/1/portal/enqueued/27").raise_for_status()
    http.post("/api/v1/patients/221/portal/invite").raise_for_status()
    assert portal.open(portal.outbox.last).status == 200
    assert admin("GET", "/state").json()["hidden"][0]["hidden_at"] == "9999-12-30T00:00:00Z"


@pytest.mark.parametrize("days", [1, 400 * 365])
def test_a_running_clock_stops_at_the_latest_time(days: int) -> None:
    now = [NOON]
    clock = Clock(lambda: now[0])
    clock.advance((LATEST - NOON).total_seconds() - 5)
    assert clock() == LATEST - timedelta(seconds=5)
    now[0] += timedelta(days=days)
    assert clock() == LATEST
    with pytest.raises(InvalidInstant):
        clock.advance(1)
    clock.freeze()
    assert clock() == LATEST
    clock.release()
    clock.advance(-86400)
    assert clock() == now[0] - timedelta(days=1)


def test_audit_times_and_link_expiry_follow_the_clock(admin: Admin, http: httpx.Client, portal: MockPortal) -> None:
    admin("POST", "/clock/freeze", {"at": "2026-12-24T18:00:00Z"})
    http.delete("/api/v1/patients/1/portal/enqueued/27").raise_for_status()
    (hidden,) = portal.state.hidden_entries(1)
    assert hidden.hidden_at == datetime(2026, 12, 24, 18, tzinfo=UTC)
    http.post("/api/v1/patients/221/portal/invite").raise_for_status()
    assert portal.outbox.last.sent_at == hidden.hidden_at
    token = portal.outbox.last.link.split("token=")[1]
    admin("POST", "/clock/advance", {"seconds": 72 * 3600})
    assert portal.instance.invitations.read(token).pt_id == 221
    assert admin("POST", "/clock/advance", {"seconds": 1}).json() == {"now": "2026-12-27T18:00:01Z", "frozen": True}
    with pytest.raises(BadLink, match="expired"):
        portal.instance.invitations.read(token)
    assert admin("POST", "/clock/release").json()["frozen"] is False
