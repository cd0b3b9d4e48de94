"""A portal of one test on another server has what a portal in process has."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_client import Client, NotFound, ServiceUnavailable
from cerbo_portal_mock import MockPortal, Scenario
from cerbo_portal_mock.clinic.faults import FaultNotHappened, UnknownFault
from cerbo_portal_mock.clinic.scenario import DEFAULT_PATH
from cerbo_portal_mock.clinic.state import Conflict, UnknownPatient, UnknownRequest
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.testing.remote_portal import RemotePortal

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Portal = MockPortal | RemotePortal


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    """HTTP to a mock on a socket."""
    with MockPortal().server() as url, httpx.Client(base_url=url.removesuffix("/api/v1"), trust_env=False) as http:
        yield http


@pytest.fixture
def remote(server: httpx.Client, request: pytest.FixtureRequest) -> Iterator[RemotePortal]:
    """An instance of this test alone on the server."""
    portal = RemotePortal(server, f"test-{abs(hash(request.node.name))}")
    yield portal
    portal.drop()


@pytest.fixture(params=["in process", "remote"])
def either(request: pytest.FixtureRequest) -> Portal:
    """Each kind of portal."""
    portal: Portal = MockPortal() if request.param == "in process" else request.getfixturevalue("remote")
    return portal


def test_patients_and_entries_are_read_and_added(either: Portal) -> None:
    state = either.state
    either.clock.freeze(NOON)
    ben = state.add_patient(7, "Ben", "Sample", primary_email="ben@example.com", username=None)
    assert state.patient(7) == ben
    late = state.enqueue(7, "vitals", created=NOON + timedelta(hours=1), notes=None)
    early = state.enqueue(7, "document", created=NOON - timedelta(hours=1), subject="Scan")
    assert state.open_entries(7) == [early, late]
    with either.client() as cerbo:
        cerbo.delete_portal_request(7, late.id)
    (hidden,) = state.hidden_entries(7)
    assert (hidden.id, hidden.hidden_by, hidden.hidden_at) == (late.id, "un", NOON)
    assert state.restore(late.id) == late
    assert state.hidden_entries(7) == []


def test_additions_to_the_state_are_refused_alike(either: Portal) -> None:
    state = either.state
    for refused in (lambda: state.patient(404), lambda: state.open_entries(404), lambda: state.hidden_entries(404)):
        with pytest.raises(UnknownPatient):
            refused()
    with pytest.raises(UnknownPatient):
        state.enqueue(404, "document")
    with pytest.raises(UnknownRequest):
        state.restore(27)
    with pytest.raises(Conflict):
        state.add_patient(1, "Ann", "Sample")
    with pytest.raises(InvalidArgument, match="subject: expected null or text"):
        state.enqueue(1, "document", subject=7)


def test_calls_are_found_alike(either: Portal) -> None:
    journal = either.journal
    assert (len(journal), journal.total, repr(journal)) == (0, 0, "<Journal: 0 requests>")
    with pytest.raises(LookupError):
        _ = journal.last
    with either.client() as cerbo:
        cerbo.show_portal_requests(1)
        with pytest.raises(NotFound):
            cerbo.delete_portal_request(2, 404)
    assert (len(journal), journal.total) == (2, 2)
    first, last = journal
    assert (first, last, [last]) == (journal[0], journal.last, journal[1:])
    assert journal.find(method="DELETE", patient=2) == [last]
    assert (last.operation, last.status, last.user, last.query) == ("deletePortalRequest", 404, "un", "")
    assert "enqueued -> 200\n  DELETE " in repr(journal)
    assert (journal.count("showPortalRequests", 200), journal.count("showPortalRequests", 404)) == (1, 0)
    with pytest.raises(InvalidArgument, match="operation: expected one of "):
        journal.find(operation="nothing")
    with pytest.raises(InvalidArgument, match="operation: expected one of "):
        journal.count("nothing", 200)
    journal.clear()
    assert len(journal) == 0


def test_mails_are_read_alike(either: Portal) -> None:
    outbox = either.outbox
    with pytest.raises(LookupError, match="the outbox is empty"):
        _ = outbox.last
    with either.client() as cerbo:
        cerbo.invite_to_portal(221)
    assert (len(outbox), outbox.total) == (1, 1)
    mail = outbox[0]
    assert mail == outbox.last
    assert outbox[:] == [mail]
    assert (mail.recipient, mail.delivery, mail.failure) == ("toni.invited@example.com", "kept", None)
    assert mail.link in mail.text
    assert mail.recipient not in repr(mail)


def test_faults_happen_and_are_missed_alike(either: Portal) -> None:
    faults = either.faults
    faults.seed(7)
    rule = faults.add("sequence", steps=[503, None], must_happen=True, retry_after=60)
    assert rule in list(faults)
    with either.client(retries=0) as cerbo:
        with pytest.raises(ServiceUnavailable):
            cerbo.show_portal_requests(1)
        (missing,) = faults.missing()
        assert (missing.id, missing.happened) == (rule.id, 1)
        with pytest.raises(FaultNotHappened, match="happened 1 of 2 times"):
            either.check_faults()
        cerbo.show_portal_requests(1)
        faults.check_happened()
        with either.fault("status", status=503, body=b"down"), pytest.raises(ServiceUnavailable):
            cerbo.show_portal_requests(1)
    assert either.journal.last.response_body == b"down"
    with pytest.raises(UnknownFault):
        faults.remove(rule.id)
    with pytest.raises(InvalidArgument, match="kind: expected one of "):
        faults.add("bogus")  # type: ignore[arg-type]
    faults.add("html")
    faults.clear()
    assert list(faults) == []


def test_the_clock_is_set_alike(either: Portal) -> None:
    clock = either.clock
    clock.freeze(NOON)
    clock.advance(30, minutes=1)
    assert (clock(), clock.frozen) == (NOON + timedelta(seconds=90), True)
    clock.release()
    assert not clock.frozen
    clock.freeze()
    assert clock.frozen


def test_a_reset_returns_to_the_scenario_alike(either: Portal) -> None:
    either.state.enqueue(1, "document")
    either.reset()
    assert len(either.state.open_entries(1)) == 5


def test_clients_and_the_environment_lead_to_the_instance(remote: RemotePortal) -> None:
    async def use() -> None:
        async with remote.async_client("ben") as cerbo:
            await cerbo.delete_portal_request(1, 27)

    asyncio.run(use())
    with remote.environment(), Client.from_env() as cerbo:
        assert cerbo.show_portal_requests(1).total_count == 4
    assert [call.user for call in remote.journal] == ["ben", "un"]
    with pytest.raises(LookupError, match="expected one of un, ben, reader, labs"):
        remote.client("nobody")
    assert remote.credentials("nobody", "given") == ("nobody", "given")


@pytest.mark.parametrize("scenario", [DEFAULT_PATH, str(DEFAULT_PATH), None])
def test_a_remote_scenario_is_a_path(server: httpx.Client, scenario: Path | str | None) -> None:
    with RemotePortal(server, "of-a-path", scenario, grease="7,dates") as portal:
        assert portal.credentials() == ("un", "pwd")
        with portal.client() as cerbo:
            assert cerbo.show_portal_requests(1).total_count == 5
        assert portal.journal.last.grease
    portal.drop()


def test_a_remote_scenario_is_plain_data_and_no_object(server: httpx.Client) -> None:
    content: dict[str, Any] = {
        "clinic": {"name": "C", "invitation": {"subject": "S", "text": "$link"}},
        "users": [{"id": 1, "username": "api", "password": "invented"}],
        "patients": [],
    }
    portal = RemotePortal(server, "of-data", content)
    assert portal.credentials() == ("api", "invented")
    portal.drop()
    with pytest.raises(InvalidArgument, match=r"scenario\.users"):
        RemotePortal(server, "of-data", {**content, "users": 1})
    with pytest.raises(TypeError, match="expected a path or plain data"):
        RemotePortal(server, "of-data", Scenario.built_in())  # type: ignore[arg-type]


def test_a_server_that_fails_is_an_error_of_httpx() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(502))
    with (
        httpx.Client(base_url="http://mock.example", transport=transport) as http,
        pytest.raises(httpx.HTTPStatusError),
    ):
        RemotePortal(http, "x")


def test_iterating_over_the_journal_reads_it_once(server: httpx.Client) -> None:
    with RemotePortal(server, "read-once") as portal:
        with portal.client() as client:
            for _ in range(3):
                client.show_portal_requests(1)
        asked: list[httpx.Request] = []
        server.event_hooks["request"] = [asked.append]
        try:
            assert sum(exchange.status == 200 for exchange in portal.journal) == 3
        finally:
            server.event_hooks["request"] = []
        assert len(asked) == 1


def test_a_reset_keeps_the_grease_of_a_remote_portal(server: httpx.Client) -> None:
    with RemotePortal(server, "greased", grease="7,dates") as portal:
        portal.reset()
        assert server.get("/__instance/greased/__admin/settings").json()["grease"] == "7,dates"


def test_refused_grease_leaves_no_instance(server: httpx.Client) -> None:
    with pytest.raises(ValueError, match="grease"):
        RemotePortal(server, "refused", grease="colours")
    assert "refused" not in server.get("/__admin/instances").text


def test_a_page_that_is_no_mock_is_an_error_of_httpx() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(404, html="<html>"))
    with httpx.Client(base_url="http://127.0.0.1", transport=transport) as http, pytest.raises(httpx.HTTPStatusError):
        RemotePortal(http, "x")
