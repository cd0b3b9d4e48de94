"""The journal: what was asked and answered, found by what tests look for, in bounded memory, without credentials."""

import logging
from collections.abc import Callable

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.journal import JOURNAL_SIZE, KEPT_BODY
from cerbo_portal_mock.spec.errors import InvalidArgument

from contract_tests.support.http_client import LIST_PATH, error_message

Admin = Callable[..., httpx.Response]


def test_calls_are_found_by_operation_patient_status_and_user(admin: Admin, http: httpx.Client) -> None:
    http.get(LIST_PATH)
    http.get(LIST_PATH, auth=("ben", "password"))
    http.get("/api/v1/patients/2/portal/enqueued")
    http.delete(f"{LIST_PATH}/404404")
    http.get(LIST_PATH, auth=("un", "wrong"))

    def count(**search: object) -> int:
        found = admin("POST", "/requests/find", search).json()["requests"]
        counted: int = admin("POST", "/requests/count", search).json()["count"]
        assert len(found) == counted
        return counted

    assert count(operation="showPortalRequests", user="un") == 2
    assert count(operation="showPortalRequests", patient=1, status=200) == 2
    assert count(patient=2) == 1
    assert count(status=404) == 1
    assert count(user="ben") == 1
    assert count(status=401) == 1
    assert count(operation="inviteToPortal") == 0
    assert count(method="DELETE") == 1
    assert count(method="get") == 4


@pytest.mark.parametrize("search", ["requests/find", "requests/count"])
def test_a_misspelt_operation_is_not_one_that_was_never_called(admin: Admin, search: str) -> None:
    answer = admin("POST", f"/{search}", {"operation": "inviteToPortl"})
    assert answer.status_code == 400
    assert error_message(answer.content).startswith("operation: expected one of showPortalRequests, ")


def test_a_journal_is_a_sequence_that_can_be_read(portal: MockPortal, http: httpx.Client) -> None:
    assert repr(portal.journal) == "<Journal: 0 requests>"
    with pytest.raises(LookupError, match="the journal is empty"):
        _ = portal.journal.last
    http.get(LIST_PATH)
    http.post("/api/v1/patients/221/portal/invite", content=b"secret words")
    first, last = portal.journal
    assert (portal.journal[0], portal.journal[-1], portal.journal[1:], portal.journal.last) == (
        first,
        last,
        [last],
        last,
    )
    assert (last in portal.journal, portal.journal.index(last), len(portal.journal)) == (True, 1, 2)
    assert repr(last) == "<Exchange POST /api/v1/patients/221/portal/invite -> 200>"
    assert repr(portal.journal) == (
        "<Journal: 2 requests:\n  GET /api/v1/patients/1/portal/enqueued -> 200\n"
        "  POST /api/v1/patients/221/portal/invite -> 200>"
    )


def test_a_misspelt_operation_is_refused_in_python_too(portal: MockPortal) -> None:
    for search in (lambda: portal.journal.find(operation="inviteToPortl"), lambda: portal.journal.count("invite", 200)):
        with pytest.raises(InvalidArgument, match=r"^operation: expected one of showPortalRequests, "):
            search()


def test_an_exchange_has_both_sides_without_the_credentials(admin: Admin, http: httpx.Client) -> None:
    http.post("/api/v1/patients/1/portal/invite?a=b", content=b"hello", headers={"X-Note": "n"})
    (call,) = admin("GET", "/requests").json()["requests"]
    assert (call["operation"], call["patient"], call["user"], call["instance"]) == (
        "inviteToPortal",
        1,
        "un",
        "default",
    )
    assert (call["request"]["method"], call["request"]["body"]) == ("POST", "hello")
    assert call["request"]["url"] == "/api/v1/patients/1/portal/invite?a=b"
    assert call["request"]["headers"]["X-Note"] == "n"
    assert call["request"]["headers"]["Authorization"] == "REDACTED"
    assert call["response"]["status"] == 200
    assert '"result":true' in call["response"]["body"]
    assert call["timing"]["totalTime"] >= 0
    assert "dW46cHdk" not in str(call)


def test_an_exchange_says_what_kind_of_body_came_and_from_where(portal: MockPortal, admin: Admin) -> None:
    with portal.server() as url, httpx.Client(trust_env=False) as http:
        http.post(f"{url}/patients/1/portal/invite", content=b"{}", headers={"Content-Type": "text/json"})
        http.post(f"{url}/patients/1/portal/invite", content=iter([b"{", b"}"]))
    with_length, in_chunks = (call["request"] for call in admin("GET", "/requests").json()["requests"])
    assert (with_length["headers"]["Content-Type"], with_length["headers"]["Content-Length"]) == ("text/json", "2")
    # The server puts the chunks together, and says how much came.
    assert "Content-Type" not in in_chunks["headers"]
    assert (in_chunks["headers"]["Content-Length"], in_chunks["body"]) == ("2", "{}")
    assert with_length["clientIp"] == "127.0.0.1"


