"""`proxy=` and `verify=`: calls through an HTTP proxy, and to servers of TLS with certificates of another authority."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient, Client

from contract_tests.support.commands import Case, run
from contract_tests.support.doubles import Peer, answers
from contract_tests.support.servers import Proxy, serving, tls_of_loopback

SETTINGS: dict[str, Any] = {"username": "un", "password": "pwd", "retries": 0}
EMPTY = json.dumps({"object": "list", "data": [], "has_more": False, "total_count": 0}).encode()
SECRET = "hush-hush"
PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """The certificate of an authority; `secure_url` writes it."""
    return tmp_path / "ca.pem"


@pytest.fixture
def secure_url(ca_file: Path, make_peer: Callable[..., Peer]) -> str:
    """The https URL of a server that has an empty queue for everybody."""
    return make_peer(answers("200 OK", EMPTY), tls=tls_of_loopback(ca_file)).url


@pytest.fixture
def make_proxy() -> Iterator[Callable[..., Proxy]]:
    """Makes proxies that end with the test."""
    with ExitStack() as running:

        def make(**options: Any) -> Proxy:
            proxy = Proxy(**options)
            proxy.address = running.enter_context(serving(proxy.handle))
            return proxy

        yield make


def _call(base_url: str, client: Any, name: str = "show_portal_requests", pt_id: int = 1, **settings: Any) -> Any:
    """Call an operation with the synchronous client, or with the asynchronous one on asyncio or trio."""
    if client is Client:
        with Client(base_url, **SETTINGS, **settings) as sync_client:
            return getattr(sync_client, name)(pt_id)

    async def call() -> Any:
        async with AsyncClient(base_url, **SETTINGS, **settings) as async_client:
            return await getattr(async_client, name)(pt_id)

    return anyio.run(call, backend=client)


each_client = pytest.mark.parametrize("client", [Client, "asyncio", "trio"], ids=["sync", "asyncio", "trio"])


@each_client
def test_a_ca_file_is_trusted(client: Any, secure_url: str, ca_file: Path) -> None:
    _call(secure_url, client, verify=ca_file)
    _call(secure_url, client, verify=ssl.create_default_context(cafile=ca_file))
    with pytest.raises(cerbo.ConnectionFailed, match="the server's certificate cannot be verified"):
        _call(secure_url, client)


@each_client
def test_https_goes_through_a_tunnel(
    client: Any, secure_url: str, ca_file: Path, make_proxy: Callable[..., Proxy]
) -> None:
    proxy = make_proxy(credentials=f"ben:{SECRET}")
    _call(secure_url, client, verify=ca_file, proxy=f"http://ben:{SECRET}@{proxy.address}")
    (request,) = proxy.requests
    assert request.startswith(b"CONNECT 127.0.0.1:")
    assert b"\r\nAuthorization" not in request


@each_client
def test_plain_http_goes_through_a_proxy(client: Any, base_url: str, make_proxy: Callable[..., Proxy]) -> None:
    proxy = make_proxy(credentials="ben:p%@:w")
    host = base_url.removeprefix("http://").partition("/")[0]
    with pytest.raises(cerbo.NotFound):
        _call(base_url, client, pt_id=404, proxy=f"http://ben:p%25%40%3Aw@{proxy.address}")
    assert proxy.requests[0].startswith(f"GET http://{host}/api/v1/patients/404/portal/enqueued HTTP/1.1\r\n".encode())


FAILURES = {
    "a wrong password": ({"credentials": "ben:other"}, "proxy authentication"),
    "a refusal": ({"status": "403 Forbidden"}, "refused by the proxy"),
    "a server that it cannot reach": ({"status": "502 Bad Gateway"}, "refused by the proxy"),
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(("options", "reason"), FAILURES.values(), ids=FAILURES)
@each_client
def test_a_proxy_that_fails_is_named(
    client: Any, options: dict[str, str], reason: str, write: bool, make_proxy: Callable[..., Proxy]
) -> None:
    proxy = make_proxy(**options)
    url = f"http://ben:{SECRET}@{proxy.address}"
    name = "invite_to_portal" if write else "show_portal_requests"
    with pytest.raises(cerbo.ConnectionFailed) as caught:
        _call("https://127.0.0.1:9/api/v1", client, name, proxy=url)
    assert str(caught.value).partition(": ")[2] == f"the connection failed, {reason}"
    assert not caught.value.may_have_acted


@each_client
def test_a_proxy_of_plain_http_that_wants_other_credentials(
    client: Any, base_url: str, make_proxy: Callable[..., Proxy]
) -> None:
    proxy = make_proxy(credentials="ben:other")
    with pytest.raises(cerbo.ConnectionFailed, match=r"the connection failed, proxy authentication$") as caught:
        _call(base_url, client, "invite_to_portal", proxy=f"http://{proxy.address}")
    assert not caught.value.may_have_acted


@each_client
def test_a_proxy_that_is_not_there(client: Any) -> None:
    with pytest.raises(cerbo.ConnectionFailed, match=r"the connection failed, proxy: refused$"):
        _call("https://127.0.0.1:9/api/v1", client, proxy="http://127.0.0.1:9")


def test_no_text_shows_the_credentials_of_a_proxy(make_proxy: Callable[..., Proxy]) -> None:
    client = Client("https://127.0.0.1:9/api/v1", **SETTINGS, proxy=f"http://{SECRET}:{SECRET}@127.0.0.1:9")
    with client, pytest.raises(cerbo.ConnectionFailed) as caught:
        client.show_portal_requests(1)
    assert SECRET not in f"{client!r} {client._settings!r} {vars(client)} {caught.value!r}"


def test_proxies_of_the_usual_variables_are_not_used(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in PROXY_VARIABLES:
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with pytest.raises(cerbo.NotFound):
        _call(base_url, Client, pt_id=404)


def test_proxy_and_ca_file_of_the_environment(
    secure_url: str, ca_file: Path, make_proxy: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = make_proxy()
    given = {
        "BASE_URL": secure_url,
        "USERNAME": "un",
        "PASSWORD": "pwd",
        "PROXY": f"http://{proxy.address}",
        "CA_FILE": str(ca_file),
    }
    for name, value in given.items():
        monkeypatch.setenv(f"CERBO_{name}", value)
    with Client.from_env(retries=0) as client:
        client.show_portal_requests(1)
    assert len(proxy.requests) == 1
    monkeypatch.setenv("CERBO_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("CERBO_CA_FILE", "/nowhere")
    with Client.from_env(retries=0, proxy=f"http://{proxy.address}", verify=ca_file) as client:
        client.show_portal_requests(1)
    with pytest.raises(cerbo.InvalidSettings, match=r"^CERBO_CA_FILE: expected a file of CA certificates"):
        Client.from_env()
    monkeypatch.setenv("CERBO_PROXY", "hush")
    with pytest.raises(cerbo.InvalidSettings, match=r"^CERBO_PROXY: expected a URL"):
        Client.from_env(verify=ca_file)


def test_the_command_uses_proxy_and_ca_file(secure_url: str, ca_file: Path, make_proxy: Callable[..., Proxy]) -> None:
    proxy = make_proxy()
    ran = run(secure_url, Case(["enqueued", "1", "--proxy", f"http://{proxy.address}", "--ca-file", str(ca_file)]))
    assert (ran.code, ran.err) == (0, "")
    variables = {"CERBO_PROXY": f"http://{proxy.address}", "CERBO_CA_FILE": str(ca_file)}
    assert run(secure_url, Case(["enqueued", "1"], variables)).code == 0
    assert len(proxy.requests) == 2
