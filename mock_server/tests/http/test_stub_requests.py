"""Requests of any operation of a contract: each kind of parameter and of body is read, or refused by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.yaml_document import DocumentError

from contract_tests.support.http_client import USER, http_client

from ..conftest import serving
from ..stub_contract import PATH, Json, components, operation, paths, stub_contract

UUID = "3f2b8c1e-9a4d-4c6b-8e21-7d5f0a9b1c3e"
INTEGER = {"type": "integer"}
INTEGERS = {"type": "array", "items": INTEGER}
TEXTS = {"type": "array", "items": {"type": "string"}}
OPTIONS = {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "boolean"}]}
COUNT = {"allOf": [{"$ref": "#/components/schemas/Count"}, {"maximum": 9}]}
SCHEMAS = {
    "Count": {"type": "integer", "minimum": 1},
    "Other": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
}
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
BYTES = "application/octet-stream"

# The operations of this module are in one contract: path items by their paths.
ITEMS: dict[str, Json] = {}
Receive = Callable[..., Json]


def declare(declared: Json, suffix: str = "", item: Json = None) -> str:
    """Add an operation to the contract of this module.

    Args:
        declared: its members.
        suffix: what its path ends in.
        item: other members of its path item.

    Returns:
        Its path without the suffix.
    """
    path = f"{PATH}/{len(ITEMS)}"
    ITEMS[path + suffix] = {"post": operation(f"stub{len(ITEMS)}", **declared), **(item or {})}
    return path


def parameter(location: str, schema: Json, **members: Any) -> Json:
    """An operation with one parameter."""
    return {"parameters": [{"name": "x", "in": location, "required": location == "path", "schema": schema, **members}]}


def body(media_type: str, schema: Json, *, required: bool = True, **content: Any) -> Json:
    """An operation with a body."""
    return {"requestBody": {"required": required, "content": {media_type: {"schema": schema, **content}}}}


@pytest.fixture(scope="module")
def receive(tmp_path_factory: pytest.TempPathFactory) -> Receive:
    """Sends a request to an operation: the arguments of its handler, or the status and the text of its refusal."""

    def handle(context: RequestContext, **arguments: Any) -> Json:
        seen.append(arguments)
        return {}

    def receive(path: str, **sent: Any) -> Json:
        with http_client(app, "/api/v1", auth=USER) as http:
            answer = http.post(path, **sent)
        return seen.pop() if answer.status_code == 200 else (answer.status_code, answer.text)

    seen: list[Json] = []
    folder = tmp_path_factory.mktemp("contract")
    contract = stub_contract(folder, components("schemas", SCHEMAS), paths(ITEMS))
    with pytest.MonkeyPatch.context() as patch:
        for item in ITEMS.values():
            patch.setitem(handlers.HANDLERS, item["post"]["operationId"], handle)
        app = create_app(contract=contract, validate="strict", stubs=False)
    return receive


SCALARS: list[tuple[Json, str, Any]] = [
    ({"type": "string"}, "a b", "a b"),
    (INTEGER, "-7", -7),
    (INTEGER, "9" * 30, int("9" * 30)),
    ({"type": "number"}, "1e-07", 1e-07),
    ({"type": "number"}, "5", 5),
    ({"type": "number"}, "-2.5", -2.5),
    ({"type": "boolean"}, "true", True),
    ({"type": "boolean"}, "false", False),
    ({"enum": [1, "a", None]}, "1", 1),
    ({"enum": [1, "a", None]}, "a", "a"),
    ({"const": 2.5}, "2.5", 2.5),
    ({"type": "string", "format": "date"}, "2026-11-24", "2026-11-24"),
    ({"type": "string", "format": "date-time"}, "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"),
    ({"type": "string", "format": "uuid"}, UUID, UUID),
    ({"type": ["integer", "null"]}, "null", None),
    ({"type": ["integer", "string"]}, "5", 5),
    (OPTIONS, "true", True),
    ({"anyOf": [False, OPTIONS, OPTIONS]}, "true", True),
    ({"enum": [["a"], "b"]}, "b", "b"),
    (COUNT, "9", 9),
]
REFUSED: list[tuple[Json, str, str]] = [
    (INTEGER, "1.0", "an integer"),
    (INTEGER, "1_0", "an integer"),
    ({"type": "number"}, "1e999", "a number"),
    ({"type": "number"}, "nan", "a number"),
    ({"type": "boolean"}, "True", "true or false"),
    ({"enum": [1, "a", None]}, "b", "one of 1, a, null"),
    ({"const": 2.5}, "2", "2.5"),
    ({"type": "string", "format": "date"}, "2026-13-24", "a date, such as 2026-11-24"),
    ({"type": "string", "format": "date-time"}, "2026-11-01 00:00:00+00:00", "an instant in RFC 3339, such as 2026-11"),
    ({"type": "string", "format": "uuid"}, "5", f"a UUID, such as {UUID}"),
    ({"type": ["integer", "null"]}, "x", "an integer or null"),
    (OPTIONS, "x", "an integer of at least 1 or true or false"),
    (COUNT, "10", "another value"),
]


def _in_each_location(cases: list[tuple[Json, str, Any]]) -> list[tuple[str, str, str, Any]]:
    return [
        (location, declare(parameter(location, schema), "/{x}" if location == "path" else ""), text, expected)
        for location in ("path", "query", "header")
        for schema, text, expected in cases
    ]


def _send(receive: Receive, location: str, path: str, text: str) -> Json:
    match location:
        case "path":
            return receive(f"{path}/{text}")
        case "header":
            return receive(path, headers={"X": text})
    return receive(path, params={"x": text})


@pytest.mark.parametrize(("location", "path", "text", "value"), _in_each_location(SCALARS))
def test_a_parameter_is_read(receive: Receive, location: str, path: str, text: str, value: Any) -> None:
    arguments = _send(receive, location, path, text)
    assert arguments == {"x": value}
    assert type(arguments["x"]) is type(value)


@pytest.mark.parametrize(("location", "path", "text", "expected"), _in_each_location(REFUSED))
def test_a_parameter_that_does_not_fit_is_a_400(
    receive: Receive, location: str, path: str, text: str, expected: str
) -> None:
    status, said = _send(receive, location, path, text)
    assert (status, f"x: expected {expected}" in said) == (400, True), said


STYLES: list[tuple[Json, Json, str, Any]] = [
    ({}, INTEGERS, "x=1&x=2", [1, 2]),
    ({}, INTEGERS, "x=1", [1]),
    ({}, TEXTS, "x=1,2", ["1,2"]),
    ({"explode": False}, INTEGERS, "x=1,2", [1, 2]),
    ({"explode": False}, INTEGERS, "x=1%2C2", [1, 2]),
    ({"explode": False}, INTEGERS, "x=", []),
    ({"explode": False}, {**TEXTS, "maxItems": 1}, "x=a%2Cb", ["a,b"]),
    ({"style": "pipeDelimited"}, INTEGERS, "x=1|2", [1, 2]),
    ({"style": "pipeDelimited", "explode": True}, INTEGERS, "x=1&x=2", [1, 2]),
    ({"style": "spaceDelimited"}, INTEGERS, "x=1%202", [1, 2]),
    ({"style": "spaceDelimited"}, INTEGERS, "x=1+2", [1, 2]),
    ({}, {"type": ["array", "null"], "items": {"type": "boolean"}}, "x=true&x=false", [True, False]),
    ({}, {"type": "array"}, "x=a", ["a"]),
    ({}, {"anyOf": [INTEGERS, {"type": "boolean"}]}, "x=true", True),
]


@pytest.mark.parametrize(
    ("path", "query", "value"),
    [(declare(parameter("query", schema, **style)), query, value) for style, schema, query, value in STYLES],
)
def test_a_list_in_a_query_is_read_in_each_style(receive: Receive, path: str, query: str, value: Any) -> None:
    assert receive(f"{path}?{query}") == {"x": value}


HEADER_LIST = declare(parameter("header", INTEGERS))
EXPLODED_HEADER_LIST = declare(parameter("header", TEXTS, explode=True))
PATH_LIST = declare(parameter("path", INTEGERS), "/{x}")


def test_a_list_in_a_header_or_a_path_has_commas(receive: Receive) -> None:
    assert receive(HEADER_LIST, headers={"X": "1, 2 ,3"}) == {"x": [1, 2, 3]}
    assert receive(EXPLODED_HEADER_LIST, headers={"X": "a,b"}) == {"x": ["a", "b"]}
    assert receive(f"{PATH_LIST}/1,2") == {"x": [1, 2]}


MISFITS: list[tuple[Json, Json, str, str]] = [
    ({}, INTEGERS, "x=1&x=a", "a list, each an integer"),
    ({"explode": False}, INTEGERS, "x=1&x=2", "once, given 2 times"),
    ({"explode": False}, {**INTEGERS, "minItems": 1}, "x=", "a list of at least 1 item, each an integer"),
    ({"style": "pipeDelimited"}, INTEGERS, "x=1,2", "a list, each an integer"),
    ({}, INTEGER, "x=1&x=2", "once, given 2 times"),
    ({"required": True}, INTEGER, "y=1", "an integer, nothing was given"),
]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [(declare(parameter("query", schema, **style)), query, expected) for style, schema, query, expected in MISFITS],
)
def test_a_list_that_does_not_fit_is_a_400(receive: Receive, path: str, query: str, expected: str) -> None:
    status, said = receive(f"{path}?{query}")
    assert (status, f"x: expected {expected}" in said) == (400, True), said


REQUEST_ID = declare(parameter("header", INTEGER, name="X-Request-Id", required=True))
DESCRIBED_ELSEWHERE = declare(
    {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": INTEGER} for name in ("Accept", "content-type")
        ]
    }
)


def test_header_parameters_ignore_case_and_are_not_of_the_query(receive: Receive) -> None:
    assert receive(REQUEST_ID, headers={"x-request-id": " 5 "}) == {"X-Request-Id": 5}
    assert receive(REQUEST_ID, params={"X-Request-Id": "5"})[0] == 400


def test_headers_that_the_document_describes_elsewhere_are_no_parameters(receive: Receive) -> None:
    assert receive(DESCRIBED_ELSEWHERE) == {}


SHARED = {
    "parameters": [
        {"name": "x", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 3}},
        {"name": "y", "in": "query", "schema": INTEGER},
    ]
}
WITH_SHARED = declare({}, item=SHARED)
WITH_ITS_OWN = declare(parameter("query", {"type": "integer", "maximum": 9}), item=SHARED)


def test_parameters_of_a_path_are_shared_unless_an_operation_has_its_own(receive: Receive) -> None:
    assert receive(WITH_SHARED, params={"x": "3", "y": "4"}) == {"x": 3, "y": 4}
    assert receive(WITH_SHARED, params={"x": "4"})[0] == 400
    assert receive(WITH_ITS_OWN, params={"x": "4"}) == {"x": 4}
    assert receive(WITH_ITS_OWN) == {}


@pytest.mark.parametrize(
    "declared",
    [
        parameter("cookie", {"type": "string"}),
        parameter("query", {"type": "object"}, style="deepObject"),
        parameter("query", {"type": "object"}),
        parameter("path", {"type": "string"}, style="label"),
        {"parameters": [{"name": "x", "in": "query", "content": {JSON: {}}}]},
    ],
)
def test_a_parameter_that_the_mock_cannot_read_stops_the_start(declared: Json, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"spec.json: stub: parameter x: expected .*query \(form\)"):
        stub_contract(tmp_path, paths({PATH: {"post": operation(**declared)}}))


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
