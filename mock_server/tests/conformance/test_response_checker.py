"""The response checker names the element of the contract that a response confirms or contradicts."""

from typing import Any

import pytest
from cerbo_portal_mock.conformance.report import CONFIRMED, NOT_SEEN, Element, Report
from cerbo_portal_mock.conformance.response_checker import ObservedResponse, ResponseChecker

JSON = {"content-type": "application/json; charset=utf-8"}
RESPONSE = Element("response", "list 200")
COLOUR = {"type": "string", "x-extensible-enum": ["red"]}
DOCUMENT: dict[str, Any] = {
    "info": {"version": "1"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "list",
                "responses": {
                    "200": {
                        "headers": {"X-Pages": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {"schema": {"type": "object", "properties": {"colour": COLOUR}}}
                        },
                    },
                    "204": {"description": "Nothing."},
                },
            }
        }
    },
    "components": {"schemas": {}},
}


def _check(status: int, content: bytes, **headers: str) -> Report:
    report = Report(DOCUMENT)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    ResponseChecker(DOCUMENT, report).check(ObservedResponse("list", status, JSON | more, content))
    return report


@pytest.mark.parametrize(
    ("content", "headers", "problem"),
    [
        (b"{}", {"content_type": "text/html"}, "another content type than application/json"),
        (b"{", {}, "a body that is not JSON"),
        (b'{"colour": NaN}', {}, "a body that is not JSON"),
        (b"[" * 100_000, {}, "a body that is not JSON"),
    ],
    ids=["content type", "truncated", "NaN", "nested too deeply"],
)
def test_a_body_of_another_kind_contradicts_the_response(content: bytes, headers: dict[str, str], problem: str) -> None:
    assert _check(200, content, **headers).contradicted == {RESPONSE: [problem]}


def test_an_optional_header_may_be_missing_but_not_wrong() -> None:
    header = Element("header", "list 200 X-Pages")
    assert _check(200, b"{}").verdict(header) == NOT_SEEN
    assert _check(200, b"{}", x_pages="3").verdict(header) == CONFIRMED
    assert _check(200, b"{}", x_pages="many").contradicted == {header: ["expected type integer"]}


def test_a_response_without_content_is_confirmed_by_its_status() -> None:
    report = _check(204, b"")
    assert (report.verdict(Element("response", "list 204")), report.contradicted) == (CONFIRMED, {})


def test_members_and_values_beyond_the_contract_are_notes() -> None:
    report = _check(200, b'{"colour": "blue", "size": 1}')
    assert report.contradicted == {}
    notes = {row["name"]: row["notes"] for row in report.document()["elements"] if row["notes"]}
    assert notes == {
        "list 200": ["has members that the contract does not name"],
        "list 200.colour": ["has values beyond the known ones"],
    }
