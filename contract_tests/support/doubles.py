"""Stand-ins: an HTTP peer on a real socket that does what it should not, and a clock."""

import socketserver
from collections.abc import Callable
from threading import Event, Thread

Step = Callable[["Peer", socketserver.StreamRequestHandler], None]


class Peer:
    """An HTTP peer that does one step of a script for each request; the last step stays in force."""

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.requests: list[bytes] = []
        self.released = Event()
        peer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while head := _head(self):
                    peer.requests.append(head)
                    step = peer.script.pop(0) if len(peer.script) > 1 else peer.script[0]
                    step(peer, self)
                    if step.__name__ != "step_keep_alive":
                        return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                """A client that went away is what many of these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/v1"

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


def answers(status: str, body: bytes, *headers: str, content_type: str = "application/json") -> Step:
    """Answers properly and keeps the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]

    def step_keep_alive(_: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    return step_keep_alive


def stalls(content: bytes = b"") -> Step:
    """Sends these bytes and then nothing, with the connection open."""

    def step(peer: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(content)
        peer.released.wait(30)

    return step


def drips(content: bytes, seconds: float) -> Step:
    """Sends these bytes, then one more each few seconds until the client goes away."""

    def step(peer: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(content)
        for _ in range(1000):
            if peer.released.wait(seconds):
                return
            handler.wfile.write(b" ")

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
