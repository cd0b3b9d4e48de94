"""The generated client against the mock: each operation's success, and every documented error."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client, errors
from flask import Flask

from contract_tests.probes.requests import method_name, sample
from contract_tests.spec_lint import navigation
from contract_tests.support.http_client import USER, ConnectAs

Json = Any
BEN = ("ben", "password")
READER = ("reader", "look-only")
LABS = ("labs", "labs-only")


def test_show_portal_requests_gives_typed_entries(connect: ConnectAs) -> None:
    queue = connect(*USER).show_portal_requests(1)
    assert queue.total_count == 5
    assert not queue.has_more
    refill = next(request for request in queue.data if request.id == 27)
    assert refill.request_type == "prescription_refill"
    assert refill.created == datetime(2026, 11, 3, 16, 40, 12, tzinfo=UTC)
    assert refill.details
    assert refill.details["refills"] == 2


def test_delete_portal_request_returns_what_was_removed(connect: ConnectAs) -> None:
    done = connect(*USER).delete_portal_request(1, 27)
    assert (done.result, done.id, done.data) == (True, 27, None)


def test_invite_to_portal_sends_one_mail(connect: ConnectAs, state: Callable[[], Json]) -> None:
    assert connect(*BEN).invite_to_portal(221).result is True
    assert [mail["recipient"] for mail in state()["outbox"]["mails"]] == ["toni.invited@example.com"]


UNKNOWN = 404404404
REFUSALS: list[tuple[tuple[str, str], str, dict[str, int], type[errors.ApiError]]] = [
    (USER, "show_portal_requests", {"pt_id": 0}, cerbo.BadRequest),
    (("un", "password"), "show_portal_requests", {"pt_id": 1}, cerbo.Unauthorized),
    (LABS, "show_portal_requests", {"pt_id": 1}, cerbo.Forbidden),
    (USER, "show_portal_requests", {"pt_id": UNKNOWN}, cerbo.NotFound),
    (USER, "delete_portal_request", {"pt_id": 1, "queue_request_id": -1}, cerbo.BadRequest),
    (("nobody", "pwd"), "delete_portal_request", {"pt_id": 1, "queue_request_id": 27}, cerbo.Unauthorized),
    (READER, "delete_portal_request", {"pt_id": 1, "queue_request_id": 27}, cerbo.Forbidden),
    (USER, "delete_portal_request", {"pt_id": 1, "queue_request_id": UNKNOWN}, cerbo.NotFound),
    (USER, "invite_to_portal", {"pt_id": 2**63}, cerbo.BadRequest),
    (("un", ""), "invite_to_portal", {"pt_id": 221}, cerbo.Unauthorized),
    (READER, "invite_to_portal", {"pt_id": 221}, cerbo.Forbidden),
    (USER, "invite_to_portal", {"pt_id": UNKNOWN}, cerbo.NotFound),
    (USER, "invite_to_portal", {"pt_id": 3}, cerbo.Unprocessable),
]


@pytest.mark.parametrize(("user", "method", "arguments", "error"), REFUSALS)
def test_a_refusal_raises_its_own_error_and_changes_nothing(
    user: tuple[str, str],
    method: str,
    arguments: dict[str, int],
    error: type[errors.ApiError],
    connect: ConnectAs,
    state: Callable[[], Json],
) -> None:
    before = state()
    with pytest.raises(error) as caught:
        getattr(connect(*user), method)(**arguments)
    assert errors.BY_STATUS[caught.value.status_code] is error
    assert caught.value.server_message
    assert caught.value.server_message not in str(caught.value)
    assert state() == before


def test_every_documented_error_is_raised_by_its_own_class(document: Json) -> None:
    for operation_id, operation in navigation.operations(document):
        for status in (int(status) for status in operation["responses"] if status >= "400"):
            with _answering(httpx.Response(status, json={"result": False, "message": "no"})) as client:
                with pytest.raises(errors.ApiError) as caught:
                    getattr(client, method_name(operation_id))(**sample(document, operation_id).arguments)
                assert type(caught.value) is errors.BY_STATUS[status]


def test_an_error_that_an_operation_does_not_document_is_an_unexpected_status(document: Json) -> None:
    seen = set()
    for operation_id, operation in navigation.operations(document):
        for status in errors.BY_STATUS.keys() - {
            int(status) for status in operation["responses"] if status.isdecimal()
        }:
            seen.add(status)
            with _answering(httpx.Response(status, json={"result": False, "message": "no"})) as client:
                with pytest.raises(errors.ApiError) as caught:
                    getattr(client, method_name(operation_id))(**sample(document, operation_id).arguments)
                assert type(caught.value) is cerbo.UnexpectedStatus
                assert (caught.value.status_code, caught.value.may_have_acted) == (status, False)
    assert seen == {404, 413, 422}


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(206, json={}), cerbo.OutcomeUnknown),
        (httpx.Response(520, text="origin"), cerbo.UnexpectedStatus),
        (httpx.Response(302, headers={"Location": "https://example.com"}), cerbo.UnexpectedStatus),
        (httpx.Response(200, text="<html>"), cerbo.OutcomeUnknown),
        (httpx.Response(200, json=[]), cerbo.OutcomeUnknown),
        (httpx.Response(200, json={"result": "yes"}), cerbo.OutcomeUnknown),
        (httpx.Response(200, json={"result": False, "message": "mail refused"}), cerbo.OperationFailed),
    ],
)
def test_an_answer_that_is_no_success_raises(response: httpx.Response, error: type[errors.CallError]) -> None:
    with _answering(response) as client, pytest.raises(error) as caught:
        client.invite_to_portal(221)
    assert caught.value.operation == "inviteToPortal"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ConnectError("refused"), cerbo.ConnectionFailed),
        (httpx.RemoteProtocolError("closed"), cerbo.ConnectionFailed),
        (httpx.ReadTimeout("slow"), cerbo.TimedOut),
    ],
)
def test_no_answer_raises(failure: httpx.TransportError, error: type[cerbo.CerboError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure

    client = Client(
        "http://127.0.0.1/api/v1", username="u", password="p", transport=httpx.MockTransport(fail), retries=0
    )
    with client, pytest.raises(error):
        client.show_portal_requests(1)


@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(app: Flask) -> None:
    sync = httpx.Client(transport=httpx.WSGITransport(app=app))

    def relay(request: httpx.Request) -> httpx.Response:
        answer = sync.send(httpx.Request(request.method, request.url, headers=request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    transport = httpx.MockTransport(relay)
    async with AsyncClient("http://127.0.0.1/api/v1", username="un", password="pwd", transport=transport) as client:
        assert (await client.show_portal_requests(1)).total_count == 5
        assert (await client.delete_portal_request(1, 27)).result is True
        assert (await client.invite_to_portal(221)).result is True
        with pytest.raises(cerbo.NotFound):
            await client.delete_portal_request(1, 27)
    sync.close()


def test_both_clients_have_a_method_of_the_same_signature_for_each_operation(document: Json) -> None:
    for operation_id, _ in navigation.operations(document):
        name = method_name(operation_id)
        assert inspect.signature(getattr(Client, name)) == inspect.signature(getattr(AsyncClient, name))


def test_a_client_has_a_timeout_and_sends_basic_credentials() -> None:
    requests: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"result": True, "message": "sent"})

    transport = httpx.MockTransport(record)
    with Client("http://127.0.0.1/api/v1", username="ann", password="a:b", transport=transport) as client:
        client.invite_to_portal(1)
    (request,) = requests
    assert httpx.BasicAuth("ann", "a:b")._auth_header == request.headers["Authorization"]
    timeouts = request.extensions["timeout"]
    assert timeouts["connect"] == 10
    assert 29 < timeouts["read"] <= 30


def _answering(response: httpx.Response) -> Client:
    transport = httpx.MockTransport(lambda _: response)
    return Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport, retries=0)
