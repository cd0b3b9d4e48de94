"""The state by itself: long queues, and additions that are refused whole."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.records import Patient
from cerbo_portal_mock.clinic.state import Conflict, State, UnknownPatient
from cerbo_portal_mock.spec.errors import InvalidArgument

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def state() -> State:
    """One patient with a user name and no entries."""
    return State([Patient(1, "A", "B", username="robin")], [], lambda: NOON)


def test_a_queue_keeps_its_order_through_many_deletes(state: State) -> None:
    ids = [state.enqueue(1, "document").id for _ in range(50)]
    for entry_id in ids[:40]:
        state.hide(1, entry_id, by="un")
        assert [entry.id for entry in state.open_entries(1)] == ids[entry_id:]
    assert [entry.id for entry in state.hidden_entries(1)] == ids[:40]


def test_a_patient_of_a_taken_user_name_is_refused_with_all_that_comes_along(state: State) -> None:
    new = [Patient(2, "C", "D", username="toni"), Patient(3, "E", "F", username="robin")]
    with pytest.raises(Conflict, match="expected user names that are free"):
        state.extend(new, [{"pt_id": 1, "request_type": "document"}], [])
    patients, entries = state.snapshot()
    assert ([patient.id for patient in patients], entries) == ([1], [])


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"created": datetime(2026, 11, 24)}, "created: expected a datetime with a time zone"),  # noqa: DTZ001
        ({"created": "2026-11-24T12:00:00Z"}, "created: expected a datetime with a time zone"),
        ({"subject": 7}, "subject: expected null or text"),
        ({"notes": b"x"}, "notes: expected a value that JSON has"),
        ({"id": "7"}, "id: expected an integer from 1 to 9223372036854775807"),
        ({"id": 0}, "id: expected an integer from 1 to 9223372036854775807"),
        ({"id": 7.0}, "id: expected a whole number, without a point"),
        ({"pt_id": "1"}, "pt_id: expected an integer from 1 to 9223372036854775807"),
        ({"request_type": 1}, "request_type: expected "),
        ({"request_type": ""}, "request_type: expected "),
        ({"status": "dismissed"}, "status: expected "),
        ({"addedby": "me"}, "addedby: expected null or an integer"),
        ({"details": [1]}, "details: expected an object"),
        ({"details": {"when": NOON}}, "details: expected a value that JSON has"),
        ({"hidden_by": "un"}, "hidden_by: expected no such member, only id, pt_id, request_type"),
    ],
)
def test_an_entry_that_could_not_be_listed_is_refused(members: dict[str, Any], message: str) -> None:
    portal = MockPortal()
    before = portal.state.snapshot()
    with pytest.raises(InvalidArgument, match=f"^{message}"):
        portal.state.enqueue(**{"pt_id": 1, "request_type": "document", **members})
    assert portal.state.snapshot() == before
    with portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).total_count == 5


def test_an_entry_is_created_in_utc() -> None:
    state = MockPortal().state
    entry = state.enqueue(
        1, "document", created=datetime(2026, 11, 24, 13, tzinfo=timezone(timedelta(hours=1))), notes=None
    )
    assert (entry.created.isoformat(), state.open_entries(1)[-1]) == ("2026-11-24T12:00:00+00:00", entry)
    with pytest.raises(UnknownPatient):
        state.enqueue(404, "document")


def test_a_patient_is_added(state: State) -> None:
    portal = MockPortal()
    added = portal.state.add_patient(7, "Ann", "Sample", primary_email="ann@example.com")
    assert portal.state.patient(7) == added == Patient(7, "Ann", "Sample", "ann@example.com")
    with portal.client() as cerbo:
        assert cerbo.show_portal_requests(7).data == []
        cerbo.invite_to_portal(7)
    assert portal.outbox[0].recipient == "ann@example.com"
    with pytest.raises(Conflict, match="expected ids that are free"):
        portal.state.add_patient(7, "Ben", "Sample")
    with pytest.raises(Conflict, match="expected user names that are free"):
        state.add_patient(7, "Ben", "Sample", username="robin")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"id": "7"}, "id: expected an integer from 1 to 9223372036854775807"),
        ({"last_name": ""}, "last_name: expected "),
        ({"primary_email": "ann"}, "primary_email: expected "),
        ({"portal_access": "yes"}, "portal_access: expected true or false"),
        ({"zip": 12345}, "zip: expected "),
    ],
)
def test_a_patient_with_members_that_do_not_fit_is_refused(members: dict[str, Any], message: str) -> None:
    portal = MockPortal()
    before = portal.state.snapshot()
    with pytest.raises(InvalidArgument, match=f"^{message}"):
        portal.state.add_patient(**{"id": 7, "first_name": "Ann", "last_name": "Sample", **members})
    assert portal.state.snapshot() == before
