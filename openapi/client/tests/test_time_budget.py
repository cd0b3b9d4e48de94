"""The time budget of a call bounds every wait: for a name, an address, TLS, a proxy, and each byte of a response."""

import socket
import socketserver
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread, Timer
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_runtime import network

from contract_tests.support.callers import KINDS, perform
from contract_tests.support.doubles import Peer, Step, drips, stalls

BUDGET = 0.5
# Guards against a hang; how exact the bound is, `scripts/bench` measures.
GUARD = 10 * BUDGET
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
each_kind = pytest.mark.parametrize("kind", KINDS)


def read(client: Any) -> Any:
    return client.show_portal_requests(1)


def write(client: Any) -> Any:
    return client.invite_to_portal(1)


def _assert_both_time_out(kind: str, url: str, *, sent: bool = False, **settings: Any) -> None:
    start = time.monotonic()
    outcomes = perform(kind, url, read, write, timeout=BUDGET, **settings)
    assert [type(outcome) for outcome in outcomes] == [cerbo.TimedOut, cerbo.OutcomeUnknown if sent else cerbo.TimedOut]
    assert time.monotonic() - start < GUARD


def _floods(content: bytes, first: bytes = b"") -> Step:
    def step(peer: Peer, handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(first)
        while not peer.released.is_set():
            handler.wfile.write(content)

    return step


DRIPPED: dict[str, Step] = {
    "status line": drips(b"HTTP/1.1 200 ", 0.02, b"O"),
    "headers": drips(HEAD + b"X: ", 0.02, b"x"),
    "header lines": drips(HEAD, 0.02, b"X: y\r\n"),
    "interim responses": drips(b"", 0.02, b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "interim responses without a pause": _floods(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "a body without a length": drips(HEAD + b'Connection: close\r\n\r\n{"result"', 0.02),
    "a chunked body": drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", 0.02, b"1\r\n \r\n"),
    "tiny chunks without a pause": _floods(b"1\r\n \r\n" * 1000, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
}


@each_kind
@pytest.mark.parametrize("step", DRIPPED.values(), ids=DRIPPED)
def test_a_response_that_is_dripped_times_out(step: Step, kind: str, make_peer: Callable[..., Peer]) -> None:
    _assert_both_time_out(kind, make_peer(step).url, sent=True)


@each_kind
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_request_that_is_not_read_times_out(
    kind: str, scheme: str, make_peer: Callable[..., Peer], request: pytest.FixtureRequest
) -> None:
    peer = make_peer(stalls(), tls=request.getfixturevalue("tls") if scheme == "https" else None)
    login = {"username": "u", "password": "p" * 50_000_000}
    (outcome,) = perform(kind, peer.url, lambda client: client.validate_portal_credentials(**login), timeout=1)
    assert type(outcome) is cerbo.OutcomeUnknown


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Makes servers that do this with each connection; the result is host and port."""
    with ExitStack() as servers:

        def make(handle: Callable[[socket.socket], None]) -> str:
            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    handle(self.request)

            class Server(socketserver.ThreadingTCPServer):
                daemon_threads = True

                def handle_error(self, *_: object) -> None:
                    """The client has gone away."""

            server = servers.enter_context(Server(("127.0.0.1", 0), Handler))
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            servers.callback(server.shutdown)
            return f"127.0.0.1:{server.server_address[1]}"

        yield make


def _drips_from(content: bytes, more: bytes) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(content)
        for _ in range(1000):
            time.sleep(0.02)
            connection.sendall(more)

    return handle


@each_kind
def test_a_tls_handshake_that_is_dripped_times_out(kind: str, serve: Callable[..., str]) -> None:
    # The head of a record of 16 KB, of a handshake.
    place = serve(_drips_from(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x03"))
    _assert_both_time_out(kind, f"https://{place}/api/v1")


@each_kind
@pytest.mark.parametrize("content", [b"", b"HTTP/1.1 200 Established\r\nX: "], ids=["status", "header"])
def test_a_proxy_that_drips_its_response_times_out(kind: str, content: bytes, serve: Callable[..., str]) -> None:
    place = serve(_drips_from(content, b"x"))
    _assert_both_time_out(kind, "https://cerbo.invalid/api/v1", proxy=f"http://{place}")


@pytest.fixture
def hanging() -> Iterator[tuple[str, int]]:
    """An address that takes no more connections, and refuses none."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address: tuple[str, int] = listener.getsockname()
        for _ in range(4):
            filler = sockets.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        yield address


def _resolving_to(*addresses: tuple[str, int]) -> Callable[..., Any]:
    real = socket.getaddrinfo

    def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        if host != b"cerbo.invalid":
            return real(host, *arguments, **options)
        if options.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "no number")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]

    return resolve


@each_kind
def test_a_host_whose_addresses_all_hang_times_out(
    kind: str, hanging: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving_to(*[hanging] * 8))
    _assert_both_time_out(kind, "https://cerbo.invalid/api/v1")


@each_kind
def test_an_address_that_hangs_or_refuses_does_not_hide_the_next(
    kind: str, hanging: tuple[str, int], make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = make_peer(stalls())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = closed.getsockname()
    port = int(peer.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(socket, "getaddrinfo", _resolving_to(hanging, refusing, ("127.0.0.1", port)))
    _assert_both_time_out(kind, "http://cerbo.invalid/api/v1", sent=True, allow_http=True)
    assert len(peer.requests) == 2


@each_kind
def test_every_address_refuses(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = closed.getsockname()
    addresses = _resolving_to(refusing, ("255.255.255.255", 9), refusing)
    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    (failed,) = perform(kind, "https://cerbo.invalid/api/v1", write, retries=0)
    assert str(failed) == "inviteToPortal: the connection failed, refused"


@pytest.fixture
def stuck_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A resolver that answers after the test."""
    released = Event()
    real = socket.getaddrinfo

    def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        if host != b"cerbo.invalid":
            return real(host, *arguments, **options)
        if not options.get("flags"):
            released.wait(30)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    # The thread that waits for the resolver outlives the call, and asyncio ends after its threads.
    release = Timer(2 * BUDGET, released.set)
    release.start()
    yield
    release.join()


@each_kind
def test_a_name_that_is_resolved_slowly_times_out(kind: str, stuck_resolver: None) -> None:
    (outcome,) = perform(kind, "https://cerbo.invalid/api/v1", write, timeout=BUDGET)
    assert type(outcome) is cerbo.TimedOut
    assert str(outcome) == "inviteToPortal: no response within the timeout"


@pytest.fixture
def unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name can be resolved."""

    def resolve(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@each_kind
def test_a_name_that_is_unknown_is_a_failed_connection(kind: str, unknown_name: None) -> None:
    (outcome,) = perform(kind, "https://cerbo.invalid/api/v1", write, retries=0)
    assert str(outcome) == "inviteToPortal: the connection failed, name not found"


def test_without_a_thread_a_name_is_resolved_all_the_same(unknown_name: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(network, "Thread", type("Thread", (Thread,), {"start": start}))
    (outcome,) = perform("sync", "https://cerbo.invalid/api/v1", write, retries=0)
    assert str(outcome) == "inviteToPortal: the connection failed, name not found"


def test_the_last_address_of_a_host_is_waited_for_with_those_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_addresses", lambda *_: [(socket.AF_INET, number) for number in (1, 2)])
    monkeypatch.setattr(network, "_begin", lambda _: socket.socket())
    until = time.monotonic() + 60
    steps: Any = network.connect(b"127.0.0.1", 1, until)
    waits = [next(steps), steps.send([]), steps.send([])]
    assert [len(wait.sockets) for wait in waits] == [1, 2, 2]
    assert [wait.until == until for wait in waits] == [False, False, True]
    with pytest.raises(StopIteration) as end:
        steps.send([waits[2].sockets[1]])
    end.value.value.close()
