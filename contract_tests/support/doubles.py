"""Stand-ins: an HTTP peer on a real socket that does what it should not, and a clock."""

import socket
import socketserver
import ssl
import struct
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

Step = Callable[["Peer", socketserver.StreamRequestHandler], None]


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
        peer = self
        lock = Lock()
        handlers = 0

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def setup(self) -> None:
                if tls:
                    self.request = tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def finish(self) -> None:
                super().finish()
                self.request.close()

            def handle(self) -> None:
                while head := _head(self):
                    peer.requests.append(head)
                    self.path = head.split(b" ")[1]
                    step = peer.script.pop(0) if len(peer.script) > 1 else peer.script[0]
                    step(peer, self)
                    if step.__name__ != "step_keep_alive":
                        return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def process_request_thread(self, request: Any, client_address: Any) -> None:
                nonlocal handlers
                with lock:
                    handlers += 1
                    peer.connections += 1
                    peer.is_deserted.clear()
                super().process_request_thread(request, client_address)
                with lock:
                    handlers -= 1
                    if not handlers:
                        peer.is_deserted.set()

            def handle_error(self, *_: object) -> None:
                """A client that went away is what many of these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}/api/v1"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def _head(handler: socketserver.StreamRequestHandler) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = handler.rfile.readline()
        if not line:
            return b""
        head += line
    return head


def sends(content: bytes) -> Step:
    """Sends these bytes, whatever they are, and closes the connection."""

    def step(_: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(content)

    return step


def resets(_: Peer, handler: socketserver.StreamRequestHandler) -> None:
    """Resets the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def answers(status: str, body: bytes, *headers: str, content_type: str = "application/json") -> Step:
    """Answers properly and keeps the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]

    def step_keep_alive(_: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    return step_keep_alive


def answers_with_surplus(
    body: bytes, surplus: bytes, *, first: Event | None = None, after: Event | None = None
) -> Step:
    """Answers properly and sends more than it announced, in the same write or between two events."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

    def step_keep_alive(_: Peer, handler: socketserver.StreamRequestHandler) -> None:
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

    def step(peer: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(content)
        peer.released.wait(30)

    return step


def drips(content: bytes, seconds: float, more: bytes = b" ") -> Step:
    """Sends these bytes, then some more each few seconds until the client goes away."""

    def step(peer: Peer, handler: socketserver.StreamRequestHandler) -> None:
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
