"""The transport in process: delays, timeouts and cancellation as on a connection, without the wait."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event, Thread

import anyio
import httpx
import pytest
from cerbo_portal_client import OutcomeUnknown, TimedOut
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport

LIST = "/api/v1/patients/1/portal/enqueued"
# Far longer than any of these tests may take.
LONG = 60_000


@pytest.fixture(autouse=True)
def _never_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(_: Fault) -> None:
        raise AssertionError("a delay was waited for")

    monkeypatch.setattr(Fault, "wait", wait)


def _sync(portal: MockPortal, method: str, path: str, timeout: float | None = 30) -> httpx.Response:
    transport = PortalTransport(portal.app)
    with httpx.Client(transport=transport, base_url=ORIGIN, auth=("un", "pwd"), timeout=timeout) as client:
        return client.request(method, path)


def _async(portal: MockPortal, method: str, path: str, timeout: float | None = 30) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = PortalTransport(portal.app)
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, auth=("un", "pwd"), timeout=timeout
        ) as client:
            return await client.request(method, path)

    return anyio.run(call)


Call = Callable[..., httpx.Response]


@pytest.mark.parametrize("call", [_sync, _async])
@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("kind", ["delay", "status", "close", "truncated", "garbage", "html"])
def test_a_delay_beyond_the_timeout_raises_read_timeout_without_waiting(
    portal: MockPortal, call: Call, kind: str, applied: bool
) -> None:
    status = {"status": 503} if kind == "status" else {}
    portal.faults.add(kind, delay_ms=LONG, applied=applied, **status)  # type: ignore[arg-type]
    with pytest.raises(httpx.ReadTimeout):
        call(portal, "DELETE", f"{LIST}/27")
    assert [entry.id for entry in portal.state.hidden_entries(1)] == (
        # A delay alone changes nothing but the time.
        [27] if applied or kind == "delay" else []
    )
    (exchange,) = portal.journal
    assert (exchange.operation, exchange.fault) == ("deletePortalRequest", kind)


@pytest.mark.parametrize("call", [_sync, _async])
def test_a_delay_within_the_timeout_is_waited_for(
    portal: MockPortal, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Fault, "wait", lambda fault: waits.append(fault.delay))
    portal.faults.add("delay", delay_ms=29_000)
    assert call(portal, "GET", LIST).status_code == 200
    assert call(portal, "GET", LIST, timeout=None).status_code == 200
    assert waits == [29.0, 29.0]


def test_the_client_concludes_from_a_delay_as_it_does_over_a_socket(portal: MockPortal) -> None:
    portal.faults.add("delay", delay_ms=LONG, times=1)
    with portal.client() as client:
        # The time budget is spent: a read is not repeated.
        with pytest.raises(TimedOut):
            client.show_portal_requests(1)
        portal.faults.add("delay", delay_ms=LONG, times=1)
        with pytest.raises(OutcomeUnknown):
            client.invite_to_portal(221)
    assert (len(portal.journal), len(portal.outbox)) == (2, 1)


def test_the_asynchronous_client_concludes_the_same(portal: MockPortal) -> None:
    async def use() -> None:
        async with portal.async_client() as client:
            with pytest.raises(TimedOut):
                await client.show_portal_requests(1)
            with pytest.raises(OutcomeUnknown):
                await client.invite_to_portal(221)

    portal.faults.add("delay", delay_ms=LONG)
    anyio.run(use)
    assert (len(portal.journal), len(portal.outbox)) == (2, 1)


CANCEL = """
import asyncio
from cerbo_portal_mock import MockPortal

async def main():
    portal = MockPortal()
    portal.faults.add("delay", delay_ms=59_000)
    async with portal.async_client(timeout=300) as client:
        call = asyncio.ensure_future(client.delete_portal_request(1, 27))
        while not portal.faults._delays:
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        print(call.cancelled())
asyncio.run(main())
"""


def test_a_cancelled_call_does_not_keep_the_process_alive() -> None:
    run = subprocess.run([sys.executable, "-c", CANCEL], capture_output=True, text=True, timeout=30, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "True\n", "")


def test_a_call_that_is_cancelled_before_its_delay_begins_does_not_wait(
    portal: MockPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, cancelled, done = Event(), Event(), Event()
    draw = portal.faults.draw

    def hold(*arguments: object) -> Fault | None:
        drawn.set()
        cancelled.wait(30)
        return draw(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(portal.faults, "draw", hold)
    portal.faults.add("delay", delay_ms=LONG)

    async def use() -> None:
        transport = PortalTransport(portal.app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=("un", "pwd"), timeout=None) as client:
            call = asyncio.ensure_future(client.delete(f"{LIST}/27"))
            await asyncio.to_thread(drawn.wait, 30)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            cancelled.set()

    asyncio.run(use())
    deadline = time.monotonic() + 30
    while not portal.journal and time.monotonic() < deadline:
        done.wait(0.01)
    assert [entry.id for entry in portal.state.hidden_entries(1)] == [27]


def test_a_live_server_with_delays_in_flight_stops_at_once(portal: MockPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    portal.faults.add("delay", delay_ms=LONG)
    with portal.server() as url:
        caller = Thread(
            target=lambda: httpx.get(
                f"{url}/patients/1/portal/enqueued", auth=("un", "pwd"), timeout=50, trust_env=False
            )
        )
        caller.start()
        deadline = time.monotonic() + 30
        while not portal.faults._delays and time.monotonic() < deadline:
            time.sleep(0.001)
        started = time.monotonic()
    caller.join(30)
    # A hang guard: the grace for calls in flight is 10 seconds.
    assert time.monotonic() - started < 8


def test_a_path_beyond_latin_1_reaches_the_application(portal: MockPortal) -> None:
    assert _sync(portal, "GET", "/api/v1/patients/\u2028%2F\u00e9").status_code == 404
    assert [exchange.path for exchange in portal.journal] == ["/api/v1/patients/\u2028/\u00e9"]
