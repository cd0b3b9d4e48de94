"""Reads a 2xx: whether the operation succeeded, and what the response holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from . import deviations, errors, serialization
from .body import NO_JSON, PROBLEM, is_json, media_type, read_json
from .composites import Entity
from .contract import Operation, Result
from .events import Observer
from .kinds import Kind
from .models import Model
from .reader import Reader

T = TypeVar("T")

# A part of a body, or the results of several actions: neither says that all was done.
_PARTIAL: Final = frozenset({206, 207})


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


class Problem(Exception):
    """What a response means if it is no success; `error` is None where it does not say whether it was one."""

    def __init__(self, error: type[errors.ApiError] | None, reason: str = "", body: Any = None) -> None:
        super().__init__()
        self.error, self.reason, self.body = error, reason, body


def read_success(operation: Operation[T], response: httpx.Response, reading: Reading, path: Mapping[str, object]) -> T:
    """What a 2xx means.

    Args:
        operation: the operation that was called.
        response: the response.
        reading: how to read it.
        path: the arguments in the path of the request.

    Raises:
        Problem: it is no success, or lacks what the caller cannot do without.
    """
    reader = Reader()
    try:
        found = _read(operation, response, reading.max_json_bytes, path, reader)
    finally:
        for recorded, is_notice in ((reader.deviations, False), (reader.notices, True)):
            for element, reason in recorded:
                deviations.report(operation.id, element, reason, reading.observer, is_notice)
    if reading.strict and reader.deviations:
        raise Problem(errors.MalformedResponse, _text(next(iter(reader.deviations))), found)
    result: T = found
    return result


def _read(
    operation: Operation[T], response: httpx.Response, max_bytes: int, path: Mapping[str, object], reader: Reader
) -> Any:
    """What a 2xx holds; deviations that the caller can do without are recorded only."""
    status = response.status_code
    if operation.success and status not in operation.success:
        if not operation.result_false_is_error:
            raise Problem(errors.UnexpectedStatus, "the contract does not know this success")
        reader.notice("status", f"{status}, which the contract does not name")
    if status in _PARTIAL:
        raise _unreadable(operation, "the response is partial")
    if PROBLEM in response.extensions:
        raise _unreadable(operation, response.extensions[PROBLEM])
    result = operation.results.get(status, operation.result)
    content = _content(operation, result, response, max_bytes, reader)
    sent_as_json = is_json(response.headers)
    failure = _flags(operation, content, reader, sent_as_json=sent_as_json) if isinstance(content, dict) else ""
    mismatch = _compare(operation, content, path, reader)
    if failure:
        # No body where it may be about another patient.
        model = None if mismatch else result.model
        raise Problem(errors.OperationFailed, failure, model and model.read(content, reader))
    if mismatch:
        raise Problem(errors.MalformedResponse, mismatch)
    if result.media != "json":
        return None if result.media == "nothing" else response.text if result.media == "text" else response.content
    found = _parsed(result.kind, content, reader)
    if operation.list_member and isinstance(found, Model):
        _expect_all_entries(operation, content or {}, found, reader)
    return found


def _parsed(kind: Kind, content: Any, reader: Reader) -> Any:
    """The value of a JSON body; of an empty one the model without members, or None."""
    if isinstance(kind, Entity):
        content = content or {}
    elif content is None:
        return None
    found = kind.read(content, reader, "" if isinstance(kind, Entity) else "body")
    if found is None or reader.incomplete:
        raise Problem(errors.MalformedResponse, _text(reader.incomplete or reader.latest), found)
    return found


def _content(
    operation: Operation[Any], result: Result, response: httpx.Response, max_bytes: int, reader: Reader
) -> Any:
    """The JSON of a 2xx, or None of one that needs none and has none."""
    may_be_empty = operation.has_side_effects or result.media != "json"
    if not response.content and may_be_empty:
        if result.media == "json" and response.status_code in operation.success:
            reader.deviate("body", "missing")
        return None
    content = read_json(response, max_bytes)
    if result.media in {"text", "bytes"}:
        return content if is_json(response.headers) else None
    if result.media == "nothing" and content is NO_JSON and not operation.has_side_effects:
        return None
    if isinstance(content, list) and operation.list_member:
        reader.expect("body", "an object", content)
        content = {operation.list_member: content}
    if content is NO_JSON or not (isinstance(content, dict) or _takes(result, content)):
        raise _unreadable(operation, "the body is not JSON of the right kind that can be read")
    if media_type(response.headers) != result.media_type:
        reader.deviate("content_type", f"expected {result.media_type}")
    return content


def _takes(result: Result, content: Any) -> bool:
    """Whether JSON that is no object may be the result."""
    return result.media == "json" and result.model is None and content is not None


def _flags(operation: Operation[Any], content: Any, reader: Reader, *, sent_as_json: bool) -> str:
    """Why the content says that the operation failed; empty if it does not."""
    result, writes = content.get("result"), operation.has_side_effects
    if not operation.result_false_is_error and not isinstance(result, bool):
        raise Problem(errors.MalformedResponse, "result: expected a boolean")
    if content.get("error") and not operation.has_member("error"):
        return "the server answered with an error"
    if not (operation.has_result_flag and operation.result_false_is_error):
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


def _unreadable(operation: Operation[Any], reason: str) -> Problem:
    """The problem of a 2xx that does not say whether the operation succeeded."""
    is_write = operation.has_side_effects and operation.result_false_is_error
    return Problem(None if is_write else errors.MalformedResponse, reason)


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


def _expect_all_entries(operation: Operation[Any], content: Any, model: Model, reader: Reader) -> None:
    if operation.paging:
        return
    if serialization.read_flag(content.get("has_more")):
        raise Problem(errors.IncompleteList, "the server has more than it listed", model)
    if (serialization.read_integer(content.get("total_count")) or 0) > len(operation.entries(model)):
        reader.deviate("total_count", "more than the list has")
