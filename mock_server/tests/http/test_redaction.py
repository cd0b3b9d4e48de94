"""Redaction: no password and no token reaches the journal or the log, by whatever name, place and form."""

import json
import logging
import time
from typing import Any
from urllib.parse import quote

import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.journal import KEPT_BODY
from cerbo_portal_mock.http.redaction import LARGEST_PARSED, is_secret, redact_body, redact_headers, redact_url

SECRET = "correct-horse"
FORM = "application/x-www-form-urlencoded"
NAMES = (
    "password",
    "Password",
    "passwd",
    "repeated",
    "token",
    "access_token",
    "api_key",
    "apikey",
    "client_secret",
    "pwd",
)


@pytest.mark.parametrize("name", [*NAMES, "HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_X_API_KEY", "credentials"])
def test_names_of_secrets_are_recognised(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name", ["status", "request_type", "HTTP_USER_AGENT", "HTTP_ACCEPT", "author", "passage", "key"]
)
def test_other_names_are_no_secrets(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/portal/join?token=correct-horse", "/portal/join?token=REDACTED"),
        ("a=b&password=correct-horse&c=d", "a=b&password=REDACTED&c=d"),
        ("a=b;password=correct-horse", "a=b;password=REDACTED"),
        ("p%61ssword=correct-horse", "p%61ssword=REDACTED"),
        ("PASSWORD=correct-horse=", "PASSWORD=REDACTED"),
        ("next=%2Fjoin%3Ftoken%3Dcorrect-horse", "next=REDACTED"),
        ("next=%252Fjoin%253Ftoken%253Dcorrect-horse", "next=REDACTED"),
        ('q={"password": "correct-horse"}', "q=REDACTED"),
        ("password", "password"),
        ("about=tokens", "about=tokens"),
        ("/api/v1/patients/1?status=open&x", "/api/v1/patients/1?status=open&x"),
    ],
)
def test_a_url_is_kept_without_its_secrets(url: str, kept: str) -> None:
    assert redact_url(url) == kept


@pytest.mark.parametrize(
    ("content", "mimetype", "kept"),
    [
        ("password=correct-horse&a=b", FORM, "password=REDACTED&a=b"),
        ("p%61ssword=correct-horse", FORM, "p%61ssword=REDACTED"),
        ('{"a": {"token": "x"}, "b": [{"pwd": 1}]}', "", '{"a": {"token": "REDACTED"}, "b": [{"pwd": "REDACTED"}]}'),
        ('{"p\\u0061ssword": "correct-horse"}', "", '{"password": "REDACTED"}'),
        ('{"password": "correct-horse", "password": "REDACTED"}', "", '{"password": "REDACTED"}'),
        ('["password=correct-horse"]', "", "REDACTED"),
        ('{"password": "correct-horse"', "", "REDACTED"),
        ('--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nx', "multipart/form-data", "REDACTED"),
        ('{"password": "correct-horse"}'.encode("utf-16").decode("latin-1"), "", '{"password": "REDACTED"}'),
        ('{"a":' * 1_000 + '{"password": "correct-horse"}' + "}" * 1_000, "", "REDACTED"),
        ('{ "note": "a token of thanks" }', "", '{ "note": "a token of thanks" }'),
        ("hello", "text/plain", "hello"),
    ],
)  # fmt: skip
def test_a_body_is_kept_without_its_secrets(content: str, mimetype: str, kept: str) -> None:
    assert redact_body(content.encode("latin-1"), mimetype, frozenset()) == kept.encode()


def test_a_large_body_with_a_secret_is_not_kept() -> None:
    secret = json.dumps({"password": SECRET, "filler": "x" * LARGEST_PARSED}).encode()
    assert redact_body(secret, "application/json", frozenset()) == b"REDACTED"
    content = json.dumps({"base64_content": "x" * 1_000_000}).encode()
    assert redact_body(content, "application/json", frozenset()) is content


def test_with_secret_members_only_a_json_object_is_kept() -> None:
    secrets = frozenset({"pin"})
    assert redact_body(b'{"pin": 1, "a": 2}', "", secrets) == b'{"pin": "REDACTED", "a": 2}'
    assert redact_body(b"pin=1", FORM, secrets) == redact_body(b'["1"]', "", secrets) == b"REDACTED"


