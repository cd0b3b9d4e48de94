"""Bodies of any operation of a contract: each kind is read, or refused by the name of what does not fit."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import create_app

from contract_tests.support.http_client import USER, http_client

from ..conftest import serving
from ..stub_contract import PATH, Json, Operations, Receive, operation, parameter, paths, stub_contract

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
BYTES = "application/octet-stream"
INTEGER = {"type": "integer"}
INTEGERS = {"type": "array", "items": INTEGER}
TEXTS = {"type": "array", "items": {"type": "string"}}
OPTIONS = {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "boolean"}]}
SCHEMAS = {
    "Count": {"type": "integer", "minimum": 1},
    "Other": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
}

OPERATIONS = Operations()
declare = OPERATIONS.declare


def body(media_type: str, schema: Json, *, required: bool = True, **content: Any) -> Json:
    """An operation with a body."""
    return {"requestBody": {"required": required, "content": {media_type: {"schema": schema, **content}}}}


@pytest.fixture(scope="module")
def receive(tmp_path_factory: pytest.TempPathFactory) -> Receive:
    """Sends a request to an operation."""
    return OPERATIONS.receiver(tmp_path_factory.mktemp("contract"), SCHEMAS)


MEMBERS = {
    "type": "object",
    "required": ["count"],
    "additionalProperties": False,
    "properties": {
        "count": {"type": "integer", "maximum": 9},
        "on": {"type": "boolean"},
        "tags": TEXTS,
        "born": {"type": ["string", "null"], "format": "date"},
        "where": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
        "file": {"type": "string", "format": "binary", "maxLength": 4},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
}
FORM_OF_MEMBERS = declare(body(FORM, MEMBERS))
MULTIPART_OF_MEMBERS = declare(body(MULTIPART, MEMBERS))
JSON_OF_MEMBERS = declare(body(JSON, MEMBERS))
JSON_LIST = declare(body(JSON, INTEGERS))
COMMAS = declare(body(FORM, MEMBERS, encoding={"tags": {"explode": False}}))
PIPES = declare(body(FORM, MEMBERS, encoding={"tags": {"style": "pipeDelimited"}}))
TEXT_NUMBER = declare(body("text/plain", INTEGER))


def raw(media_type: str, content: bytes) -> Json:
    """A request of a media type."""
    return {"content": content, "headers": {"Content-Type": media_type}}


NAMELESS = b"\r\n".join(
    [
        *(b"--b", b"Content-Disposition: form-data", b"", b"{}"),
        *(b"--b", b'Content-Disposition: form-data; name="count"', b"", b"5", b"--b--", b""),
    ]
)


@pytest.mark.parametrize(
    ("path", "sent", "arguments"),
    [
        (JSON_OF_MEMBERS, {"json": {"count": 5.0, "where": {"city": "A"}}}, {"count": 5, "where": {"city": "A"}}),
        (JSON_LIST, {"json": [1, 2]}, {"body": [1, 2]}),
        (declare(body(JSON, {"type": ["integer", "null"]})), raw(JSON, b"null"), {"body": None}),
        (declare(body("text/vnd+json", MEMBERS)), raw("text/vnd+json", b'{"count": 5}'), {"count": 5}),
        (
            declare(body(JSON, {"oneOf": [MEMBERS, {"$ref": "#/components/schemas/Other"}]})),
            {"json": {"kind": "x"}},
            {"kind": "x"},
        ),
        (declare(body(JSON, MEMBERS, required=False)), {}, {}),
        (FORM_OF_MEMBERS, {"data": {"count": "5", "on": "true"}}, {"count": 5, "on": True}),
        (FORM_OF_MEMBERS, {"data": {"count": "5", "tags": ["a", "b"]}}, {"count": 5, "tags": ["a", "b"]}),
        (FORM_OF_MEMBERS, {"data": {"count": "5", "born": ""}}, {"count": 5, "born": None}),
        (FORM_OF_MEMBERS, {"data": {"count": "5", "where": '{"city": "A"}'}}, {"count": 5, "where": {"city": "A"}}),
        (COMMAS, {"data": {"count": "5", "tags": "a,b"}}, {"count": 5, "tags": ["a", "b"]}),
        (PIPES, {"data": {"count": "5", "tags": "a|b"}}, {"count": 5, "tags": ["a", "b"]}),
        (declare(body(FORM, {"type": "object"})), raw(FORM, b""), {}),
        (
            MULTIPART_OF_MEMBERS,
            {"data": {"count": "5", "tags": ["a"]}, "files": {"file": b"\xff\0"}},
            {"count": 5, "tags": ["a"], "file": b"\xff\0"},
        ),
        (
            MULTIPART_OF_MEMBERS,
            {"data": {"count": "5"}, "files": [("files", b"\xff"), ("files", b"b")]},
            {"count": 5, "files": [b"\xff", b"b"]},
        ),
        (MULTIPART_OF_MEMBERS, raw(f"{MULTIPART}; boundary=b", NAMELESS), {"count": 5}),
        (declare(body(BYTES, {"type": "string", "format": "binary"})), raw(BYTES, b"\xff\0"), {"body": b"\xff\0"}),
        (declare(body(BYTES, {})), raw(BYTES, b""), {"body": b""}),
        (declare(body("image/*", {})), raw("image/png", b"\x89PNG"), {"body": b"\x89PNG"}),
        (declare(body("text/*", {"type": "string"})), raw("text/a; charset=utf-8", "äb".encode()), {"body": "äb"}),
        (TEXT_NUMBER, raw("text/plain", b"5"), {"body": 5}),
        (declare(body("*/*", MEMBERS)), {"json": {"count": 5}}, {"count": 5}),
    ],
)
def test_a_body_is_read(receive: Receive, path: str, sent: Json, arguments: Json) -> None:
    assert receive(path, **sent) == arguments


COUNT_EXPECTED = "count: expected an integer of at most 9"
BOUNDARY_EXPECTED = "with its boundary in Content-Type"


@pytest.mark.parametrize(
    ("path", "sent", "status", "expected"),
    [
        (JSON_OF_MEMBERS, {"json": {"count": "5"}}, 400, COUNT_EXPECTED),
        (JSON_OF_MEMBERS, {"json": {"count": 5, "where": {}}}, 400, "where: "),
        (JSON_OF_MEMBERS, {"json": [1]}, 400, "the body: expected a JSON object"),
        (JSON_LIST, {"json": {}}, 400, "the body: expected a JSON array"),
        (JSON_LIST, {"json": [1, "a"]}, 400, "[1]: the value is not of type"),
        (declare(body(JSON, OPTIONS)), {"json": "a"}, 400, "the body: "),
        (JSON_OF_MEMBERS, {}, 400, "the body: expected a JSON object, nothing was given"),
        (JSON_LIST, {}, 400, "the body: expected a JSON array, nothing was given"),
        (FORM_OF_MEMBERS, {}, 400, "the body: expected a form, nothing was given"),
        (TEXT_NUMBER, {}, 400, "the body: expected a body of text/plain, nothing was given"),
        (JSON_OF_MEMBERS, {"data": {"count": "5"}}, 415, "expected Content-Type: application/json"),
        (FORM_OF_MEMBERS, {"json": {"count": 5}}, 415, f"expected Content-Type: {FORM}"),
        (FORM_OF_MEMBERS, {"data": {"count": "10"}}, 400, COUNT_EXPECTED),
        (FORM_OF_MEMBERS, {"data": {"count": ["1", "2"]}}, 400, COUNT_EXPECTED),
        (FORM_OF_MEMBERS, {"data": {"on": "true"}}, 400, f"{COUNT_EXPECTED}, nothing was given"),
        (FORM_OF_MEMBERS, {"data": {"count": "1", "else": "1"}}, 400, "the body: "),
        (FORM_OF_MEMBERS, {"data": {"count": "1", "where": "{"}}, 400, "where: expected an object"),
        (COMMAS, {"data": {"count": "1", "tags": ["a", "b"], "free": "x"}}, 400, "the body: "),
        (COMMAS, {"data": {"count": "x", "tags": ["a", "b"]}}, 400, COUNT_EXPECTED),
        (FORM_OF_MEMBERS, raw(FORM, b"count=%FF"), 400, "the body: expected UTF-8"),
        (FORM_OF_MEMBERS, raw(FORM, b"a=&" * 1_001), 400, "the body: expected at most 1000 fields"),
        (
            MULTIPART_OF_MEMBERS,
            {"data": {"count": "5"}, "files": {"file": b"12345"}},
            400,
            "file: expected text of at most 4 characters",
        ),
        (MULTIPART_OF_MEMBERS, {"data": {"count": "x"}, "files": {"file": b"1"}}, 400, COUNT_EXPECTED),
        (MULTIPART_OF_MEMBERS, raw(MULTIPART, b"x"), 400, BOUNDARY_EXPECTED),
        (MULTIPART_OF_MEMBERS, raw(f"{MULTIPART}; boundary=b", b"x"), 400, BOUNDARY_EXPECTED),
        (declare(body(BYTES, {"type": "string", "maxLength": 1})), raw(BYTES, b"\xff\xff"), 400, "the body: "),
        (TEXT_NUMBER, raw("text/plain", b"x"), 400, "the body: expected a body of text/plain"),
        (TEXT_NUMBER, raw("text/plain", b"\xff"), 400, "the body: expected UTF-8"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(
    receive: Receive, path: str, sent: Json, status: int, expected: str
) -> None:
    said = receive(path, **sent)
    assert (said[0], expected in said[1]) == (status, True), said


NAMED = {"type": "object", "properties": {"name": {"type": "string"}}}
SEVERAL = declare({"requestBody": {"required": True, "content": {JSON: {"schema": MEMBERS}, FORM: {"schema": NAMED}}}})


def test_an_operation_may_take_bodies_of_several_types(receive: Receive) -> None:
    assert receive(SEVERAL, json={"count": 1}) == {"count": 1}
    assert receive(SEVERAL, data={"name": "a"}) == {"name": "a"}
    assert f"expected Content-Type: {JSON} or {FORM}" in receive(SEVERAL, content=b"x")[1]
    assert "expected a JSON object or a form, nothing was given" in receive(SEVERAL)[1]


def test_parameters_and_bodies_of_stubs_over_a_socket(tmp_path: Path) -> None:
    declared = body(MULTIPART, MEMBERS) | parameter("header", INTEGERS, required=True)
    app = create_app(contract=stub_contract(tmp_path, paths({PATH: {"post": operation(**declared)}})))
    with serving(app) as server, httpx.Client(base_url=f"{server.url}/api/v1", auth=USER, trust_env=False) as http:
        sent: Any = {"data": {"count": "5"}, "files": {"file": b"\xff"}}
        assert http.post(PATH, headers={"X": "1, 2"}, **sent).status_code == 200
        assert http.post(PATH, headers={"X": "1, a"}, **sent).status_code == 400
    (_, refused) = app.extensions["cerbo_portal"].default.journal
    assert (refused.stub, refused.status) == (True, 400)


PIN = {"type": "object", "properties": {"pin": {"type": "string", "format": "password"}}}


@pytest.mark.parametrize(
    ("media_type", "sent"), [(FORM, {"data": {"pin": "7391"}}), (MULTIPART, {"files": {"pin": (None, "7391")}})]
)
def test_a_password_in_a_form_is_not_in_the_journal(media_type: str, sent: Any, tmp_path: Path) -> None:
    contract = stub_contract(tmp_path, paths({PATH: {"post": operation(**body(media_type, PIN))}}))
    app = create_app(contract=contract)
    with http_client(app, "/api/v1", auth=USER) as http:
        assert http.post(PATH, **sent).status_code == 200
    (exchange,) = app.extensions["cerbo_portal"].default.journal
    assert exchange.body == b"REDACTED"
