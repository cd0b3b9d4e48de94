"""No password reaches the journal or the log, whatever path, method and form it takes."""

import json
import logging

import pytest
from cerbo_portal_mock import MockPortal, create_app

from contract_tests.support.http_client import USER, http_client

SECRET = "correct-horse"
FORM = {"token": "t", "username": "ann", "password": SECRET, "repeated": SECRET}
SCENARIO = {
    "clinic": {"name": "C", "invitation": {"subject": "S", "text": "$link"}},
    "users": [{"id": 1, "username": "api", "password": SECRET}],
    "patients": [],
}
CREDENTIALS = "/api/v1/patients/portal/validate_credentials"


@pytest.mark.parametrize(
    "arguments",
    [
        ("POST", "/__admin/state", {"json": {"scenario": SCENARIO}}),
        (
            "POST",
            "/__admin/state",
            {"content": json.dumps({"scenario": SCENARIO}).replace("password", "p\\u0061ssword")},
        ),
        ("POST", "/__admin/state", {"content": '{"password": "correct-horse"'}),
        ("POST", "/__admin/state", {"content": '{"a":' * 800 + json.dumps({"password": SECRET}) + "}" * 800}),
        ("POST", "/__admin/nowhere", {"json": {"password": SECRET}}),
        ("POST", "/portal/join", {"data": FORM}),
        ("POST", "/portal/join", {"json": FORM}),
        ("POST", "/portal/join", {"data": FORM, "headers": {"X-Cerbo-Instance": "nosuch"}}),
        ("POST", "/portal/join/", {"data": FORM}),
        ("POST", CREDENTIALS, {"json": {"username": "ann", "password": SECRET}}),
        ("PUT", CREDENTIALS, {"json": {"username": "ann", "password": SECRET}}),
        ("POST", f"{CREDENTIALS}/", {"json": {"username": "ann", "password": SECRET}, "auth": ("no", "body")}),
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[1]}",
)
def test_no_password_is_kept(arguments: tuple[str, str, dict[str, object]]) -> None:
    portal = MockPortal(validate="off")
    method, path, options = arguments
    options = {
        "auth": USER,
        "headers": {"Content-Type": "application/json"} if "content" in options else {},
    } | options
    with http_client(portal.app) as http:
        http.request(method, path, **options)  # type: ignore[arg-type]
        for instance in portal.instances:
            assert SECRET not in http.get(f"/__instance/{instance.name}/__admin/requests").text
    assert sum(len(instance.journal) for instance in portal.instances) == 1


def test_the_token_of_a_form_is_not_kept(portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    assert portal.open(mail).submit(username="toni", password="short").status == 422
    (exchange,) = portal.journal
    assert (exchange.path, exchange.query) == ("/portal/join", "")


def test_a_name_that_no_instance_can_have_forges_no_line(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app()
    with caplog.at_level(logging.INFO, "cerbo_portal_mock.access"), app.test_client() as http:
        assert http.get("/__instance/%1b%5d0;x%07%0aFAKE/api/v1/x", auth=USER).status_code == 400
        assert http.get("/__instance/%1b%5d0;x%07%0aFAKE/api/v1/x").status_code == 401
    assert len(caplog.messages) == 2
    assert all(message.isprintable() and "fake" not in message.lower() for message in caplog.messages)
