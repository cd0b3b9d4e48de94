"""Tests with a scenario of the project's own; they run in process and on a server that is shared."""

from datetime import UTC, datetime

import pytest
from cerbo_portal_client import Client, RequestType, ServiceUnavailable

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def cerbo_portal_scenario():
    return {
        "clinic": {"name": "Hillside Clinic", "invitation": {"subject": "Your portal", "text": "Follow $link"}},
        "users": [{"id": 1, "username": "api", "password": "invented"}],
        "patients": [
            {
                "id": 7,
                "first_name": "Ann",
                "last_name": "Sample",
                "primary_email": "ann@example.com",
                "queue": [{"id": 1, "request_type": "appointment", "created": "2026-11-02T09:15:00Z"}],
            }
        ],
    }


def test_the_environment_leads_to_the_portal(cerbo_portal, cerbo_portal_env):
    with Client.from_env() as cerbo:
        assert [request.id for request in cerbo.show_portal_requests(7).data] == [1]
        cerbo.invite_to_portal(7)
    assert cerbo_portal_env.endswith("/api/v1")
    assert cerbo_portal.outbox[0].recipient == "ann@example.com"


def test_a_portal_has_the_same_attributes_everywhere(cerbo_portal):
    cerbo_portal.clock.freeze(NOON)
    cerbo_portal.clock.advance(hours=1)
    cerbo_portal.state.add_patient(8, "Ben", "Sample")
    entry = cerbo_portal.state.enqueue(8, RequestType.APPOINTMENT, subject="Follow-up")
    with cerbo_portal.client() as cerbo:
        cerbo.delete_portal_request(8, entry.id)
    (hidden,) = cerbo_portal.state.hidden_entries(8)
    assert (hidden.hidden_at, hidden.hidden_by) == (cerbo_portal.clock(), "api")
    assert cerbo_portal.journal.last.operation == "deletePortalRequest"
    assert [call.patient for call in cerbo_portal.journal.find(method="DELETE")] == [8]
    assert cerbo_portal.state.restore(entry.id) == entry
    assert cerbo_portal.state.open_entries(8) == [entry]


def test_a_fault_happens_everywhere(cerbo_portal):
    with cerbo_portal.client(retries=0) as cerbo:
        with cerbo_portal.fault("status", status=503, must_happen=True), pytest.raises(ServiceUnavailable):
            cerbo.show_portal_requests(7)
        cerbo_portal.faults.add("sequence", steps=[None, 503], must_happen=True)
        cerbo.show_portal_requests(7)
        with pytest.raises(ServiceUnavailable):
            cerbo.show_portal_requests(7)
