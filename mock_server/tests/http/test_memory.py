"""Memory: no number or size of requests makes the mock, its journal or a response of it grow without bound."""

import json
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.admin import serializers
from cerbo_portal_mock.admin.routes import MAX_BODY, MAX_STATE
from cerbo_portal_mock.clinic import journal
from cerbo_portal_mock.clinic.history import MemoryLimit
from cerbo_portal_mock.clinic.instance import MAX_INSTANCES

from contract_tests.support.http_client import Admin, error_message

LIST = "/api/v1/patients/1/portal/enqueued"
JSON = {"Content-Type": "application/json"}
GROWTH = """
import io, os, sys
import psutil
from cerbo_portal_mock import create_app

app = create_app()
LONG = "x" * 64_000
KINDS = [
    lambda i: {"PATH_INFO": f"/api/v1/{i}{LONG}"},
    lambda i: {"PATH_INFO": f"/{i}{LONG}", "REQUEST_METHOD": "POST"},
    lambda i: {"QUERY_STRING": f"{i}&{LONG}"},
    lambda i: {"QUERY_STRING": f"{i}&" * 8_000},
    lambda i: {f"HTTP_X_{i}": LONG},
    lambda i: {f"HTTP_X_{i}_{n}": "x" for n in range(2_000)},
    lambda i: {f"HTTP_{LONG}_{i}": "x"},
    lambda i: {"REQUEST_METHOD": f"M{i}{LONG}"},
    lambda i: {"HTTP_X_CERBO_INSTANCE": f"i{i}"},
    lambda i: {"HTTP_X_CERBO_INSTANCE": f"{i}{LONG}"},
    lambda i: {"PATH_INFO": f"/__instance/i{i}/api/v1/x"},
    lambda i: {"HTTP_HOST": f"i{i}.localhost"},
    lambda i: {"HTTP_AUTHORIZATION": f"Basic {i}{LONG}"},
    lambda i: {"PATH_INFO": "/portal/join", "REQUEST_METHOD": "POST", "CONTENT_TYPE":
               "application/x-www-form-urlencoded", "BODY": f"token={i}{LONG}"},
    lambda i: {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/patients/1/portal/invite", "BODY": f"{i}{LONG}"},
]


def send(overrides):
    body = overrides.pop("BODY", "").encode()
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/patients/1/portal/enqueued", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "REMOTE_ADDR": "192.0.2.2",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, **overrides,
    }
    statuses = []
    response = app(environ, lambda status, headers, *_: statuses.append(int(status[:3])))
    b"".join(response)
    response.close()
    assert 400 <= statuses[0] < 500, (statuses, [name[:40] for name in overrides])


memory = psutil.Process().memory_info
for kind in KINDS:
    send(kind(0))
before = memory().rss
for kind in KINDS:
    for i in range(1 + 10_000 // len(KINDS)):
        send(kind(i))
instances = app.extensions["cerbo_portal"]
print(memory().rss - before, instances.default.journal.total, len(list(instances)))
"""


def test_10000_unauthenticated_requests_add_less_than_100_mb_of_rss() -> None:
    run = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True, timeout=300)
    growth, recorded, instances = map(int, run.stdout.split())
    assert growth < 100_000_000
    assert (recorded > 10_000, instances) == (True, 1)


def test_long_parts_of_a_request_are_truncated_and_named(admin: Admin, http: httpx.Client) -> None:
    long = "x" * 50_000
    headers = {"X-Long": long, "X-Last": "kept", "User-Agent": "a"}
    for path in (LIST, f"{LIST}?status={long}", f"/api/v1/{long}"):
        http.get(path)
    http.get(LIST, headers=headers)
    http.get(LIST, headers={f"X-{n}": "v" for n in range(1_000)})
    http.request("M" * 50, LIST)
    http.post("/api/v1/patients/1/portal/invite", content=b"x" * 60_000)
    calls = admin("GET", "/requests").json()["requests"]
    assert [call["truncated"] for call in calls] == [
        [],
        ["request.url"],
        ["request.url"],
        ["request.headers"],
        ["request.headers"],
        ["request.method"],
        ["request.body"],
    ]
    assert len(calls[1]["request"]["url"]) == len(f"{LIST}?") + journal.KEPT_URL
    assert len(calls[2]["request"]["url"]) == journal.KEPT_URL
    assert calls[3]["request"]["headers"]["X-Long"] == "x" * journal.KEPT_HEADER
    assert calls[3]["request"]["headers"]["X-Last"] == "kept"
    assert 100 < len(calls[4]["request"]["headers"]) < 250
    assert calls[5]["request"]["method"] == "M" * journal.KEPT_METHOD
    assert len(calls[6]["request"]["body"]) == journal.KEPT_BODY


def test_a_long_response_is_truncated(admin: Admin, http: httpx.Client, portal: MockPortal) -> None:
    for _ in range(100):
        portal.state.enqueue(1, "appointment", notes="n" * 100)
    assert len(http.get(LIST).content) > journal.KEPT_BODY
    (call,) = admin("GET", "/requests").json()["requests"]
    assert (call["truncated"], len(call["response"]["body"])) == (["response.body"], journal.KEPT_BODY)


def _fill(portal: MockPortal, name: str, calls: int) -> None:
    path = f"/__instance/{name}{LIST}"
    with portal.app.test_client() as http:
        for number in range(calls):
            headers = {f"X-{number}-{n}": "x" * 1_000 for n in range(8)}
            http.get(path, headers=headers, auth=("un", "pwd"))


