"""The suite writes to nobody who did not agree, whatever a URL looks like and wherever a server sends it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.conformance.report import Element

from contract_tests.probes import runner
from contract_tests.probes.deviating_server import deviating_server
from contract_tests.probes.probes import CannotRun
from contract_tests.probes.runner import run_target
from contract_tests.probes.target_allowlist import NotPermitted, permitted
from contract_tests.probes.transports import GetOnlyTransport, RequestRefused, one_origin
from contract_tests.support.doubles import Peer, Step, sends, stalls
from contract_tests.support.http_client import USER
from contract_tests.support.scripts import load_script, run_script

Json = Any
Command = Callable[..., tuple[int, str, str]]

VENDOR = [
    "https://sandbox.md-hq.com/api/v1",
    "https://SandBox.MD-HQ.com/api/v1",
    "https://sandbox.md-hq.com./api/v1",
    "https://sandbox.md-hq.com..",
    "https://sandbox.md-hq.com:443",
    "https://md-hq.com",
    "http://a.b.md-hq.com:8080/",
]
DISGUISED = [
    "https://un:pwd@sandbox.md-hq.com/api/v1",
    "https://127.0.0.1@sandbox.md-hq.com/",
    "https://127.0.0.1:80@sandbox.md-hq.com/",
    "https://127.0.0.1\\@sandbox.md-hq.com/",
    "https://sandbox.md-hq.com\\.127.0.0.1/",
    "https://sandbox.md-hq.com#@127.0.0.1/",
    "https://sandbox.md-hq.com?@127.0.0.1/",
    "https://sandbox\u3002md-hq\u3002com/api/v1",
    "https://sandbox.\uff4d\uff44-\uff48\uff51.com/api/v1",
    "https://sandbox.md\u00ad-hq.com/api/v1",
    "https://sandbox.md\u2010hq.com/api/v1",
    "https://sandbox.md%2dhq.com/api/v1",
    "https://sandbox.md-hq%2Ecom/api/v1",
    "https://\u017fandbox.md-hq.com/api/v1",
    "https://sandbox.md-\nhq.com/api/v1",
    " https://sandbox.md-hq.com/api/v1",
    "//sandbox.md-hq.com/api/v1",
    "sandbox.md-hq.com",
    "ftp://sandbox.md-hq.com",
    "",
]


@pytest.mark.parametrize("url", VENDOR + DISGUISED)
@pytest.mark.parametrize("allowed", [None, "sandbox.md-hq.com", "SANDBOX.MD-HQ.COM."])
def test_the_vendors_hosts_are_refused_outright(url: str, allowed: str | None) -> None:
    with pytest.raises(NotPermitted, match=r"^--target: "):
        permitted(url, allowed)


@pytest.mark.parametrize(
    "url", ["http://example.com", "http://127.0.0.1.example.com", "http://0x7f.1", "http://10.0.0.1"]
)
@pytest.mark.parametrize("allowed", [None, "example.org", "com", ""])
def test_another_host_is_refused_unless_it_was_named(url: str, allowed: str | None) -> None:
    with pytest.raises(NotPermitted, match="--allow-writes-to"):
        permitted(url, allowed)


def test_a_host_that_was_named_is_permitted() -> None:
    assert permitted("https://Mock.example.com./api/v1/", "mock.example.com").host == "mock.example.com."


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:4010",
        "http://127.8.8.8/",
        "http://[::1]:8080/api/v1",
        "http://localhost",
        "http://gw0.localhost/",
    ],
)
def test_loopback_needs_no_permission(url: str) -> None:
    assert str(permitted(url)).rstrip("/") == url.rstrip("/")


class _Reached(httpx.BaseTransport):
    """Stands for the network: nothing may come here."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        pytest.fail(f"{request.method} would have been sent")


def test_a_request_for_another_server_is_not_sent() -> None:
    hooks = {"request": [one_origin(httpx.URL("http://127.0.0.1:8080/api/v1"))]}
    with httpx.Client(transport=_Reached(), event_hooks=hooks) as http:
        for url in (
            "http://127.0.0.1:8081/",
            "https://127.0.0.1:8080/",
            "http://127.0.0.2:8080/",
            "https://a.md-hq.com",
        ):
            with pytest.raises(RequestRefused):
                http.get(url)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "GETX"])
def test_nothing_but_get_is_sent(method: str) -> None:
    with pytest.raises(RequestRefused):
        GetOnlyTransport(_Reached(), 20.0).handle_request(httpx.Request(method, "http://127.0.0.1/"))
    with pytest.raises(RequestRefused):
        GetOnlyTransport(_Reached(), 20.0).handle_request(httpx.Request("GET", "http://127.0.0.1/", content=b"{}"))


def test_requests_are_paced_from_the_first_on() -> None:
    now, starts = [100.0], []

    def answer(_: httpx.Request) -> httpx.Response:
        starts.append(now[0])
        now[0] += 0.125  # the answer takes a while
        return httpx.Response(200)

    def sleep(seconds: float) -> None:
        now[0] += seconds

    transport = GetOnlyTransport(httpx.MockTransport(answer), 2.0, clock=lambda: now[0], sleep=sleep)
    for _ in range(4):
        transport.handle_request(httpx.Request("GET", "http://127.0.0.1/"))
    assert starts == [100.0, 100.5, 101.0, 101.5]


