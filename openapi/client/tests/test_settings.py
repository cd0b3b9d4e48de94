"""Settings: every way to give them, and one clear error, without values, for what is missing or contradictory."""

from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client

VARIABLES = ("CERBO_BASE_URL", "CERBO_USERNAME", "CERBO_PASSWORD", "CERBO_READ_ONLY", "CERBO_ALLOW_HTTP")
URL = "https://sandbox.md-hq.com/api/v1"
DONE = {"result": True, "message": "done"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def _request(make: Any = Client, *arguments: Any, **settings: Any) -> httpx.Request:
    """The request of an invitation by a client with these settings."""
    requests: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=DONE)

    with make(*arguments, transport=httpx.MockTransport(record), **settings) as client:
        client.invite_to_portal(221)
    return requests[0]


BASIC = {
    "arguments": (URL, {"username": "ben", "password": "pass:word"}),
    "the URL": ("https://ben:pass%3Aword@sandbox.md-hq.com/api/v1", {}),
    "the URL and an argument": ("https://ben@sandbox.md-hq.com/api/v1", {"password": "pass:word"}),
    "a URL with a slash at its end": (f"{URL}/", {"username": "ben", "password": "pass:word"}),
}


@pytest.mark.parametrize(("url", "credentials"), BASIC.values(), ids=BASIC)
def test_credentials_from(url: str, credentials: dict[str, str]) -> None:
    request = _request(Client, url, **credentials)
    assert str(request.url) == f"{URL}/patients/221/portal/invite"
    assert request.headers["Authorization"] == httpx.BasicAuth("ben", "pass:word")._auth_header


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERBO_BASE_URL", URL)
    monkeypatch.setenv("CERBO_USERNAME", "ben")
    monkeypatch.setenv("CERBO_PASSWORD", "secret")
    request = _request(Client.from_env)
    assert request.headers["Authorization"] == httpx.BasicAuth("ben", "secret")._auth_header
    assert repr(AsyncClient.from_env()) == f"<AsyncClient of {URL}>"


def test_credentials_in_the_url_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERBO_BASE_URL", "https://ben:secret@sandbox.md-hq.com/api/v1")
    assert _request(Client.from_env).headers["Authorization"] == httpx.BasicAuth("ben", "secret")._auth_header


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((), "CERBO_BASE_URL, CERBO_USERNAME, CERBO_PASSWORD: expected in the environment"),
        (("CERBO_BASE_URL", "CERBO_USERNAME"), "CERBO_PASSWORD: expected in the environment"),
        (("CERBO_USERNAME", "CERBO_PASSWORD"), "CERBO_BASE_URL: expected in the environment"),
    ],
)
def test_a_missing_variable_is_named(given: tuple[str, ...], named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in given:
        monkeypatch.setenv(variable, URL)
    with pytest.raises(cerbo.InvalidSettings) as caught:
        Client.from_env()
    assert str(caught.value) == named


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CERBO_BASE_URL": "hush"}, "CERBO_BASE_URL: expected a URL such as https://"),
        ({"CERBO_BASE_URL": "http://hush.example"}, "CERBO_BASE_URL: expected https; "),
        ({"CERBO_USERNAME": "hush:x"}, "CERBO_USERNAME: expected no colon"),
        ({"CERBO_PASSWORD": "hush\x01"}, "CERBO_PASSWORD: expected printable"),
        (
            {"CERBO_BASE_URL": "https://hush@h.example"},
            "CERBO_USERNAME: expected once, it is given in the URL and separately",
        ),
    ],
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_wrong_variable_is_named_as_such(
    client: Any, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"CERBO_BASE_URL": URL, "CERBO_USERNAME": "ben", "CERBO_PASSWORD": "pwd", **variables}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(cerbo.InvalidSettings) as caught:
        client.from_env()
    assert str(caught.value).startswith(expected)
    assert "hush" not in str(caught.value)


def test_a_wrong_argument_beside_the_environment_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CERBO_BASE_URL": URL, "CERBO_USERNAME": "ben", "CERBO_PASSWORD": "pwd"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(cerbo.InvalidSettings, match=r"^timeout: expected"):
        Client.from_env(timeout=0)


