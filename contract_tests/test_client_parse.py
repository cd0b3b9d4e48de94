"""Whatever the contract's schema allows, the client reads and gives back; the rest deviates, or is one clear error."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_runtime import deviations
from cerbo_portal_runtime.serialization import NO_INSTANT, is_instant, parse_instant
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests.support.generated_responses import (
    BEYOND_SCHEMAS,
    ORACLES,
    SCHEMAS,
    Json,
    answer,
    call,
    for_each_operation,
    read,
    well_meant,
)


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    # A process reports a limited number of kinds.
    monkeypatch.setattr(deviations, "_reported", {})


@for_each_operation(GenerationMode.POSITIVE)
def test_a_conformant_answer_is_read_whole(name: str, body: Json, data: st.DataObject) -> None:
    body = well_meant(name, body)
    outcome, found = read(name, body)
    assert bool(found) is not ORACLES[name].is_valid(body)
    if not found:
        assert _normal(outcome.to_dict()) == _normal(body)
    assert outcome.raw == body
    assert type(outcome).from_dict(outcome.to_dict()) == outcome
    _expect_known_members_as_attributes(outcome, body)


def _normal(body: Json) -> Json:
    """The body with its numbers and dates in one form: a text of digits is a number."""
    if isinstance(body, dict):
        return {key: _normal(value) for key, value in body.items()}
    if isinstance(body, list):
        return [_normal(each) for each in body]
    if isinstance(body, str) and (body in NO_INSTANT or is_instant(body)):
        return parse_instant(body) if body not in NO_INSTANT else None
    if isinstance(body, str) and re.fullmatch(r"-?[0-9]{1,19}(\.[0-9]+)?", body):
        return float(body) if "." in body else int(body)
    return body


def _expect_known_members_as_attributes(model: Any, body: Json) -> None:
    """What the contract knows is an attribute, and only what it does not is an additional property; so within."""
    known = SCHEMAS[type(model).__name__].get("properties", {})
    assert model.additional_properties.keys() == body.keys() - known.keys()
    for name in known.keys() & body.keys():
        value = getattr(model, name) if hasattr(model, name) else getattr(model, f"{name}_")
        parts = zip(value, body[name], strict=True) if isinstance(value, list) else [(value, body[name])]
        for part, content in parts:
            if hasattr(part, "additional_properties"):
                _expect_known_members_as_attributes(part, content)


@for_each_operation(GenerationMode.NEGATIVE)
def test_a_violating_answer_deviates_or_is_an_error(name: str, body: Json, data: st.DataObject) -> None:
    try:
        body = json.loads(json.dumps(body, allow_nan=False))
        fits = ORACLES[name].is_valid(body)
    except (TypeError, ValueError):  # a body that is no JSON at all, or that no validator can read
        return
    outcome, found = read(name, body)
    if not (isinstance(outcome, cerbo.OperationFailed | cerbo.IncompleteList) or found & BEYOND_SCHEMAS):
        assert fits is not (isinstance(outcome, cerbo.CallError) or bool(found))


NASTY: dict[str, httpx.Response] = {
    "HTML": httpx.Response(200, html="<html>busy</html>"),
    "no content type": httpx.Response(200, content=b'{"message": ""}'),
    "another content type": httpx.Response(200, text='{"message": ""}'),
    "truncated JSON": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"result": tr'),
    "two documents": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b"{}{}"),
    "not UTF-8": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"\xff": 1}'),
    "NaN": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"result": NaN}'),
    "infinity": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"result": -Infinity}'),
    **{
        f"a new member of {number[:5]}": httpx.Response(
            200,
            headers={"Content-Type": "application/json"},
            content=b'{"result": true, "message": "", "new": {"deep": [%s]}}' % number.encode(),
        )
        for number in ("1e400", "-1E+400", "9" * 310 + ".5")
    },
    "null": httpx.Response(200, headers={"Content-Type": "application/json"}, content=b"null"),
    "a list": httpx.Response(200, json=[]),
    "a string": httpx.Response(200, json="done"),
    "deep nesting": httpx.Response(
        200, headers={"Content-Type": "application/json"}, content=b"[" * 100_000 + b"]" * 100_000
    ),
    "a giant number": httpx.Response(
        200, headers={"Content-Type": "application/json"}, content=b'{"result": true, "message": ' + b"9" * 5000 + b"}"
    ),
    "bad gzip": httpx.Response(
        200,
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        stream=httpx.ByteStream(b"not gzip"),
    ),
}


NASTY_READS = {name: response for name, response in NASTY.items() if name != "a list"}


@pytest.mark.parametrize("response", NASTY.values(), ids=NASTY)
def test_a_nasty_success_is_an_unknown_outcome_of_a_mutation(response: httpx.Response) -> None:
    with pytest.raises(cerbo.OutcomeUnknown) as caught:
        call("invite_to_portal", response)
    assert caught.value.may_have_acted


@pytest.mark.parametrize("response", NASTY_READS.values(), ids=NASTY_READS)
@pytest.mark.parametrize("name", ["show_portal_requests", "validate_portal_credentials"])
def test_a_nasty_success_is_malformed_for_a_read(name: str, response: httpx.Response) -> None:
    with pytest.raises(cerbo.MalformedResponse):
        call(name, response)


@pytest.mark.parametrize("response", NASTY.values(), ids=NASTY)
def test_a_nasty_refusal_is_still_that_refusal(response: httpx.Response) -> None:
    response.status_code = 403
    with pytest.raises(cerbo.Forbidden) as caught:
        call("invite_to_portal", response)
    assert caught.value.body is None or caught.value.server_message == ""


@pytest.mark.parametrize("status", [300, 304, 307, 402, 418, 501, 520, 599])
def test_a_status_that_the_contract_does_not_know(status: int) -> None:
    with pytest.raises(cerbo.UnexpectedStatus) as caught:
        call("invite_to_portal", httpx.Response(status, json={"result": True, "message": ""}))
    assert caught.value.status_code == status
    assert caught.value.operation == "inviteToPortal"


ENTRY = {"object": "portal_request", "id": 1, "created": "2026-11-23T10:00:00Z", "addedby": None}
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _list_of(**members: Json) -> httpx.Response:
    entries = [ENTRY, {**ENTRY, **members}]
    return answer({"object": "list", "data": entries, "has_more": False, "total_count": 2})


TOLERATED: dict[str, Json] = {
    "an unknown type": {"request_type": "hologram"},
    "an unknown status": {"status": "escalated"},
    "an unknown member": {"url_hologram": "/api/v1/hologram", "nested": {"deep": [1, None]}},
    "unknown details": {"details": {"anything": {"goes": True}}},
}


@pytest.mark.parametrize("members", TOLERATED.values(), ids=TOLERATED)
def test_what_is_new_is_kept(members: Json) -> None:
    odd = call("show_portal_requests", _list_of(**members)).data[1]
    assert odd.to_dict() == {**ENTRY, **members}


@pytest.mark.parametrize("number", ["1.7976931348623157e308", "-1e308", "1e-400", "3.5"])
def test_a_number_that_a_double_can_hold_is_kept(number: str) -> None:
    content = f'{{"result": true, "message": "", "new": [{number}]}}'.encode()
    response = httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)
    assert call("invite_to_portal", response).additional_properties == {"new": [float(number)]}


def test_a_whole_number_with_a_point_is_an_int() -> None:
    entry = call("show_portal_requests", _list_of(id=165.0, addedby=7.0)).data[1]
    assert (entry.id, entry.addedby) == (165, 7)
    assert (type(entry.id), type(entry.addedby)) == (int, int)


@pytest.mark.parametrize("members", [{"created": "\ud800"}, {"\ud800": 1}, {"subject": "\ud800"}])
def test_half_a_character_never_loses_a_list(members: Json) -> None:
    entry = call("show_portal_requests", _list_of(**members)).data[1]
    assert entry.raw == {**ENTRY, **members}
    assert (entry.created, entry.subject) == (None if "created" in members else TEN, members.get("subject"))


@pytest.mark.parametrize("depth", [300, 900])
def test_deep_nesting_matters_only_where_the_contract_looks(depth: int) -> None:
    deep: Json = None
    for _ in range(depth):
        deep = [deep]
    assert call("show_portal_requests", _list_of(new=deep)).data[1].additional_properties == {"new": deep}
    assert call("show_portal_requests", _list_of(subject=deep)).data[1].raw["subject"] == deep
    with pytest.raises(cerbo.MalformedResponse, match=r"data\[\]: expected an object, not an array"):
        call("show_portal_requests", answer({"object": "list", "data": deep, "has_more": False, "total_count": 1}))


def test_an_error_body_round_trips() -> None:
    body = {"result": False, "message": "no", "code": 7}
    with pytest.raises(cerbo.NotFound) as caught:
        call("invite_to_portal", httpx.Response(404, json=body))
    assert caught.value.body.to_dict() == body


@pytest.mark.parametrize(
    "members",
    [
        {"id": 165.5},
        {"id": "yesterday"},
        {"id": True},
        {"id": None},
        {"created": "yesterday"},
        {"created": "0001-01-01T00:00:00+01:00"},
        {"subject": 5},
        {"request_type": ["yesterday"]},
        {"object": 5},
        {"url_patient_details": {"yesterday": 1}},
    ],
)
def test_a_wrong_member_is_named_without_its_value(members: Json) -> None:
    with pytest.raises(cerbo.MalformedResponse) as caught:
        call("show_portal_requests", _list_of(**members), strict=True)
    (name,) = members
    assert f"showPortalRequests: data[].{name}: " in str(caught.value)
    assert "yesterday" not in f"{caught.value} {caught.value!r}"


def test_a_list_that_cannot_be_read_says_why_and_has_the_other_entries() -> None:
    entries = [{"id": 1, "created": 5}, {"id": None}, {"id": 2}, {"id": 3, "subject": 5}]
    with pytest.raises(cerbo.MalformedResponse) as caught:
        call("show_portal_requests", answer({"object": 7, "data": entries}))
    assert str(caught.value) == "showPortalRequests: data[].id: missing (status 200)"
    assert [entry.id for entry in caught.value.body.data] == [1, 2, 3]


def test_a_list_cut_short_is_an_error_that_carries_it() -> None:
    body = {"object": "list", "data": [ENTRY], "has_more": True, "total_count": 2}
    with pytest.raises(cerbo.IncompleteList) as caught:
        call("show_portal_requests", answer(body))
    assert isinstance(caught.value.body, cerbo.PortalRequestList)
    assert caught.value.body.to_dict() == body
