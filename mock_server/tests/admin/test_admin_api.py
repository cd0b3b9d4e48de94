"""The control API: what each of its routes does, and how it refuses."""

from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.admin.routes import ROUTES
from cerbo_portal_mock.testing.mock_portal import ORIGIN

from contract_tests.support.http_client import LIST_PATH, USER, error_message

Admin = Callable[..., httpx.Response]

JSON = {"Content-Type": "application/json"}
TOKEN = "correct-horse"
NEW = {"pt_id": 1, "request_type": "x"}


@pytest.fixture
def remote() -> Iterator[httpx.Client]:
    """A caller from another host, of a mock whose control API has a token."""
    transport = httpx.WSGITransport(app=create_app(admin_token=TOKEN), remote_addr="192.0.2.7")
    with httpx.Client(transport=transport, base_url="http://mock:8080") as client:
        yield client


def _ids(http: httpx.Client, patient: int = 1) -> list[int]:
    listed = http.get(f"/api/v1/patients/{patient}/portal/enqueued").raise_for_status()
    return [entry["id"] for entry in listed.json()["data"]]


def test_health_and_version(admin: Admin) -> None:
    assert admin("GET", "/health").json() == {"status": "healthy"}
    assert admin("GET", "/version").json()["version"] == version("cerbo-portal")


def test_every_route_with_a_body_takes_its_own_example(admin: Admin) -> None:
    for route in ROUTES:
        if route.method == "POST":
            assert admin("POST", route.path, route.example).status_code == 200, route.path


def test_settings_change_only_what_is_given(admin: Admin, http: httpx.Client, portal: MockPortal) -> None:
    before = admin("GET", "/settings").json()
    changed = admin("POST", "/settings", {"clinic": {"name": "Hillside", "invitation": {"subject": "Hello"}}}).json()
    assert changed["clinic"]["name"] == "Hillside"
    assert changed["clinic"]["invitation"] == {**before["clinic"]["invitation"], "subject": "Hello"}
    assert {**changed, "clinic": None} == {**before, "clinic": None}
    http.post("/api/v1/patients/221/portal/invite").raise_for_status()
    assert (portal.outbox.last.sender, portal.outbox.last.subject) == ("Hillside", "Hello")


def test_reset_returns_everything_to_the_scenario(admin: Admin, http: httpx.Client) -> None:
    before = admin("GET", "/state").json()
    http.delete(f"{LIST_PATH}/27").raise_for_status()
    http.post("/api/v1/patients/221/portal/invite").raise_for_status()
    admin("POST", "/faults", {"kind": "close"})
    admin("POST", "/clock/freeze")
    admin("POST", "/settings", {"preview_coming_soon": True})
    assert admin("POST", "/reset").json() == {"status": "reset"}
    assert admin("GET", "/state").json() == before
    assert admin("GET", "/outbox").json() == {"mails": [], "meta": {"total": 0, "omitted": 0}}
    assert admin("GET", "/faults").json() == {"faults": []}
    assert admin("GET", "/clock").json()["frozen"] is False
    assert admin("GET", "/settings").json()["preview_coming_soon"] is False
    assert [call["request"]["url"] for call in admin("GET", "/requests").json()["requests"]] == ["/__admin/reset"]


def test_the_state_has_hidden_entries_with_their_audit_and_no_passwords(admin: Admin, http: httpx.Client) -> None:
    admin("POST", "/clock/freeze", {"at": "2026-11-24T12:00:00Z"})
    http.delete(f"{LIST_PATH}/27").raise_for_status()
    response = admin("GET", "/state")
    (hidden,) = response.json()["hidden"]
    assert (hidden["id"], hidden["hidden_by"], hidden["hidden_at"]) == (27, "un", "2026-11-24T12:00:00Z")
    assert 27 not in [entry["id"] for entry in response.json()["open"]]
    assert [user["username"] for user in response.json()["users"]] == ["un", "ben", "reader", "labs"]
    assert "pwd" not in response.text


def test_patients_and_entries_are_added(admin: Admin, http: httpx.Client) -> None:
    added = admin(
        "POST",
        "/state",
        {
            "patients": [{"id": 9, "first_name": "Nine", "last_name": "Sample", "queue": [
                {"id": 90, "request_type": "document", "created": "2026-11-01T00:00:00Z"}
            ]}],
            "entries": [
                {"pt_id": 9, "request_type": "appointment"},
                {"pt_id": 1, "request_type": "questionnaire", "created": "2026-11-03T00:00:00+01:00", "id": 50},
            ],
        },
    )  # fmt: skip
    assert added.status_code == 200
    assert [entry["id"] for entry in added.json()["entries"]] == [90, 91, 50]
    assert [patient["id"] for patient in added.json()["patients"]] == [9]
    assert _ids(http, 9) == [90, 91]
    assert _ids(http) == [21, 50, 27, 28, 30, 33]  # oldest first


