"""Errors go to other processes, as pools and parallel tests send them: whole but for what they must not take along."""

import base64
import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import Client, errors

# Made when the tests run: no line of a source, which tracebacks quote, holds them.
MARKERS = {name: f"{name}{'leak' * 2}{len(name)}" for name in ("user", "password", "body", "header", "sent")}
PT_ID, REQUEST_ID = (int(digit * 15) for digit in "78")
REFUSED = {"result": False, "message": MARKERS["body"]}
LIST = {"object": "list", "data": [], "has_more": True, "total_count": 1, MARKERS["body"]: 1}
LOST = httpx.ReadError(MARKERS["body"])

Answer = httpx.Response | Exception
Case = tuple[Callable[[Client], object], list[Answer], dict[str, Any]]


def _answer(status: int, body: Any = None) -> httpx.Response:
    return httpx.Response(status, json=REFUSED if body is None else body, headers={"X-Patient": MARKERS["header"]})


def _list(client: Client) -> object:
    return client.show_portal_requests(PT_ID, request_type=MARKERS["sent"])


def _delete(client: Client) -> object:
    return client.delete_portal_request(PT_ID, REQUEST_ID)


def _invite(client: Client) -> object:
    return client.invite_to_portal(PT_ID)


def _message(client: Client) -> object:
    return client.create_secure_message(PT_ID, subject=MARKERS["sent"], note=f"{MARKERS['sent']}\ud800")


def _document(client: Client) -> object:
    return client.create_patient_document(PT_ID, name=MARKERS["sent"], mime_type="a/b", base64_content="eA==")


def _after_close(client: Client) -> object:
    client.close()
    return client.invite_to_portal(PT_ID)


CASES: dict[str, Case] = {
    "AlreadyGone": (_delete, [LOST, _answer(404)], {}),
    "OutcomeUnknown": (_invite, [LOST], {}),
    "OutcomeUnknown, after an answer": (_delete, [LOST, _answer(401)], {}),
    "ConnectionFailed": (_list, [httpx.ConnectError(MARKERS["body"])], {"retries": 0}),
    "TimedOut": (_list, [httpx.ReadTimeout(MARKERS["body"])], {"retries": 0}),
    "ClientClosed": (_after_close, [], {}),
    "ReadOnly": (_invite, [], {"read_only": True}),
    "InvalidArgument": (_message, [], {}),
    "MalformedResponse": (_list, [_answer(200, {MARKERS["body"]: 1})], {}),
    "OperationFailed": (_invite, [_answer(200)], {}),
    "IncompleteList": (_list, [_answer(200, LIST)], {}),
    "UnexpectedStatus": (_invite, [_answer(520)], {}),
}
for status, documented in errors.BY_STATUS.items():
    # The only one that documents a 413.
    CASES[documented.__name__] = (_document if status == 413 else _invite, [_answer(status)], {"retries": 0})


def _raised(name: str) -> cerbo.CallError:
    call, answers, settings = CASES[name]
    script = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        outcome = next(script)
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)

    url = f"http://{MARKERS['user']}:{MARKERS['password']}@127.0.0.1/api/v1"
    with Client(url, transport=httpx.MockTransport(answer), **settings) as client:
        with pytest.raises(cerbo.CallError) as caught:
            call(client)
        return caught.value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", CASES)
def test_a_pickled_error_is_what_it_was_without_what_it_was_about(name: str, protocol: int, no_pauses: None) -> None:
    error = _raised(name)
    pickled = pickle.dumps(error, protocol)
    basic = base64.b64encode(f"{MARKERS['user']}:{MARKERS['password']}".encode())
    for secret in (*(marker.encode() for marker in MARKERS.values()), str(PT_ID).encode(), basic):
        assert secret not in pickled
    restored: Any = pickle.loads(pickled)
    assert (type(restored), type(restored).__name__) == (type(error), name.partition(",")[0])
    assert (str(restored), repr(restored), restored.operation) == (str(error), repr(error), error.operation)
    assert (restored.attempts, restored.may_have_acted) == (error.attempts, error.may_have_acted)
    assert vars(restored).keys() == vars(error).keys()
    if isinstance(error, errors.ApiError):
        assert (restored.status_code, restored.body) == (error.status_code, None)
    response = getattr(error, "response", None)
    if response is not None:
        assert restored.response.status_code == response.status_code
        assert (restored.response.content, list(restored.response.headers)) == (b"", [])


@pytest.mark.parametrize("name", CASES)
def test_a_copy_in_the_same_process_has_all_that_the_error_has(name: str, no_pauses: None) -> None:
    error = _raised(name)
    duplicate = copy.copy(error)
    assert duplicate is not error
    assert type(duplicate) is type(error)
    assert (str(duplicate), vars(duplicate)) == (str(error), vars(error))
    assert str(copy.deepcopy(error)) == str(error)


def test_settings_that_are_wrong_are_pickled_too() -> None:
    with pytest.raises(cerbo.InvalidSettings) as caught:
        Client(f"http://{MARKERS['user']}:{MARKERS['password']}@example.com")
    restored = pickle.loads(pickle.dumps(caught.value))
    assert (type(restored), str(restored)) == (cerbo.InvalidSettings, str(caught.value))
    assert (restored.setting, caught.value.setting) == ("base_url", "base_url")
    assert str(copy.copy(caught.value)) == str(caught.value)


def test_every_error_is_tried() -> None:
    known = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
    plain = {"CerboError", "CallError", "ApiError", "PagingFailed"}
    assert known == {name.partition(",")[0] for name in CASES} | plain | {"InvalidSettings"}
    calls = [kind("ping", "x") for kind in (cerbo.CallError, cerbo.PagingFailed)]
    for error in (cerbo.CerboError("x"), *calls, cerbo.ApiError("ping", httpx.Response(299))):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
