"""Who drives the mock: this machine, and whoever bears the token; no page of another site, and nobody by a trick."""

from typing import Any

import pytest
from cerbo_portal_mock import MockPortal, create_app
from flask import Flask

from contract_tests.support.http_client import LIST_PATH

TOKEN = "correct-horse"
ADVANCE = ("POST", "/__admin/clock/advance")


@pytest.fixture
def app() -> Flask:
    """A mock that has a token."""
    return create_app(admin_token=TOKEN)


def _status(app: Flask, method: str, path: str, caller: str = "127.0.0.1", **options: Any) -> int:
    with app.test_client() as http:
        return http.open(
            path, method=method, environ_overrides={"REMOTE_ADDR": caller}, buffered=True, **options
        ).status_code


@pytest.mark.parametrize("caller", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8080", "[::1]:8080", "LOCALHOST", "gw0.localhost:8080"])
def test_this_machine_needs_no_token_under_a_name_of_its_own(caller: str, host: str, app: Flask) -> None:
    assert _status(app, "GET", "/__admin/state", caller, headers={"Host": host}) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.localhost.example", "localhost.evil.example", "192.0.2.2", "[::1", ""]
)
def test_a_name_that_others_can_give_needs_the_token(host: str, app: Flask) -> None:
    assert _status(app, "GET", "/__admin/state", headers={"Host": host}) == 403
    assert _status(app, "GET", "/__admin/state", headers={"Host": host, "Authorization": f"Bearer {TOKEN}"}) == 200


@pytest.mark.parametrize("caller", ["192.0.2.2", "2001:db8::2", "::ffff:192.0.2.2"])
def test_another_address_needs_the_token_whatever_it_says_of_itself(caller: str, app: Flask) -> None:
    claims = {"Host": "localhost", "X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    assert _status(app, "GET", "/__admin/state", caller, headers=claims) == 403
    assert _status(app, "GET", "/__admin/state", caller, headers={**claims, "Authorization": f"Bearer {TOKEN}"}) == 200


@pytest.mark.parametrize(
    "content_type",
    [
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"),
        *("text/plain; application/json", "text/plain, application/json", ""),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/__instance/default"])
def test_what_a_form_of_another_site_can_send_is_refused(content_type: str, prefix: str, app: Flask) -> None:
    method, path = ADVANCE
    body: dict[str, Any] = {"data": b'{"seconds": 1}', "content_type": content_type}
    assert _status(app, method, f"{prefix}{path}", headers={"Origin": "http://evil.example"}, **body) == 403
    assert _status(app, method, f"{prefix}{path}", **body) == 415


def test_a_browser_is_given_no_leave_to_send_more(app: Flask) -> None:
    asks = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
    }
    with app.test_client() as http:
        for path in ("/__admin/reset", "/__admin/faults", LIST_PATH):
            for answer in (http.options(path, headers=asks), http.get(path, headers=asks)):
                assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"},
    {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch;prerender"},
    *({name: "prefetch"} for name in ("Purpose", "X-Purpose", "X-Moz")),
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    *({"Origin": origin} for origin in ("http://evil.example", "http://localhost:3000", "null", "http://[", "")),
)


@pytest.mark.parametrize("sent", FOREIGN, ids=str)
def test_a_page_of_another_origin_makes_no_instance(sent: dict[str, str], app: Flask) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    basic = {"Authorization": "Basic dW46cHdk"}
    for prefix in ("", "/__instance/gw7"):
        assert _status(app, "GET", f"{prefix}/__admin/state", headers=sent) == 403
        assert _status(app, "GET", f"{prefix}/__admin/state", headers={**sent, **bearer}) == 403
        assert _status(app, "GET", f"{prefix}/", headers=sent) == 403
        for method in ("GET", "HEAD", "OPTIONS", "DELETE"):
            assert _status(app, method, f"{prefix}{LIST_PATH}", headers={**sent, **basic}) == 403
        assert _status(app, "POST", f"{prefix}/portal/join", headers=sent) == 403
    assert _status(app, "POST", "/__admin/reset", headers=sent, json={}) == 403
    assert [instance.name for instance in app.extensions["cerbo_portal"]] == ["default"]


@pytest.mark.parametrize("sent", FOREIGN, ids=str)
def test_a_form_of_another_origin_sends_no_invitation(sent: dict[str, str], app: Flask) -> None:
    headers = {**sent, "Authorization": "Basic dW46cHdk", "Content-Type": "application/x-www-form-urlencoded"}
    assert _status(app, "POST", "/api/v1/patients/221/portal/invite", headers=headers) == 403
    assert app.extensions["cerbo_portal"].default.outbox.total == 0


@pytest.mark.parametrize("sent", FOREIGN, ids=str)
def test_the_join_page_opens_from_any_page(sent: dict[str, str], portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "")
    for method in ("GET", "HEAD"):
        assert _status(portal.app, method, mail.link, headers=sent) == 200
    assert _status(portal.app, "GET", "/static/mail.css", headers=sent) == 200


FORWARDED = (
    {"Forwarded": "for=192.0.2.2"},
    {"Via": "1.1 proxy"},
    {"X-Real-IP": "127.0.0.1"},
    *({f"X-Forwarded-{name}": "127.0.0.1"} for name in ("For", "Host", "Proto", "Port", "Prefix", "User")),
)


@pytest.mark.parametrize("sent", FORWARDED, ids=str)
def test_a_request_through_a_proxy_of_this_host_needs_the_token(sent: dict[str, str], app: Flask) -> None:
    for given in (app, create_app()):
        assert _status(given, "GET", "/__admin/state", headers=sent) == 403
        assert _status(given, "POST", "/__admin/reset", headers=sent, json={}) == 403
        assert _status(given, "GET", "/__admin/health", headers=sent) == 200
        assert _status(given, "GET", LIST_PATH, headers={**sent, "Authorization": "Basic dW46cHdk"}) == 200
    assert _status(app, "GET", "/__admin/state", headers={**sent, "Authorization": f"Bearer {TOKEN}"}) == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "HTTP://LOCALHOST"},
        {"Origin": "https://localhost"},
    ],
    ids=str,
)
def test_people_may_look(sent: dict[str, str], app: Flask) -> None:
    assert _status(app, "GET", "/__admin/state", headers=sent) == 200


