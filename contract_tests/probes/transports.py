"""What may leave this machine: whatever must not is refused before a socket is opened."""

import time
from collections.abc import Callable

import httpx


class RequestRefused(Exception):
    """A request that must not be sent was about to be; it was not."""


def one_origin(url: httpx.URL) -> Callable[[httpx.Request], None]:
    """A hook that refuses requests to any other server than that of the URL."""

    def check(request: httpx.Request) -> None:
        if _origin(request.url) != _origin(url):
            raise RequestRefused("a request for another server was not sent")

    return check


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]


class GetOnlyTransport(httpx.BaseTransport):
    """Sends GET, without a body, at a rate; keeps the last response, or why there was none.

    Args:
        inner: what carries the requests.
        rate: requests per second; the first goes at once.
        clock: the time in seconds.
        sleep: waits for some seconds.
    """

    last: httpx.Response | httpx.RequestError | None = None

    def __init__(
        self,
        inner: httpx.BaseTransport,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner, self._rate, self._clock, self._sleep = inner, rate, clock, sleep
        self._due = clock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the server.

        Raises:
            RequestRefused: the request is no GET, or has a body.
        """
        if request.method != "GET" or request.read():
            raise RequestRefused("a request other than GET was not sent")
        if (early := self._due - self._clock()) > 0:
            self._sleep(early)
        self._due = self._clock() + 1 / self._rate
        try:
            response = self._inner.handle_request(request)
        except httpx.RequestError as error:
            self.last = error
            raise
        content = response.read()
        response.close()
        self.last = response
        # What was read is decoded.
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=content)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