GOOD: dict[str, Any] = {"base_url": URL, "username": "ben", "password": "hush-hush"}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no user": ({"username": None}, "username: expected"),
    "an empty user": ({"username": ""}, "username: expected"),
    "no password": ({"password": None}, "password: expected"),
    "a user twice": ({"base_url": "https://hush@h.example"}, "username: expected once"),
    "a password twice": ({"base_url": "https://:hush@h.example", "username": "ben"}, "username: expected once"),
    "a colon in the user": ({"username": "hush:x"}, "username: expected no colon"),
    "a colon in the user of the URL": (
        {"base_url": "https://hush%3Ax@h.example", "username": None},
        "base_url: expected no colon",
    ),
    "a line break in the password": ({"password": "hush\r\nX: y"}, "password: expected printable"),
    "half a character": ({"password": "hush\ud800"}, "password: expected printable"),
    "no URL": ({"base_url": "hush"}, "base_url: expected a URL"),
    "an empty URL": ({"base_url": ""}, "base_url: expected a URL"),
    "None": ({"base_url": None}, "base_url: expected a URL"),
    "no host": ({"base_url": "https:///hush"}, "base_url: expected a URL"),
    "another scheme": ({"base_url": "ftp://hush.example"}, "base_url: expected a URL"),
    "a bad port": ({"base_url": "https://hush.example:port"}, "base_url: expected a URL"),
    "a query": ({"base_url": f"{URL}?hush=1"}, "base_url: expected a URL"),
    "a fragment": ({"base_url": f"{URL}#hush"}, "base_url: expected a URL"),
    "plain HTTP": ({"base_url": "http://hush.example"}, "base_url: expected https; CERBO_ALLOW_HTTP=1"),
    "no time": ({"timeout": 0}, "timeout: expected a positive number"),
    "endless time": ({"timeout": float("inf")}, "timeout: expected a positive number"),
    "more time than a system can count": (
        {"timeout": 1e300},
        "timeout: expected a positive number of seconds, at most 86400",
    ),
    "a time that is no number": ({"timeout": float("nan")}, "timeout: expected a positive number"),
    "time as text": ({"timeout": "hush"}, "timeout: expected a positive number"),
    "time as truth": ({"timeout": True}, "timeout: expected a positive number"),
    "negative retries": ({"retries": -1}, "retries: expected a whole number"),
    "half a retry": ({"retries": 0.5}, "retries: expected a whole number"),
    "retries as truth": ({"retries": True}, "retries: expected a whole number"),
    "a second Authorization": ({"headers": {"authorization": "hush"}}, "headers: expected no Authorization"),
    "a header that breaks lines": ({"headers": {"X-Id": "hush\r\nX: y"}}, "headers: expected printable ASCII in X-Id"),
    "a header without a name": ({"headers": {"": "hush"}}, "headers: expected names"),
}


@pytest.mark.parametrize(("settings", "expected"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_wrong_setting_is_named_without_its_value(client: Any, settings: dict[str, Any], expected: str) -> None:
    with pytest.raises(cerbo.InvalidSettings) as caught:
        client(**{**GOOD, **settings})
    assert str(caught.value).startswith(expected)
    assert "hush" not in str(caught.value)
    assert isinstance(caught.value, cerbo.CerboError)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "gw0.localhost", "[::1]:8080", "127.9.9.9"])
def test_plain_http_to_loopback_needs_no_permission(host: str) -> None:
    assert Client(f"http://{host}", username="u", password="p")


def test_plain_http_elsewhere_needs_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client("http://mock:8080", username="u", password="p", allow_http=True)
    monkeypatch.setenv("CERBO_ALLOW_HTTP", "1")
    assert Client("http://mock:8080", username="u", password="p")
    monkeypatch.setenv("CERBO_ALLOW_HTTP", "perhaps")
    with pytest.raises(cerbo.InvalidSettings, match=r"^CERBO_ALLOW_HTTP: expected 1 or 0$"):
        Client("http://mock:8080", username="u", password="p")


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_a_read_only_client_refuses_before_anything_is_sent(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "environment":
        monkeypatch.setenv("CERBO_READ_ONLY", "yes")
    sent: list[str] = []
    empty = {"object": "list", "data": [], "has_more": False, "total_count": 0}

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(200, json=empty)

    transport = httpx.MockTransport(answer)
    with Client(**GOOD, transport=transport, read_only=by == "argument") as client:
        for write in (lambda: client.invite_to_portal(1), lambda: client.delete_portal_request(1, 2)):
            with pytest.raises(cerbo.ReadOnly):
                write()
        client.show_portal_requests(1)
    assert sent == ["GET"]


def test_a_request_names_the_client_and_carries_the_given_headers() -> None:
    request = _request(Client, **GOOD, headers={"X-Cerbo-Instance": "gw0"})
    assert request.headers["User-Agent"] == f"cerbo-portal/{cerbo.__version__}"
    assert request.headers["X-Cerbo-Instance"] == "gw0"
    assert request.headers["Accept"] == "application/json"
    assert _request(Client, **GOOD, headers={"user-agent": "mine"}).headers.get_list("User-Agent") == ["mine"]


def test_redirects_are_not_followed_and_proxies_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    transport = httpx.MockTransport(lambda _: httpx.Response(307, headers={"Location": "https://elsewhere.example"}))
    with Client(**GOOD, transport=transport) as client, pytest.raises(cerbo.UnexpectedStatus):
        client.invite_to_portal(1)
    with Client(**GOOD) as client:
        assert not client._http._mounts


def test_the_text_of_a_client_holds_no_credentials() -> None:
    client = Client("https://ben:hush@sandbox.md-hq.com/api/v1")
    assert repr(client) == f"<Client of {URL}>"
    assert "hush" not in repr(vars(client)) + repr(client._settings)
