"""Sockets for both clients: name resolution, connections and TLS, each bounded by a moment.

Every function is a generator that yields what it waits for; `run` waits in this thread, `run_async` in this task. An
operation that is abandoned at a wait, by a cancellation or a signal, closes its socket without another wait: nothing is
left that a second cancellation could interrupt. Sockets belong to no event loop.
"""

import os
import selectors
import socket
import ssl
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from .deadline import remaining

T = TypeVar("T")
Address = tuple[socket.AddressFamily, Any]

# RFC 8305: when to try the next address of a host while the one before is pending.
_NEXT_ADDRESS_AFTER: Final = 0.25
# An epoll object would cost a file descriptor for each wait.
_Selector: Final = getattr(selectors, "PollSelector", selectors.SelectSelector)


@dataclass(frozen=True)
class Wait:
    """Wait until one of the sockets can be read or written, or until a moment; the result is those that can.

    Attributes:
        sockets: the sockets.
        writable: whether to write; otherwise to read.
        until: the moment, on the monotonic clock, in seconds.
    """

    sockets: Sequence[socket.socket]
    writable: bool
    until: float


@dataclass(frozen=True)
class Lookup:
    """Resolve a name; the result is its addresses, or an `OSError`.

    Attributes:
        host: the name.
        port: the port of the addresses.
        until: the moment, on the monotonic clock, in seconds.
    """

    host: bytes
    port: int
    until: float


# None gives other tasks a turn.
Steps = Generator[Wait | Lookup | None, Any, T]


def run(steps: Steps[T]) -> T:
    """The result of an operation, in this thread."""
    with closing(steps):
        try:
            step = next(steps)
            while True:
                try:
                    result = _lookup(step) if isinstance(step, Lookup) else step and _wait(step)
                except OSError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


async def run_async(steps: Steps[T]) -> T:
    """The result of an operation, in this task, of asyncio or trio."""
    import anyio.lowlevel  # noqa: PLC0415 (slow, and synchronous clients need none)

    with closing(steps):
        try:
            step = next(steps)
            while True:
                try:
                    if isinstance(step, Lookup):
                        result: Any = await _lookup_async(step)
                    elif step:
                        result = await _wait_async(step)
                    else:
                        result = None
                        await anyio.lowlevel.checkpoint()
                except OSError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def ready(sock: socket.socket, operation: Callable[[], T], until: float, *, writes: bool = False) -> Steps[T]:
    """The result of an operation of a non-blocking socket.

    Args:
        sock: the socket.
        operation: one of its methods.
        until: the moment, on the monotonic clock, in seconds.
        writes: whether the operation writes.

    Raises:
        TimeoutError: the moment has passed.
        OSError: the operation failed.
    """
    while True:
        try:
            return operation()
        except ssl.SSLWantReadError:
            writable = False
        except ssl.SSLWantWriteError:
            writable = True
        except BlockingIOError:
            writable = writes
        if remaining(until) <= 0:
            raise TimeoutError
        yield Wait((sock,), writable, until)


def connect(host: bytes, port: int, until: float) -> Steps[socket.socket]:
    """A non-blocking socket that is connected to the first address of a host that answers.

    Args:
        host: a name or an IP address, an IPv6 address without brackets.
        port: the port.
        until: the moment, on the monotonic clock, in seconds.

    Raises:
        TimeoutError: the moment has passed.
        OSError: the name cannot be resolved, or no address could be connected to.
    """
    addresses: deque[Address] = deque()
    with suppress(socket.gaierror):
        addresses.extend(_addresses(host, port, socket.AI_NUMERICHOST))
    # Outside of a handler, whose error would be taken for the reason of a later one.
    if not addresses:
        addresses.extend((yield Lookup(host, port, until)))
    pending: list[socket.socket] = []
    failure = OSError()
    try:
        while addresses or pending:
            if remaining(until) <= 0:
                raise TimeoutError
            wait_until = until
            if addresses:
                wait_until = min(until, until - remaining(until) + _NEXT_ADDRESS_AFTER)
                try:
                    pending.append(_begin(addresses.popleft()))
                except OSError as error:
                    failure = error
                    continue
            # A failure, and the end of the wait, begin with the next address.
            for sock in (yield Wait(tuple(pending), writable=True, until=wait_until)):
                pending.remove(sock)
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not code:
                    return sock  # type: ignore[no-any-return]
                failure = OSError(code, os.strerror(code))
                sock.close()
    finally:
        for sock in pending:
            sock.close()
    raise failure


def start_tls(sock: socket.socket, context: ssl.SSLContext, host: str, until: float) -> Steps[ssl.SSLSocket]:
    """The socket with TLS, once the handshake is done; closed if that fails.

    Args:
        sock: a non-blocking socket that is connected.
        context: the certificates to trust.
        host: the name that the certificate must have.
        until: the moment, on the monotonic clock, in seconds.

    Raises:
        TimeoutError: the moment has passed.
        OSError: the handshake failed.
    """
    try:
        # From here on the new object owns the file descriptor.
        sock = secure = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        yield from ready(secure, secure.do_handshake, until)
    except BaseException:
        sock.close()
        raise
    return secure


def is_quiet(sock: socket.socket) -> bool:
    """Whether nothing has arrived on a non-blocking socket, neither bytes nor its end.

    A read and no poll: bytes of TLS may be decrypted already, and need not be of a response.
    """
    try:
        sock.recv(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        return True
    except OSError:
        pass
    return False


def _begin(address: Address) -> socket.socket:
    family, target = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(BlockingIOError):
            sock.connect(target)
    except BaseException:
        sock.close()
        raise
    return sock


def _addresses(host: bytes, port: int, flags: int = 0) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, target) for family, _, _, _, target in found]


def _lookup(lookup: Lookup) -> list[Address]:
    # In a thread: nothing interrupts a resolver.
    results: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def resolve() -> None:
        try:
            results.put(_addresses(lookup.host, lookup.port))
        except OSError as error:
            results.put(error)

    try:
        Thread(target=resolve, name="cerbo-portal-resolver", daemon=True).start()
    except RuntimeError:
        # The process may have no more threads.
        resolve()
    try:
        result = results.get(timeout=max(remaining(lookup.until), 0))
    except Empty:
        raise TimeoutError from None
    if isinstance(result, OSError):
        raise result
    return result


async def _lookup_async(lookup: Lookup) -> list[Address]:
    import anyio.to_thread  # noqa: PLC0415

    with anyio.fail_after(remaining(lookup.until)):
        return await anyio.to_thread.run_sync(_addresses, lookup.host, lookup.port, abandon_on_cancel=True)


def _wait(wait: Wait) -> list[Any]:
    with _Selector() as selector:
        for sock in wait.sockets:
            selector.register(sock, selectors.EVENT_WRITE if wait.writable else selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(max(remaining(wait.until), 0))]


async def _wait_async(wait: Wait) -> list[socket.socket]:
    import anyio  # noqa: PLC0415

    found: list[socket.socket] = []

    async def one(sock: socket.socket) -> None:
        await (anyio.wait_writable(sock) if wait.writable else anyio.wait_readable(sock))
        found.append(sock)

    with anyio.move_on_after(remaining(wait.until)) as scope:
        if len(wait.sockets) == 1:
            await one(wait.sockets[0])
            return found

        async def first(sock: socket.socket) -> None:
            await one(sock)
            scope.cancel()

        async with anyio.create_task_group() as group:
            for sock in wait.sockets:
                group.start_soon(first, sock)
    return found
