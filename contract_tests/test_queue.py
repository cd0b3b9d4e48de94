"""Filling the queue: what is added is in the queue or the chart at once, typed, in the name of the API user."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import Client
from cerbo_portal_client.models import portal_request
from cerbo_portal_mock import create_app
from flask import Flask

from contract_tests.probes.example_requests import method_name, sample
from contract_tests.support.http_client import ConnectAs

Json = Any
State = Callable[[], Json]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEN = ("ben", "password")
CHARTED = ["queuePatientPrescription", "queuePatientSupplement", "createPatientDocument"]


@pytest.fixture
def app() -> Flask:
    return create_app(now=lambda: NOON, validate="strict")


def _create(client: Client, document: Json, operation_id: str, **arguments: Any) -> Any:
    call = sample(document, operation_id)
    return getattr(client, method_name(operation_id))(**call.arguments | arguments)


ADDED: dict[str, tuple[str, dict[str, Json], dict[str, Json]]] = {
    "createPatientQuestionnaire": (
        "questionnaire",
        {"subject": "Sleep", "notes": None},
        {
            "html_content": "<p>How long do you sleep? <b>Seven hours.</b></p>",
            "raw_data": '{"How long do you sleep?": "Seven hours."}',
            "questionnaire_type": "intake",
            "questionnaire_name": "Sleep",
        },
    ),
    "queuePatientPrescription": (
        "prescription",
        {"subject": None, "notes": "As discussed on the phone."},
        {"drug_id": 118},
    ),
    "queuePatientSupplement": ("supplement", {"subject": None, "notes": "One drop a day."}, {"supplement_id": 52}),
    "createPatientDocument": (
        "document",
        {"subject": "letter.txt", "notes": "Referral letter"},
        {"name": "letter.txt", "mime_type": "text/plain", "size": 16},
    ),
    "createSecureMessage": (
        "secure_message",
        {"subject": "Question about the new diet", "notes": "Is decaffeinated coffee allowed?"},
        {},
    ),
}


@pytest.mark.parametrize("operation_id", ADDED)
def test_what_is_added_is_in_the_queue_at_once(
    operation_id: str, document: Json, connect: ConnectAs, state: State
) -> None:
    kind, members, details = ADDED[operation_id]
    before = state()
    client = connect(*BEN)
    done = _create(client, document, operation_id)
    (added,) = (entry for entry in client.show_portal_requests(1).data if entry.id == done.portal_queue_id)
    assert (added.request_type, added.status, added.addedby, added.created) == (kind, "open", 8, NOON)
    assert added.to_dict()["details"] == details
    assert type(added.details) is portal_request._DETAILS[kind]
    after = state()
    (stored,) = (entry for entry in after["open"] if entry not in before["open"])
    assert stored["id"] == done.portal_queue_id
    assert stored.items() >= members.items()
    after["open"].remove(stored)
    assert after == before


@pytest.mark.parametrize("operation_id", CHARTED)
def test_what_is_not_to_be_queued_is_in_the_chart_alone(
    operation_id: str, document: Json, connect: ConnectAs, state: State
) -> None:
    kind, members, details = ADDED[operation_id]
    before = state()
    done = _create(connect(*BEN), document, operation_id, enqueue=False)
    after = state()
    assert (done.object_, done.id, done.portal_queue_id) == (kind, 1, cerbo.UNSET)
    assert after.pop("chart") == [
        {
            "id": 1,
            "pt_id": 1,
            "kind": kind,
            "created": "2026-11-24T12:00:00Z",
            "addedby": 8,
            "details": details,
            **members,
        }
    ]
    assert before.pop("chart") == []
    assert after == before


def test_the_chart_counts_by_itself_and_is_reset(document: Json, connect: ConnectAs, state: State, http: Any) -> None:
    client = connect(*BEN)
    ids = [_create(client, document, "queuePatientSupplement", enqueue=False, pt_id=pt_id).id for pt_id in (1, 2, 1)]
    assert ids == [1, 2, 3]
    assert [item["pt_id"] for item in state()["chart"]] == [1, 2, 1]
    http.post("/__admin/reset", json={}).raise_for_status()
    assert state()["chart"] == []


@pytest.mark.parametrize("operation_id", ADDED)
@pytest.mark.parametrize("enqueue", [True, False])
def test_nothing_is_added_for_an_unknown_patient(
    operation_id: str, enqueue: bool, document: Json, connect: ConnectAs, state: State
) -> None:
    before = state()
    arguments = {"enqueue": enqueue} if operation_id in CHARTED else {}
    with pytest.raises(cerbo.NotFound):
        _create(connect(*BEN), document, operation_id, pt_id=404404404, **arguments)
    assert state() == before


@pytest.mark.parametrize("operation_id", ADDED)
def test_what_was_added_can_be_dismissed(operation_id: str, document: Json, connect: ConnectAs, state: State) -> None:
    client = connect(*BEN)
    done = _create(client, document, operation_id)
    removed = client.delete_portal_request(1, done.portal_queue_id)
    assert removed.to_dict()["data"]["details"] == ADDED[operation_id][2]
    (hidden,) = state()["hidden"]
    assert (hidden["id"], hidden["hidden_by"]) == (done.portal_queue_id, "ben")


def test_a_document_of_16_mib_is_taken(connect: ConnectAs) -> None:
    content = base64.b64encode(bytes(16 * 2**20)).decode()
    client = connect(*BEN)
    done = client.create_patient_document(1, name="scan.pdf", mime_type="application/pdf", base64_content=content)
    (added,) = (entry for entry in client.show_portal_requests(1).data if entry.id == done.portal_queue_id)
    assert isinstance(added.details, cerbo.DocumentDetails)
    assert added.details.size == 16 * 2**20
    with pytest.raises(cerbo.PayloadTooLarge):
        client.create_patient_document(
            1, name="scan.pdf", mime_type="application/pdf", base64_content=content[:-4] + "AAAA"
        )


def test_a_whole_number_with_a_point_is_kept_without_one(connect: ConnectAs, http: Any, state: State) -> None:
    http.post("/api/v1/patients/1/rxs", auth=BEN, json={"drug_id": 118.0}).raise_for_status()
    assert '"drug_id": 118.0' not in str(state())
    assert isinstance(state()["open"][-1]["details"]["drug_id"], int)


def test_every_request_of_the_scenario_has_the_details_of_its_type(connect: ConnectAs) -> None:
    entries = [entry for pt_id in (1, 2) for entry in connect(*BEN).show_portal_requests(pt_id).data]
    assert {entry.request_type for entry in entries} == set(portal_request._DETAILS)
    for entry in entries:
        assert isinstance(entry.request_type, str)
        assert type(entry.details) is portal_request._DETAILS[entry.request_type]
        assert getattr(entry.details, "additional_properties", None) == {}
