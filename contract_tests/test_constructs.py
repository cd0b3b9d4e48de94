"""Each construct of a contract works from the document to the wire and back, or is rejected with its line."""

import asyncio
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx
import pytest
import requests
import schemathesis
from _kinds import RenderError
from _openapi_upgrade import upgraded
from _render import Source, template_variables_of
from cerbo_portal_mock import create_app
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.http import app as application
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transforms import jsonify_python_specific_types
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.serialization import serialize_openapi3_parameters

from contract_tests import constructs
from contract_tests.constructs import PACKAGE, Row
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT
from contract_tests.support.commands import Case, run_here
from contract_tests.support.http_client import USER

SUPPORTED, REJECTED = (constructs.rows(kind) for kind in ("supported", "rejected"))
Json = Any


class Request(NamedTuple):
    """A request as a server received it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Made(NamedTuple):
    """The client of all supported rows, and a mock that serves their contract.

    Attributes:
        directory: holds the package.
        client: the package.
        calls: the calls of the rows.
        url: the base URL of the mock.
        requests: what the mock received.
        app: the mock.
        document: the contract.
    """

    directory: Path
    client: ModuleType
    calls: ModuleType
    url: str
    requests: list[Request]
    app: Any
    document: Json


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Generate the client once, and serve the contract by stubs."""
    directory = tmp_path_factory.mktemp("constructs")
    contract = constructs.write(directory)
    received: list[Request] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        patch.setattr(application, "HANDLERS", {})
        app = create_app(Scenario.built_in(), contract=Contract(contract), validate="strict")
        client, calls = importlib.import_module(PACKAGE), importlib.import_module("calls")
        server = Server(_recording(app, received))
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        document = json.loads(contract.read_text(encoding="utf-8"))
        yield Made(directory, client, calls, f"{server.url}/api/v1", received, app, document)
        server.stop()
        thread.join(10)
        for name in [name for name in sys.modules if name.partition(".")[0] in {PACKAGE, "calls"}]:
            del sys.modules[name]


def _recording(app: Any, received: list[Request]) -> Any:
    def record(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = BytesIO(body)
        names = {name: name.removeprefix("HTTP_").replace("_", "-").lower() for name in environ}
        headers = {names[name]: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
        received.append(Request(environ["REQUEST_METHOD"], environ["REQUEST_URI"], headers, body))
        return app(environ, start_response)

    return record


def _call(made: Made, row: Row) -> tuple[Request, Any]:
    """Call the method of a row, and return the request that the mock received, and the result."""
    call: Callable[[Any], Any] = getattr(made.calls, row.route[1:])
    made.requests.clear()
    with made.client.Client(made.url, username=USER[0], password=USER[1], strict=True, retries=0) as client:
        if row.node.get("operation", {}).get("deprecated"):
            with pytest.warns(DeprecationWarning, match="is deprecated by the contract"):
                result = call(client)
        else:
            result = call(client)
    (request,) = made.requests
    return request, result


@pytest.mark.parametrize("row", SUPPORTED, ids=str)
def test_construct_is_sent_as_schemathesis_sends_it_and_read_from_a_stub(row: Row, made: Made) -> None:
    request, result = _call(made, row)
    assert getattr(made.calls, f"check_{row.route[1:]}")(result)
    _expect_sent(row, request)
    assert _comparable(request) == _comparable(_reference(row, made))


def _expect_sent(row: Row, request: Request) -> None:
    sent = row.node.get("sent", "")
    name, _, value = sent.partition(": ")
    if sent.startswith(("?", "/")):
        assert request.target == f"/api/v1{row.route}{sent}"
    elif row.node.get("body") is None and sent:
        assert request.headers[name.lower()] == value
    elif name == "Content-Type":
        assert request.headers["content-type"].startswith(value)
    else:
        assert request.body.decode() == sent
    assert ("authorization" in request.headers) is (row.node.get("operation", {}).get("security") != [])


def _reference(row: Row, made: Made) -> Request:
    """The request of schemathesis, as the mock receives it."""
    schema = schemathesis.openapi.from_dict({**made.document, "servers": [{"url": made.url}]})
    operation = schema[row.path][row.method.upper()]
    given = {location: _serialized(row, location) for location in ("path", "query", "header")}
    body = {}
    if "body" in row.values:
        content = row.node["body"]["content"]
        media_type = next((each for each in content if "json" in each), next(iter(content)))
        value = row.values["body"]
        body = {"body": value.encode() if media_type == "application/octet-stream" else value, "media_type": media_type}
    case = operation.Case(path_parameters=given["path"], query=given["query"], headers=given["header"], **body)
    made.requests.clear()
    anonymous = row.node.get("operation", {}).get("security") == []
    requests.request(**case.as_transport_kwargs(base_url=made.url), auth=None if anonymous else USER, timeout=60)
    (request,) = made.requests
    return request


def _serialized(row: Row, location: str) -> Json:
    """The values of the parameters of a location, as schemathesis writes them."""
    known = [each for each in row.parameters if each["in"] == location and each["name"] in row.values]
    values = {each["name"]: deepcopy(row.values[each["name"]]) for each in known}
    serialize = serialize_openapi3_parameters(known) or (lambda values: values)
    return {name: jsonify_python_specific_types(value) for name, value in serialize(values).items()}


@schemathesis.serializer("application/pdf")
def _bytes(ctx: Any, value: str) -> bytes:
    return value.encode()


def _comparable(request: Request) -> Json:
    """What two equal requests have in common: not the sender's name, and not how it escapes a URL."""
    parts = urlsplit(request.target)
    own = {name: value for name, value in request.headers.items() if name.startswith("x-") or name == "authorization"}
    headers = {name: value for name, value in own.items() if "schemathesis" not in name}
    media_type = request.headers.get("content-type", "") if request.body else ""
    return request.method, _unescaped(parts.path), _unescaped(parts.query), headers, _content(media_type, request.body)


def _unescaped(text: str) -> str:
    return unquote(text.replace("+", "%20"))


def _content(media_type: str, body: bytes) -> Json:
    essence, _, parameters = media_type.partition(";")
    if "json" in essence:
        return essence, json.loads(body)
    if essence == "multipart/form-data":
        boundary = parameters.partition("boundary=")[2].encode()
        parts = body.split(b"--" + boundary)[1:-1]
        return essence, sorted(_part(each) for each in parts)
    return essence, body


def _part(part: bytes) -> tuple[str, bytes]:
    head, _, content = part.partition(b"\r\n\r\n")
    name = re.search(rb'name="([^"]*)"', head)
    assert name
    return name[1].decode(), content.removesuffix(b"\r\n")


def test_schemathesis_finds_nothing_against_the_stubs(made: Made) -> None:
    nightly = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
    username, password = USER
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20261128,
            "base-url": made.url,
            "auth": {"openapi": {"basicAuth": {"username": username, "password": password}}},
            "generation": {"database": "none", "deterministic": True, "max-examples": 20 if nightly else 1},
            "phases": {"coverage": {"enabled": nightly}, "stateful": {"enabled": False}},
            "cache": {"enabled": False},
        }
    )
    rows = {row.path: row for row in SUPPORTED if row.values or nightly}
    schema = schemathesis.openapi.from_dict(deepcopy(made.document), config=config).include(path=list(rows))
    cases, found = 0, []
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.interactions)
            for case_id, checks in event.recorder.checks.items():
                path = event.recorder.cases[case_id].value.operation.path
                wrong = [each.name for each in checks if each.failure_info is not None]
                if wrong and not (rows[path].node.get("ambiguous") and wrong == ["negative_data_rejection"]):
                    found.append((str(rows[path]), wrong))
    assert found == []
    assert cases >= len(rows)


