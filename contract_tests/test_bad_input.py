"""Bad input gets its documented JSON error, over a real socket, and changes nothing."""

import http.client
import json
from collections.abc import Iterator
from threading import Thread
from typing import Any

import jsonschema_rs
import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.server import Server

Json = Any
UN = "Basic dW46cHdk"
LIST = "/api/v1/patients/1/portal/enqueued"


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
    return jsonschema_rs.Draft202012Validator(document["components"]["schemas"]["Error"])


def _send(
    server: Server, method: str, path: str, authorization: str | None = UN, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        headers = {} if authorization is None else {"Authorization": authorization}
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


@pytest.mark.parametrize("path", [LIST, "/api/v1/nowhere", "/api/v1"])
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
    headers = _expect(server, error_schema, 405, method, LIST)
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [LIST, "/api/v1/nowhere"])
def test_a_body_of_10_mb(path: str, server: Server, error_schema: jsonschema_rs.Validator) -> None:
    body = bytes(10_000_000)
    _expect(server, error_schema, 401, "POST", path, authorization=None, body=body)
    _expect(server, error_schema, 413, "POST", path, body=body)


def test_a_request_that_is_not_http(server: Server, error_schema: jsonschema_rs.Validator) -> None:
    _expect(server, error_schema, 431, "GET", f"{LIST}?status={'x' * 300_000}")
    _expect(server, error_schema, 400, "G@T", LIST)


def test_an_unknown_path_outside_the_api(server: Server, error_schema: jsonschema_rs.Validator) -> None:
    _expect(server, error_schema, 404, "GET", "/nowhere", authorization=None)


def _expect(
    server: Server,
    error_schema: jsonschema_rs.Validator,
    expected: int,
    method: str,
    path: str,
    **kwargs: Any,
) -> dict[str, str]:
    """Send a request, and see it refused in the documented shape without any effect."""
    before = _send(server, "GET", "/__admin/state")[2]
    status, headers, body = _send(server, method, path, **kwargs)
    assert status == expected
    assert headers["Content-Type"] == "application/json"
    error_schema.validate(json.loads(body))
    assert _send(server, "GET", "/__admin/state")[2] == before
    return headers
