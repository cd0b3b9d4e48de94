"""Bodies: what is no JSON object of the contract is refused, whatever it looks like."""

import json

import httpx
import pytest
from cerbo_portal_mock.http import request_body
from cerbo_portal_mock.spec.operation import InvalidArgument, RequestBody
from flask import Request
from werkzeug.test import EnvironBuilder

from contract_tests.support.http_client import Admin

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
    assert expected in answer.json()["message"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_body_of_another_content_type_is_a_415(content_type: str, http: httpx.Client) -> None:
    content = json.dumps({"username": "robin", "password": "p"}).encode()
    assert http.post(VALIDATE, content=content, headers={"Content-Type": content_type}).status_code == 415


def test_members_that_the_contract_does_not_know_are_ignored(http: httpx.Client) -> None:
    assert http.post(VALIDATE, json={"username": "robin", "password": "p", "clinic": 5}).json()["result"] is False


def test_a_body_may_be_left_out_where_it_is_optional() -> None:
    def compile_none() -> None:
        raise AssertionError("expected no use of the schema")

    body = RequestBody(required=False, limit=None, properties={}, _compile=compile_none)  # type: ignore[arg-type]
    assert request_body.read(Request(EnvironBuilder(method="POST").get_environ()), body) == {}


def test_a_time_that_no_calendar_has_is_refused(admin: Admin) -> None:
    answer = admin("POST", "/clock/freeze", {"at": "0001-01-01T00:00:00+01:00"})
    assert answer.status_code == 400
    assert "calendar of the years 1 to 9999" in answer.json()["message"]


def test_parse_names_what_is_wrong() -> None:
    with pytest.raises(InvalidArgument, match="the body: expected JSON"):
        request_body.parse(b"x")
