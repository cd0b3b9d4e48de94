"""Connections, bodies and unread answers are bounded; what makes room is what was silent for longest."""

import http.client
import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from threading import Semaphore
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.http import server as server_module

from contract_tests.support.http_client import error_message

from .conftest import BASIC, HANG, HEALTH, LIST, Connect, Serve, until

MB = 1024 * 1024
# The listener and its wake-up count, too.
OTHERS = 2


@pytest.fixture
def few_connections(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many connections there can be."""
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 10 + OTHERS)
    return 10


def test_at_the_limit_the_longest_idle_connection_is_closed(
    few_connections: int, monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    monkeypatch.setattr(server_module, "JUST_CONNECTED", 0)
    server = serve()
    idle = []
    for _ in range(few_connections):
        idle.append(connect(server))
        # It has been accepted when it is answered.
        assert idle[-1].send(HEALTH).answer().status == 200
    assert connect(server).send(HEALTH).answer().status == 200
    assert idle[0].is_closed()
    assert idle[-1].send(LIST).answer().status == 200


def test_at_the_limit_half_a_request_makes_room(few_connections: int, serve: Serve, connect: Connect) -> None:
    server = serve()
    for _ in range(3 * few_connections):
        connect(server).send(b"GET / HTTP/1.1\r\n")
    assert connect(server).send(HEALTH).answer().status == 200


def test_at_the_limit_the_newest_waiting_call_gets_503(
    few_connections: int, monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    monkeypatch.setattr(server_module, "THREADS", 1)
    monkeypatch.setattr(server_module, "WAITING_THREADS", 1)
    portal = MockPortal()
    portal.faults.add("delay", delay_ms=60_000)
    server = serve(portal.app)
    calls, waiting = [], server._threads.api._tasks
    for number in range(few_connections):
        calls.append(connect(server).send(LIST))
        # One computes, or seems to, and one waits.
        until(lambda number=number: len(waiting) == max(0, number - 1))  # type: ignore[misc]
    assert connect(server).send(HEALTH).answer().status == 200
    refused = calls[-1].answer()
    assert refused.status == 503
    assert refused.headers["Retry-After"] == "1"
    assert error_message(refused.content).startswith("The mock is busy")
    portal.reset()
    assert calls[0].answer().status == 200


class _LargeAnswers:
    """Answers `/large` with so many bytes; `sent` counts the answers that were handed over to the server."""

    def __init__(self, size: int) -> None:
        self._content = bytes(size)
        self.sent = Semaphore(0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content = self._content if environ["PATH_INFO"] == "/large" else b"{}"
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return self._answer(content)

    def _answer(self, content: bytes) -> Iterator[bytes]:
        yield content
        self.sent.release()


def test_answers_that_nobody_reads_are_bounded_and_keep_no_thread(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    monkeypatch.setattr(server_module, "MAX_UNREAD", 12 * MB)
    monkeypatch.setattr(server_module, "STALLED", 0)
    app = _LargeAnswers(4 * MB)
    server = serve(app)
    silent = []
    for _ in range(server_module.THREADS + 4):
        silent.append(connect(server, 4096).send(LIST.replace(b"/api/v1/patients/1/portal/enqueued", b"/large")))
        assert app.sent.acquire(timeout=HANG)
    # With it, the server has had a look at what it holds.
    assert connect(server).send(LIST).answer().document == {}
    assert len(silent[-1].answer().content) == 4 * MB
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        silent[0].answer()


def test_a_sent_answer_is_not_kept(serve: Serve, connect: Connect) -> None:
    app = _LargeAnswers(4 * MB)
    server = serve(app)
    peer = connect(server).send(LIST.replace(b"/api/v1/patients/1/portal/enqueued", b"/large"))
    assert len(peer.answer().content) == 4 * MB
    (connection,) = list(server._server.active_channels.values())
    # A new buffer holds nothing yet.
    until(lambda: [buffer.buf for buffer in connection.outbufs] == [None])


def test_bodies_that_do_not_arrive_are_bounded(monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect) -> None:
    monkeypatch.setattr(server_module, "MAX_BODIES", MB)
    server = serve()
    head = b"POST /api/v1/patients/1/documents HTTP/1.1\r\nHost: localhost\r\n" + BASIC
    first = connect(server).send(head + b"Content-Length: 2000000\r\n\r\n" + bytes(900_000))
    until(lambda: [one.body_size for one in list(server._server.active_channels.values())] == [900_000])
    second = connect(server).send(head + b"Content-Length: 900000\r\n\r\n" + bytes(900_000))
    refused = first.answer()
    assert refused.status == 503
    assert refused.closed
    assert second.answer().status == 415


def test_large_bodies_need_no_temporary_directory(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    content = b64encode(bytes(3 * MB)).decode()
    body = f'{{"pt_id": 1, "name": "a", "mime_type": "text/plain", "base64_content": "{content}"}}'.encode()
    head = b"POST /api/v1/patients/1/documents?enqueue=true HTTP/1.1\r\nHost: localhost\r\n" + BASIC
    head += b"Content-Type: application/json\r\n"
    peer = connect(serve())
    for framed in (
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
    ):
        assert peer.send(head + framed).answer().status == 200


def test_a_body_of_too_many_values_is_not_decoded(serve: Serve, connect: Connect) -> None:
    # One call of the decoder would stop all threads for seconds.
    body = b"[" + b"1," * 8_000_000 + b"1]"
    head = b"POST /__admin/state HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = connect(serve()).send(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)).answer()
    assert answer.status == 400
    assert "at most 1000000 values" in error_message(answer.content)


def test_all_addresses_include_those_of_ipv4(serve: Serve, connect: Connect) -> None:
    try:
        server = serve(host="::")
    except OSError:
        pytest.skip("this machine has no IPv6")
    # The control API sees that the caller is on this machine.
    answer = connect(server).send(b"GET /__admin/version HTTP/1.1\r\nHost: localhost\r\n\r\n").answer()
    assert answer.status == 200


FLOODS = {
    "header of blanks": b"GET / HTTP/1.1\r\nX:" + b" " * 60_000 + b"\x01\r\n\r\n",
    "header that does not end": b"GET / HTTP/1.1\r\nX: " + b"a" * 60_000,
    "tiny chunks": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000,
    "many requests": HEALTH * 1_000,
    "empty lines": b"\r\n" * 100_000,
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + bytes(500_000),
    "unread answers": b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200,
    "nothing": b"",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_no_flood_keeps_health_waiting(flood: bytes, serve: Serve, connect: Connect) -> None:
    server = serve()
    for _ in range(20):
        peer = connect(server)
        peer.socket.setblocking(False)
        # As much as the server takes.
        peer.socket.send(flood)
    assert connect(server).send(HEALTH).answer().status == 200
