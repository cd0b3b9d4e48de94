"""The mock in process: Python objects and generated clients of the same world."""

import anyio
import cerbo_portal_mock
import pytest
from cerbo_portal_client import (
    Client,
    ConnectionFailed,
    MalformedResponse,
    NotFound,
    OutcomeUnknown,
    ReadOnly,
    ServiceUnavailable,
    Unauthorized,
)
from cerbo_portal_mock import MockPortal, Scenario, ScenarioError, create_app
from cerbo_portal_mock.http import handlers


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
    portal.state.enqueue(221, "prescription", details={"drug_id": "a name"})

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
    assert cerbo_portal_mock.__all__ == ["MockPortal", "Scenario", "ScenarioError", "create_app"]
    assert all(hasattr(cerbo_portal_mock, name) for name in cerbo_portal_mock.__all__)
    assert not hasattr(cerbo_portal_mock, "nothing")
    assert (Scenario, ScenarioError, create_app) == tuple(
        getattr(cerbo_portal_mock, name) for name in cerbo_portal_mock.__all__[1:]
    )


def test_an_empty_outbox_has_no_last_mail(portal: MockPortal) -> None:
    with pytest.raises(LookupError, match="the outbox is empty"):
        _ = portal.outbox.last
