"""What a project's own tests look like with the plugin."""

import anyio
import httpx
import pytest
from cerbo_portal_client import Client, OutcomeUnknown
from triage import dismiss


def test_requests_are_dismissed(cerbo_portal):
    with cerbo_portal.client() as cerbo:
        assert dismiss(cerbo, 1, "document") == [33]
    assert [entry.id for entry in cerbo_portal.state.hidden_entries(1)] == [33]


def test_a_lost_answer_does_not_matter(cerbo_portal):
    cerbo_portal.faults.add("close", operation="deletePortalRequest", applied=True, times=1)
    with cerbo_portal.client() as cerbo:
        assert dismiss(cerbo, 1, "document") == [33]


def test_an_invitation_is_sent_once(cerbo_portal):
    cerbo_portal.faults.add("close", operation="inviteToPortal", applied=True)
    with cerbo_portal.client() as cerbo, pytest.raises(OutcomeUnknown):
        cerbo.invite_to_portal(221)
    assert len(cerbo_portal.outbox) == 1


def test_the_asynchronous_client(cerbo_portal):
    async def count():
        async with cerbo_portal.async_client() as cerbo:
            return len((await cerbo.show_portal_requests(1)).data)

    assert anyio.run(count) == 5


def test_code_that_wants_a_url(cerbo_portal, cerbo_portal_url):
    with Client(cerbo_portal_url, username="un", password="pwd") as cerbo:
        dismiss(cerbo, 1, "document")
    assert cerbo_portal.journal.find(operation="deletePortalRequest", patient=1)


def test_the_control_api(cerbo_portal_url, cerbo_portal_admin_url):
    with Client(cerbo_portal_url, username="un", password="pwd") as cerbo:
        dismiss(cerbo, 1, "document")
    hidden = httpx.get(f"{cerbo_portal_admin_url}/state", trust_env=False).json()["hidden"]
    assert [entry["id"] for entry in hidden] == [33]
