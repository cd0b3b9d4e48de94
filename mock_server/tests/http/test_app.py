"""The application: bound to the contract, guarded, and silent about patients when it fails."""

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.clock import utc_now
from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.clinic.state import State, UnknownPatient
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.http.app import ContractMismatch
from cerbo_portal_mock.http.errors import STATUS
from cerbo_portal_mock.http.json_provider import JsonProvider
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract, default_path
from cerbo_portal_mock.spec.errors import InvalidArgument
from werkzeug.routing import Rule, UnicodeConverter

from contract_tests.support.http_client import LIST_PATH, USER


def _client(**options: Any) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app=create_app(), **options), base_url="http://127.0.0.1")


@pytest.mark.parametrize("stubs", [False, True])
def test_a_handler_without_an_operation_stops_the_start(tmp_path: Path, stubs: bool) -> None:
    text = default_path().read_text().replace("operationId: inviteToPortal", "operationId: inviteAgain")
    (tmp_path / "spec.yaml").write_text(text)
    with pytest.raises(ContractMismatch, match=r"^handlers without an operation in the contract: inviteToPortal$"):
        create_app(contract=Contract(tmp_path / "spec.yaml"), stubs=stubs)


def test_an_operation_without_a_handler_stops_the_start_without_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(handlers.HANDLERS, "inviteToPortal")
    for start in (create_app, MockPortal):
        with pytest.raises(ContractMismatch, match=r"^operations of the contract without a handler: inviteToPortal$"):
            start(stubs=False)


def test_the_contract_of_this_project_has_no_stub(caplog: pytest.LogCaptureFixture) -> None:
    create_app(contract=Contract(default_path()), stubs=False)
    assert MockPortal(stubs=True).app
    assert caplog.messages == []


def test_a_route_that_an_application_is_given_is_of_that_one_alone() -> None:
    contract = Contract()
    first, second = create_app(contract=contract), create_app(contract=contract)
    for app in (first, second):
        before = set(map(str, app.url_map.iter_rules()))
        app.add_url_rule("/mine", view_func=lambda: "mine")
        assert set(map(str, app.url_map.iter_rules())) == {*before, "/mine"}
        client = app.test_client()
        assert client.get("/mine").text == "mine"
        assert client.get(LIST_PATH, auth=USER).status_code == client.options("/docs").status_code == 200
        assert client.options(LIST_PATH).status_code == 401
    third = create_app(contract=contract)
    assert third.test_client().get("/mine").status_code == 404
    with pytest.raises(RuntimeError, match="expected a route by the application's add_url_rule"):
        third.url_map.add(Rule("/direct"))
    with pytest.raises(TypeError):
        third.url_map.converters["hex"] = UnicodeConverter


def test_a_failure_of_the_mock_is_a_documented_500_and_logs_no_patient_data(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(context: RequestContext, pt_id: int) -> None:
        raise RuntimeError(f"{context.user} and patient {pt_id + 776}")

    monkeypatch.setitem(handlers.HANDLERS, "showPortalRequests", fail)
    with caplog.at_level(logging.DEBUG), _client() as client:
        response = client.get(LIST_PATH, auth=USER)
    assert response.status_code == 500
    assert response.json() == {"error": {"type": "server", "message": "Internal server error"}}
    failures = [record.getMessage() for record in caplog.records if record.name == "cerbo_portal_mock.http.errors"]
    assert len(failures) == 1
    assert failures[0].startswith("RuntimeError in test_app.py:")
    assert "777" not in caplog.text


def test_every_refusal_of_an_operation_has_a_status() -> None:
    refusals = {*DomainError.__subclasses__(), InvalidArgument, *InvalidArgument.__subclasses__()}
    assert STATUS.keys() == refusals


def test_the_control_api_answers_loopback_only() -> None:
    with _client(remote_addr="192.0.2.7") as client:
        response = client.get("/__admin/state")
    assert response.status_code == 403
    assert response.json()["error"]["type"] == "permission"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.7"])
def test_the_control_api_does_not_answer_a_name_of_someone_else(host: str) -> None:
    with _client() as client:
        assert client.get("/__admin/state", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "gw0.localhost"])
def test_the_control_api_answers_loopback_names(host: str) -> None:
    with _client() as client:
        assert client.get("/__admin/health", headers={"Host": host}).json() == {"status": "healthy"}


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_web_page_cannot_reset_the_mock(content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    with _client() as client:
        client.delete(f"{LIST_PATH}/27", auth=USER)
        assert client.post("/__admin/reset", headers=headers).status_code == 415
        assert len(client.get("/__admin/state").json()["hidden"]) == 1


def test_the_control_api_shows_users_without_passwords() -> None:
    with _client() as client:
        state = client.get("/__admin/state")
    assert [user["username"] for user in state.json()["users"]] == ["un", "ben", "reader", "labs"]
    assert "look-only" not in state.text


@pytest.mark.parametrize("host", ["[", "a<b"])
def test_an_invitation_leads_to_the_mock_whatever_host_the_caller_names(host: str) -> None:
    with _client() as client:
        client.post("/api/v1/patients/221/portal/invite", auth=USER, headers={"Host": host})
        (mail,) = client.get("/__admin/outbox").json()["mails"]
    assert mail["link"].startswith("http://127.0.0.1:80/portal/join?token=")


def test_a_head_request_has_the_headers_of_the_list_and_no_body() -> None:
    with _client() as client:
        head, get = client.head(LIST_PATH, auth=USER), client.get(LIST_PATH, auth=USER)
    assert head.headers == get.headers
    assert head.content == b""


def test_the_state_refuses_an_entry_of_nobody() -> None:
    with pytest.raises(UnknownPatient):
        State([Patient(1, "A", "B")], [Entry(1, 2, "document", utc_now())], utc_now)


def test_an_answer_holds_nothing_that_json_has_no_form_for() -> None:
    for value in (Patient(id=1, first_name="Kim", last_name="Example"), utc_now()):
        with pytest.raises(TypeError, match="not JSON serializable"):
            JsonProvider(create_app()).response(value)


@pytest.mark.parametrize("value", [2**64, "\ud800", {"deep": [-(10**30), "é"]}], ids=["number", "half", "both"])
def test_an_answer_may_hold_whatever_json_has(value: Any) -> None:
    answer = JsonProvider(create_app()).response({"value": value})
    content = answer.get_data()
    assert answer.content_type == "application/json"
    assert json.loads(content) == {"value": value}
    assert content.endswith(b"}\n")
