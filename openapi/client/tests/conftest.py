"""Peers that end with their test, and time that passes only when somebody sleeps."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_runtime import common, deadline, retry

from contract_tests.support.doubles import FakeTime, Peer
from contract_tests.support.servers import tls_of_loopback


@pytest.fixture
def make_peer() -> Iterator[Callable[..., Peer]]:
    """Makes peers that end with the test."""
    with ExitStack() as peers:
        yield lambda *script, tls=None: peers.enter_context(closing(Peer(*script, tls=tls)))


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """TLS for a server on this machine, whose certificate the clients trust."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return tls_of_loopback(tmp_path / "ca.pem")


@pytest.fixture
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time of the client's calls, and backoffs of the longest length that chance could give."""
    fake = FakeTime()
    for module in (common, deadline, retry):
        monkeypatch.setattr(module, "time", fake)
    monkeypatch.setattr("random.uniform", lambda _, longest: longest)

    async def sleep(seconds: float) -> None:
        fake.sleep(seconds)

    monkeypatch.setattr("anyio.sleep", sleep)
    return fake


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance gives the shortest pause, none; the clock is the real one."""
    monkeypatch.setattr("random.uniform", lambda shortest, _: shortest)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[MockPortal, str]]:
    """A mock, and its URL on a socket; the tests of the command share it, and leave its default instance as it was."""
    portal = MockPortal()
    with portal.server() as base_url:
        yield portal, base_url


@pytest.fixture
def portal(served: tuple[MockPortal, str]) -> MockPortal:
    """The shared mock, reset."""
    served[0].reset()
    return served[0]


@pytest.fixture
def base_url(portal: MockPortal, served: tuple[MockPortal, str]) -> str:
    """The URL of the shared mock, reset."""
    return served[1]
