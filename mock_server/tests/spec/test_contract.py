"""Arguments are read by their schema, whatever the contract declares; an error names the argument and what it takes."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.operation import Operation
from cerbo_portal_mock.spec.yaml_document import DocumentError

SCHEMAS: dict[str, Any] = {
    "id": {"type": "integer", "minimum": 1, "maximum": 9},
    "count": {"type": "integer"},
    "size": {"type": "integer", "maximum": 9},
    "enqueue": {"type": "boolean"},
    "order": {"type": "string", "enum": ["asc", "desc"]},
    "name": {"type": "string", "minLength": 2},
    "any": {"minLength": 2},
    "code": {"type": "string", "pattern": "^[a-z]+$"},
    "line": {"type": "string", "pattern": r"^[^\u0000]*$", "maxLength": 2},
}


def _operation(tmp_path: Path, name: str, *, required: bool) -> Operation:
    path = tmp_path / "spec.yaml"
    parameter = {"name": name, "in": "query", "required": required, "schema": SCHEMAS[name]}
    responses = {"200": {"description": "done"}}
    operation = {"operationId": "find", "tags": ["T"], "parameters": [parameter], "responses": responses}
    document = {"servers": [{"url": "http://h/v1"}], "components": {}, "paths": {"/find": {"get": operation}}}
    path.write_text(yaml.safe_dump(document))
    return Contract(path).operations["find"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("id", "9", 9),
        ("id", "007", 7),
        ("count", "-3", -3),
        ("enqueue", "true", True),
        ("enqueue", "false", False),
        ("order", "asc", "asc"),
        ("name", "ab", "ab"),
    ],
)
def test_a_text_is_read_by_its_schema(name: str, text: str, value: Any, tmp_path: Path) -> None:
    operation = _operation(tmp_path, name, required=False)
    assert operation.arguments({}, {name: [text], "unknown": ["x"]}) == {name: value}
    assert operation.arguments({}, {}) == {}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("id", "10", "id: expected an integer from 1 to 9"),
        ("id", "1_0", "id: expected an integer from 1 to 9"),
        ("count", "1.0", "count: expected an integer"),
        ("size", "10", "size: expected an integer of at most 9"),
        ("enqueue", "yes", "enqueue: expected true or false"),
        ("order", "up", "order: expected one of asc, desc"),
        ("name", "a", "name: expected text of at least 2 characters"),
        ("any", "a", "any: expected another value"),
        ("code", "A", "code: expected text that fits ^[a-z]+$"),
        ("line", "abc", "line: expected text of at most 2 characters without NUL"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(name: str, text: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument) as caught:
        _operation(tmp_path, name, required=False).arguments({}, {name: [text]})
    assert str(caught.value) == expected


def test_a_required_argument_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"^name: expected text of at least 2 characters, nothing was given$"):
        _operation(tmp_path, "name", required=True).arguments({}, {})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, "code: expected text that fits ^[a-z]+$, nothing was given"),
        ({"code": "A", "id": 0}, "code: expected text that fits ^[a-z]+$; id: expected an integer from 1 to 9"),
        ([], "the body: expected a JSON object"),
        ({"code": "a", "tags": ["b", 5]}, 'tags[1]: the value is not of type "string"'),
        ({"code": "a", "b": 1, "c": 2, "d": 3}, "the body: the value has more than 3 properties"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_member_by_member(content: Any, expected: str, tmp_path: Path) -> None:
    members = {"code": SCHEMAS["code"], "id": SCHEMAS["id"], "tags": {"type": "array", "items": {"type": "string"}}}
    schema = {"type": "object", "required": ["code"], "maxProperties": 3, "properties": members}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "find", "tags": ["T"], "requestBody": body, "responses": {}}
    document = {"servers": [{"url": "http://h/v1"}], "components": {}, "paths": {"/find": {"post": operation}}}
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump(document))
    taken = Contract(path).operations["find"].body
    assert taken
    (declared,) = taken.contents
    assert declared.arguments({"code": "a", "id": 2.0, "else": 1}) == {"code": "a", "id": 2}
    with pytest.raises(InvalidArgument) as caught:
        declared.arguments(content)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "TypeError"),
        ("servers: []", "IndexError"),
        ("{servers: [{url: /v1}], paths: {/a: {get: {tags: [T]}}}}", "KeyError: 'responses'"),
        ("{servers: [{url: /v1}], paths: {}, x-any-operation: {'405': {$ref: '#/nowhere'}}}", "KeyError: 'nowhere'"),
    ],
)
def test_a_contract_that_is_not_whole_is_one_clear_error(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError, match="expected a whole contract") as caught:
        Contract(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert what in str(caught.value)