SECRET = "correct horse"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('{"username": "ann", "password": "correct horse"}', '{"username": "ann", "password": "REDACTED"}'),
        ('{"password": "correct horse", "password": "correct horse"}', '{"password": "REDACTED"}'),
        ('{"password": ["correct horse"]}', '{"password": "REDACTED"}'),
        ('["correct horse"]', "REDACTED"),
        ("correct horse", "REDACTED"),
        ("[" * 9_000, "REDACTED"),
    ],
)
def test_passwords_of_patients_are_not_kept(admin: Admin, http: httpx.Client, body: str, kept: str) -> None:
    headers = {"Content-Type": "application/json"}
    http.post("/api/v1/patients/portal/validate_credentials", content=body, headers=headers)
    http.post("/portal/join", data={"password": SECRET, "repeated": SECRET})
    calls = admin("GET", "/requests").json()["requests"]
    assert [call["request"]["body"] for call in calls] == [kept, ""]
    assert SECRET not in str(calls)


def test_the_journal_keeps_the_last_calls_and_counts_all(admin: Admin, http: httpx.Client, portal: MockPortal) -> None:
    for _ in range(JOURNAL_SIZE + 5):
        http.get("/api/v1/patients/3/portal/enqueued")
    listed = admin("GET", "/requests?limit=999999").json()
    assert (len(listed["requests"]), listed["meta"]["total"]) == (JOURNAL_SIZE, JOURNAL_SIZE + 5)
    assert [call["id"] for call in listed["requests"]][-1] == JOURNAL_SIZE + 5
    assert len(admin("GET", "/requests").json()["requests"]) == 100
    assert [call["id"] for call in admin("GET", "/requests?limit=1").json()["requests"]] == [JOURNAL_SIZE + 5]
    assert portal.journal.count("showPortalRequests", 200) == JOURNAL_SIZE + 5


def test_long_bodies_are_cut(admin: Admin, http: httpx.Client) -> None:
    http.post("/api/v1/patients/1/portal/invite", content=b"x" * 60_000)
    http.post("/api/v1/patients/1/portal/invite", content=b"x" * 70_000)
    kept, refused = admin("GET", "/requests").json()["requests"]
    assert len(kept["request"]["body"]) == KEPT_BODY
    assert (refused["response"]["status"], refused["request"]["body"]) == (413, "")


def test_coverage_counts_each_documented_answer(admin: Admin, http: httpx.Client) -> None:
    http.get(LIST_PATH)
    http.get(LIST_PATH)
    coverage = {
        (row["operation"], row["status"]): row["count"] for row in admin("GET", "/requests/coverage").json()["coverage"]
    }
    assert coverage["showPortalRequests", 200] == 2
    assert coverage["inviteToPortal", 422] == 0
    assert sum(coverage.values()) == 2


def test_the_journal_is_emptied(admin: Admin, http: httpx.Client) -> None:
    http.get(LIST_PATH)
    admin("DELETE", "/requests")
    calls = admin("GET", "/requests").json()["requests"]
    # The request to empty it is the first that it has again.
    assert [call["request"]["method"] for call in calls] == ["DELETE"]


def test_who_only_looks_leaves_no_trace(admin: Admin, http: httpx.Client) -> None:
    admin("GET", "/state")
    http.get("/openapi.json")
    assert admin("GET", "/requests").json()["requests"] == []


def test_the_access_log_has_routes_and_not_patients(http: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cerbo_portal_mock.access"):
        http.get("/api/v1/patients/221/portal/enqueued?status=secret")
        http.get("/api/v1/patients/221/x%0D%0Ay")
    lines = [record.getMessage() for record in caplog.records if record.name == "cerbo_portal_mock.access"]
    assert lines[0].startswith("'un' GET /api/v1/patients/<pt_id>/portal/enqueued 200 ")
    assert lines[1].startswith("'un' GET (no such path) 404 ")
    assert not [line for line in lines if "221" in line or "secret" in line or "\n" in line]


def test_the_access_log_names_patients_when_told_to(caplog: pytest.LogCaptureFixture) -> None:
    transport = httpx.WSGITransport(app=create_app(log_phi=True))
    with (
        caplog.at_level(logging.INFO, logger="cerbo_portal_mock.access"),
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as http,
    ):
        http.get("/api/v1/patients/221/portal/enqueued?status=%0Aopen")
    assert "GET /api/v1/patients/221/portal/enqueued?status=%0Aopen 401" in caplog.text
