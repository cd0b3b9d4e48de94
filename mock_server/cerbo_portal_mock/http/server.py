"""The application behind a real WSGI server (waitress: one process, threads) that stops without dropping a call."""

import socket
import sys
import time
from threading import Event, RLock
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from cerbo_portal_mock.http.error_body import error_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16
# Larger than the largest body that any operation takes; of one that is larger still, only the size is looked at.
MAX_BODY = 32 * 1024 * 1024
GRACE = 10.0
# Half a request is not waited for when its caller has been silent for so many seconds.
SILENCE = 1.0
# So many bytes may stand between two chunks of a body, and after the last.
MAX_BETWEEN_CHUNKS = 64 * 1024
MAX_CONNECTIONS = 1_000
# Files besides connections: the listener, the log, large bodies, mail servers.
_OTHER_FILES = 64
_POLL = 1.0
_TOGETHER = 16 * 1024
# Connections that wait in the backlog when the server is told to stop are accepted, and what they sent is read.
_LAST_LOOKS = 64


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """The server's own refusals, such as an HTTP request that it cannot parse, in the contract's shape."""

    def execute(self) -> None:
        error = self.request.error
        content = error_body(error.reason)
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses what the parser itself stumbles over, such as `GET http://[abc]/`; it would close without a word.

    A body that is too large is the application's to refuse, once it knows who asks; it is told the size alone.
    """

    body_rcv: Any
    error: Any

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.body_rcv, ChunkedReceiver):
            # What is not complete is looked through from its beginning with each packet.
            between = max(len(self.body_rcv.control_line), len(self.body_rcv.trailer))
            if between > MAX_BETWEEN_CHUNKS:
                self.error = BadRequest("too much between chunks")
                self.completed = True
        if isinstance(self.error, RequestEntityTooLarge):
            self.close()
            self.error = self.body_rcv = None
            self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
            self.headers["CONNECTION"] = "close"
        if self.completed:
            # There is nothing to wait for, and so nothing to ask the caller for.
            self.expect_continue = False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError:
            raise ParsingError("expected an HTTP request with a valid URL and numbers") from None


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _JsonErrorTask
    parser_class = _Parser


class Server:
    """An HTTP server that is bound, and answers once `run` is called.

    Args:
        app: the WSGI application.
        host: the address to listen on.
        port: the TCP port; 0 picks a free one, see `port`.

    Raises:
        OSError: the address cannot be listened on.
    """

    def __init__(self, app: "WSGIApplication", host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        self.host = host
        self.port: int = listener.getsockname()[1]
        self._sockets: dict[int, Any] = {}
        self._stopping = Event()
        self._closing = RLock()
        self._closed = False
        self._server = create_server(
            app,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            max_request_body_size=MAX_BODY,
            connection_limit=most_connections(),
            ident=None,
            # An OSError of the application is how it breaks a connection on demand.
            log_socket_errors=False,
        )
        self._server.channel_class = _Channel
        # Head and body of an answer leave together: one by one they cost a tenth of a call.
        self._server.adj.send_bytes = _TOGETHER

    @property
    def url(self) -> str:
        """The address as a URL, without a slash at its end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def run(self) -> None:
        """Answer until `stop` is called, then finish the calls in flight, for at most `GRACE` seconds."""
        while not self._stopping.is_set():
            self._poll(_POLL)
        for _ in range(_LAST_LOOKS):
            self._poll(0)
        wasyncore.dispatcher.close(self._server)
        deadline = time.monotonic() + GRACE
        while self._server.active_channels and time.monotonic() < deadline:
            self._poll(0.01)
            self._close_idle()
        self._server.task_dispatcher.shutdown(timeout=1)
        with self._closing:
            self._closed = True
            wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Have `run` return; may be called from a signal handler, from any thread, and when it has returned."""
        self._stopping.set()
        with self._closing:
            # The wake-up would go to a descriptor that is closed, or is another's by now.
            if not self._closed:
                self._server.pull_trigger()

    def _poll(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._sockets, count=1)

    def _close_idle(self) -> None:
        """End the connections between two requests, and in one that never comes: they would keep the server, too."""
        for channel in list(self._server.active_channels.values()):
            silent = channel.request is None or time.time() - channel.last_activity > SILENCE
            if silent and not (channel.requests or channel.total_outbufs_len):
                channel.handle_close()


def most_connections() -> int:
    """How many connections are open at most: no more than this process may have files, or nobody could be accepted."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource  # noqa: PLC0415 (there is none on Windows)

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MAX_CONNECTIONS if files == resource.RLIM_INFINITY else max(1, min(MAX_CONNECTIONS, files - _OTHER_FILES))
