"""Grease: responses vary in all that the contract leaves open, and in nothing else."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.grease import DEFAULT_KINDS, KINDS, Grease
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport

from contract_tests.support.http_client import AUTHORIZATION, INVITE_PATH, LIST_PATH, USER, Admin, http_client

from ..stub_contract import operation, paths, stub_contract

Json = Any
OPEN_SET = {"type": "string", "x-extensible-enum": ["a"]}
Calls = Callable[..., list[httpx.Response]]
ENTRY = f"{LIST_PATH}/27"


def _calls(
    grease: str, *, times: int = 1, method: str = "GET", path: str = LIST_PATH, **sent: Any
) -> list[httpx.Response]:
    """Responses of a new portal to the same call, again and again."""
    portal = MockPortal(grease=grease)
    with httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN, auth=USER) as http:
        return [http.request(method, path, **sent) for _ in range(times)]


def _entries(responses: list[httpx.Response]) -> list[Json]:
    return [entry for response in responses for entry in response.json()["data"]]


def test_the_same_seed_and_calls_have_the_same_bytes() -> None:
    for kinds in ("", ",default,values,absent"):
        one, other, another = (
            [(r.status_code, r.headers.raw, r.content) for r in _calls(f"{seed}{kinds}", times=3)] for seed in (7, 7, 8)
        )
        assert one == other != another
        assert len(set(map(str, one))) == 3


def test_instances_and_operations_vary_independently() -> None:
    portal = MockPortal(grease=7)
    with httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN, auth=USER) as http:
        contents = [http.get(f"{prefix}{LIST_PATH}").content for prefix in ("", "/__instance/a", "/__instance/b")]
        assert len(set(contents)) == 3
        portal.reset()
        http.get("/api/v1/patients/2/portal/secure_messages")
        assert http.get(LIST_PATH).content == contents[0]


def test_without_grease_nothing_varies(http: httpx.Client, portal: MockPortal) -> None:
    assert len({http.get(LIST_PATH).content for _ in range(5)}) == 1
    assert {exchange.grease for exchange in portal.journal} == {()}


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("ids", "id", {21, "21"}),
        ("ids", "pt_id", {1, "1"}),
        ("routes", "url_patient_details", {None, f"{ORIGIN}/api/v1/patients/1"}),
        (
            "dates",
            "created",
            {
                *(
                    "2026-11-02 09:15:00",
                    "2026-11-02T09:15:00Z",
                    "2026-11-02T09:15:00.000Z",
                    "2026-11-02T09:15:00+00:00",
                ),
                *("2026-11-02T09:15:00+0000", "2026-11-02t09:15:00z", "2026-11-02T11:15:00+02:00"),
                *("2026-11-02T11:15:00+0200", "2026-11-02T03:45:00-05:30", "2026-11-02T03:45:00-0530"),
            },
        ),
    ],
)
def test_a_kind_varies_its_values_and_no_others(kind: str, member: str, expected: set[Json]) -> None:
    plain = MockPortal().client().show_portal_requests(1).raw["data"]
    seen = [response.json()["data"] for response in _calls(f"1,{kind}", times=80)]
    assert {entries[0][member] for entries in seen} == expected
    for entries in seen:
        for entry, usual in zip(entries, plain, strict=True):
            assert list(entry) == list(usual)
            assert {name for name in entry if entry[name] != usual[name]} <= (
                {"id", "pt_id", "addedby", "details"} if kind == "ids" else {member}
            )


def test_members_are_added_at_every_level_in_any_order() -> None:
    responses = [response.json() for response in _calls("1,members", times=10)]
    entries = [entry for response in responses for entry in response["data"]]
    details = [entry["details"] for entry in entries]
    for objects in (responses, entries, details):
        unknown = [[name for name in each if name.startswith("grease_")] for each in objects]
        assert {len(names) for names in unknown} == {0, 1}
    assert len({tuple(name for name in entry if not name.startswith("grease_")) for entry in entries}) > 10


def test_text_varies_whitespace_escapes_messages_and_headers() -> None:
    responses = _calls("1,text", times=30, method="DELETE", path=f"{LIST_PATH}/99")
    assert len({response.content for response in responses}) > 20
    assert {response.json()["error"]["type"] for response in responses} == {"not_found"}
    assert len({response.json()["error"]["message"] for response in responses}) > 5
    names = [[name for name, _ in response.headers.raw] for response in responses]
    assert {b"content-type", b"CONTENT-TYPE", b"Content-Type"} <= {name for each in names for name in each}
    assert len({each[0].lower() for each in names}) > 1
    assert len({response.headers["Content-Type"] for response in responses}) == 4


def test_errors_have_three_bodies_and_unknown_types() -> None:
    bodies = [response.json() for response in _calls("1,errors", times=40, method="DELETE", path=f"{LIST_PATH}/99")]
    assert {tuple(body) for body in bodies} == {("error",), ("message",), ("result", "message")}
    types = {body["error"].get("type") for body in bodies if "error" in body}
    assert {None, "not_found"} < types
    assert {type(each) for each in types} == {str, type(None)}


@pytest.mark.parametrize(
    ("call", "statuses"),
    [
        (("GET", LIST_PATH, None), {200}),
        (("POST", INVITE_PATH, None), {200, 201, 202}),
        (("POST", "/api/v1/patients/1/rxs", {"drug_id": 7}), {200, 201}),
        (("DELETE", f"{LIST_PATH}/99", None), {404, 400, 410}),
        (("GET", "/api/v1/patients/0/portal/enqueued", None), {400, 422}),
        (("GET", "/api/v1/patients/99/portal/enqueued", None), {404}),
    ],
)
def test_status_varies_as_the_contract_says(call: tuple[str, str, Json], statuses: set[int]) -> None:
    method, path, body = call
    responses = _calls("1,status", times=30, method=method, path=path, json=body)
    assert {response.status_code for response in responses} == statuses


def test_a_delete_may_have_no_content() -> None:
    responses = [_calls(f"{seed},status", method="DELETE", path=ENTRY)[0] for seed in range(20)]
    assert {response.status_code for response in responses} == {200, 201, 204}
    for response in responses:
        assert bool(response.content) == (response.status_code != 204)
        assert ("Content-Type" in response.headers) == (response.status_code != 204)


def test_the_answer_of_the_login_check_stays_as_it_is() -> None:
    body = {"username": "a", "password": "b"}
    path = "/api/v1/patients/portal/validate_credentials"
    responses = _calls("1,default,absent", times=5, method="POST", path=path, json=body)
    assert {(response.status_code, response.json()["result"]) for response in responses} == {(200, False)}


def test_values_and_absent_apply_only_when_they_are_named() -> None:
    assert KINDS.keys() - {"values", "absent"} == DEFAULT_KINDS
    entries = _entries(_calls("1", times=20))
    assert {entry["id"] for entry in entries} <= {
        each for number in (21, 27, 28, 30, 33) for each in (number, str(number))
    }
    assert all(entry.keys() >= {"subject", "notes", "status"} for entry in entries)


def test_values_add_an_entry_of_unknown_kind_and_status() -> None:
    (response,) = _calls("1,values")
    listed = response.json()
    *known, extra = listed["data"]
    assert [entry["id"] for entry in known] == [21, 27, 28, 30, 33]
    assert (listed["total_count"], extra["pt_id"]) == (6, 1)
    assert {extra["request_type"][:6], extra["status"][:6]} == {"grease"}
    assert extra["id"] > 9_000_000_000


def test_absent_drops_members_that_are_not_required() -> None:
    entries = _entries(_calls("1,absent", times=20))
    assert all("id" in entry for entry in entries)
    for name in ("pt_id", "created", "status", "subject"):
        assert {False, True} == {name in entry for entry in entries}
        assert None in {entry.get(name, "absent") for entry in entries}


def test_the_journal_says_what_was_varied(http: httpx.Client, admin: Admin, portal: MockPortal) -> None:
    assert admin("POST", "/settings", {"grease": "7,dates,status"}).json()["grease"] == "7,dates,status"
    http.get(LIST_PATH)
    http.delete(ENTRY)
    call = admin("POST", "/requests/find", {"operation": "showPortalRequests"}).json()["requests"][0]
    assert call["grease"] == ["dates: data[].created"]
    assert "grease: dates: data[].created" in str([*portal.journal][1])


def test_settings_switch_grease_per_instance(http: httpx.Client, admin: Admin) -> None:
    usual = http.get(LIST_PATH).content
    assert admin("GET", "/settings").json()["grease"] == "off"
    first = [admin("POST", "/settings", {"grease": 7}).json()["grease"], http.get(LIST_PATH).content]
    assert first[1] != usual
    assert [admin("POST", "/settings", {"grease": "7"}).json()["grease"], http.get(LIST_PATH).content] == first
    other = http.get(f"/__instance/other{LIST_PATH}").json()
    assert other["data"][0]["created"] == "2026-11-02 09:15:00"
    assert admin("POST", "/settings", {"grease": True}).json()["grease"].isdecimal()
    for off in ("off", False):
        assert admin("POST", "/settings", {"grease": off}).json()["grease"] == "off"
    assert http.get(LIST_PATH).content == usual
    refused = admin("POST", "/settings", {"grease": "colours"})
    assert (refused.status_code, refused.json()["error"]["message"][:50]) == (
        400,
        "grease: expected off, or a seed from 0 to 42949672",
    )


@pytest.mark.parametrize(
    "given", ["colours", "7,8", "-1", "4294967296", "7,DATES", "1" * 5_000, "\u0661", "off,7", "all"]
)
def test_unknown_kinds_and_seeds_are_one_line(given: str) -> None:
    with pytest.raises(InvalidArgument, match=r"^grease: expected off, or a seed from 0 to 4294967295 and kinds"):
        MockPortal(grease=given)


def test_grease_is_written_as_it_is_read() -> None:
    for text in ("7", "7,ids,dates", "7,default,absent", "7,default,values,absent", "7,values"):
        assert str(Grease.read(text)) == text
    drawn = {str(Grease.read(given)) for given in (True, "", "default") for _ in range(5)}
    assert len(drawn) == 15
    assert {Grease.read(given) for given in (False, "off")} == {None}


def test_a_portal_logs_the_seed_that_it_draws(caplog: pytest.LogCaptureFixture) -> None:
    MockPortal(grease="7,dates")
    MockPortal()
    assert caplog.messages == []
    portal = MockPortal(grease="dates")
    assert caplog.messages == [f'responses vary; to repeat: MockPortal(grease="{portal.instance.settings.grease}")']


def test_the_bytes_on_the_wire_have_headers_in_any_order_and_case() -> None:
    heads = []
    with MockPortal(grease="3,text").server() as url:
        host, port = url.split("/")[2].split(":")
        for _ in range(10):
            with socket.create_connection((host, int(port)), timeout=10) as connection:
                lines = [f"GET {LIST_PATH} HTTP/1.1", "Host: x", "Connection: close", f"Authorization: {AUTHORIZATION}"]
                connection.sendall("\r\n".join([*lines, "", ""]).encode())
                heads.append(
                    b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")[0].split(b"\r\n")
                )
    assert {head[0] for head in heads} == {b"HTTP/1.1 200 OK"}
    assert len({tuple(line.partition(b":")[0] for line in head) for head in heads}) > 5
    assert {frozenset(line.partition(b":")[0].lower() for line in head[1:]) for head in heads} == {
        frozenset({b"content-type", b"content-length", b"connection", b"date"})
    }


def test_faults_keep_the_status_that_was_ordered(http: httpx.Client, portal: MockPortal, admin: Admin) -> None:
    admin("POST", "/settings", {"grease": 7})
    portal.faults.add("status", status=400)
    assert {http.get(LIST_PATH).status_code for _ in range(10)} == {400}
    portal.faults.clear()
    portal.faults.add("garbage", applied=True)
    http.get(LIST_PATH)
    assert [*portal.journal][-1].grease == ()


def test_a_new_operation_is_varied_without_code(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["key"],
        "properties": {
            "key": {"type": ["integer", "string"], "pattern": "^[0-9]+$"},
            "at": {"type": "string", "format": "date-time"},
            "link": {"type": ["string", "null"], "format": "uri"},
            "until": {"$ref": "#/components/schemas/Instant"},
            "zip": {"type": ["integer", "string"]},
            "free": True,
        },
    }
    example = {
        "key": "7",
        "at": "2026-11-02T09:15:00Z",
        "link": "https://x.test/a",
        "until": None,
        "zip": "7",
        "free": 7,
    }
    content = {"content": {"application/json": {"schema": schema, "example": example}}}
    responses = {"200": {"description": "done", **content}, "2XX": {"description": "done", **content}}
    stub = operation(responses=responses)
    contract = stub_contract(tmp_path, paths({"/stubs": {"post": stub}}))
    app = create_app(contract=contract, validate="strict", grease=Grease.read("7,ids,dates,routes,status"))
    with http_client(app) as http:
        seen = [http.post("/api/v1/stubs", auth=USER) for _ in range(60)]
    assert {response.status_code for response in seen} == {200, 201}
    values = {name: {json.dumps(response.json()[name]) for response in seen} for name in example}
    assert values["key"] == {"7", '"7"'}
    assert len(values["at"]) == 6
    assert values["link"] == {"null", '"https://x.test/a"'}
    assert values["until"] == {"null", '""', '"0000-00-00 00:00:00"'}
    assert (values["zip"], values["free"]) == ({'"7"'}, {"7"})


def test_a_body_that_would_break_the_contract_is_left_as_it_is(tmp_path: Path) -> None:
    schema = {"type": "object", "maxProperties": 1, "properties": {"n": {"type": "integer"}}}
    content = {"content": {"application/json": {"schema": schema, "example": {"n": 1}}}}
    stub = operation(responses={"200": {"description": "done", **content}})
    contract = stub_contract(tmp_path, paths({"/stubs": {"get": stub}}))
    app = create_app(contract=contract, validate="strict", grease=Grease.read("7,members"))
    with http_client(app) as http:
        assert {http.get("/api/v1/stubs", auth=USER).text for _ in range(20)} == {'{"n":1}\n'}


def test_a_response_that_no_contract_documents_keeps_its_body() -> None:
    (response,) = _calls("1", path="/api/v1/nothing")
    assert response.status_code == 404
    assert list(response.json()) == ["error"]


def test_lists_without_a_count_or_without_open_sets_are_varied_too(tmp_path: Path) -> None:
    def listed(kind: Json) -> Json:
        entry = {"type": "object", "properties": {"id": {"type": "integer"}, "kind": kind}}
        schema = {"type": "object", "properties": {"data": {"type": "array", "items": entry}}}
        return {"content": {"application/json": {"schema": schema, "example": {"data": [{"id": 1, "kind": "a"}]}}}}

    open_set = operation("openSet", responses={"200": {"description": "done", **listed(OPEN_SET)}})
    closed = operation("closed", responses={"200": {"description": "done", **listed({"type": "string"})}})
    contract = stub_contract(tmp_path, paths({"/open": {"get": open_set}, "/closed": {"get": closed}}))
    with http_client(create_app(contract=contract, validate="strict", grease=Grease.read("7,values"))) as http:
        assert len(http.get("/api/v1/open", auth=USER).json()["data"]) == 2
        assert http.get("/api/v1/closed", auth=USER).json() == {"data": [{"id": 1, "kind": "a"}]}
