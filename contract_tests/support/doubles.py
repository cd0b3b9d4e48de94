"""Stand-ins: an HTTP peer on a real socket that does what it should not, and a clock."""

import socket
import ssl
import struct
from collections.abc import Callable
from socketserver import StreamRequestHandler
from threading import Event, Lock

from contract_tests.support.servers import read_head, serving

Step = Callable[["Peer", StreamRequestHandler], None]


class Peer:
    """An HTTP peer that does one step of a script for each request; the last step stays in force.

    Attributes:
        requests: the heads of the requests that arrived.
        connections: how many were accepted.
        is_deserted: set while no connection is open.
        released: ends all steps that wait.

    Args:
        script: the steps.
        tls: the peer's certificate; None for plain HTTP.
    """

    def __init__(self, *script: Step, tls: ssl.SSLContext | None = None) -> None:
        self.script = list(script)
        self.requests: list[bytes] = []
        self.connections = 0
        self.is_deserted = Event()
        self.released = Event()
        self._tls, self._lock, self._handlers = tls, Lock(), 0
        self._serving = serving(self._handle)
        self.url = f"{'https' if tls else 'http'}://{self._serving.__enter__()}/api/v1"

    def close(self) -> None:
        self.released.set()
        self._serving.__exit__(None, None, None)

    def _handle(self, handler: StreamRequestHandler) -> None:
        with self._lock:
            self._handlers += 1
            self.connections += 1
            self.is_deserted.clear()
        try:
            if self._tls:
                handler.request = self._tls.wrap_socket(handler.request, server_side=True)
                handler.setup()
            self._follow_script(handler)
        finally:
            handler.request.close()
            with self._lock:
                self._handlers -= 1
                if not self._handlers:
                    self.is_deserted.set()

    def _follow_script(self, handler: StreamRequestHandler) -> None:
        while head := read_head(handler):
            self.requests.append(head)
            handler.path = head.split(b" ")[1]  # type: ignore[attr-defined]
            step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            step(self, handler)
            if step.__name__ != "step_keep_alive":
                return


def sends(content: bytes) -> Step:
    """Sends these bytes, whatever they are, and closes the connection."""

    def step(_: Peer, handler: StreamRequestHandler) -> None:
        handler.wfile.write(content)

    return step


def resets(_: Peer, handler: StreamRequestHandler) -> None:
    """Resets the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def answers(status: str, body: bytes, *headers: str, content_type: str = "application/json") -> Step:
    """Answers properly and keeps the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]

    def step_keep_alive(_: Peer, handler: StreamRequestHandler) -> None:
        handler.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    return step_keep_alive


def answers_with_surplus(
    body: bytes, surplus: bytes, *, first: Event | None = None, after: Event | None = None
) -> Step:
    """Answers properly and sends more than it announced, in the same write or between two events."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

    def step_keep_alive(_: Peer, handler: StreamRequestHandler) -> None:
        response, more = head % len(body) + body, head % len(surplus) + surplus
        if not (first and after):
            handler.wfile.write(response + more)
            return
        handler.wfile.write(response)
        first.wait(30)
        handler.wfile.write(more)
        after.set()

    return step_keep_alive


def stalls(content: bytes = b"") -> Step:
    """Sends these bytes and then nothing, with the connection open."""

    def step(peer: Peer, handler: StreamRequestHandler) -> None:
        handler.wfile.write(content)
        peer.released.wait(30)

    return step


def drips(content: bytes, seconds: float, more: bytes = b" ") -> Step:
    """Sends these bytes, then some more each few seconds until the client goes away."""

    def step(peer: Peer, handler: StreamRequestHandler) -> None:
        handler.wfile.write(content)
        for _ in range(1000):
            if peer.released.wait(seconds):
                return
            handler.wfile.write(more)

    return step


class FakeTime:
    """A clock that stands still, but for the sleeps that it is asked for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds
