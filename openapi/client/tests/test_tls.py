"""A connection that ends at TLS says so: https to a server of plain http, and a certificate of nobody's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import StreamRequestHandler
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient, Client

from contract_tests.support.commands import Case, run
from contract_tests.support.doubles import Peer, stalls
from contract_tests.support.servers import serving, tls_of_loopback

PLAIN = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
MAY_BE_PLAIN = "the server may speak plain http"
NO_TLS = f"the connection failed, the TLS handshake of https did: {MAY_BE_PLAIN}"
UNANSWERED = f"no response within the timeout, not even to the TLS handshake of https: {MAY_BE_PLAIN}"
UNKNOWN_CERTIFICATE = "the connection failed, the server's certificate cannot be verified"


@pytest.fixture
def answers_plainly() -> Iterator[str]:
    """A server that answers whatever comes in plain HTTP, at once."""

    def answer(handler: StreamRequestHandler) -> None:
        handler.request.recv(65536)
        handler.wfile.write(PLAIN)

    with serving(answer) as address:
        yield f"https://{address}/api/v1"


@pytest.fixture
def closes() -> Iterator[str]:
    """A server that takes what comes and goes away."""
    with serving(lambda handler: handler.request.recv(65536)) as address:
        yield f"https://{address}/api/v1"


@pytest.fixture
def waits_for_http(make_peer: Callable[..., Peer]) -> str:
    """A server of plain HTTP that waits for the end of a head."""
    return make_peer(stalls()).url.replace("http:", "https:")


@pytest.fixture
def of_nobody(tmp_path: Path, make_peer: Callable[..., Peer]) -> str:
    """A server of TLS whose certificate nobody vouches for."""
    return make_peer(stalls(), tls=tls_of_loopback(tmp_path / "ca.pem")).url


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