def test_no_redirect_is_followed(document: Json) -> None:
    portal = MockPortal()
    path = "/patients/{pt_id}/portal/invite"
    with portal.server() as there, deviating_server(moved_to=there.removesuffix("/api/v1")) as url:
        report = run_target({**document, "paths": {path: document["paths"][path]}}, url, USER, examples=1)
    assert len(portal.journal) == 0
    assert report.contradicted[Element("operation", "inviteToPortal")] == ["a status that is not documented"]


def test_a_server_that_does_not_answer_or_does_not_know_the_user(document: Json) -> None:
    with deviating_server() as url, pytest.raises(CannotRun, match="--username, --password"):
        run_target(document, url, ("un", "not-pwd"))
    with pytest.raises(CannotRun, match=r"^\w+: expected an answer, the server gave none: refused$"):
        run_target(document, url, USER)


@pytest.mark.parametrize(
    ("scheme", "step", "reason"),
    [
        ("https", stalls(), "not even to the TLS handshake of https: the server may speak plain http"),
        ("http", stalls(), "no response within the timeout"),
        ("http", sends(b"SSH-2.0-OpenSSH_9\r\n"), "closed early, or not HTTP"),
    ],
)
def test_a_target_without_a_response_says_why(
    scheme: str, step: Step, reason: str, document: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = Peer(step)
    monkeypatch.setattr(runner, "TIMEOUT", 0.5)
    try:
        with pytest.raises(CannotRun, match=f"expected an answer, the server gave none: {reason}"):
            run_target(document, peer.url.replace("http:", f"{scheme}:"), USER)
    finally:
        peer.close()


def test_a_server_that_has_nothing_there(document: Json) -> None:
    with MockPortal().server() as url:
        for wrong, ids in ((url.removesuffix("/api/v1"), None), (url, {"pt_id": [77]})):
            with pytest.raises(CannotRun, match=r"^--target, --pt-ids: expected the base URL of the API, such as"):
                run_target(document, wrong, USER, ids=ids)


POISON = {
    "CERBO_BASE_URL": "https://sandbox.md-hq.com/api/v1",
    "CERBO_USERNAME": "nobody",
    "CERBO_PASSWORD": "wrong",
    "CERBO_READ_ONLY": "1",
    "CERBO_ALLOW_HTTP": "neither",
    "CERBO_PT_IDS": "99",
    "CERBO_RATE": "none",
}


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in an environment that it may change, and gives its exit code, output and errors."""

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        monkeypatch.setattr(os, "environ", POISON | environment)
        monkeypatch.setattr(sys, "argv", ["conformance", *arguments])
        try:
            code = load_script("conformance").main()
        except SystemExit as error:
            code = int(str(error.code))
        return code, *capsys.readouterr()

    return run


def test_the_command_takes_nothing_from_the_settings_of_the_real_service(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with deviating_server("no challenge") as url:
        run = run_script("conformance", "--target", url, "--examples=1", f"--report={file}", env=POISON)
    assert (run.returncode, run.stderr) == (1, "")
    assert "\n\ncontradicted (" in run.stdout
    assert '"WWW-Authenticate"' in file.read_text(encoding="utf-8")


def test_conformance_takes_target_credentials_from_target_variables(command: Command) -> None:
    with MockPortal().server() as url:
        code, out, error = command("--target", url, TARGET_USERNAME="un", TARGET_PASSWORD="${CERBO_PASSWORD}")
        assert (code, out) == (2, "")
        assert error == "conformance: --username, --password: expected an API user of the server, it refused them\n"
        code, out, error = command("--target", url, "--examples=0", TARGET_USERNAME="un", TARGET_PASSWORD="pwd")
        assert (code, error) == (0, "")
        assert "contradicted (" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--target=https://sandbox.md-hq.com/api/v1", "--allow-writes-to=sandbox.md-hq.com"], "real clinics"),
        (["--target=http://un:secret@127.0.0.1/"], "without credentials"),
        (["--target=http://198.51.100.1/"], "--allow-writes-to 198.51.100.1"),
        (["--target=http://127.0.0.1:9/", "--pt-ids=1;2"], "--pt-ids: expected ids"),
        (["--target=http://127.0.0.1:9/", "--username=a:b"], "username: expected no colon"),
        (["--target=http://127.0.0.1:9/"], "expected an answer"),
        (["--target=http://127.0.0.1:9/", "--sandbox"], "not allowed with"),
        (["--target=http://127.0.0.1:9/", "--examples=-1"], "--examples: expected"),
        (["--target=http://127.0.0.1:99999/"], "--target: expected"),
        (["--target=http://127.0.0.1:9/", "--report=/nowhere/report.json"], "--report: expected"),
        (["--sandbox", "--username=un"], "--username"),
    ],
)
def test_bad_input_gets_one_clear_line(arguments: list[str], told: str, command: Command) -> None:
    code, out, error = command(*arguments)
    assert (code, out) == (2, "")
    assert told in error.splitlines()[-1]
    assert "secret" not in error
