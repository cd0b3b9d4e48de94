"""Attempts of a call: which may be repeated, how long each may take, and whether one may have acted.

One class serves both clients. What may be repeated is the contract's word (`x-idempotent`); the rest is here.
"""

import random
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Timer
from typing import Any, Final, cast

import httpx
from attrs import define

CALL: Final = "cerbo_call"

_CONNECT_TIMEOUT: Final = 10.0
# A connection that cannot be made must fail as such, before the whole budget is gone.
_CONNECT_SHARE: Final = 0.9
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0
_PASSING: Final = frozenset({429, 500, 502, 503, 504})
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@define
class Call:
    """One call: what its attempts may do, and what they may have done.

    Attributes:
        repeatable: whether the contract says that a repeat is safe.
        acts: whether an attempt that arrives may change something.
        deadline: when the budget ends, on the monotonic clock, in seconds.
        retries: how many more attempts there may be.
        acted: whether an attempt that ended without the final answer may have acted.
    """

    repeatable: bool
    acts: bool
    deadline: float
    retries: int
    acted: bool = False
    pauses: int = 0

    def remaining(self) -> float:
        """Seconds of the budget that are left."""
        return self.deadline - time.monotonic()

    def timeouts(self) -> dict[str, float]:
        """httpx's timeouts of an attempt that begins now."""
        left = max(self.remaining(), 0.001)
        return {"connect": min(_CONNECT_TIMEOUT, _CONNECT_SHARE * left), "read": left, "write": left, "pool": left}

    def pause_after_failure(self, error: BaseException) -> float | None:
        """Seconds to wait before the next attempt, or None when there may be none."""
        never_left = isinstance(error, _NEVER_LEFT)
        self.acted |= self.acts and not never_left
        return self._pause(0.0) if self.repeatable or never_left else None

    def pause_after(self, response: httpx.Response) -> float | None:
        """Seconds to wait before the next attempt, or None when this is the final answer."""
        if not self.repeatable or response.status_code not in _PASSING:
            return None
        pause = self._pause(retry_after(response))
        # A refusal for too many requests has done nothing; any other of these may have come after the deed.
        self.acted |= self.acts and pause is not None and response.status_code != httpx.codes.TOO_MANY_REQUESTS
        return pause

    def _pause(self, asked: float) -> float | None:
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self.pauses)
        pause = asked + random.uniform(0, longest)  # noqa: S311
        if self.retries <= 0 or asked > _LONGEST_PAUSE or pause >= self.remaining():
            return None
        self.retries -= 1
        self.pauses += 1
        return pause


def trusted(url: httpx.URL) -> ssl.SSLContext | bool:
    """The certificates that a connection to this URL may rest on, as httpx takes them."""
    # To read the usual ones is most of a client's making, and plain HTTP has no use for any: this one trusts nobody.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.scheme == "http" else True


def tls_trouble(error: httpx.RequestError) -> str:
    """What a failure was about if it was TLS, in words that quote nobody; empty otherwise.

    Args:
        error: what httpx has raised for the last attempt.
    """
    if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return ""
    causes = [*_causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate cannot be verified"
    # Of a handshake that nobody answers there is an `SSLError` on asyncio, and on a blocking socket a text alone.
    if not any(isinstance(cause, ssl.SSLError) or "handshake" in str(cause) for cause in causes):
        return ""
    waited = isinstance(error, httpx.TimeoutException)
    what = "not even to the TLS handshake of https" if waited else "the TLS handshake of https did"
    return f"{what}: the server may speak plain http"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def retry_after(response: httpx.Response) -> float:
    """The seconds that a response asks to wait; 0 where it does not say, or not so that it can be read."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


class AttemptsTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Makes the attempts of a call through another transport, and reads each answer to its end.

    Args:
        inner: what carries one attempt.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The final answer; raises what httpx raises for the last attempt."""
        call: Call = request.extensions[CALL]
        while True:
            request.extensions["timeout"] = call.timeouts()
            try:
                response = _read(self._inner.handle_request(request), request, call)
                pause = call.pause_after(response)
                if pause is None:
                    return response
            except httpx.RequestError as error:
                pause = call.pause_after_failure(error)
                if pause is None:
                    raise
            time.sleep(pause)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The final answer; raises what httpx raises for the last attempt, and what cancels the call."""
        import anyio  # noqa: PLC0415 (an expense that synchronous clients are spared)

        call: Call = request.extensions[CALL]
        while True:
            request.extensions["timeout"] = call.timeouts()
            try:
                response = await _aread(await self._inner.handle_async_request(request))
                pause = call.pause_after(response)
                if pause is None:
                    return response
            except httpx.RequestError as error:
                pause = call.pause_after_failure(error)
                if pause is None:
                    raise
            except anyio.get_cancelled_exc_class():
                call.acted |= call.acts
                raise
            await anyio.sleep(pause)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def _complete(response: httpx.Response, content: bytearray) -> httpx.Response:
    # The reason phrase is free text of the server, and part of the response's `repr`.
    extensions = {name: value for name, value in response.extensions.items() if name != "reason_phrase"}
    stream = httpx.ByteStream(bytes(content))
    return httpx.Response(response.status_code, headers=response.headers, stream=stream, extensions=extensions)


def _read(response: httpx.Response, request: httpx.Request, call: Call) -> httpx.Response:
    request.extensions["timeout"]["read"] = max(call.remaining(), 0.001)
    connection = _connection(response)
    announced = response.headers.get("Content-Length") if connection else None
    content = bytearray()
    stream = cast("httpx.SyncByteStream", response.stream)
    timer: Timer | None = None
    try:
        # httpx bounds the wait for each part of a body, not for all of it.
        if connection and announced is None:
            timer = _ending(connection, call)
        for chunk in stream:
            content += chunk
            if call.remaining() <= 0:
                raise httpx.ReadTimeout("the budget ended within the body", request=request)
            if connection and not timer and str(len(content)) != announced:
                timer = _ending(connection, call)
    except httpx.TransportError:
        if call.remaining() <= 0:
            raise httpx.ReadTimeout("the budget ended within the body", request=request) from None
        raise
    finally:
        if timer:
            timer.cancel()
        response.close()
    return _complete(response, content)


def _connection(response: httpx.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    return stream.get_extra_info("socket") if stream else None


def _ending(connection: socket.socket, call: Call) -> Timer:
    """Has a read that still waits at the deadline fail then."""

    def end() -> None:
        with suppress(OSError):
            # Not the method of an SSL socket, which would pull its state from under the reading thread.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = Timer(max(call.remaining(), 0), end)
    timer.daemon = True
    timer.start()
    return timer


async def _aread(response: httpx.Response) -> httpx.Response:
    content = bytearray()
    stream = cast("httpx.AsyncByteStream", response.stream)
    try:
        async for chunk in stream:
            content += chunk
    finally:
        await response.aclose()
    return _complete(response, content)
