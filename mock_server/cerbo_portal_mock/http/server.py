"""The application behind a real WSGI server (waitress: one process, threads) that stops without dropping a call."""

import re
import socket
import sys
import time
from collections.abc import Callable
from threading import Event, RLock
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from cerbo_portal_mock.http.connection import PIECE, Connection, address
from cerbo_portal_mock.http.event_loop import poll
from cerbo_portal_mock.http.thread_pool import ThreadPool

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Threads that compute, of calls of the API and of the control API, and those that may wait: for a delay on demand, say.
THREADS = 16
CONTROL_THREADS = 2
WAITING_THREADS = 256
# A body from so many bytes on is served by a thread for large ones: to decode it stops all others for its time.
LARGE_BODY = 1024 * 1024
# The bytes that are held of bodies, and of answers that their callers do not read.
MAX_BODIES = 128 * 1024 * 1024
MAX_UNREAD = 32 * 1024 * 1024
# Seconds in which a new connection is not closed for others.
JUST_CONNECTED = 0.25
GRACE = 10.0
# Half a request is not waited for when its caller has been silent for so many seconds.
SILENCE = 1.0
# A caller takes nothing of its answer for so many seconds.
STALLED = 0.25
MAX_CONNECTIONS = 1_000
# Files besides connections: the listener, the log, the console's, mail servers.
_OTHER_FILES = 64
_POLL = 1.0
_TOGETHER = 16 * 1024
# Connections that wait in the backlog when the server is told to stop are accepted, and what they sent is read.
_LAST_LOOKS = 64
_SEND_BUFFER = 256 * 1024
_ACCEPTED_AT_ONCE = 64
_NEVER = 2**62
_CONTROL = re.compile(rb"(?:/__instance/[^/?]*)?/__admin(?:[/?]|$)")
_HEALTH = b"/__admin/health"


class _Threads:
    """Which threads serve which request: no kind of request keeps another kind waiting."""

    def __init__(self) -> None:
        self.api = ThreadPool("cerbo-api", THREADS, WAITING_THREADS)
        self.control = ThreadPool("cerbo-control", CONTROL_THREADS, WAITING_THREADS)
        self.large = ThreadPool("cerbo-large", 1, WAITING_THREADS)

    def add_task(self, connection: Connection) -> None:
        request = connection.requests[0]
        if request.error or (request.target == _HEALTH and not request.body_bytes_received):
            # It costs less than to wake a thread, and waits for none.
            connection.service()
        elif request.body_bytes_received > LARGE_BODY:
            self.large.add_task(connection)
        elif _CONTROL.match(request.target):
            self.control.add_task(connection)
        else:
            self.api.add_task(connection)

    @property
    def has_queue(self) -> bool:
        """Whether there is a request that no thread has begun."""
        return any(pool.has_queue for pool in (self.api, self.large, self.control))

    def withdraw_last(self) -> Connection | None:
        """A connection whose request no thread has begun; None if there is none."""
        withdrawn: Connection | None = (
            self.api.withdraw_last() or self.large.withdraw_last() or self.control.withdraw_last()
        )
        return withdrawn

    def shutdown(self, timeout: float) -> None:
        for pool in (self.api, self.control, self.large):
            pool.shutdown(timeout)


class _Listener(TcpWSGIServer):  # type: ignore[misc]
    """Accepts connections; at the limit, one that is idle makes room for each."""

    channel_class = Connection

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._most = most_connections()

    def fix_addr(self, addr: Any) -> Any:
        return (address(addr[0]), *addr[1:])

    def readable(self) -> bool:
        return bool(super().readable()) and (not self._is_full() or self._idlest() or self.task_dispatcher.has_queue)

    def handle_accept(self) -> None:
        # Somebody waits; whether more do is not known before it is tried.
        if self._is_full():
            self._make_room()
        for _ in range(_ACCEPTED_AT_ONCE):
            before = len(self._map)
            if not self._is_full():
                super().handle_accept()
            if len(self._map) == before:
                break

    def _is_full(self) -> bool:
        return len(self._map) >= self._most

    def _idlest(self) -> Connection | None:
        idle = [connection for connection in self.active_channels.values() if not connection.requests]
        return min(idle, key=lambda connection: connection.idle_since, default=None)

    def _make_room(self) -> None:
        idlest = self._idlest()
        # Who has only just connected is about to send a request.
        quiet = idlest and time.time() - idlest.idle_since > JUST_CONNECTED
        if not quiet and (withdrawn := self.task_dispatcher.withdraw_last()):
            withdrawn.refuse()
        elif idlest:
            # Its last answer may be about to leave.
            idlest.end()

    def bound_memory(self) -> None:
        """End the connections that make the server hold too much, those that have been silent for longest first."""
        connections = list(self.active_channels.values())
        bodies = unread = 0
        for connection in connections:
            bodies += connection.body_size
            unread += connection.total_outbufs_len
            if connection.is_drained:
                connection.handle_close()
        if bodies > MAX_BODIES or unread > MAX_UNREAD:
            self._end_silent(connections, bodies - MAX_BODIES, unread - MAX_UNREAD)

    def _end_silent(self, connections: list[Connection], bodies: int, unread: int) -> None:
        now = time.time()
        for connection in sorted(connections, key=lambda connection: connection.last_activity):
            if bodies > 0 and connection.request and connection.body_size:
                bodies -= connection.body_size
                connection.refuse()
            elif unread > 0 and connection.total_outbufs_len and now - connection.last_activity > STALLED:
                unread -= connection.total_outbufs_len
                connection.handle_close()


class Server:
    """An HTTP server that is bound, and answers once `run` is called.

    Args:
        app: the WSGI application.
        host: the address to listen on; `::` is all addresses, those of IPv4 included.
        port: the TCP port; 0 picks a free one, see `port`.
        end_waits: ends what calls wait for, such as a delay on demand; called when the server stops.

    Raises:
        OSError: the address cannot be listened on.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        host: str = "127.0.0.1",
        port: int = 0,
        end_waits: Callable[[], None] = lambda: None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        both = host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server((host, port), family=family, dualstack_ipv6=both)
        self.host = host
        self.port: int = listener.getsockname()[1]
        self._end_waits = end_waits
        self._sockets: dict[int, Any] = {}
        self._stopping = Event()
        self._closing = RLock()
        self._closed = False
        self._threads = _Threads()
        settings = Adjustments(
            sockets=[listener],
            # These are the listener's own business.
            connection_limit=_NEVER,
            # There may be no directory for temporary files.
            outbuf_overflow=_NEVER,
            outbuf_high_watermark=PIECE,
            # The application decides whom it believes.
            clear_untrusted_proxy_headers=False,
            ident=None,
            # An OSError of the application is how it breaks a connection on demand.
            log_socket_errors=False,
        )
        # Head and body of an answer leave together: one by one they cost a tenth of a call.
        settings.send_bytes = _TOGETHER
        # The kernel would take megabytes for a caller that reads nothing.
        settings.socket_options = [*settings.socket_options, (socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)]
        self._server = _Listener(
            app,
            self._sockets,
            _sock=listener,
            dispatcher=self._threads,
            adj=settings,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

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
            self._end_waits()
            self._poll(0.01)
            self._close_idle()
        self._threads.shutdown(timeout=1)
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
        poll(self._sockets, timeout)
        self._server.bound_memory()

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
