"""Bad input gets its documented JSON error, over a real socket, and changes nothing."""

import http.client
import json
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Any

import jsonschema_rs
import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.http.server import Server

from contract_tests.support.http_client import AUTHORIZATION, LIST_PATH, error_message

Json = Any


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    yield server
    server.stop()
    thread.join()


@pytest.fixture(scope="module")
def error_schema(document: Json) -> jsonschema_rs.Validator:
    schema = {"$ref": "#/components/schemas/Error", "components": document["components"], "required": ["error"]}
    return jsonschema_rs.Draft202012Validator(schema)


def _send(
    server: Server,
    method: str,
    path: str,
    authorization: str | None = AUTHORIZATION,
    body: bytes | None = None,
    **more: str,
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if authorization is not None:
            headers["Authorization"] = authorization
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return (
            response.status,
            {name.title(): value for name, value in response.getheaders()},
            response.read(),
        )
    finally:
        connection.close()


PATHS = {
    "/patients/abc/portal/enqueued": 400,
    "/patients/0/portal/enqueued": 400,
    "/patients/-1/portal/enqueued": 400,
    "/patients/+1/portal/enqueued": 400,
    "/patients/1_0/portal/enqueued": 400,
    "/patients/1.0/portal/enqueued": 400,
    "/patients/%201/portal/enqueued": 400,
    "/patients/%D9%A3/portal/enqueued": 400,
    "/patients/%FF/portal/enqueued": 400,
    "/patients/1%00/portal/enqueued": 400,
    "/patients/99999999999999999999/portal/enqueued": 400,
    f"/patients/{'9' * 5000}/portal/enqueued": 400,
    "/patients/9223372036854775808/portal/enqueued": 400,
    "/patients/9223372036854775807/portal/enqueued": 404,
    "/patients/1/portal/enqueued?status=open&status=open": 400,
    "/patients/1/portal/secure_messages?sent_by=nurse": 400,
    "/patients/1/portal/enqueued/": 404,
    "/patients//portal/enqueued": 404,
    "/patients/1%2F2/portal/enqueued": 404,
    "/patients": 404,
    "": 404,
    "/": 404,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=lambda value: str(value)[:40])
def test_a_bad_path(path: str, status: int, server: Server, error_schema: jsonschema_rs.Validator) -> None:
    _expect(server, error_schema, status, "GET", f"/api/v1{path}")


AUTHORIZATIONS = {
    "none": None,
    "empty": "",
    "bearer": "Bearer x",
    "basic alone": "Basic",
    "undecodable": "Basic %%%",
    "not UTF-8": "Basic //79",
    "no ASCII": "Basic \xff",
    "no colon": "Basic dW4=",
    "wrong password of a right user": "Basic dW46cGFzc3dvcmQ=",
    "unknown user": "Basic dW5rbm93bjpwd2Q=",
    "other scheme": "Digest username=un",
}


@pytest.mark.parametrize("path", [LIST_PATH, "/api/v1/nowhere", "/api/v1"])
@pytest.mark.parametrize("authorization", AUTHORIZATIONS.values(), ids=AUTHORIZATIONS)
def test_bad_credentials(
    authorization: str | None, path: str, server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    headers = _expect(server, error_schema, 401, "GET", path, authorization=authorization)
    assert headers["Www-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "OPTIONS", "TRACE", "DELETE", "BREW"])
def test_a_method_that_the_path_does_not_know(
    method: str, server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    headers = _expect(server, error_schema, 405, method, LIST_PATH)
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [LIST_PATH, "/api/v1/nowhere"])
def test_a_body_of_10_mb(path: str, server: Server, error_schema: jsonschema_rs.Validator) -> None:
    body = bytes(10_000_000)
    _expect(server, error_schema, 401, "POST", path, authorization=None, body=body)
    _expect(server, error_schema, 413, "POST", path, body=body)


MESSAGES = "/api/v1/patients/1/portal/secure_messages"
DOCUMENTS = "/api/v1/patients/1/documents"
QUESTIONNAIRES = "/api/v1/patients/1/questionnaires"
REFILLS = "/api/v1/patients/1/rxs/refill"
GOOD = {"subject": "Diet", "note": "Is coffee allowed?"}


def _document(content: str, **members: Any) -> bytes:
    known = {"pt_id": 1, "name": "Scan", "mime_type": "application/pdf", "base64_content": content}
    return json.dumps({**known, **members}).encode()


BASE64 = "base64_content: expected base64 with padding, not empty, without line breaks"
# Path, body, status and what the error says.
BODIES: dict[str, tuple[str, bytes, int, str]] = {
    "a document of 17 MB": (DOCUMENTS, _document("A" * 22_666_668), 413, "at most 16777216 bytes, decoded"),
    "a body of 24 MiB": (DOCUMENTS, _document("A" * 24 * 2**20), 413, "at most 25165824 bytes"),
    "a message of 64 KiB": (MESSAGES, json.dumps({**GOOD, "note": "x" * 65536}).encode(), 413, "at most 65536 bytes"),
    "no base64": (DOCUMENTS, _document("no base64!"), 400, BASE64),
    "base64 without padding": (DOCUMENTS, _document("QQ"), 400, BASE64),
    "base64 with line breaks": (DOCUMENTS, _document("QUFB\r\nQUFB"), 400, BASE64),
    "base64 for URLs": (DOCUMENTS, _document("_-__"), 400, BASE64),
    "an empty document": (DOCUMENTS, _document(""), 400, BASE64),
    "nothing": (MESSAGES, b"", 400, "the body: expected a JSON object, nothing was given"),
    "a list": (MESSAGES, b"[]", 400, "the body: expected a JSON object"),
    "a text": (MESSAGES, b'"hello"', 400, "the body: expected a JSON object"),
    "null": (MESSAGES, b"null", 400, "the body: expected a JSON object"),
    "no JSON": (MESSAGES, b"subject=Diet", 400, "the body: expected JSON"),
    "not UTF-8": (MESSAGES, b'{"subject": "\xff"}', 400, "the body: expected UTF-8"),
    "NaN": (MESSAGES, b'{"dr_id": NaN}', 400, "the body: expected JSON, which has no NaN"),
    "a member twice": (
        MESSAGES,
        b'{"note": "Is coffee allowed?", "subject": "a", "subject": "b"}',
        400,
        "each member once",
    ),
    "deep nesting": (MESSAGES, b'{"subject": ' + b"[" * 900 + b"]" * 900 + b"}", 400, "nested too deeply"),
    "deeper nesting": (MESSAGES, b"[" * 30_000 + b"]" * 30_000, 400, "the body: expected JSON"),
    "NUL": (
        MESSAGES,
        json.dumps({**GOOD, "subject": "a\0"}).encode(),
        400,
        "subject: expected text of 1 to 54 characters",
    ),
    "half a character": (
        MESSAGES,
        json.dumps({**GOOD, "subject": "\ud800"}).encode(),
        400,
        "contains an unpaired surrogate",
    ),
    "a missing member": (
        *(MESSAGES, b'{"subject": "Diet"}', 400),
        "note: expected text of at least 10 characters without NUL, nothing was given",
    ),
    "a short note": (
        MESSAGES,
        json.dumps({**GOOD, "note": "short"}).encode(),
        400,
        "note: expected text of at least 10",
    ),
    "a long subject": (
        MESSAGES,
        json.dumps({**GOOD, "subject": "x" * 55}).encode(),
        400,
        "subject: expected text of 1 to",
    ),
    "an id that is none": (
        MESSAGES,
        json.dumps({**GOOD, "dr_id": True}).encode(),
        400,
        "dr_id: expected an integer from 1",
    ),
    "a reply that is no text": (
        *(MESSAGES, json.dumps({**GOOD, "reply": True}).encode(), 400),
        "reply: expected text without NUL",
    ),
    "another patient's document": (DOCUMENTS, _document("QUFB", pt_id=2), 400, "pt_id: expected the pt_id of the path"),
    "a document without a patient": (
        *(DOCUMENTS, json.dumps({"name": "a", "mime_type": "b", "base64_content": "QUFB"}).encode(), 400),
        "pt_id: expected an integer from 1 to 9223372036854775807, nothing was given",
    ),
    "notes for the chart": (
        *(f"{DOCUMENTS}?enqueue=false", _document("QUFB", notes="x"), 400),
        "notes: expected only with enqueue=true",
    ),
    "a folder for the queue": (
        *(DOCUMENTS, _document("QUFB", folder="x"), 400),
        "folder: expected only with enqueue=false",
    ),
    "no boolean": (
        *(f"{DOCUMENTS}?enqueue=false", _document("QUFB", requires_review="yes"), 400),
        "requires_review: expected true or false",
    ),
    "raw data that are a text": (
        *(QUESTIONNAIRES, json.dumps({"html_content": "x", "raw_data": "{}"}).encode(), 400),
        "raw_data: expected an object",
    ),
    "no raw data": (
        *(QUESTIONNAIRES, json.dumps({"html_content": "x"}).encode(), 400),
        "raw_data: expected an object, nothing was given",
    ),
    "a refill of nothing": (
        *(REFILLS, json.dumps({"notes": "x"}).encode(), 400),
        "original_prescription_id: expected an integer from 1 to 9223372036854775807, nothing was given",
    ),
    "terms that are no text": (
        *(REFILLS, json.dumps({"original_prescription_id": 1, "agreed_to_terms": True}).encode(), 400),
        "agreed_to_terms: expected text without NUL",
    ),
}


@pytest.mark.parametrize(("path", "body", "status", "message"), BODIES.values(), ids=BODIES)
def test_a_bad_body(
    path: str, body: bytes, status: int, message: str, server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    _expect(server, error_schema, status, "POST", path, body=body, says=message, Content_Type="application/json")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_a_body_of_another_type(content_type: str, server: Server, error_schema: jsonschema_rs.Validator) -> None:
    body = json.dumps(GOOD).encode()
    _expect(server, error_schema, 415, "POST", MESSAGES, body=body, says="application/json", Content_Type=content_type)


@pytest.mark.parametrize(("authorization", "status"), [(None, 401), (AUTHORIZATION, 413)])
@pytest.mark.parametrize("path", [LIST_PATH, DOCUMENTS])
def test_a_body_of_40_mib_is_not_waited_for(
    path: str, authorization: str | None, status: int, server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    announced = {"Content_Length": str(40 * 2**20), "Content_Type": "application/json"}
    headers = _expect(server, error_schema, status, "POST", path, authorization=authorization, **announced)
    assert headers["Connection"] == "close"


def test_a_body_of_unknown_size_is_refused_where_it_is_too_large(
    server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as connection:
        head = f"POST {DOCUMENTS} HTTP/1.1\r\nHost: h\r\nAuthorization: {AUTHORIZATION}\r\n"
        head += "Transfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        start_of_chunk = b"4000000\r\n"
        connection.sendall(start_of_chunk + bytes(32 * 2**20 - len(start_of_chunk)))
        response = http.client.HTTPResponse(connection)
        response.begin()
        error_schema.validate(json.loads(response.read()))
        assert response.status == 413


def test_a_request_that_is_not_http(server: Server, error_schema: jsonschema_rs.Validator) -> None:
    _expect(server, error_schema, 431, "GET", f"{LIST_PATH}?status={'x' * 300_000}")
    _expect(server, error_schema, 400, "G@T", LIST_PATH)


@pytest.mark.parametrize("path", ["/nowhere", "/patients/1/portal/enqueued", "/api/v2", "/__instance/gw0/nowhere"])
def test_an_unknown_path_outside_the_api_has_a_page(path: str, server: Server) -> None:
    for authorization in (None, AUTHORIZATION):
        with socket.create_connection((server.host, server.port), timeout=10) as connection:
            sent = f"Authorization: {authorization}\r\n" if authorization else ""
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\n{sent}Connection: close\r\n\r\n".encode())
            response = http.client.HTTPResponse(connection)
            response.begin()
            page = response.read()
        assert (response.status, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert page.startswith(b"<!doctype html>")


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1", "/__admin/nowhere"])
def test_an_unknown_path_of_the_api_or_the_control_api(
    path: str, server: Server, error_schema: jsonschema_rs.Validator
) -> None:
    _expect(server, error_schema, 404, "GET", path)


def _expect(
    server: Server,
    error_schema: jsonschema_rs.Validator,
    expected: int,
    method: str,
    path: str,
    *,
    says: str = "",
    **kwargs: Any,
) -> dict[str, str]:
    """Send a request, and see it refused in the documented shape without any effect."""
    before = _send(server, "GET", "/__admin/state")[2]
    status, headers, body = _send(server, method, path, **kwargs)
    assert status == expected
    assert headers["Content-Type"] == "application/json"
    error_schema.validate(json.loads(body))
    assert says in error_message(body)
    assert _send(server, "GET", "/__admin/state")[2] == before
    return headers
