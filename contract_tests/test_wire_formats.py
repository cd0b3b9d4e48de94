"""Every published or plausible wire format of a response, for every operation, tolerant and strict, sync and async.

The rows are in `wire_formats.yaml`.
"""

import copy
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
import yaml
from anyio.from_thread import BlockingPortal, start_blocking_portal
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_runtime import deviations
from cerbo_portal_runtime.contract import Operation
from cerbo_portal_runtime.events import Deviation, Event
from cerbo_portal_runtime.models import Model

from contract_tests.probes.requests import known_operations
from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import SPEC

Json = Any
Row = dict[str, Json]

ROWS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("wire_formats.yaml").read_text(encoding="utf-8"))
DOCUMENT: Any = YamlDocument(SPEC).content
SAMPLES = known_operations(DOCUMENT)
# The ids of the rows: of the patient, and of what is deleted.
IDS = {"pt_id": 27, "queue_request_id": 27}
ABSENT = object()

LISTS = [name for name, each in CONTRACT.operations.items() if each.list_member]
WRITES = [name for name, each in CONTRACT.operations.items() if each.has_side_effects and each.result_false_is_error]
LOGINS = [name for name, each in CONTRACT.operations.items() if not each.result_false_is_error]


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    # A process reports a limited number of kinds.
    monkeypatch.setattr(deviations, "_reported", {})


def _success(name: str) -> Json:
    """The node of the documented success of an operation."""
    (node,) = (node for id_, node in navigation.operations(DOCUMENT) if id_ == CONTRACT.operations[name].id)
    return navigation.resolve(DOCUMENT, node["responses"]["200"])["content"]["application/json"]


def _example(name: str) -> Json:
    """The first example of a success, of the patient in the request; of a list two entries."""
    body = copy.deepcopy(next(iter(_success(name)["examples"].values()))["value"])
    member = CONTRACT.operations[name].list_member
    if member:
        entry = {**body[member][0], "pt_id": IDS["pt_id"]}
        body |= {member: [entry, {**entry, "id": entry["id"] + 1}], "total_count": 2}
    return body


def _answer(row: Row, body: Json) -> httpx.Response:
    text = row["text"] if "text" in row else row.get("prefix", "") + json.dumps(body)
    media_type = row.get("type", "application/json")
    headers = {"Content-Type": media_type} if media_type else {}
    return httpx.Response(row.get("status", 200), headers=headers, content=text.encode())


class Clients:
    """The four clients, made once; each receives the same response and notes what it observes."""

    def __init__(self, portal: BlockingPortal, calls: ExitStack) -> None:
        self._portal = portal
        self._response = httpx.Response(200)
        self._events: list[Event] = []
        settings: dict[str, Any] = {
            "username": "u",
            "password": "p",
            "retries": 0,
            "observer": self._events.append,
            "transport": httpx.MockTransport(self._respond),
        }
        self._clients = {
            strict: [
                calls.enter_context(cerbo.Client("http://127.0.0.1/api/v1", strict=strict, **settings)),
                calls.enter_context(
                    portal.wrap_async_context_manager(
                        cerbo.AsyncClient("http://127.0.0.1/api/v1", strict=strict, **settings)
                    )
                ),
            ]
            for strict in (False, True)
        }

    def _respond(self, _: httpx.Request) -> httpx.Response:
        # A response carries its request once it was sent.
        whole = self._response
        return httpx.Response(whole.status_code, headers=whole.headers, content=whole.content)

    def call(self, name: str, response: httpx.Response, *, strict: bool) -> Iterator[tuple[Any, list[Deviation]]]:
        """What both clients make of a response, and the deviations that they report."""
        self._response = response
        arguments = SAMPLES[CONTRACT.operations[name].id].arguments
        arguments |= {argument: value for argument, value in IDS.items() if argument in arguments}
        for client in self._clients[strict]:
            self._events.clear()
            call = partial(getattr(client, name), **arguments)
            try:
                outcome = call() if isinstance(client, cerbo.Client) else self._portal.call(call)
            except cerbo.CerboError as error:
                outcome = error
            yield outcome, [event for event in self._events if isinstance(event, Deviation)]


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    with start_blocking_portal() as portal, ExitStack() as calls:
        yield Clients(portal, calls)


