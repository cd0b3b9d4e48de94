"""The mock in process: Python objects and generated clients of the same world."""

import asyncio
import os
import unittest
from pathlib import Path
from typing import Any

import anyio
import cerbo_portal_mock
import httpx
import pytest
from cerbo_portal_client import (
    AsyncClient,
    Client,
    ConnectionFailed,
    MalformedResponse,
    NotFound,
    OutcomeUnknown,
    ReadOnly,
    ServiceUnavailable,
    Unauthorized,
)
from cerbo_portal_mock import MockPortal, PortalTransport, Scenario, ScenarioError, create_app
from cerbo_portal_mock.clinic.faults import FaultNotHappened
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.spec.errors import InvalidArgument


def test_the_client_and_the_objects_show_the_same_world(portal: MockPortal) -> None:
    with portal.client() as cerbo:
        cerbo.delete_portal_request(1, 27)
        assert [entry.id for entry in portal.state.hidden_entries(1)] == [27]
        portal.state.enqueue(1, "appointment", subject="Added by the test")
        assert cerbo.show_portal_requests(1).data[-1].subject == "Added by the test"
        cerbo.invite_to_portal(221)
    assert portal.outbox.last.recipient == "toni.invited@example.com"
    assert [call.operation for call in portal.journal] == [
        "deletePortalRequest", "showPortalRequests", "inviteToPortal"
    ]  # fmt: skip


def test_the_asynchronous_client_works_in_process_too(portal: MockPortal) -> None:
    async def use() -> None:
        async with portal.async_client("ben") as cerbo:
            await cerbo.delete_portal_request(1, 27)
            with pytest.raises(NotFound):
                await cerbo.delete_portal_request(1, 27)

    anyio.run(use)
    assert portal.state.hidden_entries(1)[0].hidden_by == "ben"


def test_clients_are_of_the_user_that_is_named(portal: MockPortal) -> None:
    with portal.client("un", "wrong") as cerbo, pytest.raises(Unauthorized):
        cerbo.show_portal_requests(1)
    with pytest.raises(LookupError, match="expected one of un, ben, reader, labs"):
        portal.client("nobody")


def test_clients_are_strict_unless_asked_not_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handlers.HANDLERS, "showPortalRequests", lambda *_, **__: {"data": [{"id": 1, "subject": 5}]})
    portal = MockPortal(validate="off")
    with portal.client() as cerbo, pytest.raises(MalformedResponse):
        cerbo.show_portal_requests(1)
    with portal.client(strict=False) as cerbo:
        (entry,) = cerbo.show_portal_requests(1).data
    assert (entry.id, entry.subject) == (1, None)

    async def use() -> None:
        async with portal.async_client() as cerbo:
            with pytest.raises(MalformedResponse):
                await cerbo.show_portal_requests(1)

    anyio.run(use)


def test_clients_have_the_settings_that_they_are_given(portal: MockPortal) -> None:
    portal.faults.add("status", status=503, retry_after=9, times=1)
    with portal.client(retries=0, read_only=True) as client:
        with pytest.raises(ServiceUnavailable):
            client.show_portal_requests(1)
        with pytest.raises(ReadOnly):
            client.invite_to_portal(221)
    assert len(portal.journal) == 1


def test_clients_are_strict_unless_they_are_made_tolerant() -> None:
    portal = MockPortal(validate="off")
    portal.state.append(221, "prescription", details={"drug_id": "a name"})

    async def use() -> None:
        async with portal.async_client() as cerbo:
            with pytest.raises(MalformedResponse):
                await cerbo.show_portal_requests(221)
        async with portal.async_client(strict=False) as cerbo:
            assert len((await cerbo.show_portal_requests(221)).data) == 1

    anyio.run(use)
    with portal.client() as client, pytest.raises(MalformedResponse):
        client.show_portal_requests(221)
    with portal.client(strict=False) as client:
        assert len(client.show_portal_requests(221).data) == 1


def test_faults_reach_the_client_as_its_own_errors(portal: MockPortal) -> None:
    with portal.client() as cerbo:
        portal.faults.add("close", operation="inviteToPortal", applied=True)
        with pytest.raises(OutcomeUnknown):
            cerbo.invite_to_portal(221)
        assert len(portal.outbox) == 1
        portal.faults.clear()
        portal.faults.add("truncated", operation="showPortalRequests")
        with pytest.raises(ConnectionFailed):
            cerbo.show_portal_requests(1)


