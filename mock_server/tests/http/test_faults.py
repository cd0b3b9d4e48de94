"""Faults on demand: what each kind answers, whether the call acted, whom it hits, and that a run repeats."""

import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.faults import MAX_RULES, Fault, FaultNotHappened, Faults
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.errors import InvalidArgument

from contract_tests.support.http_client import LIST_PATH, error_message

Admin = Callable[..., httpx.Response]

CONTRACT = Contract()
DOCUMENTED = CONTRACT.error_statuses


def _sample(operation_id: str) -> tuple[str, str, Any]:
    """Method, path and body of a call, from the contract's own examples."""
    operation = CONTRACT.operations[operation_id]
    node = CONTRACT.document["paths"][operation.path][operation.method.lower()]
    parameters = [CONTRACT.resolve(parameter) for parameter in node.get("parameters", [])]
    values = {item["name"]: _example(item) for item in parameters if item["in"] == "path"}
    body = CONTRACT.resolve(node.get("requestBody", {})).get("content", {}).get("application/json")
    return operation.method, operation.path.format_map(values), body and _example(body)


def _example(node: Any) -> Any:
    return next(iter(node["examples"].values()))["value"]


def _open(portal: MockPortal) -> list[int]:
    return [entry.id for entry in portal.state.open_entries(1)]


@pytest.mark.parametrize(
    ("operation", "status"), [(operation, status) for operation, statuses in DOCUMENTED.items() for status in statuses]
)
def test_every_documented_error_is_answered_as_documented_and_nothing_is_done(
    portal: MockPortal, http: httpx.Client, operation: str, status: int
) -> None:
    before = portal.state.snapshot()
    portal.faults.add("status", status=status, operation=operation)
    method, path, body = _sample(operation)
    response = http.request(method, f"/api/v1{path}", json=body)
    # The mock is strict: an answer that breaks the contract would be a 500 that says so.
    assert response.status_code == status
    assert "contract" not in response.text
    documented = CONTRACT.operations[operation].responses[status]
    assert response.json() in documented.examples.values()
    assert [name for name in documented.headers if name not in response.headers] == []
    assert (portal.state.snapshot(), len(portal.outbox)) == (before, 0)


def test_retry_after_is_as_ordered(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=429, retry_after=7)
    portal.faults.add("status", status=500)
    assert http.get(LIST_PATH).headers["Retry-After"] == "7"
    assert portal.journal.find(status=429)[0].fault == "status"


@pytest.mark.parametrize("applied", [False, True])
def test_a_closed_connection_with_the_call_applied_or_not(
    portal: MockPortal, http: httpx.Client, applied: bool
) -> None:
    portal.faults.add("close", applied=applied)
    with pytest.raises(httpx.RemoteProtocolError):
        http.delete(f"{LIST_PATH}/27")
    assert (27 in _open(portal)) is not applied
    (call,) = portal.journal
    assert (call.fault, call.operation, call.status) == ("close", "deletePortalRequest", 0)
    assert portal.journal.count("deletePortalRequest", 200) == 0


