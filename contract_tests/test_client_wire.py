"""What the client sends is what the contract says: each case is sent raw and by the client, and compared."""

import inspect
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

import cerbo_portal_client as cerbo
import httpx
import pytest
import requests
import schemathesis
from cerbo_portal_client import Client
from cerbo_portal_mock import create_app
from cerbo_portal_mock.spec.contract import Contract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests import example_budget
from contract_tests.probes.requests import method_name, sample
from contract_tests.spec_lint import navigation
from contract_tests.support.http_client import USER

BASE_URL = "http://127.0.0.1/api/v1"

DOCUMENT: Any = Contract().document
app = create_app()
schema = schemathesis.openapi.from_dict(
    {**DOCUMENT, "servers": [{"url": BASE_URL}]},
    config=example_budget.config(),
)
PARAMETERS = {
    name: inspect.signature(getattr(Client, method_name(name))).parameters
    for name, _ in navigation.operations(DOCUMENT)
}


# The members of the body that the contract knows.
MEMBERS = {
    name: navigation.body_members(DOCUMENT, operation).keys() for name, operation in navigation.operations(DOCUMENT)
}
DEFAULTS = {
    operation_id: {
        parameter["name"]: json.dumps(parameter["schema"]["default"])
        for parameter in (navigation.resolve(DOCUMENT, node) for node in operation.get("parameters", []))
        if "default" in parameter["schema"]
    }
    for operation_id, operation in navigation.operations(DOCUMENT)
}
BODY_DEFAULTS = {
    operation_id: {
        name: member["default"]
        for name, member in navigation.body_members(DOCUMENT, operation).items()
        if "default" in member
    }
    for operation_id, operation in navigation.operations(DOCUMENT)
}
BOOLEANS = {"true": True, "false": False}
OPERATIONS = {name: schema.find_operation_by_id(name) for name, _ in navigation.operations(DOCUMENT)}


class Recorder(httpx.BaseTransport):
    """Carries requests to the mock, and keeps the last exchange."""

    def __init__(self) -> None:
        self._inner = httpx.WSGITransport(app=app)
        self.exchanges: list[tuple[httpx.Request, httpx.Response]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        response.request, response.elapsed = request, timedelta()
        response.read()
        self.exchanges.append((request, response))
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)


def _on_the_wire(method: str, url: str, headers: Mapping[str, str | bytes], body: bytes) -> tuple[Any, ...]:
    parts = urlsplit(url)
    segments = [unquote_to_bytes(segment) for segment in parts.path.split("/")]
    query = sorted(parse_qsl(parts.query, keep_blank_values=True, encoding="utf-8", errors="surrogateescape"))
    content = (headers.get("Content-Type"), json.loads(body)) if body else None
    return method, parts.netloc, segments, query, headers["Authorization"], content


def _raw(case: schemathesis.Case[Any]) -> tuple[Any, ...]:
    arguments = case.as_transport_kwargs(base_url=BASE_URL)
    known = {name: arguments.get(name) for name in ("method", "url", "params", "json", "data")}
    known["headers"] = {"Content-Type": "application/json"} if known["json"] is not None else {}
    prepared = requests.Request(**known, auth=USER).prepare()
    body = prepared.body or b""
    assert isinstance(body, str | bytes)
    content = body.encode() if isinstance(body, str) else body
    return _on_the_wire(str(prepared.method), str(prepared.url), prepared.headers, content)


@pytest.mark.parametrize("operation_id", OPERATIONS)
@settings(suppress_health_check=list(HealthCheck), max_examples=example_budget.EXAMPLES)
@given(data=st.data())
def test_the_client_sends_what_a_raw_case_sends(operation_id: str, data: st.DataObject) -> None:
    operation = OPERATIONS[operation_id]
    case = data.draw(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    _compare(operation_id, case)


@pytest.mark.parametrize("operation_id", [name for name, operation in OPERATIONS.items() if operation.body])
def test_a_member_that_has_the_name_of_an_argument_is_not_taken_for_it(operation_id: str) -> None:
    valid = sample(DOCUMENT, operation_id)
    others = dict.fromkeys(PARAMETERS[operation_id].keys() - MEMBERS[operation_id])
    case = OPERATIONS[operation_id].Case(
        path_parameters=valid.values, query={}, body={**others, **(valid.body or {})}, media_type="application/json"
    )
    _compare(operation_id, case)


@pytest.mark.parametrize("text", [" outer spaces ", "a+b%20c", "&status=open#?/", "Grüße 東京 😀", "a\tb\r\nc", ""])
def test_a_text_of_the_query_is_sent_as_it_is(text: str) -> None:
    case = OPERATIONS["showPortalRequests"].Case(path_parameters={"pt_id": 1}, query={"request_type": text})
    _compare("showPortalRequests", case)


def _compare(operation_id: str, case: schemathesis.Case[Any]) -> None:
    operation = OPERATIONS[operation_id]
    if isinstance(case.body, dict):
        # The client sends what the contract knows; a caller has no way to say anything else. That Hypothesis draws
        # names from this code, `pt_id` among them, must not make arguments of other members.
        case.body = {name: value for name, value in case.body.items() if name in MEMBERS[operation_id]}
        # Nor can it contradict path and query.
        query = {name: BOOLEANS.get(value, value) for name, value in DEFAULTS[operation_id].items()}
        query |= {name: BOOLEANS.get(value, value) for name, value in (case.query or {}).items()}
        case.body = sample(DOCUMENT, operation_id).fitting(case.body, case.path_parameters, query)
    recorder = Recorder()
    body = case.body if isinstance(case.body, dict) else {}
    arguments = {**case.path_parameters, **(case.query or {}), **body}
    client = Client(BASE_URL, username=USER[0], password=USER[1], transport=recorder)
    # What a case is answered depends on its ids.
    with client, suppress(cerbo.NotFound, cerbo.Unprocessable):
        getattr(client, method_name(operation_id))(**arguments)
    ((request, response),) = recorder.exchanges
    # Of what its caller does not say, the client says what the contract has stand for it.
    case.query = {**DEFAULTS[operation_id], **(case.query or {})}
    if isinstance(case.body, dict):
        case.body = {**BODY_DEFAULTS[operation_id], **case.body}
    sent = _on_the_wire(request.method, str(request.url), request.headers, request.read())
    assert sent == _raw(case)
    operation.validate_response(response)
