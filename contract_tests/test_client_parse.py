"""Whatever the contract's schema allows, the client parses and gives back; whatever it forbids is one clear error."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import jsonschema_rs
import pytest
import schemathesis
from cerbo_portal_client import Client
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_runtime.serialization import is_instant, parse_instant
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests import example_budget
from contract_tests.probes.requests import method_name, sample
from contract_tests.spec_lint import navigation

Json = Any

DOCUMENT: Any = Contract().document
OPERATIONS = CONTRACT.operations


def _inside_out() -> Any:
    """The contract with each success as the request of an operation: generators make requests, not responses."""
    paths = {
        f"/{name}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{operation.schema}"}}},
                },
                "responses": {"200": {"description": "taken"}},
            }
        }
        for name, operation in OPERATIONS.items()
    }
    info = {"title": "inside out", "version": "1"}
    components = {"schemas": DOCUMENT["components"]["schemas"]}
    return schemathesis.openapi.from_dict({"openapi": "3.1.0", "info": info, "paths": paths, "components": components})


INSIDE_OUT = _inside_out()
ARGUMENTS = {
    method_name(operation_id): sample(DOCUMENT, operation_id).arguments
    for operation_id, _ in navigation.operations(DOCUMENT)
}


def _bodies(name: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
    operation = INSIDE_OUT[f"/{name}"]["POST"]
    strategy: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)
    return strategy.map(lambda case: case.body)


def _call(name: str, response: httpx.Response) -> Any:
    """What the client makes of this answer to the operation; the model, also where it comes with an error."""
    transport = httpx.MockTransport(lambda _: response)
    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport, retries=0) as client:
        try:
            return getattr(client, name)(**ARGUMENTS[name])
        except (cerbo.OperationFailed, cerbo.IncompleteList) as error:
            return error.body


def _answer(body: Json) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=json.dumps(body).encode())


def _set_where_present(body: Json, way: Sequence[str], value: int) -> None:
    """Give a member this value, as far as the body has it."""
    first, *rest = way
    if first == "[]":
        for entry in body:
            _set_where_present(entry, rest, value)
    elif first in body and rest:
        _set_where_present(body[first], rest, value)
    elif first in body:
        body[first] = value


def _by_instant(body: Json) -> Json:
    """The body with its dates as instants: two texts of one instant are the same."""
    if isinstance(body, dict):
        return {
            key: parse_instant(value) if key == "created" and isinstance(value, str) else _by_instant(value)
            for key, value in body.items()
        }
    return [_by_instant(item) for item in body] if isinstance(body, list) else body


def _expect_known_members_as_attributes(model: Any, body: Json) -> None:
    """What the contract knows is an attribute, and only what it does not is an additional property; so within."""
    known = DOCUMENT["components"]["schemas"][type(model).__name__].get("properties", {})
    assert model.additional_properties.keys() == body.keys() - known.keys()
    for name in known.keys() & body.keys():
        value = getattr(model, name) if hasattr(model, name) else getattr(model, f"{name}_")
        parts = zip(value, body[name], strict=True) if isinstance(value, list) else [(value, body[name])]
        for part, content in parts:
            if hasattr(part, "additional_properties"):
                _expect_known_members_as_attributes(part, content)


def _for_each_operation(mode: GenerationMode) -> Callable[[Any], Any]:
    def decorate(check: Callable[[str, Json], None]) -> Any:
        @pytest.mark.parametrize("name", OPERATIONS)
        @settings(suppress_health_check=list(HealthCheck), max_examples=example_budget.EXAMPLES)
        @given(data=st.data())
        def test(name: str, data: st.DataObject) -> None:
            check(name, data.draw(_bodies(name, mode)))

        test.__doc__ = check.__doc__
        return test

    return decorate


@_for_each_operation(GenerationMode.POSITIVE)
def test_a_conformant_answer_round_trips(name: str, body: Json) -> None:
    for equality in OPERATIONS[name].equalities:
        _set_where_present(body, equality.member, ARGUMENTS[name][equality.argument])
    try:
        expected = _by_instant(body)
    except ValueError:  # a date that no `datetime` can hold
        assume(False)
    answer = _call(name, _answer(body))
    assert _by_instant(answer.to_dict()) == expected
    _expect_known_members_as_attributes(answer, body)
    assert type(answer).from_dict(answer.to_dict()) == answer


@_for_each_operation(GenerationMode.NEGATIVE)
def test_a_violating_answer_is_malformed(name: str, body: Json) -> None:
    schema = {"$ref": f"#/components/schemas/{OPERATIONS[name].schema}", "components": DOCUMENT["components"]}
    try:
        text = json.dumps(body, allow_nan=False)
    except (TypeError, ValueError):
        text = ""  # a body that is no JSON at all
    if text and jsonschema_rs.is_valid(schema, json.loads(text), validate_formats=True, formats=_ACCEPTED_DATES):
        return
    response = httpx.Response(200, headers={"Content-Type": "application/json"}, content=text.encode())
    with pytest.raises(cerbo.MalformedResponse) as caught:
        _call(name, response)
    assert caught.value.response.content == text.encode()


# The forms beyond RFC 3339 that the client accepts on purpose are not violations.
_ACCEPTED_DATES = {"date-time": is_instant}

NASTY: dict[str, httpx.Response] = {
    "HTML": httpx.Response(200, html="<html>busy</html>"),
    "an empty body": httpx.Response(200, headers={"Content-Type": "application/json"}),
    "no content type": httpx.Response(200, content=b'{"result": true, "message": ""}'),
    "another content type": httpx.Response(200, text='{"result": true, "message": ""}'),
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
    "null": httpx.Response(200, json=None),
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


@pytest.mark.parametrize("response", NASTY.values(), ids=NASTY)
def test_a_nasty_success_is_malformed(response: httpx.Response) -> None:
    undecodable = "Content-Encoding" in response.headers
    with pytest.raises(cerbo.OutcomeUnknown if undecodable else cerbo.MalformedResponse):
        _call("invite_to_portal", response)


@pytest.mark.parametrize("response", NASTY.values(), ids=NASTY)
def test_a_nasty_refusal_is_still_that_refusal(response: httpx.Response) -> None:
    response.status_code = 403
    with pytest.raises(cerbo.Forbidden) as caught:
        _call("invite_to_portal", response)
    assert caught.value.body is None


@pytest.mark.parametrize("status", [201, 204, 206, 299, 300, 304, 307, 402, 418, 501, 520, 599])
def test_a_status_that_the_contract_does_not_know(status: int) -> None:
    with pytest.raises(cerbo.UnexpectedStatus) as caught:
        _call("invite_to_portal", httpx.Response(status, json={"result": True, "message": ""}))
    assert caught.value.status_code == status
    assert caught.value.operation == "inviteToPortal"


ENTRY = {"object": "portal_request", "id": 1, "created": "2026-11-23T10:00:00Z", "addedby": None}


def _list_of(**members: Json) -> httpx.Response:
    entries = [ENTRY, {**ENTRY, **members}]
    return _answer({"object": "list", "data": entries, "has_more": False, "total_count": 2})


TOLERATED: dict[str, Json] = {
    "an unknown type": {"request_type": "hologram"},
    "an unknown status": {"status": "escalated"},
    "an unknown member": {"url_hologram": "/api/v1/hologram", "nested": {"deep": [1, None]}},
    "unknown details": {"details": {"anything": {"goes": True}}},
}


@pytest.mark.parametrize("members", TOLERATED.values(), ids=TOLERATED)
def test_what_is_new_is_kept(members: Json) -> None:
    odd = _call("show_portal_requests", _list_of(**members)).data[1]
    assert odd.to_dict() == {**ENTRY, **members}


@pytest.mark.parametrize("number", ["1.7976931348623157e308", "-1e308", "1e-400", "3.5"])
def test_a_number_that_a_double_can_hold_is_kept(number: str) -> None:
    content = f'{{"result": true, "message": "", "new": [{number}]}}'.encode()
    answer = httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)
    assert _call("invite_to_portal", answer).additional_properties == {"new": [float(number)]}


def test_a_whole_number_with_a_point_is_an_int() -> None:
    entry = _call("show_portal_requests", _list_of(id=165.0, addedby=7.0)).data[1]
    assert (entry.id, entry.addedby) == (165, 7)
    assert (type(entry.id), type(entry.addedby)) == (int, int)


@pytest.mark.parametrize("members", [{"created": "\ud800"}, {"\ud800": 1}])
def test_half_a_character_where_it_matters_is_malformed(members: Json) -> None:
    with pytest.raises(cerbo.MalformedResponse, match="an unpaired surrogate"):
        _call("show_portal_requests", _list_of(**members))


@pytest.mark.parametrize("depth", [300, 900])
def test_deep_nesting_matters_only_where_the_contract_looks(depth: int) -> None:
    deep: Json = None
    for _ in range(depth):
        deep = [deep]
    assert _call("show_portal_requests", _list_of(new=deep)).data[1].additional_properties == {"new": deep}
    with pytest.raises(cerbo.MalformedResponse, match="nested too deeply"):
        _call("show_portal_requests", _answer({"object": "list", "data": deep, "has_more": False, "total_count": 1}))


def test_an_error_body_round_trips() -> None:
    body = {"result": False, "message": "no", "code": 7}
    with pytest.raises(cerbo.NotFound) as caught:
        _call("invite_to_portal", httpx.Response(404, json=body))
    assert caught.value.body.to_dict() == body


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"id": "165"}, "data[1].id"),
        ({"id": 165.5}, "data[1].id"),
        ({"id": True}, "data[1].id"),
        ({"id": 0}, "data[1].id"),
        ({"created": "yesterday"}, "data[1].created"),
        ({"created": "0001-01-01T00:00:00+01:00"}, "data[1].created"),
        ({"created": None}, "data[1].created"),
        ({"subject": 5}, "data[1].subject"),
        ({"request_type": None}, "data[1].request_type"),
        ({"object": 5}, "data[1].object"),
        ({"url_patient_details": "yesterday\\encounter"}, "data[1].url_patient_details"),
    ],
)
def test_a_wrong_member_is_named_without_its_value(members: Json, place: str) -> None:
    with pytest.raises(cerbo.MalformedResponse) as caught:
        _call("show_portal_requests", _list_of(**members))
    assert f"does not fit the contract at {place}: " in str(caught.value)
    assert "encounter" not in str(caught.value)
    assert "yesterday" not in str(caught.value)


def test_a_list_cut_short_is_an_error_that_carries_it() -> None:
    body = {"object": "list", "data": [ENTRY], "has_more": True, "total_count": 2}
    transport = httpx.MockTransport(lambda _: _answer(body))
    client = Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport)
    with client, pytest.raises(cerbo.IncompleteList) as caught:
        client.show_portal_requests(1)
    assert isinstance(caught.value.body, cerbo.PortalRequestList)
    assert caught.value.body.to_dict() == body
