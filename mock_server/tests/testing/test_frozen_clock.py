"""While a portal's clock is frozen, its clients wait on that clock, and no real time passes."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from cerbo_portal_client import AttemptFailed, ServiceUnavailable, TimedOut
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.testing.transport import PortalTransport


@pytest.fixture(autouse=True)
def _never_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real waits fail the test; a pause of 0 seconds does not."""

    def wait(seconds: float) -> None:
        assert seconds == 0, "real time was to pass"

    async def wait_async(seconds: float) -> None:
        wait(seconds)

    monkeypatch.setattr(time, "sleep", wait)
    monkeypatch.setattr(anyio, "sleep", wait_async)
    monkeypatch.setattr(Fault, "wait", lambda fault: wait(fault.delay))


def _list(portal: MockPortal, **settings: Any) -> int | None:
    with portal.client(**settings) as cerbo:
        return cerbo.show_portal_requests(1).total_count


def _list_async(portal: MockPortal, **settings: Any) -> int | None:
    async def call() -> int | None:
        async with portal.async_client(**settings) as cerbo:
            return (await cerbo.show_portal_requests(1)).total_count

    return anyio.run(call)


Call = Callable[..., int | None]
BOTH = pytest.mark.parametrize("call", [_list, _list_async])


@pytest.fixture
def start(portal: MockPortal) -> datetime:
    """The time at which the clock of the portal is frozen."""
    portal.clock.freeze()
    return portal.clock()


@BOTH
def test_retry_after_passes_on_the_frozen_clock(portal: MockPortal, start: datetime, call: Call) -> None:
    portal.faults.add("status", status=429, retry_after=2, times=2)
    pauses: list[float | None] = []

    def observe(event: Any) -> None:
        if isinstance(event, AttemptFailed):
            pauses.append(event.pause)

    assert call(portal, observer=observe) == 5
    assert [call.at for call in portal.journal] == [
        start, start + timedelta(seconds=pauses[0] or 0), portal.clock()
    ]  # fmt: skip
    assert timedelta(seconds=4) <= portal.clock() - start <= timedelta(seconds=5.5)


@BOTH
def test_pauses_on_the_frozen_clock_count_against_the_timeout(portal: MockPortal, start: datetime, call: Call) -> None:
    portal.faults.add("status", status=503, retry_after=9)
    with pytest.raises(ServiceUnavailable) as raised:
        call(portal, timeout=25, retries=100)
    assert raised.value.attempts in {2, 3}
    assert portal.clock() - start <= timedelta(seconds=25)


@BOTH
def test_a_delay_passes_on_the_frozen_clock(portal: MockPortal, start: datetime, call: Call) -> None:
    portal.faults.add("delay", delay_ms=20_000)
    assert call(portal) == 5
    assert portal.clock() == start + timedelta(seconds=20)
    with pytest.raises(TimedOut):
        call(portal, timeout=10)
    assert timedelta(seconds=29.9) <= portal.clock() - start <= timedelta(seconds=30)


def test_a_delay_without_a_timeout_passes_on_the_frozen_clock(portal: MockPortal, start: datetime) -> None:
    portal.faults.add("delay", delay_ms=20_000)
    with httpx.Client(transport=PortalTransport(portal.app), auth=("un", "pwd"), timeout=None) as http:
        assert http.get("http://127.0.0.1:8080/api/v1/patients/1/portal/enqueued").status_code == 200
    assert portal.clock() == start + timedelta(seconds=20)


@BOTH
def test_pauses_are_real_while_the_clock_runs(portal: MockPortal, call: Call) -> None:
    portal.faults.add("status", status=503, retry_after=9, times=1)
    with pytest.raises(AssertionError, match="real time was to pass"):
        call(portal)


def test_pauses_are_real_again_once_the_clock_is_released(portal: MockPortal, start: datetime) -> None:
    def release(_: object) -> None:
        if len(portal.journal) == 2:
            portal.clock.release()

    portal.faults.add("status", status=503, retry_after=3)
    with pytest.raises(AssertionError, match="real time was to pass"):
        _list(portal, retries=5, observer=release)
    assert len(portal.journal) == 3
