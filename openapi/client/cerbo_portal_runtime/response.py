"""From an HTTP response to the model of a success, or to the error that it means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import httpx

from . import errors, serialization
from .body import read_json
from .contract import Contract, Operation
from .reader import Reader
from .success import Problem, Reading, read_success

T = TypeVar("T")

_captured: ContextVar[list[httpx.Response] | None] = ContextVar("cerbo_portal_captured", default=None)
_ATTEMPTS: Final = "cerbo_attempts"


@dataclass(frozen=True)
class RawResponse(Generic[T]):
    """The result of a call with the HTTP response that it was read from, which may hold patient data.

    Attributes:
        result: What the method returns.
        response: The response to the last attempt.
    """

    result: T = field(repr=False)
    response: httpx.Response

    @property
    def attempts(self) -> int:
        """How many attempts the call made."""
        attempts: int = self.response.extensions[_ATTEMPTS]
        return attempts


def raw_response(result: T, responses: Sequence[httpx.Response]) -> RawResponse[T]:
    """The result of a method with the last response that was captured.

    Args:
        result: the result.
        responses: the responses to the calls that the method made.

    Raises:
        TypeError: there is no response.
    """
    if not responses:
        raise TypeError("with_raw_response: expected a method that makes a call")
    return RawResponse(result, responses[-1])


@contextmanager
def capture_responses() -> Iterator[list[httpx.Response]]:
    """Collect the final `httpx.Response` of each call that this context makes.

    They hold what the server sent, patient data included.
    """
    responses: list[httpx.Response] = []
    around = _captured.get()
    token = _captured.set(responses)
    try:
        yield responses
    finally:
        _captured.reset(token)
        if around is not None:
            around += responses


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
        response.extensions[_ATTEMPTS] = attempts
        captured.append(response)
    try:
        if httpx.codes.is_success(response.status_code):
            return read_success(operation, response, reading, path)
        content = read_json(response, reading.max_json_bytes)
        problem = _error(contract, operation, response.status_code, content, may_have_applied=may_have_applied)
    except Problem as found:
        problem = found
    # Outside of the handler: the error has no context that quotes the server.
    if problem.error is None:
        raise errors.OutcomeUnknown(operation.id, response, problem.reason, attempts=attempts)
    refused = problem.error is errors.OperationFailed or httpx.codes.is_client_error(response.status_code)
    error = problem.error(
        operation.id,
        response,
        problem.reason,
        problem.body,
        attempts=attempts,
        may_have_acted=operation.has_side_effects and (may_have_applied or not refused),
    )
    if operation.list_member and type(problem.body) is operation.result.model:
        error.entries = operation.entries(problem.body)
    raise error


def _error(
    contract: Contract, operation: Operation[Any], status: int, content: Any, *, may_have_applied: bool
) -> Problem:
    means_missing = status in contract.gone_errors
    is_foreign = means_missing and not _is_error_body(content)
    is_documented = status in operation.errors or status // 100 in operation.error_ranges
    is_gone = means_missing and is_documented and operation.method == "DELETE"
    if may_have_applied and (is_foreign or not is_gone):
        return Problem(None)
    if is_foreign:
        expected = f"the response is not the API's, expected a base URL that ends in {contract.base_path}"
        return Problem(errors.UnexpectedStatus, expected)
    if not is_documented:
        return Problem(errors.UnexpectedStatus, "the contract does not know this answer")
    error = (contract.gone_errors if may_have_applied else contract.errors).get(status, errors.ApiError)
    model = contract.error_model if isinstance(content, dict) else None
    return Problem(error, body=model and model.read(content, Reader()))


def _is_error_body(content: Any) -> bool:
    """Whether it is `{"error": {"message": ...}}`, `{"message": ...}` or `{"result": false, "message": ...}`."""
    return errors.message_of(content) is not None and not serialization.read_flag(content.get("result"))
