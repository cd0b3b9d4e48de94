"""Responses have the formats of the vendor's other endpoints: dates, routes, errors, ids and results of deletes."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.spec.contract import Contract

from contract_tests.support.http_client import INVITE_PATH, LIST_PATH, USER, Admin, http_client

Json = Any
CHECK = "/api/v1/patients/portal/validate_credentials"
VENDOR_FORMAT = "%Y-%m-%d %H:%M:%S"


@pytest.fixture
def entries(http: httpx.Client) -> list[Json]:
    """The queue of patient 1."""
    listed: list[Json] = http.get(LIST_PATH).raise_for_status().json()["data"]
    return listed


def test_the_three_calls_of_the_vendors_samples(http: httpx.Client) -> None:
    queue = http.get(LIST_PATH).json()
    assert queue.keys() == {"object", "data", "has_more", "total_count"}
    assert (queue["object"], queue["total_count"], queue["has_more"]) == ("list", 5, False)
    assert queue["data"][1] == {
        "object": "portal_request",
        "id": 27,
        "pt_id": 1,
        "request_type": "prescription_refill",
        "status": "open",
        "created": "2026-11-03 16:40:12",
        "addedby": 7,
        "subject": "Refill of a current prescription",
        "notes": "Same pharmacy as last time.",
        "url_patient_details": "http://127.0.0.1:8080/api/v1/patients/1",
        "details": {"drug_id": 311, "quantity": 30, "refills": 2},
    }
    assert http.delete(f"{LIST_PATH}/27").json() == {
        "result": True,
        "message": "Portal request removed from the queue",
        "action": "delete",
        "object": "portal_request",
        "id": 27,
        "data": None,
    }
    assert http.post(INVITE_PATH).json() == {
        "result": True,
        "message": "Invitation sent to the patient's primary e-mail address",
    }


def test_dates_parse_with_strptime_and_not_with_an_rfc_3339_format(entries: list[Json]) -> None:
    created = [datetime.strptime(entry["created"], VENDOR_FORMAT).replace(tzinfo=UTC) for entry in entries]
    assert created[1] == datetime(2026, 11, 3, 16, 40, 12, tzinfo=UTC)
    assert created == sorted(created)
    for entry in entries:
        with pytest.raises(ValueError, match="does not match format"):
            datetime.strptime(entry["created"], "%Y-%m-%dT%H:%M:%S%z")


def test_dates_of_secure_messages_have_the_vendors_format(http: httpx.Client, portal: MockPortal) -> None:
    portal.clock.freeze(datetime(2026, 11, 24, 12, 0, 1, 987654, tzinfo=UTC))
    path = "/api/v1/patients/1/portal/secure_messages"
    http.post(path, json={"subject": "Diet", "note": "Is coffee allowed?"}).raise_for_status()
    assert [message["created"] for message in http.get(path).json()["data"]] == [
        "2026-11-02 09:15:00",
        "2026-11-24 12:00:01",
    ]


def test_the_control_api_keeps_rfc_3339(http: httpx.Client, admin: Admin, portal: MockPortal) -> None:
    portal.clock.freeze(datetime(2026, 11, 24, 12, tzinfo=UTC))
    http.delete(f"{LIST_PATH}/27").raise_for_status()
    (hidden,) = admin("GET", "/state").json()["hidden"]
    assert (hidden["created"], hidden["hidden_at"]) == ("2026-11-03T16:40:12Z", "2026-11-24T12:00:00Z")
    assert hidden["url_patient_details"] == "http://127.0.0.1:8080/api/v1/patients/1"
    assert admin("GET", "/clock").json()["now"] == "2026-11-24T12:00:00Z"


HOST = {"Host": "portal.example:8443"}
# Prefix of the path, headers, and what routes begin with.
CALLERS: dict[str, tuple[str, dict[str, str], str]] = {
    "address": ("", {}, "http://127.0.0.1:8080"),
    "host": ("", HOST, "http://portal.example:8443"),
    "subdomain": ("", {"Host": "gw0.localhost:8080"}, "http://gw0.localhost:8080"),
    "path": ("/__instance/gw0", HOST, "http://portal.example:8443/__instance/gw0"),
    "header": ("", {"X-Cerbo-Instance": "gw0"}, "http://127.0.0.1:8080/__instance/gw0"),
}


@pytest.mark.parametrize(("prefix", "headers", "begins"), CALLERS.values(), ids=CALLERS)
def test_routes_are_absolute_and_lead_to_where_the_caller_called(
    prefix: str, headers: dict[str, str], begins: str, http: httpx.Client
) -> None:
    response = http.get(prefix + LIST_PATH, headers=headers).raise_for_status()
    assert {entry["url_patient_details"] for entry in response.json()["data"]} == {f"{begins}/api/v1/patients/1"}


def test_routes_begin_with_the_public_url() -> None:
    app = create_app(public_url="https://mock.example/cerbo/", validate="strict")
    with http_client(app, auth=USER, headers={"X-Forwarded-For": "192.0.2.2"}) as http:
        for headers, prefix in (({}, ""), ({"X-Cerbo-Instance": "gw0"}, "/__instance/gw0")):
            (entry, *_) = http.get(LIST_PATH, headers=headers).raise_for_status().json()["data"]
            assert entry["url_patient_details"] == f"https://mock.example/cerbo{prefix}/api/v1/patients/1"


def test_entries_have_numbers_for_ids_and_patient_details_text(
    http: httpx.Client, portal: MockPortal, entries: list[Json]
) -> None:
    assert {type(entry[name]) for entry in entries for name in ("id", "pt_id")} == {int}
    credentials = {"username": "robin", "password": "correct horse battery staple"}
    http.post("/api/v1/patients/1/portal/invite").raise_for_status()
    assert portal.open(portal.outbox.last).submit(credentials["password"]).status == 200
    assert http.post(CHECK, json=credentials).json()["patient_details"]["id"] == "1"


def test_additions_are_the_apis_and_those_of_a_scenario_keep_their_user(http: httpx.Client) -> None:
    http.post("/api/v1/patients/1/rxs", json={"drug_id": 118}).raise_for_status()
    http.post("/api/v1/patients/1/rxs", json={"drug_id": 118}, auth=("ben", "password")).raise_for_status()
    assert [entry["addedby"] for entry in http.get(LIST_PATH).json()["data"]] == [None, 7, None, 7, 7, 99999, 99999]


# Method, path, options of the request, and the status and the type of the error.
REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/api/v1/patients/0/portal/enqueued", {}, 400, "invalid_request"),
    ("GET", LIST_PATH, {"auth": ("un", "wrong")}, 401, "authentication"),
    ("GET", LIST_PATH, {"auth": ("labs", "labs-only")}, 403, "permission"),
    ("GET", "/api/v1/patients/404/portal/enqueued", {}, 404, "not_found"),
    ("PUT", LIST_PATH, {}, 405, "invalid_request"),
    ("POST", INVITE_PATH, {"content": b"x" * 65_537}, 413, "invalid_request"),
    ("POST", CHECK, {"content": b"x"}, 415, "invalid_request"),
    ("POST", "/api/v1/patients/3/portal/invite", {}, 422, "refused"),
    *(
        ("GET", LIST_PATH, {"headers": {"Prefer": f"code={status}"}}, status, kind)
        for status, kind in ((429, "rate_limit"), (500, "server"), (503, "server"))
    ),
    ("POST", "/__admin/clock/freeze", {"json": {"at": "soon"}, "auth": None}, 400, "invalid_request"),
    ("DELETE", "/__admin/faults/7", {"auth": None}, 404, "not_found"),
    (
        "POST",
        "/__admin/state",
        {"json": {"patients": [{"id": 1, "first_name": "A", "last_name": "B"}]}},
        409,
        "refused",
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "kind"), REFUSALS, ids=[f"{each[3]} {each[1]}" for each in REFUSALS]
)
def test_errors_have_a_type_and_a_message(
    method: str, path: str, options: dict[str, Any], status: int, kind: str, http: httpx.Client
) -> None:
    response = http.request(method, path, **options)
    body = response.json()
    assert (response.status_code, body.keys(), body["error"].keys()) == (status, {"error"}, {"type", "message"})
    assert body["error"]["type"] == kind
    assert body["error"]["message"]


def test_the_contract_knows_the_types_of_errors_that_the_mock_sends() -> None:
    details = Contract().document["components"]["schemas"]["ErrorDetails"]
    known = details["properties"]["type"]["x-extensible-enum"]
    assert set(known) == {kind for *_, kind in REFUSALS}
