"""Arguments that no request can hold: one clear error that names the argument, and nothing is sent."""

import inspect
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_runtime.contract import Operation, Result
from cerbo_portal_runtime.kinds import Number
from cerbo_portal_runtime.models import Member, RequestModel

Call = Callable[[Any], Any]

SURROGATE = "\ud800"
SECRET = "hush" * 2
WHOLE = {"subject": SECRET, "note": SECRET * 2}
DOCUMENT = {"name": SECRET, "mime_type": SECRET, "base64_content": "aGk="}
DEEP: Any = None
for _ in range(100_000):
    DEEP = [DEEP]


def _message(**members: Any) -> Call:
    return lambda client: client.create_secure_message(1, **{**WHOLE, **members})


UNPAIRED = "contains an unpaired surrogate"
NOT_JSON = "expected a JSON value with finite numbers that is not nested too deeply"
TIMEOUT = "expected a positive number of seconds, at most 86400"
SEGMENT = "expected an integer, or text that is one segment of a path"


def _delete(pt_id: Any, queue_request_id: Any) -> Call:
    return lambda client: client.delete_portal_request(pt_id, queue_request_id)


def _list(status: Any) -> Call:
    return lambda client: client.show_portal_requests(1, status=status)


WRONG: dict[str, tuple[Call, str, str]] = {
    "nothing in a path": (_delete(1, ""), "queue_request_id", SEGMENT),
    "the path itself": (_delete(1, "."), "queue_request_id", SEGMENT),
    "the path above": (_delete("..", 1), "pt_id", SEGMENT),
    "None in a path": (_delete(None, 1), "pt_id", SEGMENT),
    "a bool in a path": (_delete(1, True), "queue_request_id", SEGMENT),
    "a fraction in a path": (_delete(1, 2.0), "queue_request_id", SEGMENT),
    "what the server forgot to number": (_delete(1, cerbo.UNSET), "queue_request_id", SEGMENT),
    "an unpaired surrogate in a path": (
        lambda client: client.invite_to_portal(SURROGATE + SECRET),
        "pt_id",
        UNPAIRED,
    ),
    **{
        f"{kind} in a query": (_list(value), "status", "expected text, a finite number, a boolean, or a datetime")
        for kind, value in {
            "UNSET": cerbo.UNSET,
            "a list": [SECRET],
            "bytes": SECRET.encode(),
            "an object": {SECRET: 1},
            "infinity": float("inf"),
            "no number": float("nan"),
            "a date without a zone": datetime(2026, 11, 24),  # noqa: DTZ001 (that is the case)
        }.items()
    },
    "an unpaired surrogate in a query": (
        lambda client: client.show_portal_requests(1, request_type="x", status=SECRET + SURROGATE),
        "status",
        UNPAIRED,
    ),
    "an unpaired surrogate in a body": (
        _message(note=SECRET * 2 + SURROGATE),
        "note",
        UNPAIRED,
    ),
    "an unpaired surrogate within a member": (
        _message(dr_id=[SECRET, {SURROGATE: 1}]),
        "dr_id",
        UNPAIRED,
    ),
    "an unpaired surrogate in a secret": (
        lambda client: client.validate_portal_credentials(username=SECRET, password=SECRET + SURROGATE),
        "password",
        UNPAIRED,
    ),
    "no number": (_message(dr_id=float("nan")), "dr_id", NOT_JSON),
    "infinity": (
        lambda client: client.queue_patient_supplement(1, supplement_id=float("inf"), notes=SECRET),
        "supplement_id",
        NOT_JSON,
    ),
    "bytes": (
        lambda client: client.create_patient_document(1, **{**DOCUMENT, "name": SECRET.encode()}),
        "name",
        NOT_JSON,
    ),
    "deep nesting": (_message(subject=DEEP), "subject", NOT_JSON),
    "a number that Python does not write": (
        lambda client: client.invite_to_portal(10**5000),
        "pt_id",
        NOT_JSON,
    ),
    "more than a URL can hold": (
        lambda client: client.show_portal_requests(1, request_type="x", status=SECRET * 10_000),
        "status",
        "too long: the URL would exceed 65,536 characters",
    ),
    "a budget that is a text": (
        lambda client: client.invite_to_portal(1, timeout=SECRET),
        "timeout",
        TIMEOUT,
    ),
    "a budget of nothing": (
        lambda client: client.invite_to_portal(1, timeout=0),
        "timeout",
        TIMEOUT,
    ),
    "a budget without end": (
        lambda client: client.invite_to_portal(1, timeout=1e300),
        "timeout",
        TIMEOUT,
    ),
}


def _refuse_to_send(_: httpx.Request) -> httpx.Response:
    raise AssertionError("it was sent")


SETTINGS: dict[str, Any] = {"username": "u", "password": "p", "transport": httpx.MockTransport(_refuse_to_send)}


def _assert_named(error: cerbo.InvalidArgument, argument: str, expected: str) -> None:
    assert str(error).startswith(f"{error.operation}: {argument}: {expected}")
    assert error.argument == argument
    assert error.__cause__ is None
    assert error.__context__ is None
    assert isinstance(error, cerbo.CallError | ValueError)
    assert SECRET not in "".join(traceback.TracebackException.from_exception(error).format()) + repr(error)


