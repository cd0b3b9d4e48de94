"""The clock: audits and links follow it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.clock import Clock, InvalidInstant
from cerbo_portal_mock.clinic.invitations import BadLink

Admin = Callable[..., httpx.Response]

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


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), datetime(1969, 1, 1, tzinfo=UTC)])  # noqa: DTZ001
def test_a_clock_that_links_cannot_follow_is_refused(at: datetime) -> None:
    clock = Clock(lambda: NOON)
    with pytest.raises(InvalidInstant, match="1970 to 9999"):
        clock.freeze(at)
    with pytest.raises(InvalidInstant, match="1970 to 9999"):
        clock.advance(float("nan"))
    assert clock() == NOON


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
