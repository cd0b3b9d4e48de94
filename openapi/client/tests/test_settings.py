"""Settings: every way to give them, and one clear error, without values, for what is missing or contradictory."""

import warnings
from pathlib import Path
from typing import Any

import cerbo_portal_client as cerbo
import h11
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from hypothesis import given
from hypothesis import strategies as st

VARIABLES = ("CERBO_BASE_URL", "CERBO_USERNAME", "CERBO_PASSWORD", "CERBO_READ_ONLY", "CERBO_ALLOW_HTTP")
MORE_VARIABLES = ("CERBO_PROXY", "CERBO_CA_FILE")
URL = "https://sandbox.md-hq.com/api/v1"
DONE = {"result": True, "message": "done"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*VARIABLES, *MORE_VARIABLES):
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
    "a header that breaks lines": ({"headers": {"X-Id": "hush\r\nX: y"}}, "headers: expected printable ASCII in X-Id"),
    "a header that is not ASCII": ({"headers": {"X-Id": "hüsh"}}, "headers: expected printable ASCII in X-Id"),
    "a header with a blank at its end": ({"headers": {"X-Id": "hush "}}, "headers: expected printable ASCII in X-Id"),
    "a header without a name": ({"headers": {"": "hush"}}, "headers: expected names"),
    "a header whose name breaks lines": ({"headers": {"hush\nX": "y"}}, "headers: expected names"),
    "a header whose name is bytes": ({"headers": {b"hush": "y"}}, "headers: expected names"),
    "a header whose value is bytes": ({"headers": {"X-Id": b"hush"}}, "headers: expected printable ASCII in X-Id"),
    "a header whose value is None": ({"headers": {"X-Id": None}}, "headers: expected printable ASCII in X-Id"),
    "headers as pairs": ({"headers": [("X-Id", "hush")]}, "headers: expected a mapping"),
    "no mapping of headers": ({"headers": False}, "headers: expected a mapping"),
    **{
        f"the header {name}": ({"headers": {name.lower(): "hush"}}, f"headers: expected no {name}")
        for name in ("Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Host")
    },
    **{
        f"the header {name}": ({"headers": {name: "hush"}}, f"headers: expected no {name}")
        for name in ("Expect", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade")
    },
    **{
        f"the host {host[:20]}": ({"base_url": f"https://{host}/api/v1"}, "base_url: expected a URL")
        for host in (
            *(".md-hq.com", "hush..md-hq.com", "hush.com..", ".", f"{'a' * 64}.com", ".".join(["a" * 60] * 5)),
            *("hush\u2603.com", "xn--hush\u2603", "hu%20sh.com", "hu sh.com", "[::1", "[hush]", "999.1.1.1", "xn--"),
            *("hush:65536", "hush:0", "hush:-1", "hush:99999999999999999999", "hush\ud800.com", "hush\n.com"),
        )
    },
    **{
        f"the proxy {url[:24]}": ({"proxy": url}, "proxy: expected a URL")
        for url in (
            *("hush", "", "https://hush:1", "socks5://hush:1", "http://.hush:1", "http://hush:65536"),
            *("http://hush:1/path", "http://hush:1?query", "http://hush:1#fragment"),
        )
    },
    "a colon in the user of a proxy": ({"proxy": "http://hu%3Ash:x@h:1"}, "proxy: expected credentials"),
    "a line break in the password of a proxy": ({"proxy": "http://x:hu%0Ash@h:1"}, "proxy: expected credentials"),
    "no verification": ({"verify": False}, "verify: expected a file of CA certificates"),
    "a missing CA file": ({"verify": "/hush"}, "verify: expected a file of CA certificates"),
    "a CA file with a NUL": ({"verify": "hush\0"}, "verify: expected a file of CA certificates"),
    "a CA file that has no certificates": ({"verify": __file__}, "verify: expected a file of CA certificates"),
    "a directory of CA files": ({"verify": Path(__file__).parent}, "verify: expected a file of CA certificates"),
    "an object that is no transport": ({"transport": object()}, "transport: expected an object with the method"),
    "a transport and a proxy": (
        {"transport": httpx.MockTransport(lambda _: httpx.Response(200)), "proxy": "http://hush:1"},
        "transport: expected no proxy and no verify",
    ),
}
# For each setting, values of types that it does not have.
TYPES: dict[str, tuple[Any, ...]] = {
    "base_url": (7, b"https://hush", ["https://hush"], object()),
    "username": (7, b"hush", ["hush"], True, 0),
    "password": (7, b"hush", ["hush"], True, 0),
    "timeout": ("30", None, [30], True, b"30", 1j),
    **{name: ("8", None, 8.0, True, 0, [8]) for name in ("max_json_bytes", "max_body_bytes")},
    "retries": ("2", None, 2.0, True, [2]),
    "read_only": ("no", 0, None, [], "hush"),
    "allow_http": ("no", 1, None, {}, "hush"),
    "headers": ("X-Id: hush", 7, [], (), b"", False),
    "proxy": (7, b"http://hush:1", True, ["http://hush:1"], False, 0),
    "verify": (7, b"hush", True, False, [], 0),
    "transport": (7, "hush", True, False, [], 0),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in TYPES.items() for value in values])
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_setting_of_another_type_is_named(client: Any, name: str, value: object) -> None:
    with pytest.raises(cerbo.InvalidSettings) as caught:
        client(**{**GOOD, name: value})
    assert caught.value.setting == name
    assert "hush" not in str(caught.value)


