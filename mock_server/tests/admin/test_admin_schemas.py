"""What differs from a form is named by its place and by what was expected there, never by its value."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest
from cerbo_portal_mock.spec import schema_set
from cerbo_portal_mock.spec.validation import body_path
from cerbo_portal_mock.spec.yaml_document import YamlDocument

VALUE = "Sam Secret"
ID = "an integer from 1 to 9223372036854775807"
LINE = "one line of 1 to 1000 characters"
TEXT = "text of at most 20000 characters with $link or ${link}"
INSTANT = "an instant, such as 2026-11-24 12:00:00 (UTC) or 2026-11-24T12:00:00Z"
ENTRY = "id, request_type, status, created, addedby, subject, notes, details"
CLINIC = {"name": "C", "invitation": {"subject": "S", "text": "$link"}}
USER = {"id": 1, "username": "ann", "password": "x"}
PATIENT = {"id": 1, "first_name": "A", "last_name": "B"}
FAULT = (
    "kind, operation, patient, user, after, probability, times, delay_ms, jitter_ms, applied, status, retry_after, "
    "body, headers, steps, must_happen"
)
KINDS = "delay, status, refuse, close, truncated, garbage, html, sequence"

# The form, its content, and what is said of it.
CASES: list[tuple[str, Any, list[str]]] = [
    ("fault", [VALUE], ["the body: expected an object"]),
    ("fault", {}, [f"kind: expected one of {KINDS}, nothing was given"]),
    ("fault", {"kind": VALUE}, [f"kind: expected one of {KINDS}"]),
    ("fault", {"kind": "close", "colour": VALUE}, [f"colour: expected no such member, only {FAULT}"]),
    ("fault", {"kind": "close", "a\nb": 1}, [f"['a\\nb']: expected no such member, only {FAULT}"]),
    ("fault", {"kind": "close", "applied": VALUE}, ["applied: expected true or false"]),
    ("fault", {"kind": "close", "user": 7}, ["user: expected text"]),
    ("fault", {"kind": "close", "times": 0}, ["times: expected an integer of at least 1"]),
    ("fault", {"kind": "close", "delay_ms": 60001}, ["delay_ms: expected an integer from 0 to 60000"]),
    ("fault", {"kind": "close", "delay_ms": 0.5}, ["delay_ms: expected an integer from 0 to 60000"]),
    ("fault", {"kind": "close", "probability": 0}, ["probability: expected a number above 0 and at most 1"]),
    ("fault", {"kind": "close", "probability": 2}, ["probability: expected a number above 0 and at most 1"]),
    ("seed", {}, ["seed: expected an integer, nothing was given"]),
    ("advance", {"seconds": VALUE}, ["seconds: expected a number"]),
    ("freeze", {"at": VALUE}, [f"at: expected {INSTANT}"]),
    ("empty", {"now": True}, ["the body: expected an empty object"]),
    ("settings", {}, ["the body: expected at least one of clinic, validate, preview_coming_soon, grease"]),
    ("settings", {"validate": VALUE}, ["validate: expected one of off, report, strict"]),
    ("settings", {"clinic": {"name": "a\nb"}}, [f"clinic.name: expected {LINE}"]),
    ("settings", {"clinic": {"email": VALUE}}, ["clinic.email: expected an e-mail address"]),
    (
        "settings",
        {"clinic": {"invitation": {"text": VALUE, "link_lifetime_hours": 8761}}},
        [
            "clinic.invitation.link_lifetime_hours: expected an integer from 1 to 8760",
            f"clinic.invitation.text: expected {TEXT}",
        ],
    ),
    ("additions", {"restore": [5, 5]}, ["restore: expected a list without repeats"]),
    ("additions", {"restore": [VALUE]}, [f"restore[0]: expected {ID}"]),
    ("additions", {"restore": VALUE}, ["restore: expected a list without repeats"]),
    ("additions", {}, ["the body: expected at least one of patients, entries, restore, scenario"]),
    (
        "additions",
        {"restore": [5], "scenario": {"clinic": CLINIC, "users": [USER], "patients": []}},
        ["the body: expected nothing beside a scenario, which replaces everything"],
    ),
    (
        "additions",
        {"entries": [{"addedby": 0, "subject": 5, "details": VALUE}]},
        [
            "entries[0].addedby: expected null or an integer of at least 1",
            "entries[0].details: expected an object",
            "entries[0].subject: expected null or text",
            f"entries[0].request_type: expected {LINE}, nothing was given",
            f"entries[0].pt_id: expected {ID}, nothing was given",
        ],
    ),
    (
        "scenario",
        {"clinic": {}, "users": []},
        [
            "patients: expected a list, nothing was given",
            f"clinic.name: expected {LINE}, nothing was given",
            "clinic.invitation: expected an object, nothing was given",
            "users: expected a list of at least 1 item",
        ],
    ),
    (
        "scenario",
        {
            "clinic": {**CLINIC, "invitation": {}},
            "users": [{**USER, "username": "a:b"}, {**USER, "password": "\0"}],
            "patients": [],
        },
        [
            f"clinic.invitation.subject: expected {LINE}, nothing was given",
            f"clinic.invitation.text: expected {TEXT}, nothing was given",
            "users[0].username: expected one line of text without a colon that is not empty",
            "users[1].password: expected one line of text",
        ],
    ),
    (
        "scenario",
        {
            "clinic": CLINIC,
            "users": [USER],
            "patients": [{**PATIENT, "queue": [{"pt_id": 1, "status": "dismissed", "colour": 1}]}],
        },
        [
            f"patients[0].queue[0].id: expected {ID}, nothing was given",
            f"patients[0].queue[0].created: expected {INSTANT}, nothing was given",
            f"patients[0].queue[0].request_type: expected {LINE}, nothing was given",
            "patients[0].queue[0].pt_id: expected no such member",
            f"patients[0].queue[0].colour: expected no such member, only {ENTRY}",
            "patients[0].queue[0].status: expected one line of text that is not empty, other than dismissed",
        ],
    ),
    ("settings", {"clinic": {"name": "x" * 1001}}, [f"clinic.name: expected {LINE}"]),
]
IDS = [f"{form} {said[0].partition(':')[0]}" for form, _, said in CASES]


def _said(form: str, content: Any) -> list[str]:
    return [f"{body_path(keys)}: {what}" for keys, what in schema_set.problems(form, content)]


@pytest.mark.parametrize(("form", "content", "expected"), CASES, ids=IDS)
def test_a_difference_is_named_by_its_place_and_what_was_expected(form: str, content: Any, expected: list[str]) -> None:
    said = _said(form, content)
    assert sorted(said) == sorted(expected)
    assert VALUE not in str(said)


def _keywords(node: Any) -> Iterator[str]:
    """The words of JSON Schema in the forms that a content can be against."""
    if isinstance(node, Mapping):
        for name, child in node.items():
            if name in {"properties", "$defs", "dependentSchemas"}:
                for inner in child.values():
                    yield from _keywords(inner)
            elif name not in {"x-meanings", "description", "$ref", "$schema", "x-expected", "title"}:
                yield name
                yield from _keywords(child)
    elif isinstance(node, list):
        for child in node:
            yield from _keywords(child)
    elif node is False:
        yield "falseSchema"


def test_there_is_a_case_of_each_way_to_differ() -> None:
    forms = YamlDocument(schema_set.SCHEMAS_PATH).content
    seen = set()
    for form, content, _ in CASES:
        validator = jsonschema_rs.Draft202012Validator({**forms, "$ref": f"#/$defs/{form}"}, validate_formats=True)
        seen |= {error.kind.name for error in validator.iter_errors(content)}
    # These lead to others, and are none themselves.
    assert set(_keywords(forms)) - {"items", "allOf", "const"} == seen
