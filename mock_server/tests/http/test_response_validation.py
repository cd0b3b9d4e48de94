"""Answers that break the contract: let through, reported, or refused, as told. Announced filters: as told, too."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.instance import Validate
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport
from flask import Response

from contract_tests.support.http_client import LIST_PATH, USER, error_message

PLANTED = "planted-secret"


@contextmanager
def _caller(**options: Any) -> Iterator[httpx.Client]:
    transport = PortalTransport(MockPortal(**options).app)
    with httpx.Client(transport=transport, base_url=ORIGIN, auth=USER) as http:
        yield http


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation whose answer breaks the contract."""
    document = {"object": "list", "data": [{"id": PLANTED}], "has_more": False, "total_count": 1}
    monkeypatch.setitem(handlers.HANDLERS, "showPortalRequests", lambda *_, **__: document)


@pytest.mark.usefixtures("broken")
def test_off_lets_it_through() -> None:
    with _caller(validate="off") as http:
        response = http.get(LIST_PATH)
    assert response.status_code == 200
    assert "X-Cerbo-Mock-Violation" not in response.headers


@pytest.mark.usefixtures("broken")
def test_report_lets_it_through_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="cerbo_portal_mock"), _caller(validate="report") as http:
        response = http.get(LIST_PATH)
    assert response.status_code == 200
    assert response.headers["X-Cerbo-Mock-Violation"].startswith("data[0]")
    assert "showPortalRequests 200: data[0]" in caplog.text
    assert PLANTED not in caplog.text


@pytest.mark.usefixtures("broken")
def test_strict_refuses_it_without_showing_values() -> None:
    with _caller(validate="strict") as http:
        response = http.get(LIST_PATH)
    assert response.status_code == 500
    assert error_message(response.content).startswith("The mock's response violates the contract: data[0]")
    assert PLANTED not in response.text


@pytest.mark.parametrize(
    ("answer", "violation"),
    [
        (Response("{}", 418, content_type="application/json"), "status 418 is not documented"),
        (Response("<p>", 200, content_type="text/html"), "expected application/json, not text/html"),
        (Response("{", 200, content_type="application/json"), "expected a JSON body"),
        (
            Response('{"error": {"message": "m"}}', 503, content_type="application/json"),
            "Retry-After: expected this header",
        ),
    ],
    ids=["status", "type", "json", "header"],
)
def test_every_part_of_an_answer_is_checked(monkeypatch: pytest.MonkeyPatch, answer: Response, violation: str) -> None:
    monkeypatch.setattr("cerbo_portal_mock.http.operation_view.inject", lambda *_: answer)
    with _caller() as http:
        assert error_message(http.get(LIST_PATH).content) == f"The mock's response violates the contract: {violation}"


@pytest.mark.parametrize(
    ("answer", "violation"),
    [
        (Response('{"result": true}', 201, content_type="application/json"), None),
        (Response(status=204), None),
        (Response(status=202), None),
        (Response('{"result": 7}', 201, content_type="application/json"), "result: the value is not of types"),
        (Response("<p>", 201, content_type="text/html"), "expected application/json, not text/html"),
        (Response(status=200), "expected application/json, not text/html"),
    ],
    ids=["201", "204", "empty 202", "member", "type", "empty 200"],
)
def test_any_other_success_of_a_mutation_is_checked_and_may_have_no_body(
    monkeypatch: pytest.MonkeyPatch, answer: Response, violation: str | None
) -> None:
    monkeypatch.setattr("cerbo_portal_mock.http.operation_view.inject", lambda *_: answer)
    with _caller() as http:
        response = http.delete(f"{LIST_PATH}/27")
    assert response.headers.get("X-Cerbo-Mock-Violation", "none").startswith(violation or "none")


@pytest.mark.parametrize("validate", ["off", "report", "strict"])
def test_whatever_is_true_passes(validate: Validate) -> None:
    with _caller(validate=validate) as http:
        assert http.get(LIST_PATH).status_code == 200
        assert http.head(LIST_PATH).status_code == 200
        assert http.put(LIST_PATH).status_code == 405
        assert http.get("/api/v1/nothing").status_code == 404
        assert http.post("/api/v1/patients/3/portal/invite").status_code == 422
        assert http.post("/api/v1/patients/3/portal/invite", content=b"x" * 65_537).status_code == 413


def test_announced_filters_are_in_force_in_the_preview() -> None:
    with _caller(preview_coming_soon=True) as http:

        def ids(**query: str) -> list[int]:
            response = http.get(LIST_PATH, params=query)
            assert "X-Cerbo-Mock-Ignored" not in response.headers
            return [entry["id"] for entry in response.json()["data"]]

        assert ids() == [21, 27, 28, 30, 33]
        assert ids(request_type="document") == [33]
        assert ids(request_type="document", status="completed") == []
        http.post(
            "/__admin/state",
            json={"entries": [{"pt_id": 1, "id": 40, "request_type": "document", "status": "completed"}]},
        ).raise_for_status()
        assert ids(request_type="document", status="completed") == [40]
        # The announced default of `status` is "open".
        assert ids(request_type="document") == [33]
