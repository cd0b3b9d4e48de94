"""Calls an operation for one or several ids, one after the other."""

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from .. import errors
from ..models import Model
from .command import Command

DONE: Final = 0
REFUSED: Final = 1
NOT_SENT: Final = 2
UNKNOWN: Final = 3

NOT_TRIED: Final = "NotTried"

# After this many calls in a row without a response the rest is not tried: each may take the whole timeout.
_MAX_UNANSWERED: Final = 3


@dataclass(frozen=True)
class Failure:
    """Why a call did not succeed.

    Attributes:
        kind: the name of the client's error, `Interrupted` or `NOT_TRIED`.
        text: the message for the error output, without patient data.
        status: the response's status, if there was one.
        message: the server's message, which may hold patient data.
    """

    kind: str
    text: str
    status: int | None = None
    message: str | None = None


@dataclass(frozen=True)
class Outcome:
    """The result of one call.

    Attributes:
        target: the arguments of its path, by name.
        code: the exit code that it means.
        answer: the response if the call succeeded, or the part of a list that could be read.
        failure: why it did not succeed.
    """

    target: Mapping[str, Any]
    code: int
    answer: Model | None = None
    failure: Failure | None = None


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """The highest exit code of the calls that were tried."""
    return max(outcome.code for outcome in outcomes if outcome.code != NOT_SENT)


def call_each(
    command: Command, method: Callable[..., Any], targets: Sequence[Mapping[str, Any]], keywords: dict[str, Any]
) -> Iterator[Outcome]:
    """Make the calls; the others are made although one fails.

    The rest is not tried after a 401, after three calls in a row without a response, and after an interruption.

    Args:
        command: the sub-command.
        method: the client's method.
        targets: the path arguments of each call.
        keywords: the other arguments, the same for all.
    """
    unanswered = 0
    stopped = False
    for target in targets:
        if stopped:
            yield Outcome(target, NOT_SENT, failure=Failure(NOT_TRIED, "not tried"))
            continue
        try:
            outcome = Outcome(target, DONE, method(**target, **keywords))
        except errors.InvalidArgument:
            raise
        except errors.CallError as error:
            outcome = _failed(command, target, error)
            unanswered = unanswered + 1 if isinstance(error, errors.ConnectionFailed | errors.TimedOut) else 0
            stopped = getattr(error, "status_code", None) == 401 or unanswered == _MAX_UNANSWERED
        except KeyboardInterrupt:
            text = "interrupted, it may have acted" if command.operation.has_side_effects else "interrupted"
            outcome = Outcome(target, UNKNOWN, failure=Failure("Interrupted", f"{command.operation.id}: {text}"))
            stopped = True
        else:
            unanswered = 0
        yield outcome


def _failed(command: Command, target: Mapping[str, Any], error: errors.CallError) -> Outcome:
    code = _code(command, error)
    if not isinstance(error, errors.ApiError):
        return Outcome(target, code, failure=Failure(type(error).__name__, str(error), message=error.server_message))
    is_part = isinstance(error, errors.IncompleteList | errors.MalformedResponse)
    failure = Failure(type(error).__name__, str(error), error.status_code, error.server_message)
    return Outcome(target, code, error.body if is_part else None, failure)


def _code(command: Command, error: errors.CallError) -> int:
    """The exit code of an error: `REFUSED` only if the server understood the call and certainly did nothing."""
    if error.may_have_acted or not isinstance(error, errors.ApiError) or isinstance(error, errors.MalformedResponse):
        return UNKNOWN
    if isinstance(error, errors.UnexpectedStatus):
        # A success that the contract does not document, or a response of another server.
        is_foreign = error.status_code in command.contract.gone_errors
        return UNKNOWN if is_foreign or error.status_code < httpx.codes.MULTIPLE_CHOICES else REFUSED
    return REFUSED


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn the signals that end a process into `KeyboardInterrupt`, unless they are ignored."""
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in signals if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