def test_an_entry_may_be_dated_in_the_vendors_format(admin: Admin, http: httpx.Client) -> None:
    (added,) = admin("POST", "/state", {"entries": [{**NEW, "created": "2026-11-03 16:40:13"}]}).json()["entries"]
    assert added["created"] == "2026-11-03T16:40:13Z"
    assert [entry["created"] for entry in http.get(LIST_PATH).json()["data"]][1:3] == [
        "2026-11-03 16:40:12",
        "2026-11-03 16:40:13",
    ]


def test_a_patient_without_access_or_zip_code_is_not_invited(admin: Admin, http: httpx.Client) -> None:
    known = {"first_name": "Lou", "last_name": "Sample", "primary_email": "lou@example.com"}
    patients = [{**known, "id": 4, "portal_access": False}, {**known, "id": 5, "zip": None}, {**known, "id": 6}]
    added = admin("POST", "/state", {"patients": patients}).json()["patients"]
    assert [(patient["portal_access"], patient["zip"]) for patient in added] == [
        (False, "12345"),
        (True, None),
        (True, "12345"),
    ]
    statuses = [http.post(f"/api/v1/patients/{pt_id}/portal/invite").status_code for pt_id in (4, 5, 6)]
    assert statuses == [422, 422, 200]


def test_a_hidden_entry_is_restored_as_it_was(admin: Admin, http: httpx.Client) -> None:
    before = http.get(LIST_PATH).json()
    http.delete(f"{LIST_PATH}/27").raise_for_status()
    (restored,) = admin("POST", "/state", {"restore": [27]}).json()["entries"]
    assert (restored["id"], restored["hidden_at"], restored["hidden_by"]) == (27, None, None)
    assert http.get(LIST_PATH).json() == before
    assert admin("POST", "/state", {"restore": [27]}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"patients": [{"id": 1, "first_name": "A", "last_name": "B"}]}, 409, "patients: expected ids that are free"),
        ({"entries": [{"pt_id": 1, "request_type": "x", "id": 27}]}, 409, "entries[0].id: expected one that is free"),
        ({"entries": [{"pt_id": 404, "request_type": "x"}]}, 404, "entries[0].pt_id: expected a patient that is there"),
        ({"restore": [27]}, 404, "restore[0]: expected a hidden request, 27 is not"),
        ({"entries": [{**NEW, "id": 2**63 - 1}, NEW]}, 409, "id: expected one that is free"),
        ({"entries": [{"pt_id": 1}]}, 400, "entries[0].request_type: expected one line of 1 to 1000 characters"),
        ({"entries": [{"pt_id": 1.0, "request_type": "x"}]}, 400, "entries[0].pt_id: expected a whole number"),
        ({"entries": [{**NEW, "created": "0000-01-01T00:00:00Z"}]}, 400, "entries[0].created"),
        ({"entries": [{**NEW, "created": "0001-01-01T00:00:00+14:00"}]}, 400, "calendar"),
        ({"entries": [{**NEW, "created": "0000-00-00 00:00:00"}]}, 400, "entries[0].created: expected an instant"),
        ({"entries": [{**NEW, "request_type": "document", "details": {"size": "7 kB"}}]}, 400, "details.size: "),
        ({"patients": [{"id": 8, "first_name": "A", "last_name": "B"}] * 2}, 400, "expected each patient id once"),
        ({"patient": []}, 400, "patient: expected no such member, only patients, "),
        ({}, 400, "the body"),
        ({"restore": [33], "scenario": {}}, 400, "scenario"),
    ],
)  # fmt: skip
def test_additions_that_do_not_fit_are_refused_and_change_nothing(
    admin: Admin, http: httpx.Client, body: Any, status: int, message: str
) -> None:
    http.delete(f"{LIST_PATH}/33").raise_for_status()
    before = admin("GET", "/state").json()
    # What would do stands first, so that a refusal halfway would show.
    good = {"patients": [{"id": 77, "first_name": "Good", "last_name": "One"}], "restore": [33]}
    tried = {**good, **body} if body and "scenario" not in body and "restore" not in body else body
    response = admin("POST", "/state", tried)
    assert (response.status_code, message in error_message(response.content)) == (status, True), response.text
    assert admin("GET", "/state").json() == before


