"""Why a connection failed: the fixed words of `ConnectionFailed`, on real sockets, and what no reason may hide."""

import errno
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_runtime import failures
from cerbo_portal_runtime.common import CommonClient

from contract_tests.support.doubles import Peer, sends, stalls

SETTINGS: dict[str, Any] = {"username": "u", "password": "p", "retries": 0}
URL = "http://127.0.0.1:9/api/v1"
each_client = pytest.mark.parametrize("client", [Client, "asyncio", "trio"], ids=["sync", "asyncio", "trio"])


def _failure(base_url: str, client: Any, name: str = "show_portal_requests", **settings: Any) -> cerbo.CallError:
    """The error of a call, of the synchronous client or of the asynchronous one on asyncio or trio."""

    def call() -> None:
        with Client(base_url, **SETTINGS, **settings) as sync_client:
            getattr(sync_client, name)(1)

    async def call_async() -> None:
        async with AsyncClient(base_url, **SETTINGS, **settings) as async_client:
            await getattr(async_client, name)(1)

    with pytest.raises(cerbo.CallError) as caught:
        call() if client is Client else anyio.run(call_async, backend=client)
    assert caught.value.__context__ is None
    return caught.value


@each_client
@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (sends(b""), "closed early, or not HTTP"),
        (sends(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "closed early, or not HTTP"),
    ],
)
def test_a_connection_that_ends_early(client: Any, step: Any, reason: str, make_peer: Callable[..., Peer]) -> None:
    error = _failure(make_peer(step).url, client)
    assert (type(error), str(error)) == (
        cerbo.ConnectionFailed,
        f"showPortalRequests: the connection failed, {reason}",
    )


@contextmanager
def _in_thread(function: Callable[[], None]) -> Iterator[None]:
    thread = Thread(target=function)
    thread.start()
    yield
    thread.join(20)


