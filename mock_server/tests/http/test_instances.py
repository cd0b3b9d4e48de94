"""Instances: isolated from each other, made by their first authenticated use, and bounded in number."""

from collections.abc import Callable

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.instance import MAX_INSTANCES

from contract_tests.support.http_client import LIST_PATH, USER, error_message

Admin = Callable[..., httpx.Response]

GW0 = {"X-Cerbo-Instance": "gw0"}


def _ids(http: httpx.Client, prefix: str = "", **headers: str) -> list[int]:
    response = http.get(prefix + LIST_PATH, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return [entry["id"] for entry in response.raise_for_status().json()["data"]]


def test_what_happens_in_one_instance_stays_there(admin: Admin, http: httpx.Client) -> None:
    http.delete(f"{LIST_PATH}/27", headers=GW0).raise_for_status()
    http.post("/api/v1/patients/221/portal/invite", headers=GW0).raise_for_status()
    admin("POST", "/faults", {"kind": "html"}, headers=GW0)
    admin("POST", "/clock/freeze", headers=GW0)
    admin("POST", "/settings", {"clinic": {"name": "Other"}}, headers=GW0)
    assert http.get(LIST_PATH, headers=GW0).status_code == 502
    assert _ids(http) == [21, 27, 28, 30, 33]
    assert admin("GET", "/outbox").json()["meta"]["total"] == 0
    assert admin("GET", "/clock").json()["frozen"] is False
    assert admin("GET", "/settings").json()["clinic"]["name"] == "Riverside Sample Clinic"
    assert [call["status"] for call in [c["response"] for c in admin("GET", "/requests").json()["requests"]]] == [200]
    assert admin("GET", "/outbox", headers=GW0).json()["mails"][0]["sender"] == "Riverside Sample Clinic"


def test_header_subdomain_and_prefix_name_the_same_instance(http: httpx.Client) -> None:
    http.delete(f"{LIST_PATH}/27", headers=GW0).raise_for_status()
    assert 27 not in _ids(http, Host="gw0.localhost:8080")
    assert 27 not in _ids(http, Host="GW0.LOCALHOST")
    assert 27 not in _ids(http, prefix="/__instance/gw0")
    assert 27 in _ids(http, Host="localhost:8080")
    assert 27 in _ids(http, Host="[::1]:8080")
    assert 27 in _ids(http, prefix="/__instance/gw1")


def test_a_link_leads_back_to_its_instance(http: httpx.Client, portal: MockPortal) -> None:
    http.post("/__instance/gw0/api/v1/patients/221/portal/invite").raise_for_status()
    mail = portal.instances.get_or_create("gw0").outbox.last
    assert mail.link.startswith("http://127.0.0.1:8080/__instance/gw0/portal/join?token=")
    assert len(portal.outbox) == 0


def test_only_authenticated_use_makes_an_instance(admin: Admin, http: httpx.Client) -> None:
    assert http.get(LIST_PATH, headers=GW0, auth=("un", "wrong")).status_code == 401
    assert admin("GET", "/instances").json() == {"instances": ["default"]}
    (refused,) = admin("POST", "/requests/find", {"status": 401}).json()["requests"]
    assert refused["instance"] == "gw0"
    assert http.get(LIST_PATH, headers=GW0).status_code == 200
    assert admin("GET", "/instances").json() == {"instances": ["default", "gw0"]}


@pytest.mark.parametrize("name", ["", "-a", "a_b", "a" * 64, "a.b", "a/b"])
def test_a_name_that_no_host_can_have_is_refused(http: httpx.Client, name: str) -> None:
    response = http.get(LIST_PATH, headers={"X-Cerbo-Instance": name})
    assert response.status_code == 400
    assert error_message(response.content).startswith("instance: expected 1 to 63 letters, digits and hyphens")


def test_past_the_limit_a_clear_error_says_how_to_go_on(admin: Admin, http: httpx.Client) -> None:
    for number in range(MAX_INSTANCES - 1):
        assert http.get(LIST_PATH, headers={"X-Cerbo-Instance": f"w{number}"}).status_code == 200
    refused = http.get(LIST_PATH, headers={"X-Cerbo-Instance": "late"})
    assert refused.status_code == 400
    assert "drop one with DELETE /__admin/instances/NAME" in error_message(refused.content)
    assert http.get(LIST_PATH, headers={"X-Cerbo-Instance": "w7"}).status_code == 200
    assert admin("DELETE", "/instances/w7").json() == {"status": "dropped"}
    assert http.get(LIST_PATH, headers={"X-Cerbo-Instance": "late"}).status_code == 200


def test_a_dropped_instance_starts_from_the_scenario_again(admin: Admin, http: httpx.Client) -> None:
    for headers, name in ((GW0, "gw0"), ({}, "default")):
        http.delete(f"{LIST_PATH}/27", headers=headers).raise_for_status()
        admin("DELETE", f"/instances/{name}")
        assert http.delete(f"{LIST_PATH}/27", headers=headers).status_code == 200
    assert admin("GET", "/instances").json() == {"instances": ["default", "gw0"]}


def test_users_of_another_scenario_belong_to_their_instance_alone(admin: Admin, http: httpx.Client) -> None:
    scenario = {
        "clinic": {"name": "Mine", "invitation": {"subject": "Hi", "text": "$link"}},
        "users": [{"id": 1, "username": "ann", "password": "hush"}],
        "patients": [],
    }
    admin("POST", "/state", {"scenario": scenario}, headers=GW0)
    assert http.get(LIST_PATH, headers=GW0).status_code == 401
    assert http.get(LIST_PATH, headers=GW0, auth=("ann", "hush")).status_code == 404
    assert http.get(LIST_PATH, auth=("ann", "hush")).status_code == 401


def test_another_scenario_changes_passwords_and_removes_users(admin: Admin, http: httpx.Client) -> None:
    scenario = {
        "clinic": {"name": "Mine", "invitation": {"subject": "Hi", "text": "$link"}},
        "users": [{"id": 1, "username": "un", "password": "new"}],
        "patients": [{"id": 1, "first_name": "P", "last_name": "Q"}],
    }
    assert http.get(LIST_PATH, auth=("ben", "password")).status_code == 200
    admin("POST", "/state", {"scenario": scenario})
    statuses = [http.get(LIST_PATH, auth=auth).status_code for auth in (USER, ("un", "new"), ("ben", "password"))]
    assert statuses == [401, 200, 401]