def test_a_scenario_is_loaded_and_kept_for_the_next_reset(admin: Admin, http: httpx.Client) -> None:
    scenario = {
        "clinic": {"name": "Mine", "invitation": {"subject": "Hi", "text": "$link"}},
        "users": [{"id": 1, "username": "ann", "password": "hush"}],
        "patients": [{"id": 5, "first_name": "Five", "last_name": "Sample"}],
    }
    loaded = admin("POST", "/state", {"scenario": scenario})
    assert [patient["id"] for patient in loaded.json()["patients"]] == [5]
    assert http.get(LIST_PATH).status_code == 401
    assert http.get("/api/v1/patients/5/portal/enqueued", auth=("ann", "hush")).status_code == 200
    admin("POST", "/reset")
    assert admin("GET", "/state").json() == loaded.json()
    assert admin("GET", "/settings").json()["clinic"]["name"] == "Mine"


def test_a_scenario_that_does_not_fit_is_refused_and_changes_nothing(admin: Admin) -> None:
    before = admin("GET", "/state").json()
    user = {"id": 1, "username": "ann", "password": "hush"}
    bad = {
        "clinic": {"name": "M", "invitation": {"subject": "S", "text": "$link"}},
        "users": [user] * 2,
        "patients": [],
    }
    refused = admin("POST", "/state", {"scenario": bad})
    assert refused.status_code == 400
    assert "scenario.users[1].id: expected each user id once" in error_message(refused.content)
    assert "hush" not in refused.text
    assert admin("GET", "/state").json() == before


def test_the_outbox_has_subject_text_recipient_and_link(admin: Admin, http: httpx.Client) -> None:
    http.post("/api/v1/patients/221/portal/invite").raise_for_status()
    (mail,) = admin("GET", "/outbox").json()["mails"]
    assert mail["recipient"] == "toni.invited@example.com"
    assert mail["subject"] == "Riverside Sample Clinic invites you to its patient portal"
    assert mail["link"] in mail["text"]


def test_the_newest_mail_is_one_call_away(admin: Admin, http: httpx.Client) -> None:
    empty = admin("GET", "/outbox/last")
    assert (empty.status_code, error_message(empty.content)) == (404, "No mail: the outbox is empty")
    for patient in (1, 221):
        http.post(f"/api/v1/patients/{patient}/portal/invite").raise_for_status()
    assert admin("GET", "/outbox/last").json() == admin("GET", "/outbox").json()["mails"][-1]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/settings", {"validate": "loud"}, "validate"),
        ("/settings", {"clinic": {"invitation": {"text": "no link"}}}, "clinic.invitation.text"),
        ("/settings", {}, "the body"),
        ("/requests/find", {"state": 404}, "state: expected no such member, only operation"),
        ("/requests/count", {"status": "404"}, "status"),
        (
            "/faults",
            {},
            "kind: expected one of delay, status, refuse, close, truncated, garbage, html, sequence, nothing was given",
        ),
        ("/faults", {"kind": "explode"}, "kind"),
        ("/faults", {"kind": "close", "probability": 0}, "probability"),
        ("/faults", {"kind": "close", "operation": "noSuch"}, "operation: expected one of showPortalRequests"),
        ("/faults", {"kind": "close", "status": 500}, "status: expected with the kind"),
        ("/faults", {"kind": "status"}, "status: expected with the kind"),
        ("/faults", {"kind": "status", "status": 418}, "status: expected one that is documented (400, 401"),
        ("/faults", {"kind": "status", "status": 422, "operation": "showPortalRequests"}, "status"),
        ("/faults", {"kind": "close", "retry_after": 1}, "retry_after: expected only"),
        ("/faults/seed", {}, "seed"),
        ("/clock/freeze", {"at": "noon"}, "at"),
        ("/clock/freeze", {"at": "1969-12-31T00:00:00Z"}, "from 1970-01-02 to 9999-12-30"),
        ("/clock/advance", {"seconds": "1"}, "seconds"),
        ("/clock/advance", {"seconds": 1e300}, "from 1970-01-02 to 9999-12-30"),
        ("/clock/advance", {"seconds": -1e10}, "from 1970-01-02 to 9999-12-30"),
        ("/reset", {"now": True}, "the body: expected an empty object"),
        ("/reset", [], "the body"),
    ],
)
def test_a_bad_body_is_refused_by_the_name_of_its_member(admin: Admin, path: str, body: Any, message: str) -> None:
    response = admin("POST", path, body)
    assert response.status_code == 400
    assert message in error_message(response.content)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 60_000, b'{"seed": NaN}'])