def test_whoever_asks_whether_it_is_ready_makes_no_instance(portal: MockPortal) -> None:
    assert _status(portal.app, "GET", "/__instance/gw7/__admin/health", "192.0.2.2") == 200
    assert [instance.name for instance in portal.instances] == ["default"]


def test_a_public_url_is_an_origin_of_the_mock() -> None:
    app = create_app(admin_token=TOKEN, public_url="https://Mock.example:8443/cerbo/")
    sent = {"Host": "internal:8080", "X-Forwarded-For": "192.0.2.2", "Authorization": f"Bearer {TOKEN}"}
    assert _status(app, "GET", "/__admin/state", headers={**sent, "Origin": "https://mock.example:8443"}) == 200
    assert _status(app, "GET", "/__admin/state", headers={**sent, "Origin": "https://internal:8080"}) == 200
    assert _status(app, "GET", "/__admin/state", headers={**sent, "Origin": "https://mock.example"}) == 403


@pytest.mark.parametrize(
    ("options", "path", "link"),
    [
        ({}, "", "https://mock.example/cerbo/portal/join?"),
        ({"headers": {"X-Cerbo-Instance": "GW0"}}, "", "https://mock.example/cerbo/__instance/gw0/portal/join?"),
        ({"headers": {"Host": "gw0.localhost"}}, "", "https://mock.example/cerbo/__instance/gw0/portal/join?"),
        ({}, "/__instance/gw0", "https://mock.example/cerbo/__instance/gw0/portal/join?"),
    ],
)
def test_links_begin_with_the_public_url(options: dict[str, Any], path: str, link: str) -> None:
    app = create_app(public_url="https://mock.example/cerbo/")
    with app.test_client() as http:
        invited = http.post(f"{path}/api/v1/patients/221/portal/invite", auth=("un", "pwd"), **options)
        assert invited.status_code == 200
        (mail,) = [mail for instance in app.extensions["cerbo_portal"] for mail in instance.outbox]
        assert mail.link.startswith(link)
        assert "https://mock.example/cerbo" in http.get("/").text
        assert http.get(mail.link.removeprefix("https://mock.example/cerbo")).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "mock.example",
            "ftp://mock.example",
            "https://",
            "https://u:p@mock.example",
            "https://mock.example/?a=b",
        ),
        *(
            "https://mock.example/#a",
            "https://[::1",
            "https://mock.example:99999",
            "https://mock.example/a b",
            "https://m\n",
        ),
        "https://m\u00f6ck.example",
    ],
)
def test_a_public_url_that_no_link_can_begin_with_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public URL: expected http or https"):
        create_app(public_url=url)


def test_a_long_host_header_does_not_lengthen_links(portal: MockPortal) -> None:
    headers = {"Host": ".".join(["host"] * 2_000)}
    with portal.app.test_client() as http:
        assert http.post("/api/v1/patients/221/portal/invite", auth=("un", "pwd"), headers=headers).status_code == 200
    assert portal.outbox.last.link.startswith("http://localhost:80/portal/join?")
