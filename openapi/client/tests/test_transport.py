"""Attempts: what is repeated, how long it waits, when it ends, and what the caller learns of the outcome."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_runtime import retry_after

from contract_tests.support.doubles import FakeTime

DONE = b'{"result": true, "message": "done"}'
REFUSED = {"result": False, "message": "no"}
EMPTY = {"object": "list", "data": [], "has_more": False, "total_count": 0}
Outcome = httpx.Response | Exception


def _status(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(
        status, json=REFUSED, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def _done() -> httpx.Response:
    return httpx.Response(200, content=DONE, headers={"Content-Type": "application/json"})


class Script:
    """A transport that gives these outcomes, in turn."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes: Iterator[Outcome] = iter(outcomes)
        self.attempts = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.attempts += 1
        outcome = next(self.outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def _client(script: Script, **settings: Any) -> Client:
    return Client(
        "http://127.0.0.1/api/v1", username="u", password="p", transport=httpx.MockTransport(script), **settings
    )


def _list(client: Client) -> object:
    return client.show_portal_requests(1)


def _delete(client: Client) -> object:
    return client.delete_portal_request(1, 27)


def _invite(client: Client) -> object:
    return client.invite_to_portal(1)


LOST = httpx.ReadError("reset")
UNREACHED = httpx.ConnectError("refused")

# The call, what the server does at each attempt, what the caller gets, and how many attempts there are.
STORIES: list[tuple[Callable[[Client], object], list[Outcome], type[cerbo.CallError] | None, int]] = [
    (_list, [_status(503), LOST, httpx.Response(200, json=EMPTY)], None, 3),
    (_list, [_status(503), _status(503), _status(503)], cerbo.ServiceUnavailable, 3),
    (_list, [LOST, LOST, LOST], cerbo.ConnectionFailed, 3),
    (_list, [httpx.ReadTimeout("slow")] * 3, cerbo.TimedOut, 3),
    (_list, [LOST, _status(404)], cerbo.NotFound, 2),
    (_list, [_status(400)], cerbo.BadRequest, 1),
    (_list, [_status(401)], cerbo.Unauthorized, 1),
    (_list, [_status(404)], cerbo.NotFound, 1),
    (_delete, [_status(429), _status(500), _done()], None, 3),
    (_delete, [UNREACHED, UNREACHED, UNREACHED], cerbo.ConnectionFailed, 3),
    (_delete, [httpx.PoolTimeout("busy"), _status(404)], cerbo.NotFound, 2),
    (_delete, [_status(429), _status(404)], cerbo.NotFound, 2),
    (_delete, [LOST, _status(404)], cerbo.AlreadyGone, 2),
    (_delete, [_status(500), _status(404)], cerbo.AlreadyGone, 2),
    (_delete, [_status(503), _status(404)], cerbo.AlreadyGone, 2),
    (_delete, [LOST, LOST, LOST], cerbo.OutcomeUnknown, 3),
    (_delete, [LOST, UNREACHED, UNREACHED], cerbo.OutcomeUnknown, 3),
    (_delete, [LOST, _status(429), _status(429)], cerbo.OutcomeUnknown, 3),
    (_delete, [LOST, _status(401)], cerbo.OutcomeUnknown, 2),
    (_delete, [LOST, httpx.Response(299)], None, 2),
    (_delete, [LOST, httpx.Response(207, json={"result": True})], cerbo.OutcomeUnknown, 2),
    (_delete, [_status(500)] * 3, cerbo.OutcomeUnknown, 3),
    (_invite, [UNREACHED, httpx.ConnectTimeout("slow"), _done()], None, 3),
    (_invite, [UNREACHED] * 3, cerbo.ConnectionFailed, 3),
    (_invite, [httpx.ConnectTimeout("slow")] * 3, cerbo.TimedOut, 3),
    (_invite, [LOST], cerbo.OutcomeUnknown, 1),
    (_invite, [httpx.WriteError("reset")], cerbo.OutcomeUnknown, 1),
    (_invite, [httpx.RemoteProtocolError("closed")], cerbo.OutcomeUnknown, 1),
    (_invite, [httpx.ReadTimeout("slow")], cerbo.OutcomeUnknown, 1),
    (_invite, [_status(429, Retry_After="1")], cerbo.RateLimited, 1),
    (_invite, [_status(503, Retry_After="1")], cerbo.ServiceUnavailable, 1),
    (_invite, [_status(500)], cerbo.ServerError, 1),
    (_invite, [httpx.Response(200, html="<html>")], cerbo.OutcomeUnknown, 1),
    (_invite, [httpx.Response(200, json=REFUSED)], cerbo.OperationFailed, 1),
    (_invite, [_status(409)], cerbo.UnexpectedStatus, 1),
    (_delete, [LOST, httpx.Response(404, html="<html>")], cerbo.OutcomeUnknown, 2),
    (_list, [httpx.Response(200, html="<html>")], cerbo.MalformedResponse, 1),
]
# Of the errors in STORIES, those after which a write may have acted.
MAY_HAVE_ACTED = {
    cerbo.AlreadyGone,
    cerbo.MalformedResponse,
    cerbo.OutcomeUnknown,
    cerbo.ServerError,
    cerbo.ServiceUnavailable,
}


@pytest.mark.parametrize(("call", "outcomes", "error", "attempts"), STORIES)
def test_what_is_repeated_and_what_the_caller_learns(
    call: Callable[[Client], object],
    outcomes: list[Outcome],
    error: type[cerbo.CallError] | None,
    attempts: int,
    fake_time: FakeTime,
) -> None:
    script = Script(*(_copy(outcome) for outcome in outcomes))
    with _client(script) as client:
        if error is None:
            call(client)
        else:
            with pytest.raises(error) as caught:
                call(client)
            assert type(caught.value) is error
            assert caught.value.operation in {"showPortalRequests", "deletePortalRequest", "inviteToPortal"}
            assert caught.value.attempts == attempts
            may_have_acted = call is not _list and error in MAY_HAVE_ACTED
            assert caught.value.may_have_acted is may_have_acted
            assert str(caught.value).endswith(", it may have acted") is may_have_acted
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None
    assert script.attempts == attempts
    assert len(fake_time.sleeps) == attempts - 1


def _copy(outcome: Outcome) -> Outcome:
    """The outcome, unused: a response carries its request once it was sent."""
    if isinstance(outcome, Exception):
        return outcome
    return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [
        ([httpx.Response(303)], cerbo.UnexpectedStatus),
        ([httpx.Response(206)], cerbo.OutcomeUnknown),
        ([httpx.Response(520)], cerbo.UnexpectedStatus),
        ([LOST, httpx.Response(200, json=REFUSED)], cerbo.OperationFailed),
    ],
)
def test_may_have_acted_after_other_responses_to_a_write(
    outcomes: list[Outcome], error: type[cerbo.CallError], fake_time: FakeTime
) -> None:
    with _client(Script(*map(_copy, outcomes))) as client, pytest.raises(error) as caught:
        _delete(client)
    assert caught.value.may_have_acted
    assert caught.value.attempts == len(outcomes)