def test_headers_are_kept_without_their_secrets() -> None:
    headers = {
        "HTTP_X_API_KEY": SECRET,
        "HTTP_X_AUTH_TOKEN": SECRET,
        "HTTP_REFERER": f"http://127.0.0.1/portal/join?token={SECRET}",
        "HTTP_ACCEPT": "a",
    }
    assert redact_headers(headers) == {
        "HTTP_X_API_KEY": "REDACTED",
        "HTTP_X_AUTH_TOKEN": "REDACTED",
        "HTTP_REFERER": "http://127.0.0.1/portal/join?token=REDACTED",
        "HTTP_ACCEPT": "a",
    }


REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/api/v1/patients/1/portal/enqueued?password=correct-horse", {}),
    ("GET", "/api/v1/correct%3Fpassword%3Dcorrect-horse", {}),
    ("POST", "/api/v1/patients/221/portal/invite", {"data": {"password": SECRET}}),
    ("POST", "/api/v1/patients/221/portal/invite", {"json": {"a": {"Token": SECRET}}}),
    ("POST", "/api/v1/patients/221/portal/invite", {"headers": {"X-Api-Key": SECRET}}),
    ("POST", "/portal/join/?token=correct-horse", {}),
    ("POST", "/portal/join?token=correct-horse", {"data": {"token": SECRET, "username": SECRET, "password": SECRET}}),
    ("DELETE", "/__admin/requests?token=correct-horse", {}),
    ("POST", "/nowhere?access_token=correct-horse", {"json": {"password": SECRET}}),
]


@pytest.mark.parametrize(
    ("method", "path", "options"), REQUESTS, ids=[f"{method} {path}" for method, path, _ in REQUESTS]
)
def test_no_secret_reaches_journal_or_log(
    method: str, path: str, options: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(log_phi=True)
    with caplog.at_level(logging.DEBUG), app.test_client() as http:
        http.open(path, method=method, auth=("un", "pwd"), **options)
        journal = http.get("/__admin/requests").get_data(as_text=True)
    assert json.loads(journal)["meta"]["total"] == 1
    assert SECRET not in journal
    assert SECRET not in caplog.text
    assert caplog.messages


def test_the_token_of_a_refused_form_reaches_neither_journal_nor_log(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(log_phi=True)
    instance = app.extensions["cerbo_portal"].default
    link = instance.invitations.invite(instance.state.patient(221), "").link
    token = link.partition("token=")[2]
    with caplog.at_level(logging.DEBUG), app.test_client() as http:
        form = {"token": token, "username": "ann", "password": "short", "repeated": "short"}
        assert http.post(link, data=form, headers={"Referer": link}).status_code == 422
        assert http.get(f"{link}x").status_code == 400
        journal = http.get("/__admin/requests").get_data(as_text=True)
    assert json.loads(journal)["meta"]["total"] == 1
    for part in (token, quote(token), "short"):
        assert part not in journal
        assert part not in caplog.text


def test_log_lines_are_short_and_printable(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(log_phi=True)
    with caplog.at_level(logging.INFO, "cerbo_portal_mock.access"), app.test_client() as http:
        http.get("/api/v1/" + "x" * 60_000)
        http.open("/api/v1/\u2028\u0085", method="\x1b]0;x\x07" + "M" * 60_000)
    assert all(len(line) < 2_200 and line.isprintable() for line in caplog.messages)
    assert len(caplog.messages) == 2


@pytest.mark.parametrize("content", [b"token" * 20_000, b"token " * 10_000, b'{"a":' * 10_000, b"\\u00" * 20_000])
def test_redaction_takes_linear_time(content: bytes) -> None:
    started = time.process_time()
    redact_body(content, FORM, frozenset())
    redact_body(content, "", frozenset())
    redact_url(content.decode() + "=" + content.decode())
    # A hang guard: it takes milliseconds.
    assert time.process_time() - started < 5


def test_a_body_of_an_ordinary_call_is_kept_as_it_came(portal: MockPortal) -> None:
    content = b'{ "b" :1,  "a": "passage"}'
    with portal.app.test_client() as http:
        http.post("/api/v1/patients/221/portal/invite", data=content, auth=("un", "pwd"))
        http.post("/api/v1/patients/221/portal/invite", data=content + b" " * KEPT_BODY, auth=("un", "pwd"))
    assert [exchange.body[: len(content)] for exchange in portal.journal] == [content, content]
