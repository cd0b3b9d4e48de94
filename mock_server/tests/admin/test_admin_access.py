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
        return http.open(path, method=method, environ_overrides={"REMOTE_ADDR": caller}, **options).status_code


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
    assert _status(app, method, f"{prefix}{path}", headers={"Origin": "http://evil.example"}, **body) == 415


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


@pytest.mark.parametrize("what", ["image", "iframe", "script", "empty"])
def test_a_page_of_another_site_makes_no_instances(what: str, portal: MockPortal) -> None:
    sent = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": what}
    assert _status(portal.app, "GET", "/__instance/gw7/__admin/state", headers=sent) == 403
    assert [instance.name for instance in portal.instances] == ["default"]


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    ],
    ids=["the console", "an address that is typed", "a link that is followed"],
)
def test_people_may_look(sent: dict[str, str], app: Flask) -> None:
    assert _status(app, "GET", "/__admin/state", headers=sent) == 200


def test_whoever_asks_whether_it_is_ready_makes_no_instance(portal: MockPortal) -> None:
    assert _status(portal.app, "GET", "/__instance/gw7/__admin/health", "192.0.2.2") == 200
    assert [instance.name for instance in portal.instances] == ["default"]