def test_a_body_that_is_not_json_is_refused(http: httpx.Client, content: bytes) -> None:
    response = http.post("/__admin/faults/seed", content=content, headers=JSON)
    assert response.status_code == 400


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1" * 5_000])
def test_a_bad_limit_is_refused(admin: Admin, limit: str) -> None:
    response = admin("GET", f"/requests?limit={limit}")
    assert (response.status_code, error_message(response.content)) == (400, "limit: expected a number from 1 to 999999")


def test_unknown_things_are_not_found(admin: Admin) -> None:
    assert error_message(admin("DELETE", "/faults/7").content) == "No such fault"
    assert error_message(admin("DELETE", "/instances/gw9").content) == "No such instance"
    assert admin("GET", "/nothing").status_code == 404
    assert admin("GET", "/reset").status_code == 405


def test_other_hosts_are_refused_without_the_token(remote: httpx.Client) -> None:
    assert remote.get("/__admin/state").status_code == 403
    assert remote.get("/__admin/state", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert remote.get("/__admin/state", headers={"Authorization": TOKEN}).status_code == 403
    assert remote.get("/__admin/state", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert remote.post("/__admin/reset", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 415


def test_other_hosts_may_ask_whether_it_is_ready(remote: httpx.Client) -> None:
    assert remote.get("/__admin/health").status_code == 200


def test_an_empty_token_opens_nothing() -> None:
    transport = httpx.WSGITransport(app=create_app(admin_token=""), remote_addr="192.0.2.7")
    with httpx.Client(transport=transport, base_url="http://mock:8080") as client:
        assert client.get("/__admin/state", headers={"Authorization": "Bearer "}).status_code == 403


def test_a_large_body_is_refused(http: httpx.Client) -> None:
    response = http.post("/__admin/state", content=b" " * (16 * 1024 * 1024 + 1), headers=JSON)
    assert response.status_code == 413


def test_the_origin_of_the_in_process_mock_is_a_loopback_one() -> None:
    assert ORIGIN == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/state", '{"entries": [{"pt_id": 1, "request_type": "x", "details": {"a": 1e400}}]}'),
        ("/clock/advance", '{"seconds": -1e999}'),
        ("/settings", '{"clinic": {"name": "\\ud800"}}'),
        ("/state", '{"patients": [{"id": 9, "first_name": "\\ud800", "last_name": "x"}]}'),
    ],
)
def test_what_no_answer_could_hold_is_refused(path: str, body: str, portal: MockPortal) -> None:
    before = portal.state.snapshot()
    with portal.app.test_client() as http:
        answer = http.post(f"/__admin{path}", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert portal.state.snapshot() == before


def test_a_whole_number_with_a_point_is_a_whole_number_in_a_fault(portal: MockPortal) -> None:
    body = '{"kind": "status", "status": 503.0, "times": 1.0, "patient": 1.0}'
    with portal.app.test_client() as http:
        rule = http.post("/__admin/faults", data=body, content_type="application/json").get_data(as_text=True)
        assert http.get(LIST_PATH, auth=USER).status_code == 503
        assert http.get(LIST_PATH, auth=USER).status_code == 200
    assert "503.0" not in rule


def test_a_whole_number_with_a_point_is_a_whole_number_in_the_settings(portal: MockPortal) -> None:
    body = '{"clinic": {"invitation": {"link_lifetime_hours": 1.0}}}'
    with portal.app.test_client() as http:
        changed = http.post("/__admin/settings", data=body, content_type="application/json").get_data(as_text=True)
        assert changed == http.get("/__admin/settings").get_data(as_text=True)
    assert '"link_lifetime_hours":1}' in changed


def test_a_token_of_any_letters_opens_the_control_api() -> None:
    app = create_app(admin_token="пароль")
    with app.test_client() as http:
        far = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
        right = {"HTTP_AUTHORIZATION": "Bearer пароль".encode().decode("latin-1")}
        wrong = {"HTTP_AUTHORIZATION": "Bearer parol"}
        assert http.get("/__admin/state").status_code == 200
        assert http.get("/__admin/state", environ_overrides={**far["environ_overrides"], **right}).status_code == 200
        assert http.get("/__admin/state", environ_overrides={**far["environ_overrides"], **wrong}).status_code == 403