def test_a_server_answers_as_long_as_its_context_lasts(portal: MockPortal) -> None:
    with portal.server() as url:
        assert url.startswith("http://127.0.0.1:")
        with Client(url, username="un", password="pwd") as cerbo:
            cerbo.delete_portal_request(1, 28)
    assert [entry.id for entry in portal.state.hidden_entries(1)] == [28]
    with Client(url, username="un", password="pwd", timeout=1) as cerbo, pytest.raises(ConnectionFailed):
        cerbo.show_portal_requests(1)


def test_a_reset_returns_to_the_scenario(portal: MockPortal) -> None:
    portal.state.hide(1, 27, by="un")
    portal.faults.add("html")
    portal.clock.freeze()
    portal.reset()
    assert portal.state.hidden_entries(1) == []
    assert list(portal.faults) == []
    assert not portal.clock.frozen


def test_the_public_names_are_these() -> None:
    assert cerbo_portal_mock.__all__ == [
        "MockPortal", "PortalTransport", "Scenario", "ScenarioError", "create_app"
    ]  # fmt: skip
    assert all(hasattr(cerbo_portal_mock, name) for name in cerbo_portal_mock.__all__)
    assert not hasattr(cerbo_portal_mock, "nothing")
    assert (PortalTransport, Scenario, ScenarioError, create_app) == tuple(
        getattr(cerbo_portal_mock, name) for name in cerbo_portal_mock.__all__[1:]
    )


def test_an_empty_outbox_has_no_last_mail(portal: MockPortal) -> None:
    with pytest.raises(LookupError, match="the outbox is empty"):
        _ = portal.outbox.last


def test_a_portal_is_a_context_manager_in_any_test() -> None:
    with MockPortal() as portal, portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).total_count == 5
    with pytest.raises(FaultNotHappened, match="status=503"), MockPortal() as portal:
        portal.faults.add("status", status=503, must_happen=True)

    def fail(portal: MockPortal) -> None:
        portal.faults.add("status", status=503, must_happen=True)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), MockPortal() as portal:
        fail(portal)


def test_a_fault_lasts_as_long_as_its_context(portal: MockPortal) -> None:
    with portal.client(retries=0) as cerbo:
        with portal.fault("status", status=503, must_happen=True), pytest.raises(ServiceUnavailable):
            cerbo.show_portal_requests(1)
        assert cerbo.show_portal_requests(1).total_count == 5
        with (
            pytest.raises(
                FaultNotHappened, match=r"^a fault did not happen: refuse \(times=2, must_happen=True\): happ"
            ),
            portal.fault("refuse", times=2, must_happen=True),
            pytest.raises(ConnectionFailed),
        ):
            cerbo.show_portal_requests(1)
        with portal.fault("status", status=503) as rule:
            portal.faults.remove(rule.id)
    assert list(portal.faults) == []


def test_a_refused_connection_is_retried_for_a_write_too(portal: MockPortal) -> None:
    portal.clock.freeze()
    portal.faults.add("refuse", times=2)
    with portal.client() as cerbo:
        cerbo.invite_to_portal(221)
    assert (len(portal.journal), len(portal.outbox)) == (3, 1)


@MockPortal()
def _decorated(number: int, *, portal: MockPortal) -> int:
    with portal.client() as cerbo:
        cerbo.delete_portal_request(1, 27)
        return number + len(cerbo.show_portal_requests(1).data)


@MockPortal()
async def _decorated_async(portal: MockPortal) -> int:
    async with portal.async_client() as cerbo:
        await cerbo.delete_portal_request(1, 27)
        return len((await cerbo.show_portal_requests(1)).data)


def test_a_decorated_function_has_a_new_portal_at_each_call() -> None:
    assert [_decorated(10), _decorated(20)] == [14, 24]
    assert [asyncio.run(_decorated_async()) for _ in range(2)] == [4, 4]


@MockPortal()
def test_pytest_finds_no_fixture_in_the_portal_of_the_decorator(tmp_path: Path, portal: MockPortal) -> None:
    assert tmp_path.exists()
    assert portal.journal.total == 0


@MockPortal()
def test_a_decorated_function_needs_no_portal() -> None:
    assert True


