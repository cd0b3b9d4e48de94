"""Which connection a call uses: no response but that to its own request can be taken for it."""

import asyncio
import signal
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_runtime import connections
from cerbo_portal_runtime.http1 import Connection
from cerbo_portal_runtime.network import run

from contract_tests.support.callers import KINDS, perform
from contract_tests.support.doubles import Peer, Step, answers, answers_with_surplus, resets, sends

LIST = b'{"object": "list", "data": [], "has_more": false, "total_count": 0}'
CONFIRMED = b'{"result": true, "message": "done"}'
REFUSED = answers("200 OK", b'{"result": false, "message": "no"}')


def read(client: Any) -> Any:
    return client.show_portal_requests(1)


WRITES: dict[str, Callable[[Any], Any]] = {
    "delete": lambda client: client.delete_portal_request(1, 2),
    "invite": lambda client: client.invite_to_portal(1),
    "login": lambda client: client.validate_portal_credentials(username="u", password="p"),
}
GONE = answers("404 Not Found", b'{"result": false, "message": "no"}')
each_kind = pytest.mark.parametrize("kind", KINDS)
each_scheme = pytest.mark.parametrize("scheme", ["http", "https"])


@pytest.fixture
def serve(scheme: str, make_peer: Callable[..., Peer], request: pytest.FixtureRequest) -> Callable[..., Peer]:
    """Makes peers that speak the scheme."""
    tls: ssl.SSLContext | None = request.getfixturevalue("tls") if scheme == "https" else None
    return lambda *script: make_peer(*script, tls=tls)


def _late(surplus: bytes) -> tuple[Step, Callable[[], None]]:
    """A step that sends a surplus after its response was read, and a function that waits for that."""
    first, after = Event(), Event()

    def wait() -> None:
        first.set()
        assert after.wait(30)

    return answers_with_surplus(LIST, surplus, first=first, after=after), wait


@each_scheme
@each_kind
@pytest.mark.parametrize("write", ["delete", "invite"])
@pytest.mark.parametrize("is_late", [False, True])
def test_a_stale_response_confirms_no_write(is_late: bool, write: str, kind: str, serve: Callable[..., Peer]) -> None:
    step, wait = _late(CONFIRMED) if is_late else (answers_with_surplus(LIST, CONFIRMED), lambda: None)
    peer = serve(step, REFUSED)
    listed, _, written = perform(kind, peer.url, read, lambda _: wait(), WRITES[write])
    assert listed.data == []
    assert type(written) is cerbo.OperationFailed
    assert len(peer.requests) == peer.connections == 2


@each_scheme
@each_kind
@pytest.mark.parametrize("is_late", [False, True])
def test_a_stale_response_answers_no_read(is_late: bool, kind: str, serve: Callable[..., Peer]) -> None:
    step, wait = _late(LIST) if is_late else (answers_with_surplus(LIST, LIST), lambda: None)
    peer = serve(step, GONE)
    listed, _, missing = perform(kind, peer.url, read, lambda _: wait(), read)
    assert listed.data == []
    assert type(missing) is cerbo.NotFound
    assert len(peer.requests) == peer.connections == 2


@each_scheme
@each_kind
def test_reads_share_a_connection_and_each_write_has_its_own(kind: str, serve: Callable[..., Peer]) -> None:
    listed = answers("200 OK", LIST)
    peer = serve(listed, listed, *[answers("200 OK", CONFIRMED)] * 3, listed)
    perform(kind, peer.url, read, read, *WRITES.values(), read)
    assert len(peer.requests) == 6
    assert peer.connections == 4
    closing = [b"Connection: close" in request for request in peer.requests]
    assert closing == [False, False, True, True, True, False]
    assert peer.is_deserted.wait(10)


@each_kind
def test_a_connection_that_the_server_closed_is_not_used_again(kind: str, make_peer: Callable[..., Peer]) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(LIST) + LIST
    peer = make_peer(sends(response))
    first, _, second = perform(kind, peer.url, read, lambda _: peer.is_deserted.wait(10), read)
    assert first.data == second.data == []
    assert len(peer.requests) == peer.connections == 2


