"""No patient data and no credentials in a log record, an event, a `str`, a `repr` or a traceback of any call."""

import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client, capture_responses

from contract_tests.support.doubles import Peer, Step, answers, sends, stalls

# Made when the tests run: no line of a source, which tracebacks quote, holds them.
MARKERS = {name: f"{name}{'leak' * 2}{len(name)}" for name in ("user", "password", "body", "header", "instance")}
PT_ID, REQUEST_ID = (int(digit * 15) for digit in "78")
ENTRY = {"object": "portal_request", "id": REQUEST_ID, "created": "2026-11-23T10:00:00Z", "addedby": None}
ENTRY["notes"] = ENTRY[f"new_{MARKERS['body']}"] = MARKERS["body"]
LIST = {"object": "list", "data": [ENTRY], "has_more": False, "total_count": 1}
DONE = {"result": True, "message": MARKERS["body"]}


def _json(status: str, body: object) -> Step:
    return answers(status, json.dumps(body).encode(), f"X-Patient: {MARKERS['header']}", "Retry-After: 99")


PATHS: dict[str, tuple[Step, Callable[[Any], Any]]] = {
    "a list": (_json("200 OK", LIST), lambda client: client.show_portal_requests(PT_ID)),
    "a delete": (_json("200 OK", DONE), lambda client: client.delete_portal_request(PT_ID, REQUEST_ID)),
    "an invitation": (_json("200 OK", DONE), lambda client: client.invite_to_portal(PT_ID)),
    "a list cut short": (
        _json("200 OK", {**LIST, "has_more": True}),
        lambda client: client.show_portal_requests(PT_ID, request_type=MARKERS["body"]),
    ),
    "not done": (_json("200 OK", {**DONE, "result": False}), lambda client: client.invite_to_portal(PT_ID)),
    "a wrong type": (
        _json("200 OK", {**LIST, "data": [{**ENTRY, "created": MARKERS["body"]}]}),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "a wrong const": (
        _json("200 OK", {**LIST, "object": MARKERS["body"]}),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "an error in a success": (
        _json("200 OK", {"error": {"type": MARKERS["body"], "message": MARKERS["body"]}}),
        lambda client: client.invite_to_portal(PT_ID),
    ),
    "a nested error": (
        _json("404 Not Found", {"error": {"type": MARKERS["body"], "message": MARKERS["body"]}}),
        lambda client: client.invite_to_portal(PT_ID),
    ),
    "an entry without an id": (
        _json("200 OK", {"data": {MARKERS["body"]: ENTRY, str(PT_ID): {**ENTRY, "id": MARKERS["body"]}}}),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "another patient": (
        _json("200 OK", {"data": [{**ENTRY, "pt_id": REQUEST_ID}]}),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "no JSON": (
        answers("200 OK", MARKERS["body"].encode()),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "HTML": (
        answers("200 OK", MARKERS["body"].encode(), content_type="text/html"),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "bad gzip": (
        answers("200 OK", MARKERS["body"].encode(), "Content-Encoding: gzip"),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "a redirect": (
        _json(f"302 Found\r\nLocation: https://x.example/{MARKERS['body']}", {}),
        lambda client: client.show_portal_requests(PT_ID),
    ),
    "no HTTP": (sends(MARKERS["body"].encode() + b"\r\n\r\n"), lambda client: client.invite_to_portal(PT_ID)),
    "a broken header": (
        sends(f"HTTP/1.1 200 OK\r\n{MARKERS['body']}\r\n\r\n".encode()),
        lambda client: client.invite_to_portal(PT_ID),
    ),
    "nothing": (sends(b""), lambda client: client.delete_portal_request(PT_ID, REQUEST_ID)),
    "no end": (stalls(), lambda client: client.invite_to_portal(PT_ID, timeout=0.1)),
} | {
    f"{status}": (
        _json(f"{status} {MARKERS['header']}", {"result": False, "message": MARKERS["body"]}),
        lambda client: client.delete_portal_request(PT_ID, REQUEST_ID),
    )
    for status in (299, 400, 401, 403, 404, 422, 429, 500, 503, 520)
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, as a handler would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def _settings(url: str) -> dict[str, Any]:
    return {
        "base_url": url.replace("//", f"//{MARKERS['user']}:{MARKERS['password']}@"),
        "headers": {"X-Cerbo-Instance": MARKERS["instance"]},
    }


def _assert_nothing_leaks(*texts: str) -> None:
    basic = httpx.BasicAuth(MARKERS["user"], MARKERS["password"])._auth_header.split()[1]
    for secret in (*MARKERS.values(), str(PT_ID), str(REQUEST_ID), basic):
        for text in texts:
            assert secret not in text


def _shown(error: BaseException) -> list[str]:
    """An exception, and all that hangs on it, as people and tools come to see it."""
    chained = traceback.TracebackException.from_exception(error)
    seen = [str(error), repr(error), "".join(chained.format()), repr(error.args)]
    seen += [repr(getattr(error, name)) for name in ("body", "entries", "response") if hasattr(error, name)]
    assert error.__cause__ is None
    assert error.__context__ is None
    return seen


@pytest.mark.parametrize("transport", ["own", "httpx"])
@pytest.mark.parametrize(("step", "call"), PATHS.values(), ids=PATHS)
def test_a_call_leaks_nothing(
    step: Step,
    call: Callable[[Any], Any],
    transport: str,
    make_peer: Callable[..., Peer],
    no_pauses: None,
    log: io.StringIO,
) -> None:
    seen: list[object] = []
    inner = None if transport == "own" else httpx.HTTPTransport()
    with Client(**_settings(make_peer(step).url), transport=inner, observer=seen.append) as client:
        try:
            answer = call(client)
            shown = [str(answer), repr(answer), repr(getattr(answer, "data", None))]
        except cerbo.CerboError as error:
            shown = _shown(error)
        shown += [repr(client), str(client)]
    _assert_nothing_leaks(*shown, *map(repr, seen), log.getvalue())
    assert isinstance(seen[-1], cerbo.CallFinished)
    assert log.getvalue().count("cerbo_portal DEBUG ") == seen[-1].attempts
    assert ("httpcore.connection DEBUG connect_tcp.started" in log.getvalue()) is (transport == "httpx")


@pytest.mark.anyio
@pytest.mark.parametrize(("step", "call"), PATHS.values(), ids=PATHS)
async def test_an_asynchronous_call_leaks_nothing(
    step: Step, call: Callable[[Any], Any], make_peer: Callable[..., Peer], no_pauses: None, log: io.StringIO
) -> None:
    seen: list[object] = []
    async with AsyncClient(**_settings(make_peer(step).url), observer=seen.append) as client:
        try:
            answer = await call(client)
            shown = [str(answer), repr(answer), repr(getattr(answer, "data", None))]
        except cerbo.CerboError as error:
            shown = _shown(error)
        shown += [repr(client), str(client)]
    _assert_nothing_leaks(*shown, *map(repr, seen), log.getvalue())
    assert isinstance(seen[-1], cerbo.CallFinished)
    assert log.getvalue().count("cerbo_portal DEBUG ") == seen[-1].attempts


def test_tools_that_patch_httpx_clients_see_no_call(
    make_peer: Callable[..., Peer], log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as Sentry's integration, which is on by default, and records URLs."""

    def send(*_: object, **__: object) -> None:
        raise AssertionError("a tool saw the request")

    monkeypatch.setattr(httpx.Client, "send", send)
    monkeypatch.setattr(httpx.AsyncClient, "send", send)
    url = make_peer(_json("200 OK", LIST), _json("200 OK", LIST)).url
    with Client(**_settings(url)) as client:
        client.show_portal_requests(PT_ID)

    async def call() -> None:
        async with AsyncClient(**_settings(url)) as asynchronous:
            await asynchronous.show_portal_requests(PT_ID)

    anyio.run(call)
    assert "httpx" not in log.getvalue()


def test_records_of_others_are_untouched(make_peer: Callable[..., Peer], log: io.StringIO) -> None:
    url = make_peer(_json("200 OK", LIST)).url
    with Client(**_settings(url)) as client:
        client.show_portal_requests(PT_ID)
    seen = len(log.getvalue())
    httpx.get(f"{url}/patients/5")
    assert f'HTTP Request: GET {url}/patients/5 "HTTP/1.1 200 OK"' in log.getvalue()[seen:]


def test_names_and_secrets_of_api_users_are_withheld_from_all_records(log: io.StringIO) -> None:
    logger = logging.getLogger("httpx")
    url = httpx.URL("https://pk_live_1-a:sk_9%25Zz@sandbox.md-hq.com/task_sk_1")
    logger.info("HTTP Request: %s %s", "GET", url)
    logger.info("100 %% of pk_hush")
    logger.info("100 % of sk_hush")
    assert log.getvalue().splitlines() == [
        "httpx INFO HTTP Request: GET https://<withheld>:<withheld>@sandbox.md-hq.com/task_sk_1",
        "httpx INFO 100 %% of <withheld>",
        "httpx INFO 100 % of <withheld>",
    ]


def test_a_record_that_cannot_be_formatted_is_left_to_logging() -> None:
    record = logging.LogRecord("httpx", logging.INFO, __file__, 1, "%d of pk_hush", ("many",), None)
    assert all(each.filter(record) for each in logging.getLogger("httpx").filters if isinstance(each, logging.Filter))
    assert (record.msg, record.args) == ("%d of pk_hush", ("many",))


def test_bodies_stay_on_the_error_and_responses_in_the_capture(make_peer: Callable[..., Peer]) -> None:
    refusal = {"result": False, "message": MARKERS["body"]}
    peer = make_peer(_json("404 Gone", refusal), _json("200 OK", LIST))
    with Client(**_settings(peer.url)) as client, capture_responses() as responses:
        with pytest.raises(cerbo.NotFound) as caught:
            client.show_portal_requests(PT_ID)
        client.show_portal_requests(PT_ID)
    client.close()
    assert caught.value.body == cerbo.Error(result=False, message=MARKERS["body"])
    assert caught.value.response.json() == refusal
    assert [response.status_code for response in responses] == [404, 200]
    assert responses[1].headers["X-Patient"] == MARKERS["header"]


@pytest.mark.parametrize("timeout", [None, 1.0])
def test_what_a_request_carried_is_not_logged_by_a_failing_transport(timeout: float | None, log: io.StringIO) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"{request.url} {request.headers}", request=request)

    transport = httpx.MockTransport(fail)
    client = Client(**_settings("http://127.0.0.1/api/v1"), transport=transport, retries=0)
    with client, pytest.raises(cerbo.OutcomeUnknown) as caught:
        client.invite_to_portal(PT_ID, timeout=timeout)
    _assert_nothing_leaks(*_shown(caught.value), log.getvalue())
