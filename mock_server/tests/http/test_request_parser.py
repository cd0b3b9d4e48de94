"""RFC 9112 over a socket: what is no HTTP request ends the connection with an error, in linear time."""

from collections.abc import Callable

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.http import request_parser
from cerbo_portal_mock.http.chunked_body import ChunkedBody
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import installed
from waitress.buffers import BytesIOBasedBuffer

from .conftest import BASIC, HEALTH, LIST, Connect

HOST = b"Host: localhost\r\n"
GET = b"GET /__admin/health HTTP/1.1\r\n"
POST = b"POST /api/v1/patients/221/portal/invite HTTP/1.1\r\n" + HOST + BASIC

REFUSED = {
    "Content-Length and Transfer-Encoding": (
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "two equal Content-Length": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    "two different Content-Length": (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "Content-Length as a list": (POST + b"Content-Length: 2, 2\r\n\r\n{}", 400),
    "signed Content-Length": (POST + b"Content-Length: +2\r\n\r\n{}", 400),
    "negative Content-Length": (POST + b"Content-Length: -2\r\n\r\n{}", 400),
    "empty Content-Length": (POST + b"Content-Length:\r\n\r\n{}", 400),
    "Content-Length of 5,000 digits": (POST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400),
    "two Transfer-Encoding": (POST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", 400),
    "Transfer-Encoding gzip": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "Transfer-Encoding in HTTP/1.0": (
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "no Host": (GET + b"\r\n", 400),
    "two Host": (GET + HOST + HOST + b"\r\n", 400),
    "two Host in HTTP/1.0": (b"GET / HTTP/1.0\r\n" + HOST + HOST + b"\r\n", 400),
    "Host that is a list": (GET + b"Host: a, b\r\n\r\n", 400),
    "Host with a path": (GET + b"Host: a/b\r\n\r\n", 400),
    "Host with a user": (GET + b"Host: a@b\r\n\r\n", 400),
    "Host that is no IPv6 address": (GET + b"Host: [abc]\r\n\r\n", 400),
    "continuation line": (GET + HOST + b"X: a\r\n b\r\n\r\n", 400),
    "continuation line at first": (GET + b" X: a\r\n" + HOST + b"\r\n", 400),
    "blank before the colon": (GET + HOST + b"X : a\r\n\r\n", 400),
    "no colon": (GET + HOST + b"X\r\n\r\n", 400),
    "no name": (GET + HOST + b": a\r\n\r\n", 400),
    "name that is no token": (GET + HOST + b"X(: a\r\n\r\n", 400),
    "bare CR in a value": (GET + HOST + b"X: a\rY: b\r\n\r\n", 400),
    "bare LF in a value": (GET + HOST + b"X: a\nY: b\r\n\r\n", 400),
    "bare LF at the end": (GET + HOST + b"X: a\n\n", 400),
    "only LF": (b"GET / HTTP/1.1\nHost: localhost\n\n", 400),
    "NUL in a value": (GET + HOST + b"X: a\0\r\n\r\n", 400),
    "bare CR in the request line": (b"GET /\rX HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "tab in the request line": (b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "two blanks in the request line": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "no version": (b"GET /\r\n" + HOST + b"\r\n", 400),
    "lower-case method": (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "lower-case version": (b"GET / http/1.1\r\n" + HOST + b"\r\n", 400),
    "HTTP/2.0": (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    "target without a slash": (b"GET x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target of another scheme": (b"GET ftp://localhost/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "absolute target without a host": (b"GET http:///x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "absolute target with a user": (b"GET http://a@localhost/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "absolute target with a bad address": (b"GET http://[abc]/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target of CONNECT": (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "101 header fields": (GET + HOST + b"X: a\r\n" * 100 + b"\r\n", 431),
    "header of 64 KB": (GET + HOST + b"X: " + b"a" * 65_536 + b"\r\n\r\n", 431),
    "header that does not end": (GET + HOST + b"X: " + b"a" * 70_000, 431),
    "chunk size with a prefix": (POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400),
    "chunk size with a sign": (POST + b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n", 400),
    "chunk size with a blank": (POST + b"Transfer-Encoding: chunked\r\n\r\n 2\r\n{}\r\n0\r\n\r\n", 400),
    "chunk size of 20 digits": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 19 + b"2\r\n{}\r\n0\r\n\r\n",
        400,
    ),
    "no chunk size": (POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
    "bare LF after a chunk size": (POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", 400),
    "chunk that is too long": (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n", 400),
    "control in a chunk extension": (POST + b"Transfer-Encoding: chunked\r\n\r\n2;a\0\r\n{}\r\n0\r\n\r\n", 400),
    "trailer that is no field": (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX\r\n\r\n", 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
def test_a_malformed_request_ends_the_connection(
    request_: bytes, status: int, server: Server, connect: Connect
) -> None:
    # The second request must not be read as one: where the first one ends is not certain.
    answer = connect(server).send(request_ + HEALTH).answer()
    assert answer.status == status
    assert answer.closed
    assert answer.headers["Content-Type"] == "application/json"


ACCEPTED = {
    "100 header fields": GET + HOST + b"X: a\r\n" * 99 + b"\r\n",
    "header of nearly 64 KB": GET + HOST + b"X: " + b"a" * 65_000 + b"\r\n\r\n",
    "empty lines before": b"\r\n\r\n\r\n" + GET + HOST + b"\r\n",
    "empty value": GET + HOST + b"X:\r\n\r\n",
    "blanks around a value": GET + b"Host:\t localhost \t\r\n\r\n",
    "bytes beyond ASCII": GET + HOST + b"X: \xff\xfe\r\n\r\n",
    "Host with a port": GET + b"Host: localhost:80\r\n\r\n",
    "Host of IPv6": GET + b"Host: [::1]:80\r\n\r\n",
    "empty Host": GET + b"Host:\r\n\r\n",
    "absolute target": b"GET http://localhost/__admin/health HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
    "absolute target in capitals": b"GET HTTP://localhost/__admin/health HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
    "HTTP/1.2": GET.replace(b"1.1", b"1.2") + HOST + b"\r\n",
    "HTTP/1.0 without Host": b"GET /__admin/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "name with an underscore": GET + HOST + b"X_Cerbo_Instance: ?\r\n\r\n",
    "several options of Connection": GET + HOST + b"Connection: keep-alive, TE\r\n\r\n",
}


@pytest.mark.parametrize("request_", ACCEPTED.values(), ids=ACCEPTED)
def test_a_valid_request_keeps_the_connection(request_: bytes, server: Server, connect: Connect) -> None:
    peer = connect(server).send(request_)
    assert peer.answer().document == {"status": "healthy"}
    assert peer.send(LIST).answer().status == 200


SLOW = {
    "blanks and a control": b"X:" + b" " * 64_000 + b"\x01",
    "blanks": b"X: a" + b" " * 64_000 + b"b",
    "short runs of blanks": b"X: " + (b"a" + b" " * 500) * 120 + b"\x01",
    "blanks in many fields": b"\r\n".join([b"X: a" + b" " * 600] * 98),
    "tabs before the end": b"X: a" + b"\t" * 64_000,
    "many fields": b"\r\n".join([b"a:b"] * 12_000),
    "quoted pairs": b'Content-Type: a;b="' + b"\\" * 64_000,
    "blanks in the request line": b"X:a\r\n" + b" " * 64_000,
}


@pytest.mark.parametrize("fields", SLOW.values(), ids=SLOW)
def test_a_header_takes_linear_time(fields: bytes, server: Server, connect: Connect) -> None:
    # Quadratic time is more than the limit of the connection.
    peer = connect(server).send(GET + HOST + fields + b"\r\n\r\n")
    assert connect(server).send(HEALTH).answer().status == 200
    assert peer.answer().status in {200, 400, 431}


def test_a_header_that_arrives_byte_by_byte_is_read(server: Server, connect: Connect) -> None:
    peer = connect(server)
    for byte in LIST:
        peer.send(bytes([byte]))
    assert peer.answer().status == 200


def test_pipelined_requests_are_answered_in_order(server: Server, connect: Connect) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    peer = connect(server).send((HEALTH + LIST + chunked) * 20)
    for _ in range(20):
        assert peer.answer().document == {"status": "healthy"}
        assert "data" in peer.answer().document
        assert peer.answer().document["result"] is True


def test_a_refused_request_of_many_bytes_is_answered(server: Server, connect: Connect) -> None:
    # Closed at once, the connection would be reset before the caller has read the answer.
    peer = connect(server)
    for _ in range(20):
        peer.send(b"\xff" * 100_000)
    assert peer.answer().status == 431


LINKS = {
    b"POST http://clinic.example HTTP/1.1\r\nHost: elsewhere\r\n": "http://clinic.example",
    b"POST  HTTP/1.1\r\nHost: clinic.example\r\n": "http://clinic.example",
    b"POST  HTTP/1.0\r\n": "http://127.0.0.1:PORT",
}


@pytest.mark.parametrize(("head", "base_url"), LINKS.items())
def test_a_link_leads_to_the_host_that_was_called(
    head: bytes, base_url: str, serve: Callable[..., Server], connect: Connect
) -> None:
    portal = MockPortal()
    server = serve(portal.app)
    head = head.replace(b" HTTP", b"/api/v1/patients/221/portal/invite HTTP")
    assert connect(server).send(head + BASIC + b"\r\n").answer().status == 200
    assert portal.outbox.last.link.startswith(base_url.replace("PORT", str(server.port)) + "/")


def test_tiny_chunks_are_decoded_a_little_at_a_time() -> None:
    body = ChunkedBody(BytesIOBasedBuffer())
    data = bytearray(b"1\r\nx\r\n" * 5_000 + b"0\r\n\r\n")
    turns = 0
    while not body.completed:
        consumed = body.received(data)
        assert 0 < consumed <= 6 * 256
        del data[:consumed]
        turns += 1
    assert len(body) == 5_000
    assert turns > 10


def test_a_chunked_body_may_be_split_anywhere() -> None:
    encoded = b"3;a=b\r\nabc\r\nA \r\n0123456789\r\n0\r\nX: y\r\n\r\nrest"
    for at in range(len(encoded)):
        body, data = ChunkedBody(BytesIOBasedBuffer()), bytearray()
        for part in (encoded[:at], encoded[at:]):
            data += part
            while consumed := body.received(data):
                del data[:consumed]
                if body.completed:
                    break
        assert body.error is None
        assert body.completed
        assert body.getfile().read() == b"abc0123456789"
        assert data == b"rest"


def test_the_largest_body_is_larger_than_any_operation_takes() -> None:
    contract = installed()
    assert max(map(contract.largest_body, contract.operations.values())) < request_parser.MAX_BODY
