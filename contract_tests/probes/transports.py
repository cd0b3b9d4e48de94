"""What may leave this machine: each transport refuses before a socket is opened, or passes a request on."""

import time
from collections.abc import Callable
from datetime import timedelta

import httpx


class RequestRefused(Exception):
    """A request that must not be sent was about to be; it was not."""


Check = Callable[[httpx.Request], object]


class CheckedTransport(httpx.BaseTransport):
    """Passes on the requests that each check lets pass.

    Args:
        inner: what carries the requests.
        checks: raise `RequestRefused`, or return when the request may be sent.
    """

    def __init__(self, inner: httpx.BaseTransport, *checks: Check) -> None:
        self._inner, self._checks = inner, checks

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of what carries the requests.

        Raises:
            RequestRefused: a check refused the request.
        """
        for check in self._checks:
            check(request)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def one_origin(url: httpx.URL) -> Check:
    """Lets no request pass to any other server than that of the URL."""

    def check(request: httpx.Request) -> None:
        if _origin(request.url) != _origin(url):
            raise RequestRefused("a request for another server was not sent")

    return check


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]


def get_only(request: httpx.Request) -> None:
    """Lets nothing pass but GET, and no body."""
    if request.method != "GET" or request.read():
        raise RequestRefused("a request other than GET was not sent")


def paced(
    rate: float, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> Check:
    """Lets requests pass at a rate, the first at once.

    Args:
        rate: requests per second.
        clock: the time in seconds.
        sleep: waits for some seconds.
    """
    due = clock()

    def check(_: httpx.Request) -> None:
        nonlocal due
        if (early := due - clock()) > 0:
            sleep(early)
        due = clock() + 1 / rate

    return check


class Recording(CheckedTransport):
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
