"""Calls for one or several ids, one after the other: what became of each, and what the command says of it all."""

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx
from attrs import frozen

from .. import errors
from .commands import Subcommand

DONE: Final = 0
REFUSED: Final = 1
NOT_SENT: Final = 2
UNKNOWN: Final = 3

NOT_TRIED: Final = "NotTried"

# So many calls in a row without an answer, and the rest is not tried: each may take the whole timeout.
_UNANSWERED: Final = 3


@frozen
class Failure:
    """Why a call did not succeed.

    Attributes:
        kind: the name of the client's error, `Interrupted` or `NOT_TRIED`.
        text: what to say where there must be no patient data.
        status: the status of the answer, where there was one.
        message: what the server said of it, which may hold patient data.
    """

    kind: str
    text: str
    status: int | None = None
    message: str | None = None


@frozen
class Outcome:
    """What became of one call.

    Attributes:
        target: the ids in its path, by name.
        code: what it means, as the command's exit code.
        answer: the body of the answer to a call that succeeded, or as much of it as there was.
        failure: why it did not succeed.
    """

    target: Mapping[str, Any]
    code: int
    answer: dict[str, Any] | None = None
    failure: Failure | None = None


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """The code of the call that went worst, of those that were tried."""
    return max(outcome.code for outcome in outcomes if outcome.code != NOT_SENT)


def calls(
    subcommand: Subcommand, method: Callable[..., Any], targets: Sequence[Mapping[str, Any]], keywords: dict[str, Any]
) -> Iterator[Outcome]:
    """Make the calls; one that fails does not keep the others.

    The rest is not tried when it would fare no better: after a 401, after three calls in a row without an answer, and
    when the run is interrupted.

    Args:
        subcommand: the operation.
        method: the client's method.
        targets: the ids of each call.
        keywords: what the calls hold besides.
    """
    unanswered = 0
    stopped = False
    for target in targets:
        if stopped:
            yield Outcome(target, NOT_SENT, failure=Failure(NOT_TRIED, "not tried"))
            continue
        try:
            outcome = Outcome(target, DONE, method(**target, **keywords).to_dict())
        except errors.InvalidArgument:
            raise
        except errors.CallError as error:
            outcome = _failed(subcommand, target, error)
            unanswered = unanswered + 1 if isinstance(error, errors.ConnectionFailed | errors.TimedOut) else 0
            stopped = getattr(error, "status_code", None) == 401 or unanswered == _UNANSWERED
        except KeyboardInterrupt:
            text = "interrupted, it may have acted" if subcommand.acts else "interrupted"
            outcome = Outcome(target, UNKNOWN, failure=Failure("Interrupted", f"{subcommand.operation.id}: {text}"))
            stopped = True
        else:
            unanswered = 0
        yield outcome


def _failed(subcommand: Subcommand, target: Mapping[str, Any], error: errors.CallError) -> Outcome:
    code = _code(subcommand, error)
    if not isinstance(error, errors.ApiError):
        return Outcome(target, code, failure=Failure(type(error).__name__, str(error)))
    answer = error.body.to_dict() if isinstance(error, errors.IncompleteList) else None
    message = getattr(error.body, "message", None)
    return Outcome(target, code, answer, Failure(type(error).__name__, str(error), error.status_code, message))


def _code(subcommand: Subcommand, error: errors.CallError) -> int:
    """What an error means: whether it is certain that nothing was done, by a server that has understood the call."""
    if error.may_have_acted or not isinstance(error, errors.ApiError) or isinstance(error, errors.MalformedResponse):
        return UNKNOWN
    if isinstance(error, errors.UnexpectedStatus):
        # A success that the contract does not know, or an answer of another server.
        is_foreign = error.status_code in subcommand.contract.gone_errors
        return UNKNOWN if is_foreign or error.status_code < httpx.codes.MULTIPLE_CHOICES else REFUSED
    return REFUSED


@contextmanager
def interruptible() -> Iterator[None]:
    """Have the signals that end a process raise `KeyboardInterrupt`, unless they are ignored."""
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in signals if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
