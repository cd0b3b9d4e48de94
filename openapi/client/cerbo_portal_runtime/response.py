"""From an HTTP response to the model of a success, or to the error that it means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from . import deviations, errors, json_reader, serialization
from .body import PROBLEM, is_json, media_type
from .contract import Contract, Operation
from .events import Observer
from .members import Reader
from .models import Model

T = TypeVar("T", bound=Model)

# A part of a body, or the results of several actions: neither says that all was done.
_PARTIAL: Final = frozenset({206, 207})

_captured: ContextVar[list[httpx.Response] | None] = ContextVar("cerbo_portal_captured", default=None)


@contextmanager
def capture_responses() -> Iterator[list[httpx.Response]]:
    """Collect the final `httpx.Response` of each call that this context makes.

    They hold what the server sent, patient data included.
    """
    responses: list[httpx.Response] = []
    token = _captured.set(responses)
    try:
        yield responses
    finally:
        _captured.reset(token)


@dataclass(frozen=True)
class Reading:
    """How a client reads responses.

    Attributes:
        strict: whether a deviation is an error.
        max_json_bytes: how many bytes of JSON are read.
        observer: receives deviations and notices, if there is one.
    """

    strict: bool
    max_json_bytes: int
    observer: Observer | None = None


class _Problem(Exception):
    """What a response means if it is no success; `error` is None where it does not say whether it was one."""

    def __init__(self, error: type[errors.ApiError] | None, reason: str = "", body: Any = None) -> None:
        super().__init__()
        self.error, self.reason, self.body = error, reason, body


def parse(  # noqa: PLR0913 (a call and its response)
    contract: Contract,
    operation: Operation[T],
    response: httpx.Response,
    reading: Reading,
    *,
    path: Mapping[str, object],
    attempts: int,
    may_have_applied: bool,
) -> T:
    """The model of a successful response.

    Args:
        contract: the operation's contract.
        operation: the operation that was called.
        response: the final response to the call.
        reading: how to read it.
        path: the arguments in the path of the request.
        attempts: how many attempts the call made.
        may_have_applied: whether an earlier attempt may have changed something.

    Raises:
        CallError: the response is an error, or lacks what the caller cannot do without.
    """
    captured = _captured.get()
    if captured is not None:
        captured.append(response)
    try:
        if httpx.codes.is_success(response.status_code):
            return _success(operation, response, reading, path)
        content = _json(response, reading.max_json_bytes)
        problem = _error(contract, operation, response.status_code, content, may_have_applied=may_have_applied)
    except _Problem as found:
        problem = found
    # Outside of the handler: the error has no context that quotes the server.
    if problem.error is None:
        raise errors.OutcomeUnknown(operation.id, response, problem.reason, attempts=attempts)
    refused = problem.error is errors.OperationFailed or httpx.codes.is_client_error(response.status_code)
    raise problem.error(
        operation.id,
        response,
        problem.reason,
        problem.body,
        attempts=attempts,
        may_have_acted=operation.has_side_effects and (may_have_applied or not refused),
    )


def _success(operation: Operation[T], response: httpx.Response, reading: Reading, path: Mapping[str, object]) -> T:
    reader = Reader()
    try:
        model = _read(operation, response, reading.max_json_bytes, path, reader)
    finally:
        for found, is_notice in ((reader.deviations, False), (reader.notices, True)):
            for element, reason in found:
                deviations.report(operation.id, element, reason, reading.observer, is_notice)
    if reading.strict and reader.deviations:
        raise _Problem(errors.MalformedResponse, _text(next(iter(reader.deviations))), model)
    return model


def _read(
    operation: Operation[T], response: httpx.Response, max_bytes: int, path: Mapping[str, object], reader: Reader
) -> T:
    """The model of a 2xx; deviations that the caller can do without are recorded only."""
    status = response.status_code
    if status not in operation.success:
        if not operation.result_false_is_error:
            raise _Problem(errors.UnexpectedStatus, "the contract does not know this success")
        reader.notice("status", f"{status}, which the contract does not name")
    if status in _PARTIAL:
        raise _unreadable(operation, "the response is partial")
    content = _content(operation, response, max_bytes, reader)
    failure = _flags(operation, content, reader, sent_as_json=is_json(response.headers)) if content is not None else ""
    model = operation.model.read(content or {}, reader)
    mismatch = _compare(operation, content, path, reader)
    if failure:
        raise _Problem(errors.OperationFailed, failure, None if mismatch else model)
    if mismatch:
        # No body: it may be about another patient.
        raise _Problem(errors.MalformedResponse, mismatch)
    if model is None or reader.incomplete:
        raise _Problem(errors.MalformedResponse, _text(reader.incomplete or reader.latest), model)
    if operation.list_member:
        _expect_all_entries(content, len(content[operation.list_member]), model, reader)
    return model


def _content(operation: Operation[Any], response: httpx.Response, max_bytes: int, reader: Reader) -> Any:
    """The JSON object of a 2xx, or None of a write that has no body."""
    if PROBLEM in response.extensions:
        raise _unreadable(operation, response.extensions[PROBLEM])
    if operation.has_side_effects and _body(response) == b"":
        if response.status_code in operation.success:
            reader.deviate("body", "missing")
        return None
    content = _json(response, max_bytes)
    if isinstance(content, list) and operation.list_member:
        reader.expect("body", "an object", content)
        content = {operation.list_member: content}
    if not isinstance(content, dict):
        raise _unreadable(operation, "the body is not a JSON object that can be read")
    if media_type(response.headers) != "application/json":
        reader.deviate("content_type", "expected application/json")
    return content


def _flags(operation: Operation[Any], content: Any, reader: Reader, *, sent_as_json: bool) -> str:
    """Why the content says that the operation failed; empty if it does not."""
    result, writes = content.get("result"), operation.has_side_effects
    if not operation.result_false_is_error and not isinstance(result, bool):
        raise _Problem(errors.MalformedResponse, "result: expected a boolean")
    if content.get("error") and not operation.has_member("error"):
        return "the server answered with an error"
    if not operation.result_false_is_error:
        return ""
    flag = serialization.read_flag(result)
    if flag is False:
        return "the server answered result: false"
    if flag is None and result is not None:
        raise _unreadable(operation, "result: expected true")
    if writes and not flag and not sent_as_json:
        raise _unreadable(operation, "the body is not sent as JSON, and has no result: true")
    if writes and not flag and operation.has_member("result"):
        reader.deviate("result", "missing")
    return ""


def _unreadable(operation: Operation[Any], reason: str) -> _Problem:
    """The problem of a 2xx that does not say whether the operation succeeded."""
    is_write = operation.has_side_effects and operation.result_false_is_error
    return _Problem(None if is_write else errors.MalformedResponse, reason)


def _text(deviation: tuple[str, str]) -> str:
    return ": ".join(deviation)


def _compare(operation: Operation[Any], content: Any, path: Mapping[str, object], reader: Reader) -> str:
    """Compare the content with the request; the result says which difference is an error, and is empty if none is."""
    for equality in operation.equalities:
        requested = serialization.read_id(path[equality.argument])
        found = {serialization.read_id(value) for value in _values(content, equality.member)}
        if requested is None or found <= {requested, None}:
            continue
        element = ".".join(equality.member).replace(".[]", "[]")
        kind = f"names another {equality.argument} than the request"
        reader.deviate(element, kind)
        if equality.is_error:
            return _text((element, kind))
    return ""


def _values(content: Any, member: Sequence[str]) -> list[Any]:
    """The values of a member, of which each array on the way may have many."""
    found = [content]
    for name in member:
        if name == "[]":
            found = [
                entry
                for value in found
                if isinstance(value, list | dict)
                for entry in (value.values() if isinstance(value, dict) else value)
            ]
        else:
            found = [value[name] for value in found if isinstance(value, dict) and name in value]
    return found


def _expect_all_entries(content: Any, listed: int, model: Model, reader: Reader) -> None:
    if serialization.read_flag(content.get("has_more")):
        raise _Problem(errors.IncompleteList, "the server has more than it listed", model)
    if (serialization.read_integer(content.get("total_count")) or 0) > listed:
        reader.deviate("total_count", "more than the list has")


def _error(
    contract: Contract, operation: Operation[Any], status: int, content: Any, *, may_have_applied: bool
) -> _Problem:
    means_missing = status in contract.gone_errors
    is_foreign = means_missing and not _is_error_body(content)
    is_documented = status in operation.errors
    is_gone = means_missing and is_documented and operation.method == "DELETE"
    if may_have_applied and (is_foreign or not is_gone):
        return _Problem(None)
    if is_foreign:
        expected = f"the response is not the API's, expected a base URL that ends in {contract.base_path}"
        return _Problem(errors.UnexpectedStatus, expected)
    if not is_documented:
        return _Problem(errors.UnexpectedStatus, "the contract does not know this answer")
    error = (contract.gone_errors if may_have_applied else contract.errors)[status]
    is_object = isinstance(content, dict)
    return _Problem(error, body=contract.error_model.read(content, Reader()) if is_object else None)


def _is_error_body(content: Any) -> bool:
    """Whether it is `{"error": {"message": ...}}`, `{"message": ...}` or `{"result": false, "message": ...}`."""
    return errors.message_of(content) is not None and not serialization.read_flag(content.get("result"))


def _body(response: httpx.Response) -> bytes | None:
    try:
        return response.content
    except httpx.ResponseNotRead:
        return None


def _json(response: httpx.Response, max_bytes: int) -> Any:
    """The JSON of a body, whatever its type claims, or None where none can be read."""
    body = _body(response) or b""
    if len(body) > max_bytes:
        return None
    try:
        return json_reader.read(body)
    except json_reader.InvalidJson:
        return None