@pytest.mark.parametrize("body", [{"error": {"type": "x", "message": "no"}}, {"message": "no"}, REFUSED])
def test_not_found_with_each_error_body_of_the_api(body: object) -> None:
    with _client(Script(httpx.Response(404, json=body))) as client, pytest.raises(cerbo.NotFound):
        _delete(client)


FOREIGN = [
    httpx.Response(404, html="<h1>Not Found</h1>"),
    httpx.Response(404),
    httpx.Response(404, json=[]),
    httpx.Response(404, json={"message": 404}),
    httpx.Response(404, json={"error": "Not Found"}),
    httpx.Response(404, json={"result": True, "message": "no"}),
    httpx.Response(404, json={"detail": "Not Found"}),
]


@pytest.mark.parametrize("response", FOREIGN)
def test_a_404_that_is_not_the_api_s_hints_at_the_base_url(response: httpx.Response) -> None:
    with _client(Script(_copy(response))) as client, pytest.raises(cerbo.UnexpectedStatus) as caught:
        _delete(client)
    expected = "the response is not the API's, expected a base URL that ends in /api/v1 (status 404)"
    assert str(caught.value) == f"deletePortalRequest: {expected}"
    assert not caught.value.may_have_acted


def test_an_unknown_outcome_carries_the_last_answer(fake_time: FakeTime) -> None:
    with _client(Script(LOST, _status(401))) as client, pytest.raises(cerbo.OutcomeUnknown) as caught:
        _delete(client)
    assert caught.value.response is not None
    assert caught.value.response.status_code == 401


