"""What may leave this machine: each transport refuses before a socket is opened, or passes a request on."""

import time
from collections.abc import Callable
from datetime import timedelta

import httpx


class RequestRefused(Exception):
    """A request that must not be sent was about to be; it was not."""


class WrappingTransport(httpx.BaseTransport):
    """Passes every request on.

    Args:
        inner: what carries the requests.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of what carries the requests."""
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class OneOrigin(WrappingTransport):
    """Sends nothing to any other server than the one that was named.

    Args:
        inner: what carries the requests.
        origin: a URL of that server.
    """

    def __init__(self, inner: httpx.BaseTransport, origin: httpx.URL) -> None:
        super().__init__(inner)
        self._origin = _origin(origin)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the server.

        Raises:
            RequestRefused: the request is for another one.
        """
        if _origin(request.url) != self._origin:
            raise RequestRefused("a request for another server was not sent")
        return super().handle_request(request)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]


class GetOnly(WrappingTransport):
    """Sends nothing but GET, and no body."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the server.

        Raises:
            RequestRefused: the request is not a GET, or has a body.
        """
        if request.method != "GET" or request.read():
            raise RequestRefused("a request other than GET was not sent")
        return super().handle_request(request)


class Paced(WrappingTransport):
    """Begins no more requests than a rate permits.

    Args:
        inner: what carries the requests.
        rate: requests per second.
        clock: the time in seconds.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(inner)
        self._pause, self._clock, self._sleep = 1 / rate, clock, sleep
        self._next = clock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the server, after a pause where the rate asks for one."""
        if (early := self._next - self._clock()) > 0:
            self._sleep(early)
        self._next = self._clock() + self._pause
        return super().handle_request(request)


class Recording(WrappingTransport):
    """Keeps the last response, or why there was none."""

    last: httpx.Response | httpx.RequestError | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the server."""
        try:
            received = super().handle_request(request)
        except httpx.RequestError as error:
            self.last = error
            raise
        received.request, received.elapsed = request, timedelta()
        content = received.read()
        received.close()
        # What is read above is decoded, and the second of the two is for the caller.
        headers = [(name, value) for name, value in received.headers.raw if name.lower() != b"content-encoding"]
        self.last, copy = (httpx.Response(received.status_code, headers=headers, content=content) for _ in range(2))
        return copy
