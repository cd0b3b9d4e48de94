"""What the contract says next year is explored without a new line: the calls follow from the document alone."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from cerbo_portal_mock.conformance.report import CONFIRMED, Element, Report
from cerbo_portal_mock.conformance.response_checker import NO_RESPONSE, ObservedResponse

from contract_tests.document_patches import put
from contract_tests.probes.probes import GONE_AFTER, CannotRun, Prober
from contract_tests.probes.requests import Call, User, known_operations

Json = Any

MEMBERS = {
    "drug_id": {"$ref": "#/components/schemas/Id"},
    "note": {"type": ["string", "null"], "minLength": 1},
    "urgent": {"type": "boolean"},
    "copies": {"type": "array", "items": {"type": "object", "properties": {"to": {"type": "string"}}}},
}
ORDER = {"drug_id": 311, "note": None, "urgent": False, "copies": [{"to": "the pharmacy"}]}
ENQUEUE = {"type": "boolean", "default": True}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 100}
PARAMETERS = [
    {"$ref": "#/components/parameters/PatientId"},
    {"name": "enqueue", "in": "query", "schema": ENQUEUE, "examples": {"no": {"value": False}}},
    {"name": "limit", "in": "query", "schema": LIMIT, "examples": {"ten": {"value": 10}}},
]
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": ["drug_id"], "properties": MEMBERS},
            "examples": {"order": {"value": ORDER}},
        }
    },
}


@pytest.fixture
def later(document: Json) -> Json:
    """The contract with one more operation, whose body stands in it, and with a total in a header."""
    later = deepcopy(document)
    order = deepcopy(later["paths"]["/patients/{pt_id}/portal/invite"]["post"])
    order |= {"operationId": "orderDrug", "parameters": PARAMETERS, "requestBody": BODY}
    total = {"schema": {"type": "integer", "minimum": 0}, "required": True, "x-provenance": "inferred"}
    order["responses"]["200"]["headers"] = {"X-Total": total}
    put({"post": order}, "paths", "/patients/{pt_id}/rxs")(later)
    return later


class Ideal:
    """Answers as the contract says, and keeps what it was asked."""

    def __init__(self, document: Json, total: str) -> None:
        self._operations, self._total = known_operations(document), total
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> ObservedResponse:
        self.calls.append(call)
        status, body = self._answer(call)
        headers = {"content-type": "application/json", "x-total": self._total, "allow": "POST"}
        headers["www-authenticate"] = "Basic"
        return ObservedResponse(call.operation_id, status, headers, body, call.known_method)

    def _answer(self, call: Call) -> tuple[int, bytes]:
        refused = b'{"result": false, "message": "no"}'
        if call.user is not User.GIVEN:
            return 401, refused
        if not call.known_method:
            return 405, refused
        if call.media_type != "application/json":
            return 415, refused
        if self._operations[call.operation_id].violated(call):
            return 400, refused
        if max(call.values.values()) > 2**62:
            return 404, refused
        return 200, b'{"result": true, "message": "done"}'


def _explore(document: Json, total: str) -> tuple[Report, list[Call]]:
    only = {**document, "paths": {"/patients/{pt_id}/rxs": document["paths"]["/patients/{pt_id}/rxs"]}}
    report, server = Report(only), Ideal(only, total)
    prober = Prober(only, report, server)
    prober.samples()
    for stage in (prober.links, prober.arguments, prober.bodies, prober.credentials):
        stage()
    prober.methods()
    return report, server.calls


def test_every_part_of_a_new_operation_is_tried(later: Json) -> None:
    report, calls = _explore(later, "7")
    assert report.contradicted == {}
    new = ["operation orderDrug", "parameter orderDrug enqueue", "parameter orderDrug limit", "request body orderDrug"]
    new += ["header orderDrug 200 X-Total", "schema orderDrug body", "member orderDrug body.copies.to"]
    new += [f"member orderDrug body.{name}" for name in MEMBERS]
    seen = {each.shown: report.verdict(each) for each in report.provenance}
    assert {name: seen[name] for name in new} == dict.fromkeys(new, CONFIRMED)
    assert {call.query.get("limit") for call in calls} == {None, 10, 0, 101, "no-such-value"}
    assert {str(call.query.get("enqueue")) for call in calls} == {"None", "False", "no-such-value"}
    bodies = [call.body for call in calls if call.body is not None]
    assert {**ORDER, "drug_id": "no-such-value"} in bodies
    assert {**ORDER, "note": True} in bodies
    assert {**ORDER, "copies": "no-such-value"} in bodies
    assert {name: value for name, value in ORDER.items() if name != "drug_id"} in bodies
    assert None in [call.body for call in calls if call.known_method]


def test_sample_calls_repeat_the_path_in_the_body_and_choose_the_query(document: Json) -> None:
    operation = known_operations(document)["createPatientDocument"]
    calls = operation.samples({"pt_id": [7, 8]})
    assert [(call.values["pt_id"], call.body["pt_id"], call.query) for call in calls if call.body] == [
        (pt_id, pt_id, query) for pt_id in (7, 8) for query in ({}, {"enqueue": True}, {"enqueue": False})
    ]
    assert [operation.violated(call) for call in calls] == [[]] * 6
    elsewhere = operation.parameters[0].of(calls[0], 9)
    assert elsewhere.body
    assert (elsewhere.values, elsewhere.body["pt_id"]) == ({"pt_id": 9}, 9)


@pytest.mark.parametrize(
    ("query", "member", "value"),
    [({}, "pt_id", 2), ({}, "folder", "Letters"), ({"enqueue": "false"}, "notes", "x"), ({}, "pt_id", "1")],
)
def test_a_body_that_contradicts_path_or_query_violates_its_member(
    query: Json, member: str, value: Any, document: Json
) -> None:
    operation = known_operations(document)["createPatientDocument"]
    (call, *_) = operation.samples({})
    contradicting = replace(call, query=query, body={**(call.body or {}), member: value})
    assert Element("member", f"NewDocument.{member}") in operation.violated(contradicting)


@pytest.mark.parametrize(("total", "what"), [("many", "expected type integer"), ("-1", "expected type integer")])
def test_a_header_of_a_type_is_read_as_one(total: str, what: str, later: Json) -> None:
    report, _ = _explore(later, total)
    assert report.contradicted == {Element("header", "orderDrug 200 X-Total"): [what]}


def test_a_server_that_goes_away_ends_the_run(document: Json) -> None:
    answered = ObservedResponse("showPortalRequests", 503, {}, b"")
    sent: list[Call] = []

    def send(call: Call) -> ObservedResponse:
        sent.append(call)
        return answered if len(sent) == 1 else ObservedResponse(call.operation_id, NO_RESPONSE, {}, b"")

    prober = Prober(document, Report(document), send, {"pt_id": range(1, 100)})
    with pytest.raises(CannotRun, match=r"^\w+: expected an answer, the server gave none$"):
        prober.samples()
    assert len(sent) == 1 + GONE_AFTER
