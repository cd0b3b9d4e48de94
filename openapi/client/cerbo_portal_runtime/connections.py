"""The transport of a client's own connections: which one carries a request, and what becomes of it.

A request that may change something has a connection of its own, so that no byte of an earlier response can be taken for
the response to it. Reads share idle connections; one is used again only if nothing has arrived on it since its last
response. Bytes that a server sends too much, and that arrive after this check, would be taken for the response to that
read: HTTP/1.1 cannot tell the two apart.
"""

import os
import ssl
import time
from base64 import b64encode
from collections import deque
from contextlib import suppress
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import httpx

from . import network
from .body import BodyLimits
from .deadline import remaining
from .http1 import Connection
from .network import Steps
from .retry import STATE, RetryState

if TYPE_CHECKING:
    import anyio
    from anyio.lowlevel import RunVar

# As httpx.
_MAX_CONNECTIONS: Final = 100
_MAX_IDLE: Final = 20
_IDLE_SECONDS: Final = 5.0
_PORTS: Final = {"http": 80, "https": 443}


class Connections(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Carries out attempts over connections to one server, for any number of threads, event loops and processes.

    Args:
        server: a URL of the server.
        context: the certificates to trust; unused if the server has no TLS.
        limits: how large bodies may be; of a larger one only the first part is read.
        proxy: a proxy that speaks plain HTTP.
    """

    def __init__(
        self, server: httpx.URL, context: ssl.SSLContext, limits: BodyLimits, proxy: httpx.Proxy | None = None
    ) -> None:
        self._server = server
        context.set_alpn_protocols(["http/1.1"])
        self._context = context
        self._limits = limits
        self._proxy = proxy
        self._pool = _Pool()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response to a request, which has the `RetryState` of its call.

        Raises:
            TransportError: the attempt failed.
        """
        state: RetryState = request.extensions[STATE]
        state.sent = False
        pool = self._current()
        if not pool.slots.acquire(timeout=max(remaining(state.deadline), 0)):
            raise httpx.PoolTimeout("")
        try:
            return network.run(self._attempt(request, state, pool))
        finally:
            pool.slots.release()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response to a request, which has the `RetryState` of its call.

        Raises:
            TransportError: the attempt failed.
        """
        state: RetryState = request.extensions[STATE]
        state.sent = False
        pool = self._current()
        async with _slots_of_loop(pool):
            return await network.run_async(self._attempt(request, state, pool))

    def close(self) -> None:
        """Close the idle connections now, and each other one once its response is complete."""
        self._current().close()

    async def aclose(self) -> None:
        """Close the idle connections now, and each other one once its response is complete; in any event loop."""
        self.close()

    def _current(self) -> "_Pool":
        pool = self._pool
        if pool.pid != os.getpid():
            # A forked process has copies of its parent's sockets, and of a semaphore that nobody will release.
            pool.close()
            pool = self._pool = _Pool()
        return pool

    def _attempt(self, request: httpx.Request, state: RetryState, pool: "_Pool") -> Steps[httpx.Response]:
        reads = request.method in {"GET", "HEAD"}
        headers = request.headers.copy()
        if not reads:
            headers["Connection"] = "close"
        target = request.url.raw_path
        if self._proxy and self._server.scheme == "http":
            target = b"http://" + request.url.netloc + target
            headers.update(_credentials(self._proxy))
        connection = pool.take() if reads else None
        if connection is None:
            connect_timeout: float = request.extensions["timeout"]["connect"]
            connection = yield from self._open(time.monotonic() + connect_timeout)
        is_reusable = False
        try:
            encoded = connection.encode(request.method, target, headers.raw, request.read())
            state.sent = True
            response = yield from connection.exchange(encoded, state.deadline, self._limits.of)
            is_reusable = reads and connection.is_reusable()
        finally:
            pool.put(connection) if is_reusable else connection.close()
        return response

    def _open(self, until: float) -> Steps[Connection]:
        nearest = self._proxy.url if self._proxy else self._server
        try:
            sock = yield from network.connect(nearest.raw_host, _port(nearest), until)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("") from error
        except OSError as error:
            raise httpx.ConnectError("") from error
        if self._server.scheme == "http":
            return Connection(sock)
        if self._proxy:
            yield from self._tunnel(Connection(sock), self._proxy, until)
        try:
            sock = yield from network.start_tls(sock, self._context, self._server.raw_host.decode(), until)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("TLS handshake") from error
        except OSError as error:
            raise httpx.ConnectError("TLS handshake") from error
        return Connection(sock)

    def _tunnel(self, connection: Connection, proxy: httpx.Proxy, until: float) -> Steps[None]:
        host = self._server.raw_host
        target = b"%b:%d" % (b"[%b]" % host if b":" in host else host, _port(self._server))
        headers = httpx.Headers({"Host": target.decode(), **_credentials(proxy)})
        is_open = False
        try:
            encoded = connection.encode("CONNECT", target, headers.raw, b"")
            response = yield from connection.exchange(encoded, until, lambda _: 0)
            if not response.is_success:
                raise httpx.ProxyError(str(response.status_code))
            is_open = connection.is_tunnel()
            if not is_open:
                raise httpx.ProxyError("more than a response")
        finally:
            if not is_open:
                connection.close()


class _Pool:
    """The idle connections of one process, and how many more it may open.

    Attributes:
        pid: the process.
        slots: one for each connection that a thread may have in use.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.slots = BoundedSemaphore(_MAX_CONNECTIONS)
        # Without a lock: a signal handler or a finalizer that closes a client would wait for its own thread.
        self._idle: deque[Connection] = deque()
        self._most = _MAX_IDLE

    def take(self) -> Connection | None:
        """A connection on which nothing has arrived since its last response; None if there is none."""
        oldest = time.monotonic() - _IDLE_SECONDS
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if connection.idle_since > oldest and connection.is_quiet():
                    return connection
                connection.close()
        return None

    def put(self, connection: Connection) -> None:
        """Keep a connection for the next read, or close it."""
        connection.idle_since = time.monotonic()
        oldest = connection.idle_since - _IDLE_SECONDS
        self._idle.append(connection)
        with suppress(IndexError):
            while len(self._idle) > self._most or self._idle[0].idle_since < oldest:
                self._idle.popleft().close()

    def close(self) -> None:
        """Close the idle connections, and each that comes back."""
        self._most = 0
        with suppress(IndexError):
            while True:
                self._idle.popleft().close()

    def __del__(self) -> None:
        self.close()


@cache
def _slots() -> "RunVar[WeakKeyDictionary[_Pool, anyio.Semaphore]]":
    from anyio.lowlevel import RunVar  # noqa: PLC0415 (slow, and synchronous clients need none)

    return RunVar("cerbo_portal_slots")


def _slots_of_loop(pool: _Pool) -> "anyio.Semaphore":
    import anyio  # noqa: PLC0415

    try:
        by_pool = _slots().get()
    except LookupError:
        by_pool = WeakKeyDictionary()
        _slots().set(by_pool)
    if pool not in by_pool:
        by_pool[pool] = anyio.Semaphore(_MAX_CONNECTIONS)
    return by_pool[pool]


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS[url.scheme]


def _credentials(proxy: httpx.Proxy) -> dict[str, str]:
    if proxy.raw_auth is None:
        return {}
    return {"Proxy-Authorization": f"Basic {b64encode(b':'.join(proxy.raw_auth)).decode()}"}
