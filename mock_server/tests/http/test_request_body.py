"""Bodies: what is no JSON object of the contract is refused, whatever it looks like."""

import json
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.http import request_body
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.request_body import RequestBody
from flask import Request
from werkzeug.test import EnvironBuilder

from contract_tests.support.http_client import Admin, error_message

VALIDATE = "/api/v1/patients/portal/validate_credentials"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "nothing was given"),
        (b"{", "the body: expected JSON"),
        (b'"\xff"', "the body: expected UTF-8"),
        (b"[" * 60_000, "the body: expected JSON"),
        (b'{"username": "a", "username": "robin", "password": "p"}', "expected each member once"),
        (b'{"username": NaN, "password": "p"}', "expected JSON, which has no NaN"),
        (b"[]", "the body: "),
        (b'{"username": "robin"}', "password: expected text, not empty, without NUL, nothing was given"),
        (b'{"username": "", "password": "p"}', "username: "),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_400(content: bytes, expected: str, http: httpx.Client) -> None:
    answer = http.post(VALIDATE, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert expected in error_message(answer.content)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_body_of_another_content_type_is_a_415(content_type: str, http: httpx.Client) -> None:
    content = json.dumps({"username": "robin", "password": "p"}).encode()
    assert http.post(VALIDATE, content=content, headers={"Content-Type": content_type}).status_code == 415


def test_members_that_the_contract_does_not_know_are_ignored(http: httpx.Client) -> None:
    assert http.post(VALIDATE, json={"username": "robin", "password": "p", "clinic": 5}).json()["result"] is False


def test_a_body_may_be_left_out_where_it_is_optional() -> None:
    body = RequestBody(required=False, limit=None, contents=())
    assert request_body.read(Request(EnvironBuilder(method="POST").get_environ()), body) == {}


SURROGATE = "\ud800"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/__admin/state", {"entries": [{"pt_id": 1, "request_type": "x", "details": {SURROGATE: 1}}]}),
        ("/__admin/state", {"entries": [{"pt_id": 1, "request_type": "x", "details": {"a": [SURROGATE]}}]}),
        ("/__admin/state", {SURROGATE: 1}),
        ("/__admin/settings", {"clinic": {SURROGATE: SURROGATE}}),
        ("/__admin/faults", {"kind": "html", "user": SURROGATE}),
        ("/__admin/requests/find", {"operation": SURROGATE}),
        ("/__admin/clock/freeze", {"at": SURROGATE}),
        ("/api/v1/patients/portal/validate_credentials", {"username": "a", "password": "b", SURROGATE: 1}),
        ("/api/v1/patients/portal/validate_credentials", {"username": "a", "password": "\udfff"}),
        ("/api/v1/patients/portal/validate_credentials", {"username": "a", "password": "b", "c": "\udfff\ud800"}),
    ],
)
def test_an_unpaired_surrogate_in_a_body_is_refused(http: httpx.Client, path: str, body: Any) -> None:
    response = http.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (response.status_code, error_message(response.content)) == (400, "the body: contains an unpaired surrogate")


def test_a_surrogate_pair_in_a_body_is_a_character(admin: Admin, portal: MockPortal) -> None:
    entry = {"pt_id": 1, "request_type": "x", "details": {"\U0001f600": "\U0001f600"}}
    admin("POST", "/state", {"entries": [entry]}).raise_for_status()
    assert portal.state.open_entries(1)[-1].details == {"\U0001f600": "\U0001f600"}


@pytest.mark.parametrize("text", ["%ED%A0%80", "%FF", "%00", "%E2%80%A8"])
def test_no_text_in_a_url_or_a_form_is_an_internal_error(http: httpx.Client, portal: MockPortal, text: str) -> None:
    link = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1").link
    token = link.partition("token=")[2]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in (
        *(f"/api/v1/patients/1/portal/enqueued?status={text}", f"/api/v1/patients/1/portal/enqueued?{text}=1"),
        *(f"/portal/join?token={text}", f"/portal/join?{text}=1", f"/__instance/{text}/portal/join", f"/docs/{text}"),
        *(f"/api/v1/{text}", f"/__admin/requests?limit={text}", f"/static/{text}", f"/__admin/instances/{text}"),
    ):
        assert http.get(path).status_code < 500
    for body in (
        f"token={text}",
        f"{text}=1",
        f"token={token}&username={text}&password={text}12345678&repeated={text}",
    ):
        assert http.post("/portal/join", content=body, headers=form).status_code < 500
    assert portal.journal.total


def test_a_time_that_no_calendar_has_is_refused(admin: Admin) -> None:
    answer = admin("POST", "/clock/freeze", {"at": "0001-01-01T00:00:00+01:00"})
    assert answer.status_code == 400
    assert "from 1970-01-02 to 9999-12-30" in error_message(answer.content)


def test_parse_names_what_is_wrong() -> None:
    with pytest.raises(InvalidArgument, match="the body: expected JSON"):
        request_body.parse(b"x")