def test_asynchronous_calls_have_the_same_results(made: Made) -> None:
    async def call_all() -> list[str]:
        wrong = []
        async with made.client.AsyncClient(made.url, username=USER[0], password=USER[1], strict=True) as client:
            for row in SUPPORTED:
                result = await getattr(made.calls, f"async_{row.route[1:]}")(client)
                if not getattr(made.calls, f"check_{row.route[1:]}")(result):
                    wrong.append(str(row))
        return wrong

    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert asyncio.run(call_all()) == []


def test_client_of_all_constructs_has_no_type_errors(made: Made) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache" / "constructs")]
    done = subprocess.run(
        [*command, "-p", PACKAGE, "-m", "calls"], cwd=made.directory, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("row", constructs.rows("converted"), ids=str)
def test_construct_of_openapi_3_0_has_the_type_of_its_successor(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(json.dumps(constructs.converted(row)), encoding="utf-8")
    contract = YamlDocument(path)
    variables = template_variables_of(Source(ROOT, path, PACKAGE), contract, upgraded(contract.content))
    assert [call["returns"] for call in variables["calls"]] == [row.node["returns"]]


@pytest.mark.parametrize("row", REJECTED, ids=str)
def test_construct_is_rejected_with_its_line(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(json.dumps(constructs.rejected(row), indent=1), encoding="utf-8")
    contract = YamlDocument(path)
    with pytest.raises(RenderError) as raised:
        template_variables_of(Source(ROOT, path, PACKAGE), contract, upgraded(contract.content))
    lines = str(raised.value).splitlines()
    (line,) = [line for line in lines if row.node["error"] in line]
    assert re.match(rf"{re.escape(str(path))}:[0-9]+: ", line)


def test_there_are_rows_enough() -> None:
    assert len(SUPPORTED) + len(REJECTED) >= 80


COMMANDS: dict[str, tuple[list[str], str]] = {
    "Parameters of the path: an array, in the style simple": (["[1, 2]"], "/1,2"),
    "Parameters of the path: an object, in the style simple": (['{"x": 1, "y": 2}'], "/x,1,y,2"),
    "Parameters of the path: a boolean": (["true"], "/true"),
    "Parameters of the query: a boolean": (["--no-open"], "?open=false"),
    "Parameters of the query: several types": (["--id", "5"], "?id=5"),
    "Parameters of the query: an array, in the style pipeDelimited": (["--ids", "a", "--ids", "b"], "?ids=a%7Cb"),
    "Parameters of the query: an object, in the style form, exploded (the usual)": (
        ["--filter", '{"low": 1, "high": 2}'],
        "?low=1&high=2",
    ),
    "Parameters in headers: an object, in the style simple, exploded": (
        ["--x-point", '{"x": 1, "y": 2}'],
        "X-Point: x=1,y=2",
    ),
    "Bodies of requests: JSON, an array of objects": (["--yes", "--body", "-"], '[{"id":1}]'),
    "Bodies of requests: a form, urlencoded": (["--yes", "--name", "a b", "--open"], "name=a+b&open=true"),
    "Bodies of requests: a form, multipart, with files": (
        ["--yes", "--file", "{file}", "--title", "T"],
        "Content-Type: multipart/form-data",
    ),
    "Bodies of requests: a form, multipart, with several files of one name": (
        ["--yes", "--files", "{file}", "--files", "{file}"],
        "Content-Type: multipart/form-data",
    ),
    "Bodies of requests: binary content": (["--yes", "--body", "{file}"], "abc"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command_sends_each_construct(name: str, made: Made, tmp_path: Path) -> None:
    arguments, sent = COMMANDS[name]
    (row,) = (row for row in SUPPORTED if str(row) == name)
    (file := tmp_path / "file").write_bytes(b"abc")
    group = importlib.import_module(f"{PACKAGE}._commands").GROUP
    made.requests.clear()
    command = [row.route[1:], *(each.format(file=file) if each == "{file}" else each for each in arguments)]
    ran = run_here(made.url, Case(command, stdin='[{"id": 1}]'), group=group)
    assert ran.code == 0, ran.err
    (request,) = made.requests
    _expect_sent(Row(row.section, row.number, {**row.node, "sent": sent}), request)


PAGES: dict[str, tuple[list[Json], list[int]]] = {
    "has_more says that there is another page": (
        [{"data": [1, 2], "has_more": True}, {"data": [3], "has_more": False}],
        [0, 2],
    ),
    "total_count says that there is another page": (
        [{"data": [1, 2], "total_count": 3}, {"data": [3]}, {"data": []}],
        [0, 2, 3],
    ),
    "an empty list is the last page": ([{"data": [1, 2, 3]}, {"data": []}], [0, 3]),
}


@pytest.mark.parametrize(("pages", "offsets"), PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(("name", "limit", "offset"), [("things", "limit", "offset"), ("others", "per_page", "start")])
def test_iterator_walks_all_pages(
    pages: list[Json], offsets: list[int], name: str, limit: str, offset: str, made: Made
) -> None:
    for asynchronous in (False, True):
        entries, queries = _iterate(made, f"iterate_paged_{name}", pages, {limit: 2}, asynchronous=asynchronous)
        assert entries == [1, 2, 3]
        assert queries == [{limit: "2", offset: str(each)} for each in offsets]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([{"data": [1], "has_more": True}] * 2, "the server returned the same page twice"),
        (
            [{"data": [1], "has_more": True}, {"data": [], "has_more": True}],
            "the server has more, and returned an empty page",
        ),
    ],
    ids=["page repeats", "page is empty"],
)
def test_iterator_stops_with_paging_failed(pages: list[Json], said: str, made: Made) -> None:
    for asynchronous in (False, True):
        with pytest.raises(made.client.PagingFailed, match=said):
            _iterate(made, "iterate_paged_things", pages, {}, asynchronous=asynchronous)


def _iterate(
    made: Made, name: str, pages: list[Json], arguments: Json, *, asynchronous: bool
) -> tuple[list[Any], list[Json]]:
    """The entries of an iterator over pages, and the queries that it sent."""
    queries: list[Json] = []

    def handle(request: httpx.Request) -> httpx.Response:
        queries.append(dict(request.url.params))
        return httpx.Response(200, json=pages[len(queries) - 1])

    kind = made.client.AsyncClient if asynchronous else made.client.Client
    client = kind(made.url, username=USER[0], password=USER[1], transport=httpx.MockTransport(handle))
    iterator = getattr(client, name)(**arguments)

    async def collect() -> list[Any]:
        return [entry async for entry in iterator]

    return asyncio.run(collect()) if asynchronous else list(iterator), queries


def test_unknown_value_of_an_enum_is_kept_with_a_notice(made: Made) -> None:
    deviations: list[Any] = []
    (row,) = (row for row in SUPPORTED if row.node["construct"] == "an enum, which is open")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"kind": "new", "size": 9}))
    with made.client.Client(
        made.url, username=USER[0], password=USER[1], transport=transport, strict=True, observer=deviations.append
    ) as client:
        result = getattr(made.calls, row.route[1:])(client)
    assert (result.kind, result.size) == ("new", 9)
    notices = [each for each in deviations if type(each).__name__ == "Deviation"]
    assert [(each.element, each.is_notice) for each in notices] == [("kind", True), ("size", True)]
