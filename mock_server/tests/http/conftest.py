"""Raw bytes over a socket to a server, and its answers."""

import http.client
import io
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.http.server import Server

from ..conftest import serving

# Far more than anything here takes, and less than the delays that are ordered: a hang fails.
HANG = 10.0
BASIC = b"Authorization: Basic dW46cHdk\r\n"
LIST = b"GET /api/v1/patients/1/portal/enqueued HTTP/1.1\r\nHost: localhost\r\n" + BASIC + b"\r\n"
HEALTH = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """One answer of the server."""

    status: int
    headers: dict[str, str]
    content: bytes
    #: Whether the server closed the connection.
    closed: bool

    @property
    def document(self) -> Any:
        """The content as JSON."""
        return json.loads(self.content)


class _Reader(io.BufferedReader):
    """Stays open when one answer has been read: the next one may be in its buffer."""

    def close(self) -> None:
        pass


class Peer:
    """One connection to the server.

    Args:
        address: the server's.
        receive_buffer: how many bytes the kernel takes before they are read; by default as many as it likes.
    """

    def __init__(self, address: tuple[str, int], receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(HANG)
        self.socket.connect(address)
        self._reader = _Reader(socket.SocketIO(self.socket, "r"))

    def makefile(self, _: str) -> _Reader:
        """What the standard library reads answers from."""
        return self._reader

    def send(self, content: bytes) -> "Peer":
        """Send bytes."""
        self.socket.sendall(content)
        return self

    def answer(self) -> Answer:
        """The next answer."""
        response = http.client.HTTPResponse(cast("socket.socket", self))
        response.begin()
        content = response.read()
        closed = response.will_close and self.is_closed()
        return Answer(response.status, dict(response.getheaders()), content, closed)

    def is_closed(self) -> bool:
        """Whether the server ends the connection without another byte."""
        try:
            return self._reader.read(1) == b""
        except ConnectionResetError:
            return True


Connect = Callable[..., Peer]
Serve = Callable[..., Server]


def until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds."""
    deadline = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < deadline


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connects to a server; the connections end with the test."""
    with ExitStack() as peers:

        def connect(server: Server, receive_buffer: int | None = None) -> Peer:
            peer = Peer(("127.0.0.1", server.port), receive_buffer)
            peers.callback(peer.socket.close)
            return peer

        yield connect


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs servers of applications, by default of a new mock; they stop with the test."""
    with ExitStack() as running:
        yield lambda app=None, **options: running.enter_context(serving(app or MockPortal().app, **options))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The server of a mock that the tests of a module do not change."""
    with serving(MockPortal().app) as server:
        yield server
