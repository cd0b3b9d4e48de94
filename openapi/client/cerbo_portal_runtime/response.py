"""From an HTTP response to the model of a success, or to the error that it means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from . import deviations, errors, json_reader, serialization
from .body import PROBLEM, media_type
from .contract import Contract, Operation
from .validation import Model

T = TypeVar("T", bound=Model)

# Of a larger body, no error says where it does not fit.
_MOST_BYTES_TO_LOCATE: Final = 1_000_000

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
class _Problem:
    """An error that a response means, or `OutcomeUnknown` where `error` is None."""

    error: type[errors.ApiError] | None
    reason: str = ""
    body: Any = None


def parse(  # noqa: PLR0913 (a call and its response)
    contract: Contract,
    operation: Operation[T],
    response: httpx.Response,
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
        path: the arguments in the path of the request.
        attempts: how many attempts the call made.
        may_have_applied: whether an earlier attempt may have changed something.

    Raises:
        CallError: the response is an error, or does not fit the contract or the request.
    """
    captured = _captured.get()
    if captured is not None:
        captured.append(response)
    content = _json(response)
    model = operation.success.get(response.status_code)
    if model is None:
        outcome: T | _Problem = _error(contract, operation, response, content, may_have_applied=may_have_applied)
    elif PROBLEM in response.extensions:
        unreadable = None if operation.has_side_effects else errors.MalformedResponse
        outcome = _Problem(unreadable, response.extensions[PROBLEM])
    else:
        locate = len(response.content) <= _MOST_BYTES_TO_LOCATE
        outcome = _success(contract, operation, model, content, path, locate=locate)
    if not isinstance(outcome, _Problem):
        return outcome
    if outcome.error is None:
        raise errors.OutcomeUnknown(operation.id, response, outcome.reason, attempts=attempts)
    refused = outcome.error is errors.OperationFailed or httpx.codes.is_client_error(response.status_code)
    raise outcome.error(
        operation.id,
        response,
        outcome.reason,
        outcome.body,
        attempts=attempts,
        may_have_acted=operation.has_side_effects and (may_have_applied or not refused),
    )


def _success(  # noqa: PLR0913 (a response and its call)
    contract: Contract,
    operation: Operation[T],
    model: type[T],
    content: Any,
    path: Mapping[str, object],
    *,
    locate: bool,
) -> T | _Problem:
    problem = contract.schemas.problem(operation.schema, content, locate=locate) or _difference(
        operation, content, path
    )
    if problem:
        return _Problem(errors.MalformedResponse, problem)
    result = model.from_dict(content)
    if operation.result_false_is_error and content.get("result") is False:
        return _Problem(errors.OperationFailed, "the server answered result: false", result)
    if content.get("has_more") is True:
        return _Problem(errors.IncompleteList, "the server has more than it listed", result)
    return result


def _difference(operation: Operation[Any], content: Any, path: Mapping[str, object]) -> str:
    """How the content contradicts the request, if that is an error; what is a deviation is reported."""
    for equality in operation.equalities:
        requested = serialization.read_id(path[equality.argument])
        found = {serialization.read_id(value) for value in _values(content, equality.member)}
        if requested is None or found <= {requested, None}:
            continue
        element = ".".join(equality.member).replace(".[]", "[]")
        kind = f"names another {equality.argument} than the request"
        if equality.is_error:
            return f"{element} {kind}"
        deviations.report(operation.id, element, kind)
    return ""


def _values(content: Any, member: Sequence[str]) -> list[Any]:
    """The values of a member, of which each array on the way may have many."""
    found = [content]
    for name in member:
        if name == "[]":
            found = [entry for value in found if isinstance(value, list) for entry in value]
        else:
            found = [value[name] for value in found if isinstance(value, dict) and name in value]
    return found


def _error(
    contract: Contract, operation: Operation[Any], response: httpx.Response, content: Any, *, may_have_applied: bool
) -> _Problem:
    status = response.status_code
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
    model = contract.error_model
    fits = not contract.schemas.problem(model.__name__, content, locate=False)
    return _Problem(error, body=model.from_dict(content) if fits else None)


def _is_error_body(content: Any) -> bool:
    """Whether it is `{"error": {"message": ...}}`, `{"message": ...}` or `{"result": false, "message": ...}`."""
    if not isinstance(content, dict) or content.get("result", False) is not False:
        return False
    error = content.get("error")
    return isinstance((error if isinstance(error, dict) else content).get("message"), str)


def _json(response: httpx.Response) -> Any:
    """The JSON of a body, or None where none can be read."""
    if media_type(response.headers) != "application/json":
        return None
    try:
        return json_reader.read(response.content)
    except (json_reader.InvalidJson, httpx.ResponseNotRead):
        return None