@each_client
def test_a_connection_that_is_reset(client: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def reset() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        with _in_thread(reset):
            error = _failure(f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1", client)
    assert str(error) == "showPortalRequests: the connection failed, reset"


@each_client
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_listens(client: Any, scheme: str) -> None:
    error = _failure(f"{scheme}://127.0.0.1:9/api/v1", client)
    assert (type(error), str(error)) == (
        cerbo.ConnectionFailed,
        "showPortalRequests: the connection failed, refused",
    )


@each_client
def test_a_name_that_is_not_found(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in {"clinic.invalid", b"clinic.invalid"}:
            raise socket.gaierror(socket.EAI_NONAME, "clinic.invalid is not known")
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = _failure("https://clinic.invalid/api/v1", client, "invite_to_portal")
    assert str(error) == "inviteToPortal: the connection failed, name not found"
    assert not error.may_have_acted


@each_client
def test_no_answer_says_nothing_more(client: Any, make_peer: Callable[..., Peer]) -> None:
    error = _failure(make_peer(stalls()).url, client, timeout=0.5)
    assert (type(error), str(error)) == (cerbo.TimedOut, "showPortalRequests: no response within the timeout")


def _error(kind: type[httpx.RequestError], *causes: BaseException) -> httpx.RequestError:
    error: httpx.RequestError = kind("a host and an id")
    for cause in causes:
        error.__cause__ = cause
    return error


GROUP = ExceptionGroup("all attempts failed", [OSError(errno.EHOSTUNREACH, "x"), ConnectionRefusedError("x")])
NESTED = OSError("all connection attempts failed")
NESTED.__cause__ = GROUP


@pytest.mark.parametrize(
    ("error", "proxied", "reason", "kind"),
    [
        (_error(httpx.ConnectError, OSError(errno.ENETUNREACH, "x")), False, "unreachable", "unreachable"),
        (_error(httpx.ConnectError, OSError(errno.EHOSTUNREACH, "x")), False, "unreachable", "unreachable"),
        (_error(httpx.ConnectError, OSError(errno.EHOSTUNREACH, "x")), True, "proxy: unreachable", "unreachable"),
        (_error(httpx.ConnectError, ConnectionResetError("x")), False, "reset", "reset"),
        (_error(httpx.ConnectError, NESTED), False, "refused", "refused"),
        (_error(httpx.ConnectError, OSError(errno.EMFILE, "x")), False, "", "other"),
        (_error(httpx.ConnectError), True, "", "other"),
        (_error(httpx.ConnectTimeout), False, "", "timeout"),
        (_error(httpx.PoolTimeout), False, "", "timeout"),
        (_error(httpx.WriteError, BrokenPipeError("x")), True, "reset", "reset"),
        (_error(httpx.ConnectError, socket.gaierror("x")), False, "name not found", "name_not_found"),
        (_error(httpx.RemoteProtocolError), False, "closed early, or not HTTP", "protocol"),
        (_error(httpx.ProxyError), True, "refused by the proxy", "proxy"),
        (httpx.ProxyError("407 and free text"), True, "proxy authentication", "proxy_authentication"),
        (
            _error(httpx.ConnectTimeout, ssl.SSLError("x")),
            False,
            "not even to the TLS handshake of https: the server may speak plain http",
            "tls",
        ),
        (_error(httpx.DecodingError), False, "", "other"),
        (_error(httpx.ConnectError, ssl.SSLCertVerificationError("x")), True, failures.UNVERIFIED, "certificate"),
    ],
)
def test_a_reason_quotes_nothing(error: httpx.RequestError, proxied: bool, reason: str, kind: str) -> None:
    assert failures.describe(error, proxied=proxied) == reason
    assert failures.kind(error) == kind


@each_client
@pytest.mark.parametrize("name", ["show_portal_requests", "invite_to_portal"])
def test_a_redirect_to_no_url_is_a_response(client: Any, name: str, make_peer: Callable[..., Peer]) -> None:
    head = b"HTTP/1.1 303 See Other\r\nLocation: https://[\r\nContent-Length: 0\r\n\r\n"
    error = _failure(make_peer(sends(head)).url, client, name)
    assert type(error) is cerbo.UnexpectedStatus
    assert error.may_have_acted is (name == "invite_to_portal")


@each_client
@pytest.mark.parametrize("name", ["show_portal_requests", "invite_to_portal"])
def test_the_lack_of_threads_is_an_error_of_the_package(
    client: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Thread.start

    def start(thread: Thread) -> None:
        # asyncio needs one for its own end.
        if "_do_shutdown" not in thread.name:
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(Thread, "start", start)
    assert isinstance(_failure("https://localhost:9/api/v1", client, name), cerbo.CallError)


@pytest.mark.parametrize("has_own_connections", [False, True])
def test_an_unforeseen_failure_of_a_write_may_have_acted(has_own_connections: bool) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise LookupError

    async def call() -> None:
        async with AsyncClient(URL, **SETTINGS, transport=httpx.MockTransport(fail)) as async_client:
            async_client._has_own_connections = has_own_connections
            await async_client.invite_to_portal(1)

    with Client(URL, **SETTINGS, transport=httpx.MockTransport(fail)) as client:
        client._has_own_connections = has_own_connections
        expected = (cerbo.ConnectionFailed, cerbo.OutcomeUnknown) if has_own_connections else (LookupError, LookupError)
        for name, error in zip(("show_portal_requests", "invite_to_portal"), expected, strict=True):
            with pytest.raises(error):
                getattr(client, name)(1)
    with pytest.raises(expected[1]):
        anyio.run(call)


@each_client
@pytest.mark.parametrize("name", ["show_portal_requests", "invite_to_portal"])
def test_a_call_after_close_sends_nothing(client: Any, name: str) -> None:
    def call() -> None:
        with Client(URL, **SETTINGS) as closed, closed:
            pass
        getattr(closed, name)(1)

    async def call_async() -> None:
        async with AsyncClient(URL, **SETTINGS) as closed, closed:
            pass
        await getattr(closed, name)(1)

    with pytest.raises(cerbo.ClientClosed) as caught:
        call() if client is Client else anyio.run(call_async, backend=client)
    assert str(caught.value).endswith(": refused, this client is closed")
    assert (caught.value.attempts, caught.value.may_have_acted) == (0, False)


@each_client
@pytest.mark.parametrize("name", ["show_portal_requests", "invite_to_portal"])
def test_a_call_whose_client_another_thread_closes_sends_nothing(
    client: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(self: Any, *_: object) -> httpx.Headers:
        self._transport.is_closed = True
        return httpx.Headers()

    monkeypatch.setattr(CommonClient, "_request_headers", close)
    assert type(_failure(URL, client, name)) is cerbo.ClientClosed
