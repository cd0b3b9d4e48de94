"""A connection that ends at TLS says so: https to a server of plain http, and a certificate of nobody's."""

import socketserver
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient, Client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contract_tests.support.commands import Case, run
from contract_tests.support.doubles import Peer, sends, stalls

PLAIN = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
MAY_BE_PLAIN = "the server may speak plain http"
NO_TLS = f"the connection failed, the TLS handshake of https did: {MAY_BE_PLAIN}"
UNANSWERED = f"no response within the timeout, not even to the TLS handshake of https: {MAY_BE_PLAIN}"
UNKNOWN_CERTIFICATE = "the connection failed, the server's certificate cannot be verified"


@contextmanager
def _serving(handle: Callable[[Any], None]) -> Iterator[str]:
    """A server that does this with each connection, and its https URL."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            handle(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A handshake that fails is what these tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def answers_plainly() -> Iterator[str]:
    """A server that answers whatever comes in plain HTTP, at once."""

    def answer(connection: Any) -> None:
        connection.recv(65536)
        connection.sendall(PLAIN)

    with _serving(answer) as url:
        yield url


@pytest.fixture
def closes() -> Iterator[str]:
    """A server that takes what comes and goes away."""
    with _serving(lambda connection: connection.recv(65536)) as url:
        yield url


@pytest.fixture
def waits_for_http(base_url: str) -> str:
    """The mock, which waits for the rest of what is no head of a request."""
    return base_url.replace("http:", "https:")


@pytest.fixture
def of_nobody(tmp_path: Path) -> Iterator[str]:
    """A server of TLS whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = tmp_path / "both.pem"
    both.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with _serving(lambda connection: context.wrap_socket(connection, server_side=True).close()) as url:
        yield url


CASES = {
    "answers_plainly": (cerbo.ConnectionFailed, NO_TLS),
    "closes": (cerbo.ConnectionFailed, NO_TLS),
    "waits_for_http": (cerbo.TimedOut, UNANSWERED),
    "of_nobody": (cerbo.ConnectionFailed, UNKNOWN_CERTIFICATE),
}
each_server = pytest.mark.parametrize("server", CASES)
# One that waits is waited for as long as this; the others end at once.
TIMEOUTS = {"waits_for_http": 0.5}
SETTINGS: dict[str, Any] = {"username": "u", "password": "p", "retries": 0}


@each_server
def test_the_client_says_what_the_handshake_came_to(server: str, request: pytest.FixtureRequest) -> None:
    error, text = CASES[server]
    with Client(request.getfixturevalue(server), **SETTINGS) as client, pytest.raises(cerbo.CallError) as caught:
        client.invite_to_portal(1, timeout=TIMEOUTS.get(server))
    assert (type(caught.value), str(caught.value)) == (error, f"inviteToPortal: {text}")
    assert caught.value.__context__ is None


@each_server
def test_the_asynchronous_client_says_the_same(server: str, request: pytest.FixtureRequest) -> None:
    error, text = CASES[server]
    url = request.getfixturevalue(server)

    async def call() -> None:
        async with AsyncClient(url, **SETTINGS) as client:
            await client.invite_to_portal(1, timeout=TIMEOUTS.get(server))

    with pytest.raises(cerbo.CallError) as caught:
        anyio.run(call)
    assert (type(caught.value), str(caught.value)) == (error, f"inviteToPortal: {text}")


@each_server
def test_the_command_says_the_same(server: str, request: pytest.FixtureRequest) -> None:
    _, text = CASES[server]
    ran = run(request.getfixturevalue(server), Case(["enqueued", "1", "--timeout", str(TIMEOUTS.get(server, 30))]))
    assert (ran.code, ran.err) == (3, f"cerbo-portal: showPortalRequests: {text}\n")


@pytest.mark.parametrize(
    ("step", "text"), [(stalls(), "no response within the timeout"), (sends(b""), "the connection failed")]
)
def test_a_failure_without_tls_says_nothing_of_it(step: Any, text: str, make_peer: Callable[..., Peer]) -> None:
    with Client(make_peer(step).url, **SETTINGS) as client, pytest.raises(cerbo.CallError) as caught:
        client.show_portal_requests(1, timeout=0.5)
    assert str(caught.value) == f"showPortalRequests: {text}"


def test_nobody_listens_where_tls_is_expected() -> None:
    with Client("https://127.0.0.1:9", **SETTINGS) as client, pytest.raises(cerbo.ConnectionFailed) as caught:
        client.show_portal_requests(1)
    assert str(caught.value) == "showPortalRequests: the connection failed"
