"""One connection of the server: what arrives becomes requests, one after the other, and answers leave."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from cerbo_portal_mock.http.error_body import error_body
from cerbo_portal_mock.http.grease_text import HEAD
from cerbo_portal_mock.http.request_parser import RequestParser

# Seconds in which a caller may finish sending what was refused: without them it would not see the answer.
LINGER = 2.0
# Head and body, and what arrived with them: more waits for its turn among the connections.
_STEPS = 4
# Of an answer that its caller does not take, so many bytes are freed at once when they leave.
PIECE = 256 * 1024


class ServiceUnavailable(Error):  # type: ignore[misc]
    """The server's own 503."""

    code = 503
    reason = "Service Unavailable"


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """The server's own refusals, such as an HTTP request that it cannot parse, in the contract's shape."""

    def execute(self) -> None:
        error = self.request.error
        content = error_body(error.code, error.body)
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        if isinstance(error, ServiceUnavailable):
            self.response_headers.append(("Retry-After", "1"))
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)


class _Task(WSGITask):  # type: ignore[misc]
    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if "HTTP_HOST" not in environ:
            # The links of an answer then lead to the address that was called.
            environ["SERVER_NAME"] = self.channel.local_host
        return environ

    def build_response_header(self) -> bytes:
        head: bytes = super().build_response_header()
        vary: Callable[[bytes], bytes] | None = self.environ and self.environ.get(HEAD)
        return vary(head) if vary else head


def address(host: str) -> str:
    """An IP address, that of IPv4 in its usual form: a listener of both families has it as one of IPv6."""
    return host.removeprefix("::ffff:") if "." in host else host


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection whose next request is read when the last one is answered and its answer has left.

    A thread never waits for a caller: what is not read yet stays in memory, which the server bounds.
    """

    task_class = _Task
    error_task_class = _JsonErrorTask
    parser_class = RequestParser
    requests: list[RequestParser]
    request: RequestParser | None
    outbufs: list[Any]

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Adjustments, map: Any = None) -> None:  # noqa: A002
        #: The address that was called.
        self.local_host = address(sock.getsockname()[0])
        self._unread = bytearray()
        # Whether the unread bytes can be gone on with; otherwise it takes more of them.
        self._more = False
        self._refused = False
        #: Whether a request has arrived.
        self.served = False
        self._draining_since: float | None = None
        super().__init__(server, sock, addr, adj, map)

    @property
    def body_size(self) -> int:
        """The bytes of request bodies that are held."""
        # There are never two: the next one is read when this one is answered.
        request = next(iter(self.requests), self.request)
        return request.body_bytes_received if request and request.body_rcv else 0

    @property
    def idle_since(self) -> float:
        """When something arrived or left last; long ago if all that matters has left."""
        return self.last_activity if self._draining_since is None else 0.0

    @property
    def is_drained(self) -> bool:
        """Whether there was time enough to read on after a refusal."""
        return self._draining_since is not None and time.time() - self._draining_since > LINGER

    def refuse(self) -> None:
        """Answer the request under way with a 503, whether it has arrived or not."""
        complete = bool(self.requests)
        request = self.requests[0] if complete else self.request or self.parser_class(self.adj)
        request.close()
        request.body_rcv = None
        request.error = ServiceUnavailable("The mock is busy: too many calls wait, or too many bytes of bodies")
        self.requests, self.request = [request], None
        self._refused = not complete
        self.service()
        # At once, to make room.
        self.handle_write()

    def readable(self) -> bool:
        """Whether to read: not while earlier bytes are still to be gone through."""
        return self._draining_since is not None or (not self._more and super().readable())

    def writable(self) -> bool:
        """Whether there is something to do once the caller takes bytes, be it to go on with what it sent."""
        if self._draining_since is not None:
            return False
        return bool(super().writable() or (self._more and not self.requests))

    def handle_write(self) -> None:
        """Send what is left of an answer; then end, or go on with what has arrived before."""
        if self.close_when_flushed and self._refused:
            self._flush_exception(self._flush_some)
            if self.will_close:
                self.handle_close()
            elif self.connected and not self.total_outbufs_len:
                self._drain()
            return
        super().handle_write()
        if self._more and self.connected and not (self.requests or self.total_outbufs_len):
            self._go_on()

    def end(self) -> None:
        """Send what the caller takes at once, then close."""
        self._flush_exception(self._flush_some)
        self.handle_close()

    def handle_close(self) -> None:
        """End the connection and free what it holds."""
        super().handle_close()
        self._unread.clear()
        self._more = False
        if self.request:
            self.request.close()
            self.request = None

    def received(self, data: bytes) -> bool:
        """Take what has arrived; discard what follows a refused request."""
        if self._draining_since is None:
            self._unread += data
            self._go_on()
        return True

    def write_soon(self, data: Any) -> int:
        """Send what the caller takes, and keep the rest in pieces."""
        if not isinstance(data, bytes) or len(data) <= PIECE:
            return int(super().write_soon(data))
        return sum(super(Connection, self).write_soon(data[at : at + PIECE]) for at in range(0, len(data), PIECE))

    def _flush_some(self, do_close: bool = True) -> bool:
        sent: bool = super()._flush_some(do_close)
        if not self.total_outbufs_len and self.outbufs[0].buf is not None:
            # Otherwise it keeps what was sent.
            self.outbufs[0].close()
            self.outbufs = [OverflowableBuffer(self.adj.outbuf_overflow)]
            self.current_outbuf_count = 0
        return sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Would have the thread wait for the caller."""

    def _go_on(self) -> None:
        """Read the request that is under way, at most to its end."""
        if self.will_close or self.close_when_flushed:
            return
        request = self.request = self.request or self.parser_class(self.adj)
        for _ in range(_STEPS):
            consumed = request.received(self._unread)
            del self._unread[:consumed]
            self._more = bool(consumed and self._unread)
            if request.completed or not self._more:
                break
        if request.completed:
            self._serve(request)
        elif request.expect_continue and not self.sent_continue:
            self.send_continue()

    def _serve(self, request: RequestParser) -> None:
        self._refused = bool(request.error or request.oversized)
        self.sent_continue = False
        self.request = None
        self.served = True
        # A thread may be about to look whether there is another request.
        with self.requests_lock:
            self.requests.append(request)
        self.server.add_task(self)

    def _drain(self) -> None:
        # The reset of a connection that is closed with bytes unread could overtake the answer.
        self._draining_since = time.time()
        self.close_when_flushed = False
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
