"""Of two contracts, what breaks those who keep to the older one is found where it is, and nothing else is."""

from copy import deepcopy
from typing import Any

import pytest
from _openapi_diff import Change, compare, summary

from contract_tests.document_patches import Patch, both, drop, put
from contract_tests.spec_diff_cases import (
    BODY,
    BREAKING,
    COMPATIBLE,
    JSON,
    LETTER,
    LIST,
    OK,
    POST,
    SCHEMA,
    SCHEMAS,
    TAKEN,
)
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import SPEC

Json = Any


RELEASED = YamlDocument(SPEC.parent / "released" / "0.1.0.yaml").content


@pytest.fixture
def old() -> Json:
    old = deepcopy(RELEASED)
    both(put(deepcopy(BODY), *POST, "requestBody"), put(deepcopy(SCHEMA), *LETTER))(old)
    return old


def _compare(old: Json, patch: Patch) -> list[Change]:
    new = deepcopy(old)
    patch(new)
    return compare(old, new)


@pytest.mark.parametrize(("patch", "places"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_found_where_it_is(patch: Patch, places: set[tuple[str, ...]], old: Json) -> None:
    changes = _compare(old, patch)
    assert {change[:3] for change in changes if change.kind == "breaking"} == places
    assert all(change.what for change in changes)


@pytest.mark.parametrize(("patch", "expected"), COMPATIBLE.values(), ids=COMPATIBLE)
def test_a_compatible_change_is_no_alarm(patch: Patch, expected: set[tuple[str, ...]], old: Json) -> None:
    assert {change[:3] for change in _compare(old, patch)} == expected


def test_an_operation_that_begins_to_ask_for_credentials_breaks(old: Json) -> None:
    put([], *LIST, "security")(old)
    assert {change[:3] for change in _compare(old, drop(*LIST, "security"))} == {
        ("breaking", "showPortalRequests", "/security")
    }


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^(?!x)(a|b)*$", "format": "hostname"},
        {"allOf": [{"$ref": "#/components/schemas/Letter"}, {"required": ["kind"]}]},
        {"oneOf": [{"$ref": "#/components/schemas/Letter"}, {"$ref": "#/components/schemas/Error"}]},
        {"type": "object", "unevaluatedProperties": False, "patternProperties": {"^a": {"not": {"type": "null"}}}},
        {"type": "object", "properties": {"replies": {"$ref": "#/components/schemas/Thread"}}},
    ],
    ids=["pattern", "allOf", "oneOf", "unevaluated", "recursive"],
)
def test_what_stays_as_it_is_does_not_break_however_hard_to_reason_about(schema: Json, old: Json) -> None:
    put(schema, *TAKEN)(old)
    put(schema, *OK, *JSON, "schema")(old)
    put({"type": "array", "items": {"$ref": "#/components/schemas/Thread"}}, *SCHEMAS, "Thread")(old)
    assert _compare(old, put("Else.", *SCHEMAS, "Id", "description")) == []


def test_another_member_of_an_answer_breaks_where_there_could_be_none(old: Json) -> None:
    closed = (*SCHEMAS, "InvitationResult")
    put(False, *closed, "additionalProperties")(old)
    added = put({"type": "string"}, *closed, "properties", "priority")
    opened = put(True, *closed, "additionalProperties")
    for patch, pointer in ((added, "/properties/priority"), (opened, "")):
        (change,) = _compare(old, patch)
        assert change[:3] == ("breaking", "inviteToPortal", f"#/components/schemas/InvitationResult{pointer}")


CONDITION = {"if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["name"]}}


def test_a_condition_is_no_break_where_it_begins_and_one_where_it_ends(old: Json) -> None:
    put({"type": "object", "properties": {"kind": {"type": "string"}}}, *SCHEMAS, "Thread")(old)
    put({"$ref": "#/components/schemas/Thread"}, *OK, *JSON, "schema")(old)
    begun = deepcopy(old)
    put([CONDITION], *SCHEMAS, "Thread", "allOf")(begun)
    assert {change.kind for change in compare(old, begun)} == {"changed"}
    assert {change.kind for change in compare(begun, old)} == {"breaking"}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf", "not"])
def test_a_branch_with_a_condition_counts_as_it_stands(keyword: str, old: Json) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    put(schema, *OK, *JSON, "schema")(old)
    branch = {"allOf": [CONDITION]}
    added = {**schema, keyword: branch if keyword == "not" else [branch, {"type": "integer"}]}
    changes = _compare(old, put(added, *OK, *JSON, "schema"))
    assert {change.kind for change in changes} == {"changed"}
    assert _compare(old, put({**schema, "anyOf": [{"if": {}}, {"type": "null"}]}, *OK, *JSON, "schema")) != []


def test_a_change_within_what_is_composed_counts_as_breaking_in_a_request(old: Json) -> None:
    composed = {"allOf": [{"$ref": "#/components/schemas/Letter"}, {"properties": {"copies": {"type": "integer"}}}]}
    put(composed, *TAKEN)(old)
    at = (*TAKEN, "allOf", 1, "properties")
    for patch in (drop(*at, "copies"), put({"type": "string"}, *at, "copies"), put(9, *LETTER, "minProperties")):
        assert "breaking" in {change.kind for change in _compare(old, patch)}


@pytest.mark.parametrize(
    ("ref", "at"),
    [
        ("#/components/schemas/InvitationResult/properties/message", (*SCHEMAS, "InvitationResult")),
        ("#/components/x-shared/properties/message", ("components", "x-shared")),
    ],
    ids=["within a schema", "elsewhere"],
)
def test_a_change_behind_any_reference_is_found(ref: str, at: tuple[str, ...], old: Json) -> None:
    put({"properties": {"message": {"type": "string"}}}, *at)(old)
    put({"type": "object", "properties": {"text": {"$ref": ref}}}, *OK, *JSON, "schema")(old)
    (change, *_) = _compare(old, drop(*at, "properties", "message", "type"))
    assert change.kind == "breaking"


def test_the_summary_says_once_what_operations_share(old: Json) -> None:
    (line,) = summary(_compare(old, drop(*SCHEMAS, "Error", "properties", "message", "minLength")))
    assert line == (
        "breaking  deletePortalRequest, inviteToPortal, showPortalRequests, x-any-operation "
        "#/components/schemas/Error/properties/message: may answer what it never did: minLength 1 -> nothing"
    )