def test_pauses_grow_up_to_a_cap_and_are_random(fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    with _client(Script(*[LOST] * 8), retries=7, timeout=100) as client, pytest.raises(cerbo.ConnectionFailed):
        _list(client)
    assert fake_time.sleeps == [0.5, 1, 2, 4, 8, 10, 10]
    monkeypatch.undo()
    chances: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        chances.append((low, high))
        return 0.0

    monkeypatch.setattr("random.uniform", uniform)
    with _client(Script(LOST, LOST, httpx.Response(200, json=EMPTY))) as client:
        _list(client)
    assert chances == [(0, 0.5), (0, 1)]


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("3", 3.5),
        ("2.0", 2.5),
        ("2.25", 2.75),
        ("2,5, 3", 5.5),
        ("0", 0.5),
        ("10", 10.5),
        ("", 0.5),
        ("soon", 0.5),
        ("-3", 0.5),
        ("²", 0.5),
        ("Tue, 24 Nov 2020 10:00:00 GMT", 0.5),
        ("Tue, 99 Nov 2020 10:00:00 GMT", 0.5),
    ],
)
def test_retry_after_is_heeded(text: str, pause: float, fake_time: FakeTime) -> None:
    busy = httpx.Response(429, json=REFUSED, headers=[(b"Retry-After", text.encode())])
    with _client(Script(busy, httpx.Response(200, json=EMPTY))) as client:
        _list(client)
    assert fake_time.sleeps == [pause]


DATE = "Tue, 24 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ([("Retry-After", "Tue, 24 Nov 2026 10:00:05 GMT"), ("Date", DATE)], 5),
        ([("Retry-After", "Tue Nov 24 10:00:05 2026"), ("Date", DATE)], 5),
        ([("Retry-After", "Tuesday, 24-Nov-26 10:00:05 GMT"), ("Date", DATE)], 5),
        ([("Retry-After", "Tue, 24 Nov 2026 12:00:05 +0200"), ("Date", DATE)], 5),
        ([("Retry-After", "Tue, 24 Nov 2026 09:59:00 GMT"), ("Date", DATE)], 0),
        ([("Retry-After", "1"), ("Retry-After", "4")], 4),
        ([("Retry-After", "4"), ("Retry-After", "1"), ("Retry-After", "soon")], 4),
        ([("Retry-After", "1"), ("Retry-After", "Tue, 24 Nov 2026 10:00:05 GMT"), ("Date", DATE)], 5),
        ([("Retry-After", "1, Tue, 24 Nov 2026 10:00:05 GMT, 3"), ("Date", DATE)], 5),
    ],
)
def test_retry_after_dates_count_from_the_date_header(
    headers: list[tuple[str, str]], wait: float, fake_time: FakeTime
) -> None:
    busy = httpx.Response(503, json=REFUSED, headers=headers)
    with _client(Script(busy, httpx.Response(200, json=EMPTY))) as client:
        _list(client)
    assert fake_time.sleeps == [wait + 0.5]


@pytest.mark.parametrize("date", [None, "yesterday"])
def test_retry_after_date_without_a_date_header(
    date: str | None, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2026, 11, 24, 10, 0, 0, 250_000, tzinfo=tz)

    monkeypatch.setattr(retry_after, "datetime", Clock)
    headers = {"Retry_After": "Tue, 24 Nov 2026 10:00:05 GMT", **({"Date": date} if date else {})}
    with _client(Script(_status(503, **headers), httpx.Response(200, json=EMPTY))) as client:
        _list(client)
    assert fake_time.sleeps == [5.5]


@pytest.mark.parametrize("text", ["11", "9" * 400, "Tue, 24 Nov 2099 10:00:00 GMT"])
def test_a_server_that_asks_for_too_much_time_ends_the_call(text: str, fake_time: FakeTime) -> None:
    with _client(Script(_status(429, Retry_After=text))) as client, pytest.raises(cerbo.RateLimited):
        _list(client)
    assert fake_time.sleeps == []


def test_no_pause_goes_past_the_budget(fake_time: FakeTime) -> None:
    script = Script(_status(503, Retry_After="4"), _status(503, Retry_After="4"))
    with _client(script, retries=9, timeout=6) as client, pytest.raises(cerbo.ServiceUnavailable):
        _list(client)
    assert fake_time.sleeps == [4.5]


