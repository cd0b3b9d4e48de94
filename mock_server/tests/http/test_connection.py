"""One connection in the server's hands: when its answers cannot leave, and when it may be closed."""

import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Semaphore
from typing import Any

import pytest
from cerbo_portal_mock.http import connection as connection_module
from cerbo_portal_mock.http import server as server_module
from cerbo_portal_mock.http.connection import Connection
from cerbo_portal_mock.http.server import Server

from .conftest import HANG, HEALTH, LIST, Connect, Serve, until


def _failing(*_: Any, **__: Any) -> int:
    raise OSError(errno.ETIMEDOUT, "timed out")


def _nothing(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    start_response("204 No Content", [])
    return iter(())


@pytest.fixture
def accepted() -> Iterator[tuple[Connection, socket.socket]]:
    """A connection of a server that does not run, and its caller's end."""
    server = Server(_nothing)
    try:
        with socket.create_connection((server.host, server.port), timeout=HANG) as caller:
            server._server.handle_accept()
            (connection,) = server._server.active_channels.values()
            yield connection, caller
    finally:
        server.stop()
        server.run()


def _fill(connection: Connection) -> int:
    """Send until the kernel takes no more; the number of bytes."""
    sent = 0
    while taken := connection.send(bytes(64 * 1024)):
        sent += taken
    return sent


def test_a_refusal_waits_until_the_caller_reads_what_was_sent(accepted: tuple[Connection, socket.socket]) -> None:
    connection, caller = accepted
    before = _fill(connection)
    connection.refuse()
    # What the caller sends meanwhile is not served.
    connection.received(HEALTH)
    assert connection.total_outbufs_len
    assert not connection.requests
    with caller.makefile("rb") as stream:
        assert stream.read(before) == bytes(before)
        until(lambda: connection._flush_some() or not connection.total_outbufs_len)
        connection.handle_write()
        answer = stream.read()
    assert answer.startswith(b"HTTP/1.0 503 Service Unavailable\r\n")
    assert answer.count(b"HTTP/") == 1
    assert connection.connected


def test_a_connection_that_fails_while_its_refusal_leaves_is_closed(
    accepted: tuple[Connection, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, caller = accepted
    monkeypatch.setattr(connection, "send", _failing)
    connection.refuse()
    assert not connection.connected
    assert caller.recv(1) == b""


def test_a_caller_that_resets_before_its_refusal_leaves_is_forgotten(
    accepted: tuple[Connection, socket.socket],
) -> None:
    connection, caller = accepted
    # To close it now resets the connection.
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.close()
    connection.refuse()
    assert not connection.connected
    assert not connection.server.active_channels


def test_a_caller_that_stays_after_its_refusal_is_disconnected(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    monkeypatch.setattr(connection_module, "LINGER", 0)
    monkeypatch.setattr(server_module, "_POLL", 0.01)
    server = serve()
    peer = connect(server).send(b"NONSENSE\r\n\r\n")
    assert peer.answer().status == 400
    until(lambda: not server._server.active_channels)


def test_at_the_limit_calls_in_flight_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 3)
    begun, may_end = Semaphore(0), Semaphore(0)

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        begun.release()
        assert may_end.acquire(timeout=HANG)
        return _nothing(environ, start_response)

    server = serve(app)
    peer = connect(server).send(LIST)
    assert begun.acquire(timeout=HANG)
    waiting = connect(server).send(LIST)
    # A thread has begun the request after the server saw that it waits.
    server._server.handle_accept()
    may_end.release()
    assert peer.answer().status == 204
    may_end.release()
    assert waiting.answer().status == 204


def test_connections_are_accepted_a_few_at_a_time(
    accepted: tuple[Connection, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_ACCEPTED_AT_ONCE", 2)
    server = accepted[0].server
    with ExitStack() as callers:
        for _ in range(3):
            callers.enter_context(socket.create_connection(accepted[1].getpeername(), timeout=HANG))
        server.handle_accept()
        assert len(server.active_channels) == 1 + 2
        server.handle_accept()
        assert len(server.active_channels) == 1 + 3