@pytest.mark.parametrize(("call", "argument", "expected"), WRONG.values(), ids=WRONG)
def test_what_no_request_can_hold_is_named_and_not_sent(call: Call, argument: str, expected: str) -> None:
    with Client("http://127.0.0.1/api/v1", **SETTINGS) as client, pytest.raises(cerbo.InvalidArgument) as caught:
        call(client)
    _assert_named(caught.value, argument, expected)


@pytest.mark.parametrize(("call", "argument", "expected"), WRONG.values(), ids=WRONG)
def test_the_asynchronous_client_says_the_same(call: Call, argument: str, expected: str) -> None:
    async def make() -> None:
        async with AsyncClient("http://127.0.0.1/api/v1", **SETTINGS) as client:
            await call(client)

    with pytest.raises(cerbo.InvalidArgument) as caught:
        anyio.run(make)
    _assert_named(caught.value, argument, expected)


PARAMETERS = {
    method: [
        parameter
        for parameter in inspect.signature(getattr(Client, method)).parameters.values()
        if parameter.name not in {"self", "timeout"}
    ]
    for method in CONTRACT.operations
}
ENCODED = [
    (method, parameter.name)
    for method, parameters in PARAMETERS.items()
    for parameter in parameters
    if {str, int} & {parameter.annotation, *get_args(parameter.annotation)}
]


@pytest.mark.parametrize(("method", "name"), ENCODED)
def test_an_unpaired_surrogate_in_any_argument_of_any_operation(method: str, name: str) -> None:
    arguments = {each.name: SECRET for each in PARAMETERS[method] if each.default is each.empty} | {name: SURROGATE}
    with Client("http://127.0.0.1/api/v1", **SETTINGS) as client, pytest.raises(cerbo.InvalidArgument) as caught:
        getattr(client, method)(**arguments)
    _assert_named(caught.value, name, UNPAIRED)


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (None, b""),
        ("open", b"status=open"),
        ("", b"status="),
        (7, b"status=7"),
        (True, b"status=true"),
        (datetime(2026, 11, 24, 10, tzinfo=timezone(timedelta(hours=1))), b"status=2026-11-24T09%3A00%3A00Z"),
    ],
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_none_of_an_optional_query_argument_means_not_given(client: Any, status: Any, query: bytes) -> None:
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.query)
        return httpx.Response(200, json={"object": "list", "data": [], "has_more": False, "total_count": 0})

    made = client("http://127.0.0.1/api/v1", **{**SETTINGS, "transport": httpx.MockTransport(answer)})

    async def call() -> None:
        async with made:
            await made.show_portal_requests(1, request_type=None, status=status)

    if client is Client:
        made.show_portal_requests(1, request_type=None, status=status)
    else:
        anyio.run(call)
    assert seen == [query]


def test_none_of_an_argument_with_a_default_leaves_it_out() -> None:
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.query)
        return httpx.Response(200, json={"result": True, "message": "done"})

    settings = {**SETTINGS, "transport": httpx.MockTransport(answer)}
    with Client("http://127.0.0.1/api/v1", **settings) as client:
        client.queue_patient_prescription(1, drug_id=2)
        client.queue_patient_prescription(1, drug_id=2, enqueue=None)
    assert seen == [b"enqueue=true", b""]


class Form(RequestModel):
    """A form with one field."""

    MEMBERS = (Member("amount", "amount", Number()),)

    def __init__(self, amount: object) -> None:
        self.amount = amount


REFUSED: dict[str, tuple[dict[str, Any], tuple[Any, Any, Any], str, str]] = {
    "a text with the delimiter": (
        {"styles": {"ids": ("form", False)}},
        ({"ids": ["a,b"]}, None, {}),
        "ids",
        "expected texts without the delimiter that joins them",
    ),
    "a header that is not ASCII": ({}, ({}, None, {"X-Name": SECRET + "\u00e9"}), "X-Name", "expected printable ASCII"),
    "a number without a value in a form": (
        {"sends": "form"},
        ({}, Form(float("nan")), {}),
        "amount",
        "expected text, a",
    ),
    "text for bytes": ({"sends": "bytes"}, ({}, SECRET, {}), "body", "expected bytes"),
}


@pytest.mark.parametrize(("parts", "given", "argument", "reason"), REFUSED.values(), ids=REFUSED)
def test_other_constructs_are_checked_before_sending(
    parts: dict[str, Any], given: tuple[Any, Any, Any], argument: str, reason: str
) -> None:
    operation: Operation[Any] = Operation(
        "send", "POST", "/things", False, True, Result("nothing"), frozenset(), frozenset(), **parts
    )
    query, body, headers = given
    transport = httpx.MockTransport(_refuse_to_send)
    client = Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport)
    with client, pytest.raises(cerbo.InvalidArgument) as caught:
        client._request(operation, {}, query, body, None, None, headers)
    assert caught.value.argument == argument
    assert reason in str(caught.value)
    assert SECRET not in str(caught.value)
