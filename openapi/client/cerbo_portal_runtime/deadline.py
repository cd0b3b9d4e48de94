"""Reads a synchronous response to its end before a deadline.

httpx bounds the wait for each part of a body, not for all of it.
"""

import socket
import time
from contextlib import suppress
from threading import Timer
from typing import cast

import httpx

# httpx takes a timeout of 0 for none.
_SHORTEST: float = 0.001


def remaining(deadline: float) -> float:
    """Seconds until a deadline, which is on the monotonic clock; negative when it has passed."""
    return deadline - time.monotonic()


def timeout(deadline: float) -> float:
    """Seconds until a deadline, as a timeout of httpx: always positive."""
    return max(remaining(deadline), _SHORTEST)


def read(response: httpx.Response, request: httpx.Request, deadline: float) -> bytes:
    """The content of a response, which is closed.

    Args:
        response: not read yet.
        request: its request.
        deadline: on the monotonic clock, in seconds.

    Raises:
        TransportError: the connection failed; `ReadTimeout` when the deadline passed.
    """
    request.extensions["timeout"]["read"] = timeout(deadline)
    connection = _connection(response)
    announced = response.headers.get("Content-Length") if connection else None
    content = bytearray()
    stream = cast("httpx.SyncByteStream", response.stream)
    timer: Timer | None = None
    try:
        if connection and announced is None:
            timer = _shut_down_at(deadline, connection)
        for chunk in stream:
            content += chunk
            if remaining(deadline) <= 0:
                raise _timed_out(request)
            if connection and not timer and str(len(content)) != announced:
                timer = _shut_down_at(deadline, connection)
    except httpx.TransportError:
        if remaining(deadline) <= 0:
            raise _timed_out(request) from None
        raise
    finally:
        if timer:
            timer.cancel()
        response.close()
    return bytes(content)


def _timed_out(request: httpx.Request) -> httpx.ReadTimeout:
    return httpx.ReadTimeout("the deadline passed within the body", request=request)


def _connection(response: httpx.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    return stream.get_extra_info("socket") if stream else None


def _shut_down_at(deadline: float, connection: socket.socket) -> Timer:
    """Fails a read that still blocks at the deadline."""

    def shut_down() -> None:
        with suppress(OSError):
            # Not the method of an SSL socket, which would change its state while another thread reads.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = Timer(max(remaining(deadline), 0), shut_down)
    timer.daemon = True
    timer.start()
    return timer
