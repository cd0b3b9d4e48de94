"""Filling the queue: what is added is in the queue or the chart at once, typed, in the name of the API user."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import Client
from cerbo_portal_mock import create_app
from flask import Flask

from contract_tests.probes.requests import method_name, sample
from contract_tests.spec_lint import navigation
from contract_tests.support.http_client import ConnectAs, error_message

Json = Any
State = Callable[[], Json]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEN = ("ben", "password")
# Whom an entry names that an API user added.
API = 99999
CHARTED = ["queuePatientPrescription", "queuePatientSupplement", "createPatientDocument"]


@pytest.fixture
def app() -> Flask:
    return create_app(now=lambda: NOON, validate="strict")


def _details(document: Json) -> dict[str, type]:
    """The models of the details, by the type of request."""
    variants = navigation.variants(document["components"]["schemas"]["PortalRequest"])
    return {variant.value: getattr(cerbo, variant.schema) for variant in variants}


def _create(client: Client, document: Json, operation_id: str, **arguments: Any) -> Any:
    call = sample(document, operation_id)
    return getattr(client, method_name(operation_id))(**call.arguments | arguments)


ADDED: dict[str, tuple[str, dict[str, Json], dict[str, Json]]] = {
    "createPatientQuestionnaire": (
        "questionnaire",
        {"subject": "Sleep", "notes": None},
        {
            "html_content": "<p>How long do you sleep? <b>Seven hours.</b></p>",
            "raw_data": {"How long do you sleep?": "Seven hours."},
            "questionnaire_type": "intake",
            "questionnaire_name": "Sleep",
        },
    ),
    "queuePatientPrescription": (
        "prescription",
        {"subject": None, "notes": "As discussed on the phone."},
        {"drug_id": 118},
    ),
    "refillPatientPrescription": (
        "prescription_refill",
        {"subject": None, "notes": "Same pharmacy as last time."},
        {"original_prescription_id": 4711, "agreed_to_terms": "I agree to the clinic's terms."},
    ),
    "queuePatientSupplement": ("supplement", {"subject": None, "notes": "One drop a day."}, {"supplement_id": 52}),
    "createPatientDocument": (
        "document",
        {"subject": "Referral letter", "notes": None},
        {"name": "Referral letter", "mime_type": "text/plain", "size": 16},
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
    assert (added.request_type, added.status, added.addedby, added.created) == (kind, "open", API, NOON)
    assert added.raw["details"] == details
    assert type(added.details) is _details(document)[kind]
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
    assert (done.object_, done.id, done.portal_queue_id) == (kind, 1, None)
    assert after.pop("chart") == [
        {
            "id": 1,
            "pt_id": 1,
            "kind": kind,
            "created": "2026-11-24T12:00:00Z",
            "addedby": API,
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
    assert done.portal_queue_id is not None
    removed = client.delete_portal_request(1, done.portal_queue_id)
    assert (removed.id, removed.data, removed.raw["data"]) == (done.portal_queue_id, None, None)
    (hidden,) = state()["hidden"]
    assert (hidden["id"], hidden["hidden_by"]) == (done.portal_queue_id, "ben")
    assert hidden["details"] == ADDED[operation_id][2]


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


def test_a_document_for_the_chart_is_filed_with_its_own_members(
    document: Json, connect: ConnectAs, state: State
) -> None:
    filed = sample(document, "createPatientDocument").bodies["filed"]
    connect(*BEN).create_patient_document(**filed, enqueue=False)
    (item,) = state()["chart"]
    details = {name: value for name, value in filed.items() if name not in {"pt_id", "base64_content"}}
    assert item["details"] == {**details, "size": 16}


@pytest.mark.parametrize("enqueue", [True, False])
def test_members_of_a_document_depend_on_enqueue(
    enqueue: bool, document: Json, connect: ConnectAs, state: State
) -> None:
    bodies = sample(document, "createPatientDocument").bodies
    before = state()
    for name in bodies["filed" if enqueue else "noted"].keys() - bodies["bare"].keys():
        member = {name: bodies["filed" if enqueue else "noted"][name]}
        with pytest.raises(cerbo.BadRequest) as caught:
            connect(*BEN).create_patient_document(**bodies["bare"], **member, enqueue=enqueue)
        assert caught.value.server_message == f"{name}: expected only with enqueue={str(not enqueue).lower()}"
    assert state() == before


@pytest.mark.parametrize("pt_id", [1, 2])
def test_the_client_repeats_the_patient_of_the_path_in_a_document(
    pt_id: int, document: Json, connect: ConnectAs, http: Any
) -> None:
    _create(connect(*BEN), document, "createPatientDocument", pt_id=pt_id)
    (request,) = http.post("/__admin/requests/find", json={"operation": "createPatientDocument"}).json()["requests"]
    assert json.loads(request["request"]["body"])["pt_id"] == pt_id


def test_a_refill_without_terms_has_those_of_the_contract(http: Any, state: State) -> None:
    body = {"original_prescription_id": 4711}
    http.post("/api/v1/patients/1/rxs/refill", auth=BEN, json=body).raise_for_status()
    assert state()["open"][-1]["details"] == {**body, "agreed_to_terms": "No terms agreed to"}


def test_messages_are_listed_with_their_sender_even_if_dismissed(connect: ConnectAs) -> None:
    client = connect(*BEN)
    done = client.create_secure_message(1, subject="Results", note="When may I have them?", dr_id=7, reply="phone")
    client.delete_portal_request(1, 21)
    older, newer = client.list_secure_messages(1).data
    assert (older.id, older.subject, older.reply) == (21, "Question about the new diet", None)
    assert (newer.id, newer.sent_by, newer.dr_id, newer.reply) == (done.portal_queue_id, "pt", 7, "phone")
    assert client.list_secure_messages(1, sent_by="pt").total_count == 2
    assert client.list_secure_messages(1, sent_by="dr").data == client.list_secure_messages(2).data == []


@pytest.mark.parametrize("dr_id", [7, "7"])
def test_a_message_of_a_scenario_is_listed_with_its_details(dr_id: Any, connect: ConnectAs, http: Any) -> None:
    entry = {"pt_id": 2, "request_type": "secure_message", "details": {"dr_id": dr_id, "reply": "phone"}}
    http.post("/__admin/state", json={"entries": [entry]}).raise_for_status()
    (message,) = connect(*BEN).list_secure_messages(2).data
    assert (message.dr_id, message.reply, message.raw["dr_id"]) == (7, "phone", dr_id)


def test_a_message_with_details_of_a_wrong_type_is_refused(http: Any, state: State) -> None:
    before = state()
    entry = {"pt_id": 2, "request_type": "secure_message", "details": {"dr_id": True, "reply": ["phone"]}}
    refused = http.post("/__admin/state", json={"entries": [entry]})
    assert refused.status_code == 400
    assert "entries[0].details.dr_id: " in error_message(refused.content)
    assert "entries[0].details.reply: " in error_message(refused.content)
    assert state() == before


def test_a_whole_number_with_a_point_is_kept_without_one(connect: ConnectAs, http: Any, state: State) -> None:
    http.post("/api/v1/patients/1/rxs", auth=BEN, json={"drug_id": 118.0}).raise_for_status()
    assert '"drug_id": 118.0' not in str(state())
    assert isinstance(state()["open"][-1]["details"]["drug_id"], int)


def test_every_request_of_the_scenario_has_the_details_of_its_type(connect: ConnectAs, document: Json) -> None:
    entries = [entry for pt_id in (1, 2) for entry in connect(*BEN).show_portal_requests(pt_id).data]
    described = _details(document)
    assert {entry.request_type for entry in entries} == described.keys()
    for entry in entries:
        assert isinstance(entry.request_type, str)
        assert type(entry.details) is described[entry.request_type]
        assert getattr(entry.details, "additional_properties", None) == {}
