"""The contract's examples beyond those of the operations' answers are true of the running mock, too."""

import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from cerbo_portal_mock import MockPortal

from contract_tests.probes.requests import known_operations
from contract_tests.spec_lint import navigation
from contract_tests.support.http_client import AUTHORIZATION, USER, http_client

Json = Any
LIST = "/patients/1/portal/enqueued"


class Request(NamedTuple):
    """A request that any operation may have to refuse."""

    method: str
    path: str
    headers: dict[str, str] = {}  # noqa: RUF012 (nothing changes it)
    body: bytes | None = None


REFUSED = {
    "405": Request("PUT", LIST),
    "413": Request("GET", LIST, body=bytes(65_537)),
    "415": Request("POST", "/patients/portal/validate_credentials", {"Content-Type": "text/plain"}, b"{}"),
    "431": Request("GET", f"{LIST}?status={'x' * 300_000}"),
    "501": Request("GET", LIST, {"Transfer-Encoding": "unheard-of"}),
}


class Answer(NamedTuple):
    """What the mock answered."""

    status: int
    headers: dict[str, str]
    body: Json


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A mock on a socket: some of these requests can be made there alone."""
    with MockPortal().server() as url:
        yield url


@pytest.fixture(scope="module")
def answers(url: str) -> dict[str, Answer]:
    """The answer to each request that is refused."""
    return {status: _send(url, request) for status, request in REFUSED.items()}


def _send(url: str, request: Request) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        headers = {"Authorization": AUTHORIZATION, **request.headers}
        connection.request(request.method, parts.path + request.path, body=request.body, headers=headers)
        with connection.getresponse() as response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, json.loads(response.read()))
    finally:
        connection.close()


def test_every_answer_of_any_operation_has_a_request_that_leads_to_it(
    document: Json, answers: dict[str, Answer]
) -> None:
    assert answers.keys() == document["x-any-operation"].keys()
    assert {status: str(answer.status) for status, answer in answers.items()} == {each: each for each in answers}


def test_the_examples_of_any_operation_are_true(document: Json, answers: dict[str, Answer]) -> None:
    untrue = [
        (status, name)
        for status, response in document["x-any-operation"].items()
        for name, example in response["content"]["application/json"]["examples"].items()
        if answers[status].body != example["value"]
    ]
    assert untrue == []


def test_what_the_mock_sends_in_a_header_is_one_of_the_examples(
    document: Json, url: str, answers: dict[str, Answer]
) -> None:
    seen = {
        "401": _send(url, Request("GET", LIST, {"Authorization": "none"})),
        **{status: _send(url, Request("GET", LIST, {"Prefer": f"code={status}"})) for status in ("429", "503")},
        **answers,
    }
    listing = document["paths"]["/patients/{pt_id}/portal/enqueued"]["get"]
    checked = set()
    for status, response in {**listing["responses"], **document["x-any-operation"]}.items():
        for name, header in navigation.resolve(document, response).get("headers", {}).items():
            examples = navigation.resolve(document, header)["examples"].values()
            assert seen[status].headers[name.lower()] in [example["value"] for example in examples], (status, name)
            checked.add(name)
    assert checked >= document["components"]["headers"].keys()


def test_every_example_of_a_parameter_or_a_body_is_taken(document: Json) -> None:
    portal = MockPortal()
    refused = []
    with http_client(portal.app, "/api/v1") as client:
        for operation in known_operations(document).values():
            (first, *others) = operation.samples({})
            tried = [parameter.of(first, value) for parameter in operation.parameters for value in parameter.examples]
            for call in (first, *others, *tried):
                path = call.path.format_map(call.values)
                answer = client.request(call.method, path, params=call.query or None, json=call.body, auth=USER)
                # An example need not be of this patient.
                if not (answer.is_success or answer.status_code in {404, 422}):
                    refused.append((call.operation_id, call.values, call.query, answer.status_code))
                portal.reset()
    assert refused == []