@each_kind
def test_a_connection_that_was_idle_too_long_is_closed(
    kind: str, make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_IDLE_SECONDS", 0)
    peer = make_peer(answers("200 OK", LIST))
    perform(kind, peer.url, read, read)
    assert peer.connections == 2


def test_only_some_idle_connections_are_kept(make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MAX_IDLE", 1)
    all_arrived = Event()

    def together(peer: Peer, handler: Any) -> None:
        if len(peer.requests) == 3:
            all_arrived.set()
        all_arrived.wait(10)
        answers("200 OK", LIST)(peer, handler)

    together.__name__ = "step_keep_alive"
    peer = make_peer(together)
    with Client(peer.url, username="u", password="p") as client, ThreadPoolExecutor() as pool:
        list(pool.map(client.show_portal_requests, range(1, 4)))
        assert peer.connections == 3
        client.show_portal_requests(1)
        assert peer.connections == 3
        client.close()
    assert peer.is_deserted.wait(10)


def test_a_client_has_a_limited_number_of_connections(
    make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_MAX_CONNECTIONS", 1)
    peer = make_peer(answers("200 OK", LIST))
    with Client(peer.url, username="u", password="p", timeout=0.3, retries=0) as client:
        pool = client._transport._inner._pool
        pool.slots.acquire()
        with pytest.raises(cerbo.TimedOut):
            client.invite_to_portal(1)
        pool.slots.release()
        client.show_portal_requests(1)

    async def many() -> None:
        async with AsyncClient(peer.url, username="u", password="p") as client, anyio.create_task_group() as calls:
            for pt_id in range(1, 6):
                calls.start_soon(client.show_portal_requests, pt_id)

    anyio.run(many)
    assert len(peer.requests) == 6
    assert peer.connections == 2


def test_a_call_in_flight_survives_the_close_of_its_client(make_peer: Callable[..., Peer]) -> None:
    arrived, closed = Event(), Event()

    def late(peer: Peer, handler: Any) -> None:
        arrived.set()
        closed.wait(10)
        answers("200 OK", LIST)(peer, handler)

    late.__name__ = "step_keep_alive"
    peer = make_peer(late)
    with Client(peer.url, username="u", password="p") as client, ThreadPoolExecutor() as pool:
        call = pool.submit(client.show_portal_requests, 1)
        assert arrived.wait(10)
        client.close()
        closed.set()
        assert call.result().data == []
    assert peer.is_deserted.wait(10)


def test_a_signal_handler_can_close_a_client(make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    peer = make_peer(answers("200 OK", LIST))
    close = Connection.close

    def interrupted(connection: Connection) -> None:
        monkeypatch.undo()
        signal.raise_signal(signal.SIGTERM)
        close(connection)

    def handle(*_: object) -> None:
        # In a thread, so that a deadlock ends as a failure.
        closing = Thread(target=client.close, daemon=True)
        closing.start()
        closing.join(10)
        assert not closing.is_alive()

    monkeypatch.setattr(connections, "_MAX_IDLE", 0)
    monkeypatch.setattr(Connection, "close", interrupted)
    client = Client(peer.url, username="u", password="p")
    before = signal.signal(signal.SIGTERM, handle)
    try:
        assert client.show_portal_requests(1).data == []
    finally:
        signal.signal(signal.SIGTERM, before)
    assert peer.is_deserted.wait(10)


def test_an_asynchronous_client_works_in_each_event_loop(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("200 OK", LIST), *[answers("200 OK", CONFIRMED)] * 4, answers("200 OK", LIST))
    client = AsyncClient(peer.url, username="u", password="p")
    asyncio.run(_await(client.show_portal_requests, 1))
    assert asyncio.run(_await(client.invite_to_portal, 1)).result is True
    assert anyio.run(client.delete_portal_request, 1, 2, backend="trio").result is True
    with ThreadPoolExecutor() as threads:
        calls = [threads.submit(lambda: anyio.run(client.invite_to_portal, 1)) for _ in range(2)]
        assert [call.result().result for call in calls] == [True, True]
    assert anyio.run(client.show_portal_requests, 1, backend="trio").data == []
    assert peer.connections == 5
    anyio.run(client.aclose)
    assert peer.is_deserted.wait(10)


async def _await(call: Callable[..., Any], *arguments: Any) -> Any:
    return await call(*arguments)


def test_a_client_that_is_not_closed_leaves_no_connection(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("200 OK", LIST))
    client = AsyncClient(peer.url, username="u", password="p")
    anyio.run(client.show_portal_requests, 1)
    del client
    assert peer.is_deserted.wait(10)


def _answers_and_resets(peer: Peer, handler: Any) -> None:
    answers("200 OK", LIST)(peer, handler)
    resets(peer, handler)


@each_kind
def test_a_connection_that_the_server_reset_is_not_used_again(kind: str, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(_answers_and_resets)
    first, _, second = perform(kind, peer.url, read, lambda _: peer.is_deserted.wait(10), read)
    assert first.data == second.data == []
    assert peer.connections == 2


@each_kind
def test_a_proxy_that_sends_more_than_its_response_is_refused(kind: str, make_peer: Callable[..., Peer]) -> None:
    proxy = make_peer(answers_with_surplus(b"", CONFIRMED))
    url = proxy.url.removesuffix("/api/v1")
    (failed,) = perform(kind, "https://cerbo.invalid/api/v1", WRITES["invite"], proxy=url, retries=0)
    assert type(failed) is cerbo.ConnectionFailed
    assert proxy.is_deserted.wait(10)


def test_a_response_counts_that_came_before_the_request_was_sent() -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    theirs.close()
    ours.setblocking(False)
    connection = Connection(ours)
    request = connection.encode("POST", b"/", [(b"Host", b"h"), (b"Content-Length", b"1")], b"x")
    response = run(connection.exchange(request, time.monotonic() + 10, lambda _: 0))
    assert response.status_code == 413
    assert not connection.is_reusable()
    connection.close()


def test_a_request_that_http_does_not_have_is_not_sent() -> None:
    ours, theirs = socket.socketpair()
    with theirs, ours, pytest.raises(httpx.LocalProtocolError):
        Connection(ours).encode("POST", b"/", [(b"Host", b"h"), (b"Content-Length", b"2")], b"x")