def test_a_call_has_its_own_budget(fake_time: FakeTime) -> None:
    timeouts: list[dict[str, float]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"])
        return httpx.Response(200, json=EMPTY)

    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=httpx.MockTransport(answer)) as client:
        client.show_portal_requests(1)
        client.show_portal_requests(1, timeout=4)
    assert timeouts == [
        {"connect": 10, "read": 30, "write": 30, "pool": 30},
        {"connect": 3.6, "read": 4, "write": 4, "pool": 4},
    ]


def test_no_retries_is_one_attempt(fake_time: FakeTime) -> None:
    script = Script(_status(503))
    with _client(script, retries=0) as client, pytest.raises(cerbo.ServiceUnavailable):
        _list(client)
    assert script.attempts == 1


def test_a_body_that_outlasts_the_budget_ends_the_call_between_its_parts(fake_time: FakeTime) -> None:
    class Slow(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for part in (b'{"obj', b'ect":', b'"list"}'):
                fake_time.now += 11
                yield part

    script = Script(httpx.Response(200, headers={"Content-Type": "application/json"}, stream=Slow()))
    with _client(script, timeout=30) as client, pytest.raises(cerbo.TimedOut):
        _list(client)
    assert script.attempts == 1


def test_an_answer_that_comes_too_late_is_none(fake_time: FakeTime) -> None:
    def late(_: httpx.Request) -> httpx.Response:
        fake_time.now += 31
        return _done()

    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=httpx.MockTransport(late)) as client:
        for call, error in ((_list, cerbo.TimedOut), (_invite, cerbo.OutcomeUnknown)):
            with pytest.raises(error):
                call(client)


def test_each_call_has_a_response_of_its_own() -> None:
    refusal = _status(404)
    with _client(Script(refusal, refusal)) as client:
        errors = []
        for pt_id in (3, 4):
            with pytest.raises(cerbo.NotFound) as caught:
                client.show_portal_requests(pt_id)
            errors.append(caught.value)
    paths = [error.response and error.response.request.url.path for error in errors]
    assert paths == [f"/api/v1/patients/{pt_id}/portal/enqueued" for pt_id in (3, 4)]


def test_an_answer_that_cannot_be_read_cannot_be_read_again() -> None:
    class Broken(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            raise LOST

    broken = httpx.Response(200, headers={"Content-Type": "application/json"}, stream=Broken())
    script = Script(*[broken] * 4)
    with _client(script) as client:
        for call, error in ((_list, cerbo.ConnectionFailed), (_invite, cerbo.OutcomeUnknown)):
            with pytest.raises(error):
                call(client)
    assert script.attempts == 4


def test_an_answer_that_cannot_be_decoded_may_be_to_what_was_done() -> None:
    with _client(Script(httpx.DecodingError("no gzip"))) as client, pytest.raises(cerbo.OutcomeUnknown):
        _invite(client)


@pytest.mark.anyio
async def test_asynchronous_calls_are_repeated_alike(fake_time: FakeTime) -> None:
    script = Script(_status(503), LOST, _done())
    transport = httpx.MockTransport(script)
    async with AsyncClient("http://127.0.0.1/api/v1", username="u", password="p", transport=transport) as client:
        await client.delete_portal_request(1, 2)
    assert fake_time.sleeps == [0.5, 1]


@pytest.mark.anyio
async def test_cancelling_a_call_stops_its_pause() -> None:
    script = Script(_status(503, Retry_After="9"))
    transport = httpx.MockTransport(script)
    async with AsyncClient("http://127.0.0.1/api/v1", username="u", password="p", transport=transport) as client:
        with anyio.move_on_after(5) as scope:
            call = asyncio.create_task(client.show_portal_requests(1))
            while not script.attempts:
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        assert not scope.cancelled_caught
    assert script.attempts == 1


class Greeter:
    """A server that sets a cookie, and tells which cookies it is sent."""

    def __init__(self) -> None:
        self.sent: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.headers.get("Cookie"))
        return httpx.Response(200, json=EMPTY, headers={"Set-Cookie": "session=of-another-user; Path=/"})


def test_no_cookie_ties_a_call_to_an_earlier_one() -> None:
    server = Greeter()
    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=httpx.MockTransport(server)) as client:
        client.show_portal_requests(1)
        client.show_portal_requests(1)

    async def both() -> None:
        transport = httpx.MockTransport(server)
        async with AsyncClient("http://127.0.0.1/api/v1", username="u", password="p", transport=transport) as client:
            await client.show_portal_requests(1)
            await client.show_portal_requests(1)

    asyncio.run(both())
    assert server.sent == [None] * 4
