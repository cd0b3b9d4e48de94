"""The state by itself: long queues, and additions that are refused whole."""

from datetime import UTC, datetime

import pytest
from cerbo_portal_mock.clinic.state import Conflict, Patient, State

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