def _expect(clients: Clients, name: str, response: httpx.Response, row: Row) -> Iterator[Any]:
    """Check what is the same in each row: error, deviations and notices; yields what the tolerant clients return."""
    deviations, notices = set(row.get("deviates", ())), set(row.get("notices", ()))
    for strict in (False, True):
        for outcome, seen in clients.call(name, response, strict=strict):
            assert {f"{each.element}: {each.kind}" for each in seen if not each.is_notice} == deviations
            assert {f"{each.element}: {each.kind}" for each in seen if each.is_notice} == notices
            expected = row.get("error") or ("MalformedResponse" if strict and deviations else None)
            assert (type(outcome).__name__ if isinstance(outcome, Exception) else None) == expected
            if "error" in row:
                assert outcome.server_message == row.get("message")
                assert row.get("message", "\n") not in f"{outcome} {outcome!r}"
                _expect_may_have_acted(CONTRACT.operations[name], outcome)
            if not strict:
                yield outcome


def _expect_may_have_acted(operation: Operation[Any], error: cerbo.CallError) -> None:
    refused = isinstance(error, cerbo.OperationFailed) or 400 <= getattr(error, "status_code", 200) < 500
    assert error.may_have_acted is (operation.has_side_effects and not refused)


def _members(schema: Json, way: str = "") -> Iterator[tuple[str, str]]:
    """The members of a success that have rows: the way to each, and the kind of its rows."""
    yield f"{way}hologram", "unknown"
    for name, node in navigation.resolve(DOCUMENT, schema)["properties"].items():
        each = navigation.resolve(DOCUMENT, node)
        branches = [navigation.resolve(DOCUMENT, branch) for branch in each.get("anyOf", ())]
        if each.get("type") == "array":
            yield from _members(each["items"], f"{name}.0.")
            continue
        if "properties" in (branches[0] if branches else {}):
            yield f"{way}{name}", "object"
            yield from _members(branches[0], f"{way}{name}.")
        elif name != "result":
            yield f"{way}{name}", _rows_of(name, each, branches)


def _rows_of(name: str, node: Json, branches: list[Json]) -> str:
    types = node.get("type", [])
    if "integer" in types:
        return "id" if node["minimum"] else "count"
    if name in {"has_more", "details"}:
        return name
    texts = "open_set" if "x-extensible-enum" in node else "route" if node.get("format") == "uri" else "text"
    return texts if "string" in types else "instant" if branches else "anything"


MEMBERS = [
    pytest.param(name, way, row, id=f"{name}-{way}-{json.dumps(row.get('sent', 'absent'))}")
    for name in CONTRACT.operations
    for way, kind in _members(_success(name)["schema"])
    for row in ROWS["members"][kind]
]


def _set(body: Json, way: list[str], value: Json) -> None:
    holder = body
    for step in way[:-1]:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder.pop(way[-1], None)
    if value is not ABSENT:
        holder[way[-1]] = value


def _get(model: Any, way: list[str]) -> Any:
    """The value of a member by its names in JSON."""
    for step in way:
        names = {member.name: member.attribute for member in getattr(model, "MEMBERS", ())}
        model = model[int(step)] if isinstance(model, list) else getattr(model, names[step])
    return model


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize(("name", "way", "row"), MEMBERS)
def test_a_member_in_each_wire_format(name: str, way: str, row: Row, clients: Clients) -> None:
    operation, steps, body = CONTRACT.operations[name], way.split("."), _example(name)
    if "type" in row:
        _set(body, [*steps[:-1], "request_type"], row["type"])
    _set(body, steps, row.get("sent", ABSENT))
    element = ".".join(steps).replace(".0.", "[].")
    expected: Row = {key: [f"{element}: {row[key]}"] for key in ("deviates", "notices") if key in row}
    is_required = steps == [operation.list_member, "0", "id"]
    if "error" in row or (is_required and "read" not in row):
        missing = {"deviates": [f"{element}: missing"]} if "deviates" not in row and is_required else {}
        expected |= missing | {"error": row.get("error", "MalformedResponse")}
    for outcome in _expect(clients, name, _answer({}, body), expected):
        model = outcome.body if isinstance(outcome, cerbo.ApiError) else outcome
        if is_required and isinstance(outcome, cerbo.ApiError):
            assert [entry.raw for entry in getattr(model, operation.list_member or "")] == [body["data"][1]]
            continue
        assert model.raw == body
        if row.get("notices") != "not in the contract" and "error" not in row:
            value = _plain(_get(model, steps))
            assert (type(value), value) == (type(row.get("read")), row.get("read"))
        _expect_all_else(model, _example(name), steps)


