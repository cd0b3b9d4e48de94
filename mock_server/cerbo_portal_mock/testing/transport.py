"""An httpx transport to the mock in process, with a connection's ways to fail."""

import time
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote_to_bytes

import anyio.to_thread
import httpx
from cerbo_portal_runtime.retry import STATE, RetryState
from flask import Flask

from cerbo_portal_mock.clinic.clock import Clock
from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.http.fault_injection import DELAY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class PortalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport to the mock in process, for any client of httpx.

    While the clock of the default instance is frozen, nothing waits: delays of faults, and pauses of a generated client
    between its attempts, move that clock.

    Args:
        app: the application, `MockPortal.app`.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Call the application.

        Args:
            request: the request.

        Raises:
            httpx.ConnectError: a fault refuses the connection.
            httpx.RemoteProtocolError: a fault breaks the connection.
            httpx.ReadTimeout: it took longer than the request's read timeout. A fault's longer delay is not waited for;
                the request is carried out at once, if the fault says so.
        """
        return self._call(request, self._delay(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the application from a worker thread; see `handle_request`.

        A cancelled call ends its fault's delay, because its thread would keep the process alive.
        """
        await request.aread()
        delay = self._delay(request)
        try:
            return await anyio.to_thread.run_sync(self._call, request, delay, abandon_on_cancel=True)
        finally:
            delay.end()

    def _delay(self, request: httpx.Request) -> "_Delay":
        clock: Clock = self._app.extensions["cerbo_portal"].default.clock
        state: RetryState | None = request.extensions.get(STATE)
        if state is not None and clock.frozen:
            state.pass_pause = clock.advance
        return _Delay(request, state, clock)

    def _call(self, request: httpx.Request, delay: "_Delay") -> httpx.Response:
        def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            environ[DELAY] = delay
            # httpx gives text, WSGI has bytes as Latin-1.
            environ["PATH_INFO"] = unquote_to_bytes(request.url.raw_path.partition(b"?")[0]).decode("latin-1")
            return self._app(environ, start_response)

        started = time.monotonic()
        try:
            response = httpx.WSGITransport(app=app).handle_request(request)
            # `response.read()` would decode the content.
            with closing(cast("httpx.SyncByteStream", response.stream)) as stream:
                response.stream = httpx.ByteStream(b"".join(stream))
        except ConnectionRefusedError:
            delay.check()
            raise httpx.ConnectError("the connection was refused", request=request) from None
        except ConnectionAbortedError:
            delay.check()
            raise httpx.RemoteProtocolError("the connection was closed", request=request) from None
        delay.check(time.monotonic() - started)
        return response


class _Delay:
    """Passes the delay of the fault that hits a request, as far as its caller waits."""

    def __init__(self, request: httpx.Request, state: RetryState | None, clock: Clock) -> None:
        self._request = request
        self._state = state
        self._clock = clock
        self._limit: float | None = request.extensions.get("timeout", {}).get("read")
        self._exceeded = self._ended = False
        self._fault: Fault | None = None

    def __call__(self, fault: Fault) -> None:
        self._exceeded = self._limit is not None and fault.delay >= self._limit
        self._fault = fault
        if self._clock.frozen:
            self._pass(self._limit if self._limit is not None and self._exceeded else fault.delay)
        elif not (self._exceeded or self._ended):
            fault.wait()

    def end(self) -> None:
        """End the delay, if it has begun or not."""
        self._ended = True
        if self._fault:
            self._fault.ended.set()

    def check(self, seconds: float = 0.0) -> None:
        """Raise ReadTimeout if the delay, or the call of so many seconds, took too long."""
        if self._limit is None or not (self._exceeded or seconds > self._limit):
            return
        if self._exceeded and not self._clock.frozen:
            self._spend(self._limit)
        raise httpx.ReadTimeout("the response took too long", request=self._request)

    def _pass(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._spend(seconds)

    def _spend(self, seconds: float) -> None:
        """Take time from the client's budget that has not passed in reality."""
        if self._state is not None:
            self._state.deadline -= seconds
