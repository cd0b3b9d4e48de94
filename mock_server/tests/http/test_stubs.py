"""Operations without a handler: answered with examples, marked as stubs, and guarded as all operations are."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.http.app import ContractMismatch
from flask import Flask

from contract_tests.support.http_client import LIST_PATH, USER, http_client

from ..conftest import serving
from ..stub_contract import PATH, Json, components, json_content, operation, paths, stub_contract

Serve = Callable[..., httpx.Client]
INVALID_SCHEMA = "expected a JSON Schema whose references lead to components of the contract"
NODE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}},
}


@pytest.fixture
def stubbed(tmp_path: Path) -> Callable[..., Flask]:
    """Makes an application, whose responses are checked, with further operations by method, at `PATH`."""

    def make(*patches: Any, path: str = PATH, **operations: Json) -> Flask:
        contract = stub_contract(tmp_path, *patches, paths({path: operations}))
        return create_app(contract=contract, validate="strict")

    return make


@pytest.fixture
def serve(stubbed: Callable[..., Flask]) -> Iterator[Serve]:
    """Raw HTTP to such an application, as the API user un, below the base path."""
    with ExitStack() as clients:
        yield lambda *patches, **options: clients.enter_context(
            http_client(stubbed(*patches, **options), "/api/v1", auth=USER)
        )


def _response(status: str = "200", **content: Json) -> Json:
    return {status: {"description": "done", **content}}


def test_a_stub_is_answered_from_its_first_example(serve: Serve) -> None:
    examples = {"first": {"value": {"id": 3}}, "second": {"value": {"id": 4}}}
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    http = serve(get=operation(responses=_response("201", **json_content(schema, examples=examples))))
    answer = http.get(PATH)
    assert (answer.status_code, answer.json()) == (201, {"id": 3})
    assert (answer.headers["X-Cerbo-Mock-Stub"], answer.headers["Content-Type"]) == ("true", "application/json")


def test_an_example_that_does_not_fit_its_schema_is_passed_over(serve: Serve) -> None:
    examples = {
        "wrong": {"value": {"id": "x"}},
        "elsewhere": {"externalValue": "http://h"},
        "right": {"value": {"id": 4}},
    }
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    both = {"get": operation("a", responses=_response(**json_content(schema, examples=examples)))}
    both["put"] = operation("b", responses=_response(**json_content(schema, example={"id": "x"})))
    http = serve(**both)
    assert http.get(PATH).json() == {"id": 4}
    assert isinstance(http.put(PATH).json()["id"], int)


def test_a_value_of_the_schema_is_the_same_in_every_run(serve: Serve) -> None:
    schema = {"type": "array", "minItems": 3, "items": {"$ref": "#/components/schemas/Node"}}
    get = operation(responses=_response(**json_content(schema)))
    first, second = (serve(components("schemas", {"Node": NODE}), get=get).get(PATH) for _ in range(2))
    assert first.content == second.content
    assert [set(node) for node in first.json()] == [{"name"}] * 3


@pytest.mark.parametrize("status", ["204", "200", "default", "2XX"])
def test_a_success_without_content_has_no_body(serve: Serve, status: str) -> None:
    http = serve(delete=operation(responses=_response(status)))
    answer = http.delete(PATH)
    assert (answer.status_code, answer.content) == (204 if status == "204" else 200, b"")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    ("media_type", "content", "answered", "expected"),
    [
        ("application/pdf", {}, "application/pdf", b"%PDF-"),
        ("text/csv", {"example": "a,b\n"}, "text/csv; charset=utf-8", b"a,b\n"),
        ("text/csv", {"example": 5}, "text/csv; charset=utf-8", b"id,name"),
        ("text/*", {}, "text/plain; charset=utf-8", b"example"),
        ("image/*", {}, "image/png", b"\0"),
        ("application/octet-stream", {"schema": {"type": "string"}}, "application/octet-stream", b"\0"),
        ("*/*", {"schema": {"type": "integer", "const": 7}}, "application/json", b"7\n"),
        ("application/problem+json", {"schema": {"const": 7}}, "application/problem+json", b"7\n"),
        ("application/json; charset=utf-8", {"schema": {"const": 7}}, "application/json; charset=utf-8", b"7\n"),
    ],
)
def test_content_that_is_not_json(serve: Serve, media_type: str, content: Json, answered: str, expected: bytes) -> None:
    http = serve(get=operation(responses=_response(content={media_type: content})))
    answer = http.get(PATH)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, answered)
    assert answer.content.startswith(expected)


def test_json_is_preferred_to_other_content(serve: Serve) -> None:
    content = {"text/csv": {}, "application/json": {"schema": {"const": 7}}}
    assert serve(get=operation(responses=_response(content=content))).get(PATH).json() == 7


def test_members_that_repeat_an_argument_have_its_value(serve: Serve) -> None:
    equal = {"type": ["integer", "string"], "x-equals": "$request.path.id"}
    absent = {"type": "integer", "x-equals": "$request.query.other"}
    entry = {"type": "object", "required": ["id", "n"], "properties": {"id": equal, "n": absent, "any": True}}
    schema = {"anyOf": [{"type": "null"}, {"type": "array", "items": {"allOf": [entry]}}]}
    example = [{"id": 1, "n": 2}, {"id": 1, "n": 3, "any": [4]}]
    parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    get = operation(parameters=parameters, responses=_response(**json_content(schema, example=example)))
    http = serve(path="/stubs/{id}", get=get)
    for number in (7, 8):
        assert http.get(f"/stubs/{number}").json() == [{"id": number, "n": 2}, {"id": number, "n": 3, "any": [4]}]


def test_required_headers_of_a_stub_are_sent(serve: Serve) -> None:
    headers = {
        "X-Total": {"required": True, "schema": {"type": "integer", "const": 9}},
        "X-Page": {"required": True, "schema": {}, "example": 2},
        "X-More": {"schema": {"type": "string"}},
    }
    answer = serve(get=operation(responses=_response(headers=headers))).get(PATH)
    assert (answer.headers["X-Total"], answer.headers["X-Page"], "X-More" in answer.headers) == ("9", "2", False)


def test_credentials_permissions_and_arguments_come_first(stubbed: Callable[..., Flask]) -> None:
    limit = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}
    app = stubbed(get=operation(parameters=[limit]), post=operation("write"))
    with http_client(app, "/api/v1") as http:
        assert http.get(PATH).status_code == 401
        assert http.get(PATH, auth=("un", "wrong")).status_code == 401
        assert http.post(PATH, auth=("reader", "pwd")).status_code in {401, 403}
        refused = http.get(PATH, auth=USER, params={"limit": "x"})
        assert (refused.status_code, refused.headers["X-Cerbo-Mock-Stub"]) == (400, "true")
        assert "limit: expected an integer" in refused.text
        assert http.get(PATH, auth=USER, params={"limit": 5}).status_code == 200
        assert "X-Cerbo-Mock-Stub" not in http.get(LIST_PATH.removeprefix("/api/v1"), auth=USER).headers


def test_errors_that_a_stub_does_not_document_are_the_mocks_own(serve: Serve) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    other = json_content({"type": "object", "required": ["code"]})
    get = operation(parameters=[limit])
    get["responses"] = {"200": get["responses"]["200"], "400": {"description": "refused", **other}}
    http = serve(get=get)
    assert http.get(PATH, params={"limit": "x"}).status_code == 400
    assert http.get(PATH, auth=("un", "wrong")).status_code == 401
    injected = http.get(PATH, headers={"Prefer": "code=400"})
    assert (injected.status_code, list(injected.json())) == (400, ["code"])


def test_patients_of_a_stub_need_not_exist(stubbed: Callable[..., Flask]) -> None:
    path = "/patients/{pt_id}/charts/{chart-id}"
    parameters = [
        {"name": "pt_id", "in": "path", "required": True, "schema": {"type": ["integer", "string"]}},
        {"name": "chart-id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    ]
    app = stubbed(path=path, get=operation(parameters=parameters))
    chart = "0a4e21e0-0a1c-4f5b-8f4e-0d5b6a3f1c11"
    with http_client(app, "/api/v1", auth=USER) as http:
        for patient in ("999999", "no-number"):
            assert http.get(f"/patients/{patient}/charts/{chart}").status_code == 200
        refused = http.get("/patients/999999/charts/7")
    assert (refused.status_code, "chart-id: expected a UUID" in refused.text) == (400, True)
    journal = app.extensions["cerbo_portal"].default.journal
    assert [exchange.patient for exchange in journal] == [999999, None, None]


def test_a_head_operation_is_not_answered_by_the_get_of_its_path(serve: Serve) -> None:
    headers = {"X-Total": {"required": True, "schema": {"const": 9}}}
    http = serve(get=operation("read"), head=operation("look", responses=_response(headers=headers)))
    assert "X-Total" not in http.get(PATH).headers
    answer = http.head(PATH)
    assert (answer.headers["X-Total"], answer.content) == ("9", b"")


def test_the_start_names_stubs_in_a_warning(stubbed: Callable[..., Flask], caplog: pytest.LogCaptureFixture) -> None:
    stubbed(get=operation("readIt"), put=operation("writeIt"))
    assert caplog.record_tuples == [
        (
            "cerbo_portal_mock.http.app",
            logging.WARNING,
            "operations without a handler are answered with examples: readIt, writeIt",
        )
    ]


@pytest.mark.parametrize(
    ("responses", "problem"),
    [
        ({"302": {"description": "elsewhere"}}, "expected a documented success, such as 200"),
        (_response(**json_content(False)), "no value that fits the schema was found"),
        (
            _response(**json_content({"type": "nothing"})),
            INVALID_SCHEMA,
        ),
        (_response(**json_content({"$ref": "#/components/schemas/No"})), INVALID_SCHEMA),
    ],
)
def test_a_stub_without_an_example_stops_the_start(
    stubbed: Callable[..., Flask], responses: Json, problem: str
) -> None:
    bad = operation("bad", responses=responses)
    with pytest.raises(ContractMismatch) as caught:
        stubbed(get=bad, put={**bad, "operationId": "worse"}, post=operation("good"))
    start = "has no handler and cannot be answered with an example"
    assert str(caught.value) == f"bad {start}: {problem}\nworse {start}: {problem}"


def test_faults_hit_stubs(stubbed: Callable[..., Flask]) -> None:
    never = {"description": "never", **json_content(False)}
    get = operation("readIt")
    get["responses"]["418"] = never
    app = stubbed(get=get)
    faults = app.extensions["cerbo_portal"].default.faults
    with http_client(app, "/api/v1", auth=USER) as http:
        faults.add("status", operation="readIt", status=503, times=1)
        answer = http.get(PATH)
        assert (answer.status_code, answer.headers["X-Cerbo-Mock-Stub"]) == (503, "true")
        faults.add("html", times=1)
        assert http.get(PATH).status_code == 502
        # Nothing fits the schema of this one.
        app.extensions["cerbo_portal"].default.change_settings(validate="off")
        faults.add("status", operation="readIt", status=418, times=1)
        assert (http.get(PATH).status_code, http.get(PATH).status_code) == (418, 200)


def test_the_journal_and_the_console_mark_stubs(stubbed: Callable[..., Flask]) -> None:
    app = stubbed(get=operation("readIt"))
    with http_client(app, "", auth=USER) as http:
        http.get(f"/api/v1{PATH}")
        http.get(LIST_PATH)
        requests = http.get("/__admin/requests", auth=None).json()["requests"]
        assert [(each["operation"], each["stub"]) for each in requests] == [
            ("readIt", True),
            ("showPortalRequests", False),
        ]
        for page in ("/", "/docs"):
            config = json.loads(http.get(page).text.partition('id="config">')[2].partition("</script>")[0])
            marked = [name for name, each in config["operations"].items() if each["stub"]]
            assert marked == ["readIt"]


def test_a_stub_over_a_socket(stubbed: Callable[..., Flask]) -> None:
    pdf = _response(content={"application/pdf": {}})
    with (
        serving(
            stubbed(get=operation("readIt", responses=pdf), delete=operation("dropIt", responses=_response("204")))
        ) as server,
        httpx.Client(base_url=f"{server.url}/api/v1", auth=USER, trust_env=False) as http,
    ):
        assert http.get(PATH).content.startswith(b"%PDF-")
        answers = [http.delete(PATH), http.delete(PATH)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2


def test_stubs_fit_the_contract_under_grease(tmp_path: Path) -> None:
    responses = {
        "get": _response("2XX", **json_content({"$ref": "#/components/schemas/Node"})),
        "put": _response(**json_content({"type": "array", "items": {"type": ["integer", "null"]}})),
        "post": _response("201", content={"application/pdf": {}}),
        "delete": _response("204"),
    }
    items = {method: operation(method, responses=responses[method]) for method in responses}
    contract = stub_contract(tmp_path, components("schemas", {"Node": NODE}), paths({PATH: items}))
    for seed in range(5):
        app = create_app(contract=contract, validate="strict", grease=Grease(seed=seed))
        with http_client(app, "/api/v1", auth=USER) as http:
            answers = [http.request(method, PATH) for method in responses for _ in range(5)]
        assert {answer.status_code // 100 for answer in answers} == {2}
        assert all(answer.headers["X-Cerbo-Mock-Stub"] == "true" for answer in answers)


def test_a_handled_operation_without_its_handler_is_a_stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(handlers.HANDLERS, "deletePortalRequest")
    portal = MockPortal()
    with portal.client() as cerbo:
        assert cerbo.delete_portal_request(1, 27).result is True
    assert len(portal.state.open_entries(1)) == 5
    assert [exchange.stub for exchange in portal.journal] == [True]


def test_an_operation_without_credentials_creates_an_instance(tmp_path: Path) -> None:
    contract = stub_contract(tmp_path, paths({"/stubs": {"get": operation(security=[])}}))
    app = create_app(contract=contract)
    with http_client(app) as http:
        assert http.get("/api/v1/stubs", headers={"X-Cerbo-Instance": "anonymous"}).status_code == 200
    assert "anonymous" in {instance.name for instance in app.extensions["cerbo_portal"]}
