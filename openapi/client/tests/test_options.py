"""Options of a client and of a call, raw responses, and what models and errors show."""

import base64
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client

BASE_URL = "http://127.0.0.1/api/v1"
ENTRY = {"id": 27, "subject": "Refill"}

Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers with a status and JSON, and keeps the requests."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, body = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return httpx.Response(status, json=body, headers={"Retry-After": "0"})

    def client(self, **settings: object) -> Client:
        transport = httpx.MockTransport(self)
        return Client(BASE_URL, username="u", password="p", transport=transport, **settings)  # type: ignore[arg-type]

    def asynchronous(self) -> AsyncClient:
        return AsyncClient(BASE_URL, username="u", password="p", transport=httpx.MockTransport(self))


def test_options_change_a_copy_that_shares_the_connections() -> None:
    server = Server((503, {}))
    client = server.client(retries=2)
    patient = client.with_options(retries=0, headers={"X-Job": "nightly"}, timeout=1, strict=True)
    with pytest.raises(cerbo.ServiceUnavailable):
        patient.show_portal_requests(1)
    assert [request.headers.get("X-Job") for request in server.requests] == ["nightly"]
    with pytest.raises(cerbo.ServiceUnavailable):
        client.show_portal_requests(1)
    assert [request.headers.get("X-Job") for request in server.requests[1:]] == [None] * 3
    patient.close()
    with pytest.raises(cerbo.ClientClosed):
        client.show_portal_requests(1)


def test_strict_is_an_option_of_a_copy() -> None:
    client = Server((200, {"data": [{"id": 27, "created": "yesterday"}]})).client()
    assert client.show_portal_requests(1).data[0].created is None
    with pytest.raises(cerbo.MalformedResponse):
        client.with_options(strict=True).show_portal_requests(1)
    with pytest.raises(cerbo.MalformedResponse):
        client.with_options(strict=True).with_options(retries=0).show_portal_requests(1)


@pytest.mark.parametrize(
    ("option", "name"),
    [({"timeout": 0}, "timeout"), ({"retries": -1}, "retries"), ({"headers": {"Cookie": "a=b"}}, "headers")],
)
def test_a_malformed_option_is_named(option: dict[str, object], name: str) -> None:
    with pytest.raises(cerbo.InvalidSettings) as caught:
        Server((200, {})).client().with_options(**option)  # type: ignore[arg-type]
    assert caught.value.setting == name


def test_a_call_may_add_headers() -> None:
    server = Server((200, {"data": []}))
    server.client(headers={"X-Job": "nightly"}).show_portal_requests(1, headers={"X-Request-Id": "4711"})
    (request,) = server.requests
    assert (request.headers["X-Job"], request.headers["X-Request-Id"]) == ("nightly", "4711")
    assert request.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "name", ["Authorization", "host", "Cookie", "Content-Length", "Transfer-Encoding", "Connection"]
)
def test_a_call_adds_no_header_that_is_the_client_s(name: str) -> None:
    server = Server((200, {"data": []}))
    with pytest.raises(cerbo.InvalidArgument, match=f"headers: expected no {name.title()}"):
        server.client().show_portal_requests(1, headers={name: "secret"})
    assert server.requests == []


def test_the_raw_response_comes_with_the_result() -> None:
    client = Server((503, {}), (200, {"result": True, "message": "done"})).client()
    answer = client.with_raw_response(client.delete_portal_request, 1, 27)
    assert (answer.result.message, answer.response.status_code, answer.attempts) == ("done", 200, 2)
    assert answer.response.json() == {"result": True, "message": "done"}
    assert "done" not in repr(answer)


def test_the_raw_response_comes_with_the_result_asynchronously() -> None:
    async def main() -> None:
        async with Server((200, {"data": [ENTRY]})).asynchronous() as client:
            answer = await client.with_raw_response(client.show_portal_requests, 1, timeout=5)
            assert (answer.result.data[0].id, answer.attempts) == (27, 1)

    anyio.run(main)


def test_a_method_that_makes_no_call_has_no_raw_response() -> None:
    client = Server((200, {})).client()
    with pytest.raises(TypeError, match="expected a method that makes a call"):
        client.with_raw_response(repr, client)


def test_the_time_of_a_response_is_that_of_its_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("cerbo_portal_runtime.retry.time.monotonic", lambda: now)

    def respond(_: httpx.Request) -> httpx.Response:
        nonlocal now
        now += 2
        return httpx.Response(503 if now == 2 else 200, json={"data": []}, headers={"Retry-After": "0"})

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr("cerbo_portal_runtime.retry.time.sleep", wait)
    client = Client(BASE_URL, username="u", password="p", transport=httpx.MockTransport(respond))
    assert client.with_raw_response(client.show_portal_requests, 1).response.elapsed.total_seconds() == 2


def test_captured_responses_include_those_of_raw_calls() -> None:
    client = Server((200, {"data": []})).client()
    with cerbo.capture_responses() as responses:
        client.with_raw_response(client.show_portal_requests, 1)
    assert [response.status_code for response in responses] == [200]


def test_an_incomplete_list_carries_its_entries() -> None:
    with pytest.raises(cerbo.IncompleteList) as caught:
        Server((200, {"data": [ENTRY], "has_more": True})).client().show_portal_requests(1)
    assert [entry.id for entry in caught.value.entries] == [27]
    assert pickle.loads(pickle.dumps(caught.value)).entries == ()


@pytest.fixture
def _shown() -> Iterator[None]:
    cerbo.show_values()
    yield
    cerbo.show_values(enabled=False)


@pytest.mark.usefixtures("_shown")
def test_models_show_their_values_on_request() -> None:
    entry = cerbo.PortalRequest(id=27, subject="Refill")
    assert repr(entry).startswith("PortalRequest(id=27, object_=None, pt_id=None")
    assert "subject='Refill'" in repr(entry)
    assert "drug_id=311" in repr(cerbo.NewPrescription(drug_id=311))


def test_models_hide_their_values_by_default() -> None:
    assert repr(cerbo.PortalRequest(id=27, subject="Refill")) == "PortalRequest(...)"
    assert repr(cerbo.NewPrescription(drug_id=311)) == "NewPrescription(...)"


def test_models_are_json() -> None:
    assert json.loads(cerbo.PortalRequest.from_dict(ENTRY | {"zip": "é"}).to_json()) == ENTRY | {"zip": "é"}
    assert json.loads(cerbo.NewPrescription(drug_id=311).to_json()) == {"drug_id": 311}


def test_a_document_is_bytes_a_path_or_base64(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF")
    encoded = base64.b64encode(b"%PDF").decode()
    server = Server((200, {"result": True}))
    for content in (b"%PDF", file, encoded):
        server.client().create_patient_document(1, name="Letter", mime_type="application/pdf", base64_content=content)
    assert [json.loads(request.content)["base64_content"] for request in server.requests] == [encoded] * 3


def test_a_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    server = Server((200, {"result": True}))
    with pytest.raises(cerbo.InvalidArgument) as caught:
        server.client().create_patient_document(
            1, name="Letter", mime_type="application/pdf", base64_content=tmp_path / "missing.pdf"
        )
    assert caught.value.argument == "base64_content"
    assert "missing" not in str(caught.value)
    assert server.requests == []
