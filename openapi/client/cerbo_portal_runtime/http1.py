"""HTTP/1.1 over one connection: a request, and the response to it."""

import socket
from collections.abc import Callable
from functools import partial
from typing import Final

import h11
import httpx

from .deadline import remaining
from .network import Steps, is_quiet, ready

_READ_BYTES: Final = 65_536
# Of the status line and the headers together; also of the trailers.
_MAX_HEAD_BYTES: Final = 65_536
# After so many events of a response other tasks have a turn.
_EVENTS_PER_TURN: Final = 64

Limit = Callable[[httpx.Headers], int]


class Connection:
    """A connection to a server or a proxy.

    Attributes:
        sock: its socket.
        idle_since: when its last response was complete, on the monotonic clock, in seconds.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.idle_since = 0.0
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)

    def close(self) -> None:
        """Close it without a word to the peer: another process may use a copy of the socket."""
        self.sock.close()

    def is_quiet(self) -> bool:
        """Whether nothing has arrived since the last response."""
        return is_quiet(self.sock)

    def is_reusable(self) -> bool:
        """Whether the last response is complete, nothing came after it, and both sides keep the connection."""
        protocol = self._protocol
        both = {protocol.our_state, protocol.their_state}
        return both == {h11.DONE} and protocol.trailing_data == (b"", False)

    def is_tunnel(self) -> bool:
        """Whether the last response, to a CONNECT, opened a tunnel, and nothing came after it."""
        protocol = self._protocol
        return protocol.their_state is h11.SWITCHED_PROTOCOL and protocol.trailing_data == (b"", False)

    def encode(self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], content: bytes) -> bytes:
        """The next request.

        Args:
            method: its method.
            target: what it asks for.
            headers: its headers.
            content: its body.

        Raises:
            LocalProtocolError: HTTP has no such request.
        """
        protocol = self._protocol
        try:
            if protocol.our_state is h11.DONE:
                protocol.start_next_cycle()
            head = protocol.send(h11.Request(method=method, target=target, headers=headers))
            body = protocol.send(h11.Data(data=content))
            end = protocol.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        return b"".join(part for part in (head, body, end) if part)

    def exchange(self, request: bytes, until: float, limit: Limit) -> Steps[httpx.Response]:
        """The response to a request; of a body above the limit only the first part.

        Args:
            request: the request.
            until: the moment, on the monotonic clock, in seconds.
            limit: how many bytes the body of a response with these headers may have.

        Raises:
            TransportError: the connection failed, or the moment has passed.
        """
        try:
            yield from self._send(request, until)
        except TimeoutError as error:
            raise httpx.WriteTimeout("") from error
        except OSError:
            # The server may have answered before it closed the connection.
            pass
        try:
            return (yield from self._receive(until, limit))
        except TimeoutError as error:
            raise httpx.ReadTimeout("") from error
        except OSError as error:
            raise httpx.ReadError("") from error
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError("") from error

    def _send(self, request: bytes, until: float) -> Steps[None]:
        left = memoryview(request)
        while left:
            sent = yield from ready(self.sock, partial(self.sock.send, left), until, writes=True)
            left = left[sent:]

    def _receive(self, until: float, limit: Limit) -> Steps[httpx.Response]:
        protocol = self._protocol
        head: httpx.Response | None = None
        content = bytearray()
        most = 0
        turn = 0
        while True:
            turn += 1
            if turn % _EVENTS_PER_TURN == 0:
                yield None
                if remaining(until) <= 0:
                    raise TimeoutError
            event = protocol.next_event()
            if event is h11.NEED_DATA:
                data = yield from ready(self.sock, partial(self.sock.recv, _READ_BYTES), until)
                protocol.receive_data(data)
            elif isinstance(event, h11.Response):
                head = httpx.Response(event.status_code, headers=event.headers.raw_items())
                most = limit(head.headers)
            elif isinstance(event, h11.Data):
                content += event.data
            elif not isinstance(event, h11.InformationalResponse):
                break
            if len(content) > most:
                break
        # h11 raises an error if the connection ends before a response.
        assert head is not None
        return httpx.Response(head.status_code, headers=head.headers, stream=httpx.ByteStream(bytes(content)))
