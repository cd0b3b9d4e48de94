"""The response checker names the element of the contract that a response confirms or contradicts."""

from typing import Any

import pytest
from cerbo_portal_mock.conformance.report import CONFIRMED, NOT_SEEN, Element, Report
from cerbo_portal_mock.conformance.response_checker import ObservedResponse, ResponseChecker

JSON = {"content-type": "application/json; charset=utf-8"}
RESPONSE = Element("response", "list 200")
COLOUR = {"type": "string", "x-extensible-enum": ["red"]}
ANSWER = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
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
                    "2XX": {"content": ANSWER},
                },
            },
            "put": {
                "operationId": "replace",
                "responses": {
                    "200": {"content": ANSWER},
                    "400": {"content": ANSWER, "x-alternatives": [422]},
                    "default": {},
                },
            },
            "delete": {"operationId": "remove", "responses": {"200": {"content": ANSWER}, "2XX": {"content": ANSWER}}},
        }
    },
    "components": {
        "schemas": {
            "Answer": {
                "type": "object",
                "properties": {
                    "id": {"type": ["integer", "string", "null"], "minimum": 1, "pattern": "^[1-9][0-9]*$"},
                    "kind": {"type": ["string", "null"], "x-extensible-enum": ["scan"]},
                    "details": {"type": ["object", "null"], "additionalProperties": True},
                },
                "allOf": [
                    {
                        "if": {"required": ["kind"], "properties": {"kind": {"const": "scan"}}},
                        "then": {
                            "additionalProperties": True,
                            "properties": {"details": {"$ref": "#/components/schemas/Scan"}},
                        },
                    }
                ],
            },
            "Scan": {"type": "object", "properties": {"pages": {"type": "integer"}, "colour": {"type": "string"}}},
        }
    },
}


def _check(status: int, content: bytes, operation: str = "list", **headers: str) -> Report:
    report = Report(DOCUMENT)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    ResponseChecker(DOCUMENT, report).check(ObservedResponse(operation, status, JSON | more, content))
    return report


def _members(report: Report) -> dict[str, tuple[str, int]]:
    """Verdict and number of confirmations of the members of schemas, by name."""
    rows = report.document()["elements"]
    return {row["name"]: (row["seen"], row["times"]) for row in rows if row["kind"] == "member"}


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


def test_any_other_success_is_checked_against_2xx() -> None:
    other = Element("response", "remove 2XX")
    report = _check(201, b'{"id": true}', "remove")
    assert report.contradicted == {
        Element("member", "Answer.id"): ["expected type integer or string or null"],
    }
    assert report.verdict(other) == CONFIRMED
    assert report.verdict(Element("response", "remove 200")) == NOT_SEEN
    assert _check(201, b"<p>", "remove").contradicted == {other: ["a body that is not JSON"]}
    assert _check(201, b"{}", "remove", content_type="text/html").contradicted == {
        other: ["another content type than application/json"]
    }


@pytest.mark.parametrize("status", [201, 202, 204])
def test_any_other_success_may_have_no_body(status: int) -> None:
    report = _check(status, b"", "remove", content_type="")
    assert (report.contradicted, report.verdict(Element("response", "remove 2XX"))) == ({}, CONFIRMED)


def test_the_key_of_a_status_has_precedence_over_that_of_its_hundred() -> None:
    assert _check(200, b"", "remove").contradicted == {Element("response", "remove 200"): ["a body that is not JSON"]}


def test_a_status_without_a_key_is_not_documented() -> None:
    assert _check(302, b"", "remove").contradicted == {
        Element("operation", "remove"): ["a status that is not documented"]
    }


@pytest.mark.parametrize("content", [b'{"id": 27}', b'{"id": "27"}', b'{"id": null}'])
def test_a_member_may_be_a_number_or_text(content: bytes) -> None:
    report = _check(200, content, "remove")
    assert (report.contradicted, _members(report)["Answer.id"]) == ({}, (CONFIRMED, 1))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"id": "027"}', "does not fit its pattern"),
        (b'{"id": 0}', "expected minimum 1"),
        (b'{"id": []}', "expected type integer or string or null"),
    ],
)
def test_each_type_of_a_member_has_its_own_limits(content: bytes, problem: str) -> None:
    assert _check(200, content, "remove").contradicted == {Element("member", "Answer.id"): [problem]}


def test_conditional_members_are_confirmed_once_and_only_where_the_condition_holds() -> None:
    scan = _members(_check(200, b'{"kind": "scan", "details": {"pages": 3}}', "remove"))
    assert scan["Answer.kind"] == scan["Answer.details"] == scan["Scan.pages"] == (CONFIRMED, 1)
    other = _check(200, b'{"kind": "song", "details": {"pages": "many"}}', "remove")
    assert (other.contradicted, _members(other)["Scan.pages"]) == ({}, (NOT_SEEN, 0))


@pytest.mark.parametrize(
    ("details", "name"), [(b"[]", "Answer.details"), (b"null", "Answer.details"), (b'{"pages": "x"}', "Scan.pages")]
)
def test_conditional_members_that_do_not_fit_are_named(details: bytes, name: str) -> None:
    report = _check(200, b'{"id": 1, "kind": "scan", "details": %b}' % details, "remove")
    assert list(report.contradicted) == [Element("member", name)]
    assert _members(report)["Answer.id"] == (CONFIRMED, 1)


def test_other_conditional_members_are_confirmed_when_one_does_not_fit() -> None:
    report = _check(200, b'{"kind": "scan", "details": {"pages": "x", "colour": "red"}}', "remove")
    assert _members(report)["Scan.colour"] == (CONFIRMED, 1)


def test_null_is_no_value_beyond_the_known_ones() -> None:
    report = _check(200, b'{"kind": null}', "remove")
    assert [row["notes"] for row in report.document()["elements"] if row["notes"]] == []


@pytest.mark.parametrize(("status", "confirmed"), [(422, "400"), (503, "default")])
def test_an_alternative_status_and_the_default_are_checked(status: int, confirmed: str) -> None:
    report = _check(status, b'{"id": 7}', "replace")
    assert report.verdict(Element("response", f"replace {confirmed}")) == CONFIRMED
    assert report.contradicted == {}