def _expect_all_else(model: Model, whole: Json, steps: list[str]) -> None:
    """Check that each other member is what it is in the example."""
    read, expected = model.to_dict(), type(model).from_dict(whole).to_dict()
    for body in (read, expected):
        _set(body, steps, ABSENT)
        if steps[-1] in {"details", "request_type"}:
            _set(body, [*steps[:-1], "details"], ABSENT)
            _set(body, [*steps[:-1], "request_type"], ABSENT)
    assert read == expected


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("row", ROWS["lists"].values(), ids=ROWS["lists"])
def test_a_list_in_each_wire_format(name: str, row: Row, clients: Clients) -> None:
    entries = dict(zip(("{first}", "{second}"), _example(name)["data"], strict=True))

    def filled(node: Json) -> Json:
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        return [filled(each) for each in node] if isinstance(node, list) else entries.get(str(node), node)

    body = filled(row["body"])
    has_list = row.get("ids", []) is not None and "data" in row["body"] and isinstance(body["data"], list | dict)
    ids = row.get("ids", [entry["id"] for entry in entries.values()])
    for outcome in _expect(clients, name, _answer({}, body), row):
        listed = outcome.body if isinstance(outcome, cerbo.ApiError) else outcome
        if has_list or isinstance(body, list):
            assert [entry.id for entry in listed.data] == ids
            assert [entry.raw for entry in listed.data] == [each for each in entries.values() if each["id"] in ids]
        else:
            assert listed is None
        if isinstance(outcome, cerbo.ApiError):
            assert list(outcome.entries) == (listed.data if listed else [])


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("row", ROWS["results"].values(), ids=ROWS["results"])
def test_a_result_in_each_wire_format(name: str, row: Row, clients: Clients) -> None:
    for outcome in _expect(clients, name, _answer({}, row["body"]), row):
        if isinstance(outcome, Model):
            assert outcome.raw == row["body"]
        elif isinstance(outcome, cerbo.OperationFailed):
            assert outcome.body.raw == row["body"]


@pytest.mark.parametrize("name", [*LISTS, *WRITES])
@pytest.mark.parametrize("row", ROWS["responses"].values(), ids=ROWS["responses"])
def test_a_success_of_each_status_and_content_type(name: str, row: Row, clients: Clients) -> None:
    is_write = CONTRACT.operations[name].has_side_effects
    expected = {**row, **row["write" if is_write else "read"]}
    if not is_write:
        expected["deviates"] = [*expected.get("deviates", ()), *row.get("read_deviates", ())]
    for outcome in _expect(clients, name, _answer(row, _example(name)), expected):
        if isinstance(outcome, Model):
            whole = {} if "text" in row else _example(name)
            assert outcome.to_dict() == type(outcome).from_dict(whole).to_dict()


@pytest.mark.parametrize("name", LOGINS)
@pytest.mark.parametrize("row", ROWS["logins"].values(), ids=ROWS["logins"])
def test_a_check_of_credentials_in_each_wire_format(name: str, row: Row, clients: Clients) -> None:
    answer = _answer(row if "body" in row or "text" in row else {**row, "text": ""}, row.get("body"))
    for outcome in _expect(clients, name, answer, row):
        if "error" not in row:
            assert outcome.result is row["result"]


@pytest.mark.parametrize("name", CONTRACT.operations)
@pytest.mark.parametrize("row", ROWS["errors"].values(), ids=ROWS["errors"])
def test_an_error_in_each_wire_format(name: str, row: Row, clients: Clients) -> None:
    operation = CONTRACT.operations[name]
    for status in operation.errors:
        error = cerbo.UnexpectedStatus if status == 404 and "foreign" in row else CONTRACT.errors[status]
        answer = _answer({**row, "status": status}, row.get("body"))
        for outcome, seen in clients.call(name, answer, strict=False):
            assert (type(outcome), outcome.server_message) == (error, row.get("message"))
            assert "Not now" not in f"{outcome} {outcome!r}"
            assert not outcome.entries
            assert not seen