def test_a_journal_has_at_most_16_mb(portal: MockPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (journal.JOURNAL_BYTES, journal.ALL_JOURNALS_BYTES) == (16 * 1024 * 1024, 48 * 1024 * 1024)
    monkeypatch.setattr(journal, "JOURNAL_BYTES", 200_000)
    portal.reset()
    _fill(portal, "default", 50)
    assert 5 < len(portal.journal) < 20
    assert portal.journal.total == 50
    assert [exchange.id for exchange in portal.journal] == list(range(51 - len(portal.journal), 51))


def test_the_journals_of_all_instances_share_a_limit(portal: MockPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MEMORY", MemoryLimit(1_000_000))
    for number in range(8):
        _fill(portal, f"gw{number}", 40)
    kept = [len(instance.journal) for instance in portal.instances]
    assert 40 < sum(kept) < 100
    assert min(kept[1:]) >= 1
    assert all(instance.journal.total == 40 for instance in list(portal.instances)[1:])


@pytest.mark.parametrize("path", ["/requests?limit=999999", "/requests/find"])
def test_a_response_with_the_journal_is_bounded(
    admin: Admin, http: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(serializers, "MAX_LISTED", 100_000)
    for _ in range(60):
        http.post("/api/v1/patients/1/portal/invite", content=b"\x01" * 5_000)
    listed = admin("POST" if path.endswith("find") else "GET", path, {}).json()
    assert len(json.dumps(listed)) < 110_000
    assert 0 < len(listed["requests"]) == 60 - listed["meta"]["omitted"]
    assert listed["requests"][-1]["id"] == 60


def test_requests_beyond_the_limit_are_counted_as_omitted(admin: Admin, http: httpx.Client) -> None:
    for _ in range(5):
        http.get(LIST)
    assert admin("GET", "/requests?limit=2").json()["meta"] == {"total": 5, "omitted": 3}


def test_the_outbox_and_its_response_are_bounded(
    admin: Admin, portal: MockPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "$link" + "x" * 15_000

    def invite(between: Callable[[], object]) -> int:
        before = portal.outbox.total
        for _ in range(300):
            between()
            portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
        assert portal.outbox.total == before + 300
        return len(portal.outbox)

    # Mails share the clinic's texts until these change.
    assert invite(lambda: None) == 300
    changes = {"clinic": {"invitation": {"text": text}}}
    kept = invite(lambda: admin("POST", "/settings", changes).raise_for_status())
    assert 200 < kept < 300
    monkeypatch.setattr(serializers, "MAX_LISTED", 1_000_000)
    listed = admin("GET", "/outbox").json()
    assert len(json.dumps(listed)) < 1_100_000
    assert len(listed["mails"]) == kept - listed["meta"]["omitted"]
    assert listed["mails"][-1]["id"] == portal.outbox.total == listed["meta"]["total"]


def test_only_the_state_takes_a_large_body(http: httpx.Client) -> None:
    for path in ("settings", "faults", "clock/freeze", "requests/find", "reset", "faults/seed"):
        response = http.post(f"/__admin/{path}", content=b" " * (MAX_BODY + 1), headers=JSON)
        assert response.status_code == 413
        assert str(MAX_BODY) in error_message(response.content)
        assert http.post(f"/__admin/{path}", content=b" " * MAX_BODY, headers=JSON).status_code == 400
    assert http.post("/__admin/state", content=b" " * (MAX_STATE + 1), headers=JSON).status_code == 413
    assert http.post("/__admin/state", content=b" " * MAX_STATE, headers=JSON).status_code == 400


def test_a_body_with_a_million_problems_is_refused_for_the_first(http: httpx.Client) -> None:
    body = b'{"patients": [' + b"{}," * 300_000 + b"{}]}"
    response = http.post("/__admin/state", content=body, headers=JSON)
    assert response.status_code == 400
    assert error_message(response.content).startswith("patients[0].")
    assert ";" not in error_message(response.content)


def test_an_error_shows_the_beginning_of_a_long_name(admin: Admin) -> None:
    message = error_message(admin("POST", "/settings", {"n" * 30_000: 1}).content)
    assert message.startswith("n" * 64 + ": expected no such member")


@pytest.mark.parametrize(
    ("member", "text", "longest"),
    [("text", "$link " + "${first_name}" * 257, 262_144), ("subject", "$last_name$clinic_name" * 5, 10_000)],
)
def test_a_text_that_expands_too_far_is_refused(admin: Admin, member: str, text: str, longest: int) -> None:
    settings = {"clinic": {"invitation": {member: text}}}
    expected = f"clinic.invitation.{member}: expected at most {longest} characters with its variables filled in"
    refused = admin("POST", "/settings", settings)
    assert (refused.status_code, error_message(refused.content)) == (400, expected)
    clinic = {"name": "C", "invitation": {"subject": "S", "text": "$link", member: text}}
    scenario = {"clinic": clinic, "users": [{"id": 1, "username": "un", "password": "p"}], "patients": []}
    refused = admin("POST", "/state", {"scenario": scenario})
    assert (refused.status_code, error_message(refused.content)) == (400, f"scenario.{expected}")
    shorter = {"clinic": {"invitation": {member: text.removesuffix("${first_name}").removesuffix("$clinic_name")}}}
    assert admin("POST", "/settings", shorter).status_code == 200


def test_all_instances_at_the_maximum_have_bounded_memory(portal: MockPortal) -> None:
    for number in range(MAX_INSTANCES - 1):
        _fill(portal, f"gw{number}", 1)
    assert len(list(portal.instances)) == MAX_INSTANCES
    with portal.app.test_client() as http:
        for number in range(10):
            assert http.get(LIST, headers={"X-Cerbo-Instance": f"late{number}"}).status_code == 401
            late = http.get(LIST, headers={"X-Cerbo-Instance": f"late{number}"}, auth=("un", "pwd"))
            assert late.status_code == 400
    assert len(list(portal.instances)) == MAX_INSTANCES