def test_a_truncated_answer_breaks_off_in_the_middle(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        http.delete(f"{LIST_PATH}/27")
    assert 27 not in _open(portal)


def test_a_garbage_answer_is_no_json(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("garbage")
    response = http.get(LIST_PATH)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="utf-8"):
        response.json()


def test_a_gateway_answers_502_in_html_and_nothing_is_done(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("html", operation="deletePortalRequest")
    response = http.delete(f"{LIST_PATH}/27")
    assert (response.status_code, response.headers["Content-Type"]) == (502, "text/html")
    assert 27 in _open(portal)


def test_a_delay_passes_before_the_answer(portal: MockPortal, http: httpx.Client, monkeypatch: Any) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Fault, "wait", lambda fault: waits.append(fault.delay))
    portal.faults.add("delay", delay_ms=200)
    portal.faults.add("delay", jitter_ms=100)
    portal.faults.add("status", status=503, delay_ms=1000)
    assert http.get(LIST_PATH).status_code == 503
    assert 1.2 <= waits[0] <= 1.3
    assert http.get(LIST_PATH).status_code == 503
    assert waits[0] != waits[1]


def test_a_delay_past_the_read_timeout_is_a_timeout_in_process_too(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("delay", delay_ms=20)
    with pytest.raises(httpx.ReadTimeout):
        http.get(LIST_PATH, timeout=0.01)


def test_faults_over_a_socket_break_the_connection_without_a_word(
    portal: MockPortal, caplog: pytest.LogCaptureFixture
) -> None:
    portal.faults.add("close", times=1)
    portal.faults.add("truncated", times=1)
    ask = b"GET /api/v1/patients/1/portal/enqueued HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic dW46cHdk\r\n\r\n"
    with portal.server() as url:
        port = int(url.split(":")[2].split("/")[0])
        answers = []
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(ask)
                answers.append(connection.makefile("rb").read())
    assert answers[0] == b""
    head, _, body = answers[1].partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 200 ")
    assert len(body) == length // 2
    assert not [record for record in caplog.records if record.name == "waitress"]


@pytest.mark.parametrize(
    "condition", [{"operation": "inviteToPortal"}, {"patient": 2}, {"user": "ben"}], ids=lambda c: next(iter(c))
)
def test_who_is_not_meant_is_not_hit(portal: MockPortal, http: httpx.Client, condition: dict[str, Any]) -> None:
    portal.faults.add("html", **condition)
    assert http.get(LIST_PATH).status_code == 200
    calls = {
        "operation": lambda: http.post("/api/v1/patients/221/portal/invite"),
        "patient": lambda: http.get("/api/v1/patients/2/portal/enqueued"),
        "user": lambda: http.get(LIST_PATH, auth=("ben", "password")),
    }
    assert calls[next(iter(condition))]().status_code == 502


def test_a_status_hits_only_operations_that_document_it(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=422)
    assert http.get(LIST_PATH).status_code == 200
    assert http.post("/api/v1/patients/221/portal/invite").status_code == 422


def test_a_fault_comes_as_often_as_ordered(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=503, times=2)
    assert [http.get(LIST_PATH).status_code for _ in range(4)] == [503, 503, 200, 200]
    assert list(portal.faults) == []


def test_the_nth_call_fails_after_the_calls_before_it(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=503, after=2, times=1, operation="showPortalRequests")
    http.post("/api/v1/patients/221/portal/invite")
    assert [http.get(LIST_PATH).status_code for _ in range(4)] == [200, 200, 503, 200]


def test_after_counts_the_calls_that_another_fault_affects(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("html", times=1)
    portal.faults.add("status", status=503, after=2, times=1)
    assert [http.get(LIST_PATH).status_code for _ in range(4)] == [502, 200, 503, 200]


def test_a_sequence_of_faults_has_one_for_each_call(admin: Admin, portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("sequence", steps=[503, 429, None, "html"], retry_after=7)
    responses = [http.get(LIST_PATH) for _ in range(5)]
    assert [response.status_code for response in responses] == [503, 429, 200, 502, 200]
    assert responses[1].headers["Retry-After"] == "7"
    assert list(portal.faults) == []
    admin("POST", "/faults", {"kind": "sequence", "steps": [503.0, None]})
    assert [http.get(LIST_PATH).status_code for _ in range(3)] == [503, 200, 200]


def test_steps_of_a_sequence_are_applied_as_their_kinds_are(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("sequence", steps=[500, "garbage"])
    assert http.delete(f"{LIST_PATH}/27").status_code == 500
    assert 27 in _open(portal)
    http.delete(f"{LIST_PATH}/27")
    assert 27 not in _open(portal)


@pytest.mark.parametrize("kinds", [("delay", "status"), ("status", "delay"), ("status", "html"), ("delay", "delay")])
def test_two_faults_of_one_time_affect_two_calls(
    portal: MockPortal, http: httpx.Client, monkeypatch: pytest.MonkeyPatch, kinds: tuple[Any, Any]
) -> None:
    monkeypatch.setattr(Fault, "wait", lambda _: None)
    members: dict[str, dict[str, Any]] = {"delay": {"delay_ms": 5}, "status": {"status": 503}}
    for kind in kinds:
        portal.faults.add(kind, times=1, **members.get(kind, {}))
    for _ in range(3):
        http.get(LIST_PATH)
    assert [call.fault for call in portal.journal] == [*kinds, None]


def test_a_refused_connection_is_a_connect_error_in_process(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("refuse")
    with pytest.raises(httpx.ConnectError):
        http.delete(f"{LIST_PATH}/27")
    assert 27 in _open(portal)
    assert str(portal.journal.find(operation="deletePortalRequest")[0]).endswith("-> no response (refuse)")


def test_a_refused_connection_over_a_socket_is_closed_without_a_response(portal: MockPortal) -> None:
    portal.faults.add("refuse")
    with portal.server() as url, pytest.raises(httpx.RemoteProtocolError):
        httpx.delete(f"{url}/patients/1/portal/enqueued/27", auth=("un", "pwd"), trust_env=False)
    assert 27 in _open(portal)


@pytest.mark.parametrize(
    ("members", "body", "content_type"),
    [
        ({"status": 418, "body": "short and stout"}, b"short and stout", "text/plain; charset=utf-8"),
        ({"status": 200, "body": {"data": 7}}, b'{"data": 7}', "application/json"),
        ({"status": 503, "body": {}}, b"{}", "application/json"),
        ({"status": 503, "body": []}, b"[]", "application/json"),
        ({"status": 503, "body": b"\xff", "headers": {"Content-Type": "a/b"}}, b"\xff", "a/b"),
        ({"status": 204, "headers": {}}, b"", None),
        ({"status": 599, "body": ""}, b"", None),
    ],
)
def test_any_status_with_any_body_and_headers(
    portal: MockPortal, http: httpx.Client, members: dict[str, Any], body: bytes, content_type: str | None
) -> None:
    portal.faults.add("status", **{**members, "headers": {"X-Test": "1", **members.get("headers", {})}}, retry_after=9)
    response = http.get(LIST_PATH)
    assert (response.status_code, response.content) == (members["status"], body)
    assert response.headers.get("Content-Type") == content_type
    assert (response.headers["X-Test"], response.headers["Retry-After"]) == ("1", "9")


def test_a_header_is_added_to_a_documented_error(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=503, headers={"Retry-After": "soon"})
    response = http.get(LIST_PATH)
    assert (error_message(response.content), response.headers["Retry-After"]) == ("Service unavailable", "soon")


def test_a_body_of_bytes_is_listed_as_text(admin: Admin, portal: MockPortal) -> None:
    portal.faults.add("status", status=503, body=b"caf\xc3\xa9")
    assert admin("GET", "/faults").json()["faults"][0]["body"] == "caf\u00e9"


def test_a_fault_that_must_happen_is_missing_until_it_has(admin: Admin, portal: MockPortal, http: httpx.Client) -> None:
    rule = portal.faults.add("status", status=503, times=2, patient=1, must_happen=True)
    portal.faults.add("delay", after=1, must_happen=True)
    portal.faults.add("html", user="ben")
    http.get(LIST_PATH)
    with pytest.raises(FaultNotHappened) as raised:
        portal.faults.check_happened()
    assert str(raised.value) == (
        "a fault did not happen: status (patient=1, times=2, status=503, must_happen=True): happened 1 of 2 times; "
        "delay (after=1, must_happen=True): happened 0 of 1 times"
    )
    assert [fault["kind"] for fault in admin("GET", "/faults/missing").json()["faults"]] == ["status", "delay"]
    http.get(LIST_PATH)
    portal.faults.check_happened(rule.id)
    http.get(LIST_PATH)
    portal.faults.check_happened()


def test_a_call_is_applied_before_its_delay(portal: MockPortal, http: httpx.Client, monkeypatch: Any) -> None:
    hidden: list[bool] = []
    monkeypatch.setattr(Fault, "wait", lambda _: hidden.append(27 not in _open(portal)))
    portal.faults.add("delay", delay_ms=5)
    assert http.delete(f"{LIST_PATH}/27").status_code == 200
    # An error of the call comes late, too.
    assert http.delete(f"{LIST_PATH}/27").status_code == 404
    assert hidden == [True, True]


def test_chances_repeat_with_their_seed(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("status", status=503, probability=0.5)
    runs = []
    for seed in (1, 1, 2):
        portal.faults.seed(seed)
        runs.append([http.get(LIST_PATH).status_code for _ in range(40)])
    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(503) < 35


def test_faults_are_listed_and_withdrawn(admin: Admin, http: httpx.Client) -> None:
    first = admin("POST", "/faults", {"kind": "close", "patient": 1}).json()
    second = admin("POST", "/faults", {"kind": "html"}).json()
    assert admin("GET", "/faults").json() == {"faults": [first, second]}
    assert first == {
        "id": 1, "kind": "close", "patient": 1, "after": 0, "probability": 1.0, "delay_ms": 0, "jitter_ms": 0,
        "applied": False, "must_happen": False, "matched": 0, "happened": 0,
    }  # fmt: skip
    admin("DELETE", "/faults/1")
    assert http.get(LIST_PATH).status_code == 502
    admin("DELETE", "/faults")
    assert http.get(LIST_PATH).status_code == 200


def test_the_number_of_faults_is_bounded() -> None:
    faults = Faults(DOCUMENTED)
    for _ in range(MAX_RULES):
        faults.add("html")
    with pytest.raises(InvalidArgument, match="at most 100"):
        faults.add("html")


@pytest.mark.parametrize(
    ("kind", "conditions", "expected"),
    [
        ("bogus", {}, "kind: expected one of delay, status, refuse, close, truncated, garbage, html, sequence"),
        (
            "close",
            {"tims": 1},
            "tims: expected no such member, only operation, patient, user, after, probability, times,",
        ),
        ("close", {"id": 1}, "id: expected no such member, only operation,"),
        ("close", {"patient": "2"}, "patient: expected an integer"),
        ("close", {"times": 0}, "times: expected an integer of at least 1"),
        ("close", {"after": -1}, "after: expected an integer of at least 0"),
        ("close", {"steps": [503]}, 'steps: expected with the kind "sequence", and only there'),
        ("sequence", {}, 'steps: expected with the kind "sequence", and only there'),
        ("sequence", {"steps": "503"}, "steps: expected a list of statuses, kinds and null"),
        ("sequence", {"steps": [503, "bogus"]}, r"steps\[1\]: expected "),
        ("sequence", {"steps": [418]}, r"steps: expected one that is documented \(400, .*503\)$"),
        ("sequence", {"steps": [503], "times": 2}, "times: expected without steps, which happen once each"),
        ("status", {}, 'status: expected with the kind "status", and only there'),
        (
            "status",
            {"status": 418},
            r"status: expected one that is documented \(400, .*503\), or any with a body or headers$",
        ),
        ("status", {"status": 199, "body": ""}, "status: expected an integer from 200 to 599"),
        ("status", {"status": 204, "body": {"a": 1}}, "body: expected none, a response of the status 204 has none"),
        ("close", {"body": "x"}, 'body: expected only with the kind "status"'),
        (
            "status",
            {"status": 503, "headers": {"Content-Length": "3"}},
            "headers: expected no Content-Length, the server",
        ),
        ("status", {"status": 503, "headers": {"X Y": "3"}}, "headers: expected names that HTTP permits"),
        ("status", {"status": 503, "headers": {"X-Y": "a\r\nb"}}, "headers: expected printable ASCII in X-Y"),
    ],
)
def test_a_fault_that_is_none_is_told(portal: MockPortal, kind: Any, conditions: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^{expected}"):
        portal.faults.add(kind, **conditions)


def test_wrong_credentials_come_before_any_fault(portal: MockPortal, http: httpx.Client) -> None:
    portal.faults.add("html")
    assert http.get(LIST_PATH, auth=("un", "wrong")).status_code == 401


@pytest.mark.parametrize(
    ("prefer", "status", "message"),
    [
        ("code=503", 503, "Service unavailable"),
        ("code=429; foo=bar", 429, "Too many requests"),
        ("respond-async, code=404", 404, "No such patient"),
        ('example="unknownRequest"', 404, "No such request in the patient's portal queue"),
        ("code=404, example=unknownRequest", 404, "No such request in the patient's portal queue"),
        ("code=418", 400, "Prefer: expected code=200|400|401|403|404|429|500|503 or example="),
        ("example=nothing", 400, "Prefer: expected code="),
        ("code=404, example=nothing", 400, "Prefer: expected example=unknownPatient|unknownRequest"),
    ],
)
def test_prefer_orders_the_answer_of_one_request(
    portal: MockPortal, http: httpx.Client, prefer: str, status: int, message: str
) -> None:
    response = http.delete(f"{LIST_PATH}/27", headers={"Prefer": prefer})
    assert response.status_code == status
    assert error_message(response.content).startswith(message)
    assert 27 in _open(portal)


@pytest.mark.parametrize("prefer", ["code=200", "respond-async", "", "wait=10"])
def test_what_prefer_does_not_order_is_answered_as_ever(portal: MockPortal, http: httpx.Client, prefer: str) -> None:
    assert http.delete(f"{LIST_PATH}/27", headers={"Prefer": prefer}).status_code == 200
    assert 27 not in _open(portal)


def test_rules_are_used_up_exactly_under_threads(portal: MockPortal) -> None:
    portal.faults.add("html", times=50)
    drawn: list[bool] = []

    def draw() -> None:
        drawn.extend(portal.faults.draw("inviteToPortal", 1, "un") is not None for _ in range(20))

    threads = [Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn.count(True) == 50