TEXTS = st.text(max_size=20) | st.sampled_from(["", ".", "a" * 64, "x\r\ny", "\ud800", "https://h.example/api/v1"])
ANYTHING = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=8)
SETTINGS_OF_ALL_KINDS = st.fixed_dictionaries(
    {"base_url": st.just(URL) | TEXTS.map("https://{}/api/v1".format) | ANYTHING},
    optional={
        "username": TEXTS | ANYTHING,
        "password": TEXTS | ANYTHING,
        "timeout": st.floats() | ANYTHING,
        "retries": st.integers(0, 3) | ANYTHING,
        "read_only": st.booleans() | ANYTHING,
        "allow_http": st.booleans() | ANYTHING,
        "headers": st.dictionaries(TEXTS, TEXTS, max_size=3) | ANYTHING,
        "proxy": st.none() | TEXTS.map("http://{}:3128".format) | ANYTHING,
    },
)


@given(settings=SETTINGS_OF_ALL_KINDS)
def test_settings_are_refused_or_make_a_client_that_works(settings: dict[str, Any]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        # As h11 writes it.
        h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        return httpx.Response(200, json={"object": "list", "data": [], "has_more": False, "total_count": 0})

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            Client(**settings).close()
        except cerbo.InvalidSettings:
            return
        settings.pop("proxy", None)
        with Client(**settings, transport=httpx.MockTransport(answer)) as client:
            assert client.show_portal_requests(1, timeout=20).data == []


@pytest.mark.parametrize(
    "url", ["https://sandbox.md-hq.com", "https://sandbox.md-hq.com/api", f"{URL}/patients", "https://x.com/xapi/v1/"]
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_base_url_that_does_not_end_in_the_contracts_path_warns(client: Any, url: str) -> None:
    with pytest.warns(UserWarning, match=r"^base_url: its path does not end in /api/v1$") as caught:
        client(url, username="hush", password="hush")
    assert caught[0].filename == __file__


@pytest.mark.parametrize("client", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("password", {"base_url": URL, "username": "sk_hush", "password": "pk_hush"}),
        ("base_url", {"base_url": URL.replace("://", "://sk_hush:pk_hush@")}),
    ],
)
def test_a_password_that_begins_as_a_user_name_warns_without_it(
    setting: str, given: dict[str, str], client: Any
) -> None:
    with pytest.warns(UserWarning, match=rf"^{setting}: the password begins with pk_, as names of API users do$"):
        client(**given)


def test_usual_settings_do_not_warn() -> None:
    assert Client("https://gateway.example/cerbo/api/v1/", username="pk_u", password="sk_p")


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_client_that_was_not_constructed_has_a_text(client: Any) -> None:
    assert repr(client.__new__(client)) == f"<{client.__name__} of nothing>"


def test_certificates_of_the_environment_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/hush")
    with pytest.raises(cerbo.InvalidSettings) as caught:
        Client(**GOOD)
    assert str(caught.value) == "SSL_CERT_FILE, SSL_CERT_DIR: expected certificates that can be read"


def test_a_proxy_of_the_environment_is_not_for_a_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BASE_URL": URL, "USERNAME": "u", "PASSWORD": "p", "PROXY": "hush", "CA_FILE": "hush"}.items():
        monkeypatch.setenv(f"CERBO_{name}", value)
    assert Client.from_env(transport=httpx.MockTransport(lambda _: httpx.Response(200)))


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
    assert Client(f"http://{host}/api/v1", username="u", password="p")


def test_plain_http_elsewhere_needs_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client("http://mock:8080/api/v1", username="u", password="p", allow_http=True)
    monkeypatch.setenv("CERBO_ALLOW_HTTP", "1")
    assert Client("http://mock:8080/api/v1", username="u", password="p")
    monkeypatch.setenv("CERBO_ALLOW_HTTP", "perhaps")
    with pytest.raises(cerbo.InvalidSettings, match=r"^CERBO_ALLOW_HTTP: expected 1 or 0$"):
        Client("http://mock:8080/api/v1", username="u", password="p")


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
    nowhere = Client("http://127.0.0.1:2/api/v1", username="u", password="p", retries=0)
    with nowhere, pytest.raises(cerbo.ConnectionFailed, match="refused"):
        nowhere.show_portal_requests(1)


def test_the_text_of_a_client_holds_no_credentials() -> None:
    client = Client("https://ben:hush@sandbox.md-hq.com/api/v1")
    assert repr(client) == f"<Client of {URL}>"
    assert "hush" not in repr(vars(client)) + repr(client._settings)
