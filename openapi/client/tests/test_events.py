"""The observer of a client: which events it receives, that it harms no call, and the log of attempts."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, AttemptFailed, CallFinished, Client, Deviation
from cerbo_portal_runtime.events import Event, GuardedObserver

from contract_tests.support.doubles import FakeTime, Peer, Step, answers, resets, sends, stalls

LIST = b'{"object": "list", "data": [], "has_more": false, "total_count": 0}'
URL = "http://127.0.0.1:9/api/v1"
SETTINGS: dict[str, Any] = {"username": "u", "password": "p"}
FINISHED = CallFinished("operation", 1, 200, None, 0.1)
SHOW, DELETE = "showPortalRequests", "deletePortalRequest"

ok = answers("200 OK", LIST)
unavailable = answers("503 Service Unavailable", b"", "Retry-After: 0")
each_client = pytest.mark.parametrize("client", [Client, "asyncio", "trio"], ids=["sync", "asyncio", "trio"])
each_backend = pytest.mark.parametrize("backend", ["asyncio", "trio"])


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """The level and text of what the logger `cerbo_portal` has said."""
    with caplog.at_level(logging.DEBUG, "cerbo_portal"):
        yield lambda: [
            (record.levelname, record.getMessage()) for record in caplog.records if record.name == "cerbo_portal"
        ]


def _call(
    client: Any, url: str, name: str = "show_portal_requests", *arguments: Any, **settings: Any
) -> BaseException | None:
    """What a call raises, of the synchronous client or of the asynchronous one on asyncio or trio."""

    async def call_async() -> None:
        async with AsyncClient(url, **SETTINGS, **settings) as async_client:
            await getattr(async_client, name)(*arguments or (1,))

    try:
        if client is not Client:
            anyio.run(call_async, backend=client)
        else:
            with Client(url, **SETTINGS, **settings) as sync_client:
                getattr(sync_client, name)(*arguments or (1,))
    except BaseException as error:
        return error
    return None


def _facts(events: list[Any]) -> list[tuple[Any, ...]]:
    """The events without their seconds, which are plausible."""
    facts = []
    for event in events:
        assert 0 <= event.seconds < 20
        shown = [getattr(event, field.name) for field in fields(event) if field.name != "seconds"]
        facts.append((type(event).__name__, *shown))
    return facts


@each_client
def test_a_successful_call_is_one_event(client: Any, make_peer: Callable[..., Peer]) -> None:
    seen: list[Event] = []
    assert _call(client, make_peer(ok).url, observer=seen.append) is None
    assert _facts(seen) == [("CallFinished", SHOW, 1, 200, None)]


@each_client
def test_retried_attempts_are_observed(client: Any, make_peer: Callable[..., Peer], no_pauses: None) -> None:
    seen: list[Event] = []
    assert _call(client, make_peer(unavailable, unavailable, ok).url, observer=seen.append) is None
    assert _facts(seen) == [
        ("AttemptFailed", SHOW, 1, 503, None, 0.0),
        ("AttemptFailed", SHOW, 2, 503, None, 0.0),
        ("CallFinished", SHOW, 3, 200, None),
    ]


@each_client
def test_the_last_failed_attempt_has_no_pause(client: Any, make_peer: Callable[..., Peer], no_pauses: None) -> None:
    seen: list[Event] = []
    error = _call(client, make_peer(unavailable).url, observer=seen.append, retries=1)
    assert isinstance(error, cerbo.ServiceUnavailable)
    assert _facts(seen) == [
        ("AttemptFailed", SHOW, 1, 503, None, 0.0),
        ("AttemptFailed", SHOW, 2, 503, None, None),
        ("CallFinished", SHOW, 2, 503, "ServiceUnavailable"),
    ]


@each_client
def test_a_refused_connection_is_observed(client: Any, no_pauses: None) -> None:
    seen: list[Event] = []
    error = _call(client, URL, "invite_to_portal", observer=seen.append, retries=1)
    assert isinstance(error, cerbo.ConnectionFailed)
    assert _facts(seen) == [
        ("AttemptFailed", "inviteToPortal", 1, None, "refused", 0.0),
        ("AttemptFailed", "inviteToPortal", 2, None, "refused", None),
        ("CallFinished", "inviteToPortal", 2, None, "ConnectionFailed"),
    ]


@each_client
@pytest.mark.parametrize(
    ("step", "settings", "attempt", "status", "error"),
    [
        (resets, {}, (None, "reset"), None, "OutcomeUnknown"),
        (sends(b""), {}, (None, "protocol"), None, "OutcomeUnknown"),
        (stalls(), {"timeout": 0.1}, (None, "timeout"), None, "OutcomeUnknown"),
        (stalls(b"HTTP/1.1 200 OK\r\n"), {"timeout": 0.1}, (None, "timeout"), None, "OutcomeUnknown"),
        (answers("500 Oops", b""), {}, (500, None), 500, "ServerError"),
        (answers("302 Found", b""), {}, (302, None), 302, "UnexpectedStatus"),
        (answers("200 OK", b'{"result": false, "message": "no"}'), {}, None, 200, "OperationFailed"),
    ],
)
def test_failed_calls_are_observed(
    client: Any,
    step: Step,
    settings: dict[str, Any],
    attempt: tuple[Any, ...] | None,
    status: int | None,
    error: str,
    make_peer: Callable[..., Peer],
) -> None:
    seen: list[Event] = []
    raised = _call(
        client, make_peer(step).url, "delete_portal_request", 1, 2, observer=seen.append, retries=0, **settings
    )
    assert type(raised).__name__ == error
    failed = [("AttemptFailed", DELETE, 1, *attempt, None)] if attempt else []
    assert _facts(seen) == [*failed, ("CallFinished", DELETE, 1, status, error)]


@each_client
@pytest.mark.parametrize("raised", [LookupError, KeyboardInterrupt, SystemExit])
def test_exceptions_of_a_transport_are_observed(client: Any, raised: type[BaseException]) -> None:
    seen: list[Event] = []

    def fail(_: httpx.Request) -> httpx.Response:
        raise raised

    assert type(_call(client, URL, observer=seen.append, transport=httpx.MockTransport(fail))) is raised
    assert _facts(seen) == [
        ("AttemptFailed", SHOW, 1, None, "other" if raised is LookupError else "cancelled", None),
        ("CallFinished", SHOW, 1, None, raised.__name__),
    ]


@each_client
def test_the_lack_of_a_thread_is_observed(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Event] = []

    def fail(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("cerbo_portal_runtime.network.connect", fail)
    assert isinstance(_call(client, URL, observer=seen.append), cerbo.ConnectionFailed)
    assert _facts(seen) == [
        ("AttemptFailed", SHOW, 1, None, "other", None),
        ("CallFinished", SHOW, 1, None, "ConnectionFailed"),
    ]


@each_backend
@pytest.mark.parametrize(
    ("step", "failed"),
    [
        (stalls(), ("AttemptFailed", SHOW, 1, None, "cancelled", None)),
        (answers("503 Busy", b"", "Retry-After: 9"), ("AttemptFailed", SHOW, 1, 503, None, 9.0)),
    ],
    ids=["in an attempt", "in a pause"],
)
def test_cancelled_calls_are_observed(
    backend: str, step: Step, failed: tuple[Any, ...], make_peer: Callable[..., Peer], no_pauses: None
) -> None:
    seen: list[Event] = []
    peer = make_peer(step)

    async def run() -> None:
        async with (
            AsyncClient(peer.url, **SETTINGS, observer=seen.append) as client,
            anyio.create_task_group() as calls,
        ):
            calls.start_soon(client.show_portal_requests, 1)
            while not (seen if failed[3] else peer.requests):
                await anyio.sleep(0.001)
            calls.cancel_scope.cancel()

    anyio.run(run, backend=backend)
    name = {"asyncio": "CancelledError", "trio": "Cancelled"}[backend]
    assert _facts(seen) == [failed, ("CallFinished", SHOW, 1, None, name)]


@each_client
@pytest.mark.parametrize(
    ("name", "arguments", "settings"),
    [
        ("show_portal_requests", ("\ud800",), {}),
        ("invite_to_portal", (1,), {"read_only": True}),
    ],
)
def test_calls_that_the_client_refuses_are_not_observed(
    client: Any, name: str, arguments: tuple[Any, ...], settings: dict[str, Any]
) -> None:
    seen: list[Event] = []
    assert isinstance(_call(client, URL, name, *arguments, observer=seen.append, **settings), cerbo.CallError)
    assert seen == []


def test_calls_of_a_closed_client_are_not_observed() -> None:
    seen: list[Event] = []
    with Client(URL, **SETTINGS, observer=seen.append) as client:
        pass
    with pytest.raises(cerbo.ClientClosed):
        client.show_portal_requests(1)
    assert seen == []


def test_a_client_from_the_environment_has_an_observer(
    make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Event] = []
    monkeypatch.setenv("CERBO_BASE_URL", make_peer(ok).url.replace("//", "//u:p@"))
    with Client.from_env(observer=seen.append) as client:
        client.show_portal_requests(1)
    assert _facts(seen) == [("CallFinished", SHOW, 1, 200, None)]


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_an_observer_that_is_no_function_is_a_wrong_setting(client: Any) -> None:
    with pytest.raises(cerbo.InvalidSettings, match=r"^observer: expected a function that takes an event$"):
        client(URL, **SETTINGS, observer="print")


@each_client
@pytest.mark.parametrize("strict", [False, True])
def test_deviations_and_notices_of_a_call_are_observed_first(
    client: Any, strict: bool, make_peer: Callable[..., Peer]
) -> None:
    seen: list[Event] = []
    peer = make_peer(answers("200 OK", b'{"data": [], "total_count": 5, "new": 1, "new_4711": 1}'))
    error = _call(client, peer.url, observer=seen.append, strict=strict)
    found = {event for event in seen if isinstance(event, Deviation)}
    assert {(event.element, event.is_notice) for event in found} >= {
        ("total_count", False),
        ("new", True),
        ("<withheld>", True),
    }
    assert {event.operation for event in found} == {SHOW}
    assert _facts(seen[-1:]) == [("CallFinished", SHOW, 1, 200, "MalformedResponse" if strict else None)]
    assert isinstance(error, cerbo.MalformedResponse) is strict


@each_client
def test_exceptions_of_an_observer_harm_no_call(
    client: Any, make_peer: Callable[..., Peer], no_pauses: None, logged: Callable[[], list[tuple[str, str]]]
) -> None:
    def observer(event: Event) -> None:
        # httpx's, too: the transport handles those of an attempt.
        raise httpx.ReadError(repr(event))

    peer = make_peer(unavailable, ok)
    for _ in range(2):
        assert _call(client, peer.url, observer=observer) is None
    assert len(peer.requests) == 3
    warnings = [record for record in logged() if record[0] != "DEBUG"]
    assert warnings == [("WARNING", "the observer failed: ReadError")] * 2, "one for each client"


@each_client
def test_an_interruption_in_an_observer_ends_the_call(client: Any, make_peer: Callable[..., Peer]) -> None:
    seen: list[Event] = []

    def observer(event: Event) -> None:
        seen.append(event)
        if isinstance(event, AttemptFailed):
            raise KeyboardInterrupt

    peer = make_peer(unavailable)
    assert isinstance(_call(client, peer.url, observer=observer), KeyboardInterrupt)
    assert [type(event) for event in seen] == [AttemptFailed, CallFinished]
    assert len(peer.requests) == 1


async def _coroutine(event: Event) -> None:
    raise AssertionError(event)


def _future(event: Event) -> Any:
    loop = asyncio.new_event_loop()
    loop.close()
    return loop.create_future()


@pytest.mark.parametrize("observer", [_coroutine, _future])
def test_awaitable_results_of_an_observer_are_ignored(
    observer: Callable[[Event], Any], logged: Callable[[], list[tuple[str, str]]]
) -> None:
    guarded = GuardedObserver(observer)
    guarded(FINISHED)
    guarded(FINISHED)
    assert logged() == [("WARNING", "the observer failed: expected no awaitable as its result")]


@each_client
def test_each_attempt_is_logged(
    client: Any, make_peer: Callable[..., Peer], logged: Callable[[], list[tuple[str, str]]], fake_time: FakeTime
) -> None:
    assert _call(client, make_peer(unavailable, resets, ok).url) is None
    assert logged() == [
        ("DEBUG", f"{SHOW}: attempt 1: 503 after 0 ms, the next in 500 ms"),
        ("DEBUG", f"{SHOW}: attempt 2: reset after 0 ms, the next in 1000 ms"),
        ("DEBUG", f"{SHOW}: attempt 3: 200 after 0 ms"),
    ]


def test_events_have_the_seconds_of_attempts_and_of_the_call(fake_time: FakeTime) -> None:
    seen: list[Any] = []

    def respond(_: httpx.Request) -> httpx.Response:
        fake_time.sleep(0.25)
        return httpx.Response(503)

    transport = httpx.MockTransport(respond)
    assert isinstance(
        _call(Client, URL, transport=transport, observer=seen.append, retries=1), cerbo.ServiceUnavailable
    )
    assert [event.seconds for event in seen] == [0.25, 0.25, 1.0]
    assert [event.pause for event in seen[:2]] == [0.5, None]
