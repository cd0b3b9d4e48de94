"""From an HTTP response to the model of a success, or to the error that it means."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, TypeVar

import httpx

from . import errors, json_reader
from .body import PROBLEM, media_type
from .contract import Contract, Operation
from .validation import Model

T = TypeVar("T", bound=Model)

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


def parse(contract: Contract, operation: Operation[T], response: httpx.Response, *, may_have_applied: bool) -> T:
    """The model of a successful response.

    Args:
        contract: the operation's contract.
        operation: the operation that was called.
        response: the final response to the call.
        may_have_applied: whether an earlier attempt may have changed something.

    Raises:
        CallError: the response is an error, or does not fit the contract.
    """
    captured = _captured.get()
    if captured is not None:
        captured.append(response)
    model = operation.success.get(response.status_code)
    if model is None:
        _raise_error(contract, operation, response, may_have_applied=may_have_applied)
    content = _json(response)
    unreadable = response.extensions.get(PROBLEM)
    if unreadable and operation.has_side_effects:
        raise errors.OutcomeUnknown(operation.id, response, unreadable)
    problem = unreadable or contract.schemas.problem(operation.schema, content)
    if problem:
        raise errors.MalformedResponse(operation.id, response, problem)
    result = model.from_dict(content)
    if operation.result_false_is_error and content.get("result") is False:
        raise errors.OperationFailed(operation.id, response, "the server answered result: false", result)
    if content.get("has_more") is True:
        raise errors.IncompleteList(operation.id, response, "the server has more than it listed", result)
    return result


def _raise_error(
    contract: Contract, operation: Operation[Any], response: httpx.Response, *, may_have_applied: bool
) -> NoReturn:
    gone = contract.gone_errors
    if may_have_applied and not (response.status_code in gone and operation.method == "DELETE"):
        raise errors.OutcomeUnknown(operation.id, response)
    error = (gone if may_have_applied else contract.errors).get(response.status_code)
    if error is None:
        raise errors.UnexpectedStatus(operation.id, response)
    content = _json(response)
    model = contract.error_model
    fits = not contract.schemas.problem(model.__name__, content)
    raise error(operation.id, response, body=model.from_dict(content) if fits else None)


def _json(response: httpx.Response) -> Any:
    """The JSON of a body, or None where none can be read."""
    if media_type(response.headers) != "application/json":
        return None
    try:
        return json_reader.read(response.content)
    except (json_reader.InvalidJson, httpx.ResponseNotRead):
        return None
