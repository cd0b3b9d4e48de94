"""The server ends once, however often it is told to; and it answers, or closes, whatever is sent to it."""

import http.client
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.http import server
from cerbo_portal_mock.http.server import Server

from contract_tests.support.http_client import error_message

HEAD = b"POST /api/v1/patients/1/portal/invite HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic dW46cHdk\r\n"


@contextmanager
def _running() -> Iterator[tuple[Server, Thread]]:
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server, thread
    finally:
        server.stop()
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """The address of a server."""
    with _running() as (server, _):
        yield server.host, server.port


def _answer(address: tuple[str, int], *parts: bytes) -> tuple[int, str]:
    """Status and message of the answer to what is sent, after which the server closes the connection."""
    with socket.create_connection(address, timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        response = http.client.HTTPResponse(connection)
        response.begin()
        content = response.read()
        assert connection.recv(1) == b""
        return response.status, error_message(content)


def test_a_server_that_has_ended_may_be_stopped_again() -> None:
    with _running() as (server, thread):
        server.stop()
        thread.join()
        server.stop()


def test_a_server_that_is_stopped_before_it_runs_returns_at_once() -> None:
    server = Server(create_app())
    server.stop()
    server.run()
    server.stop()


def test_half_a_request_of_a_caller_that_is_silent_does_not_keep_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SILENCE", 0.1)
    with _running() as (running, thread), socket.create_connection((running.host, running.port)) as connection:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\n{")
        # What was sent before another exchange has been read after it.
        assert _answer((running.host, running.port), b"NONSENSE\r\n\r\n")[0] == 400
        started = time.monotonic()
        running.stop()
        thread.join()
        assert time.monotonic() - started < server.GRACE / 2
        assert connection.recv(1) == b""


def test_a_body_that_is_too_large_is_refused_before_it_is_asked_for(address: tuple[str, int]) -> None:
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: 40000000\r\n\r\n"
    assert _answer(address, head) == (413, "Body too large: at most 65536 bytes are taken")


def test_who_waits_to_send_nothing_is_answered(address: tuple[str, int]) -> None:
    head = HEAD.replace(b"dW46cHdk", b"x") + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"
    assert _answer(address, head)[0] == 401


def test_who_waits_to_send_a_body_is_asked_for_it(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(HEAD + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        stream = connection.makefile("rb")
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        connection.sendall(b"{}")
        assert b"HTTP/1.1 200 OK\r\n" in stream.read()


@pytest.mark.parametrize(
    "beginning", [b"5;" + b"a" * 65_000, b"0\r\n" + b"a: b\r\n" * 10_900], ids=["chunk", "trailer"]
)
def test_what_stands_between_chunks_has_a_bound(beginning: bytes, address: tuple[str, int]) -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    status, message = _answer(address, head + beginning, b"a" * 1_000)
    assert status == 400
    assert message.startswith("Expected at most 16384 bytes")


def test_many_connections_that_say_nothing_keep_nobody_out(address: tuple[str, int]) -> None:
    # Both of their ends are open in this process.
    idle = [socket.create_connection(address, timeout=10) for _ in range(server.most_connections() // 3)]
    try:
        for connection in idle[::2]:
            connection.sendall(b"G")
        assert _answer(address, b"NONSENSE\r\n\r\n")[0] == 400
    finally:
        for connection in idle:
            connection.close()


if sys.platform != "win32":
    import resource

    def test_there_are_no_more_connections_than_files_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4_096))
        assert server.most_connections() == 192
        monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert server.most_connections() == 1_000


def test_windows_bounds_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert server.most_connections() == 1_000