def test_a_decorator_checks_the_faults_of_its_portal() -> None:
    @MockPortal()
    def call(portal: MockPortal) -> None:
        portal.faults.add("html", must_happen=True)

    with pytest.raises(FaultNotHappened):
        call()


def test_the_decorator_has_the_settings_of_its_portal() -> None:
    @MockPortal(SCENARIO, validate="off")
    def call(portal: MockPortal) -> Any:
        return portal.instance.settings.validate, portal.credentials()

    assert call() == ("off", ("api", "invented"))


def test_the_decorator_works_in_unittest() -> None:
    class Case(unittest.TestCase):
        @MockPortal()
        def test_sync(self, portal: MockPortal) -> None:
            assert len(portal.journal) == 0

    class AsyncCase(unittest.IsolatedAsyncioTestCase):
        @MockPortal()
        async def test_async(self, portal: MockPortal) -> None:
            async with portal.async_client() as cerbo:
                await cerbo.show_portal_requests(1)
            assert len(portal.journal) == 1

    result = unittest.TestResult()
    unittest.TestSuite([Case("test_sync"), AsyncCase("test_async")]).run(result)
    assert (result.testsRun, result.errors, result.failures) == (2, [], [])


def _generator() -> Any:
    yield


@pytest.mark.parametrize("target", [type("Case", (), {}), _generator])
def test_what_is_no_function_cannot_be_decorated(portal: MockPortal, target: Any) -> None:
    with pytest.raises(TypeError, match="expected a function or method to decorate"):
        portal(target)


SCENARIO = {
    "clinic": {"name": "C", "invitation": {"subject": "S", "text": "$link"}},
    "users": [{"id": 1, "username": "api", "password": "invented"}],
    "patients": [{"id": 7, "first_name": "Ann", "last_name": "Sample"}],
}


def test_a_scenario_is_a_path_or_plain_data(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text("clinic: {name: C, invitation: {subject: S, text: $link}}\nusers: []\npatients: []\n")
    with pytest.raises(ScenarioError, match=r"clinic.yaml:2"):
        MockPortal(str(path))
    assert MockPortal(SCENARIO).state.patient(7).first_name == "Ann"
    with pytest.raises(InvalidArgument, match=r"^scenario.users: expected"):
        MockPortal({**SCENARIO, "users": 1})


class _Counting(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, inner: PortalTransport) -> None:
        self.inner = inner
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return self.inner.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return await self.inner.handle_async_request(request)


def test_a_transport_can_be_wrapped_or_replaced(portal: MockPortal) -> None:
    own = _Counting(PortalTransport(portal.app))
    wrapped: list[_Counting] = []

    def wrap(inner: PortalTransport) -> _Counting:
        wrapped.append(_Counting(inner))
        return wrapped[-1]

    async def use() -> None:
        async with portal.async_client(wrap=wrap) as cerbo:
            await cerbo.show_portal_requests(1)

    portal.clock.freeze()
    # The pause passes on the frozen clock through a wrapper, too.
    portal.faults.add("status", status=429, retry_after=9, times=1)
    with portal.client(transport=own) as cerbo:
        cerbo.show_portal_requests(1)
    asyncio.run(use())
    assert (own.requests, wrapped[0].requests) == (2, 1)
    with pytest.raises(TypeError, match="expected a transport or wrap, not both"):
        portal.client(transport=own, wrap=wrap)


def test_the_environment_leads_clients_to_the_portal(portal: MockPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERBO_READ_ONLY", "1")
    monkeypatch.setenv("CERBO_PROXY", "http://proxy.example:3128")
    with portal.environment("ben") as url:
        with Client.from_env(strict=True) as cerbo:
            cerbo.delete_portal_request(1, 27)
        assert os.environ["CERBO_BASE_URL"] == url

        async def use() -> None:
            async with AsyncClient.from_env() as cerbo:
                await cerbo.show_portal_requests(1)

        asyncio.run(use())
    assert portal.state.hidden_entries(1)[0].hidden_by == "ben"
    assert os.environ["CERBO_READ_ONLY"] == "1"
    assert "CERBO_BASE_URL" not in os.environ


def test_a_portal_shows_how_many_requests_it_received(portal: MockPortal) -> None:
    assert repr(portal) == "<MockPortal: 0 requests>"
