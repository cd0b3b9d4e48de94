"""Successes of any contract: JSON that is no object, and responses without content."""

from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_runtime import errors, kinds
from cerbo_portal_runtime.contract import Operation, Result
from cerbo_portal_runtime.success import Problem, Reading, read_success


def _read(method: str, result: Result, response: httpx.Response) -> Any:
    operation: Operation[Any] = Operation("it", method, "/", True, True, result, frozenset({200}), frozenset())
    return read_success(operation, response, Reading(strict=False, max_json_bytes=1_000), {})


PAGE = httpx.Response(200, html="<html>")


@pytest.mark.parametrize(
    ("method", "result", "response", "expected"),
    [
        ("POST", Result("json", kinds.Integer()), httpx.Response(204), None),
        ("POST", Result("json", kinds.Integer()), httpx.Response(200, json=5), 5),
        ("GET", Result("json", kinds.ANY), httpx.Response(200, json=[1]), [1]),
        ("GET", Result("nothing"), httpx.Response(204), None),
        ("GET", Result("nothing"), PAGE, None),
        ("POST", Result("nothing"), httpx.Response(200, json={"result": True}), None),
        ("GET", Result("text"), PAGE, "<html>"),
        ("GET", Result("bytes"), PAGE, b"<html>"),
    ],
)
def test_a_success_that_has_no_model(method: str, result: Result, response: httpx.Response, expected: Any) -> None:
    assert _read(method, result, response) == expected


@pytest.mark.parametrize(
    ("method", "result", "response", "error"),
    [
        ("GET", Result("json", kinds.Integer()), httpx.Response(200, json="x"), errors.MalformedResponse),
        ("GET", Result("json", kinds.ANY), httpx.Response(200, content=b"null"), errors.MalformedResponse),
        ("GET", Result("json", kinds.ANY), PAGE, errors.MalformedResponse),
        ("POST", Result("json", kinds.ANY), PAGE, None),
        ("POST", Result("nothing"), PAGE, None),
        ("POST", Result("nothing"), httpx.Response(200, json={"result": False}), errors.OperationFailed),
        ("GET", Result("text"), httpx.Response(200, json={"error": {"message": "no"}}), errors.OperationFailed),
        ("GET", Result("text"), httpx.Response(206, text="x"), errors.MalformedResponse),
    ],
)
def test_a_success_that_is_none(
    method: str, result: Result, response: httpx.Response, error: type[errors.ApiError] | None
) -> None:
    with pytest.raises(Problem) as caught:
        _read(method, result, response)
    assert caught.value.error is error


def test_a_redirection_that_cannot_be_parsed_is_an_unexpected_status() -> None:
    transport = httpx.MockTransport(
        lambda _: httpx.Response(302, headers={"Location": "https://[::1"}, content=b'{"message": "Go"}')
    )
    with cerbo.Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport) as client:
        for call in (lambda: client.show_portal_requests(1), lambda: client.invite_to_portal(1)):
            with pytest.raises(cerbo.UnexpectedStatus) as caught:
                call()
            assert (caught.value.status_code, caught.value.server_message) == (302, "Go")


@pytest.mark.parametrize("text", ["\ud800", "x"])
def test_a_body_that_no_validator_can_read_does_not_fit(text: str) -> None:
    problem = CONTRACT.schemas.problem("NewQuestionnaire", {"html_content": text, "raw_data": {}})
    assert problem == ("the body is nested too deeply, or contains an unpaired surrogate" if text != "x" else "")
