"""Events of calls, for a client's observer: for metrics, so none carries an id, a URL or a value."""

import inspect
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LOGGER: Final = logging.getLogger("cerbo_portal")


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """An attempt of a call brought no success: no response at all, or one whose status is not 2xx.

    Attributes:
        operation: The operation's id in the contract.
        attempt: Which attempt of the call it was, from 1.
        status: The status of the response, or None where there was none.
        error: Why there was no response: `refused`, `reset`, `unreachable`, `name_not_found`, `tls`, `certificate`,
            `proxy`, `proxy_authentication`, `protocol`, `timeout`, `cancelled` or `other`. None where there was one.
        seconds: How long the attempt took.
        pause: The seconds until the next attempt, or None where there is none.
    """

    operation: str
    attempt: int
    status: int | None
    error: str | None
    seconds: float
    pause: float | None


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call has ended: by a result, an error or a cancellation.

    It is sent once for each call of which an attempt began, and so not for those that the client refuses itself, with
    `InvalidArgument`, `ReadOnly` or `ClientClosed`.

    Attributes:
        operation: The operation's id in the contract.
        attempts: How many attempts the call made.
        status: The status of the response to the last attempt, or None where there was none.
        error: The name of the class of the exception that the call raised, or None for a result.
        seconds: How long the call took, its attempts and the pauses between them.
    """

    operation: str
    attempts: int
    status: int | None
    error: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Deviation:
    """A response differs from the contract in a part that the result does not need.

    Attributes:
        operation: The operation's id in the contract.
        element: The part of the response, by its path in the contract; `<withheld>` stands for names that may be data.
        kind: How it differs.
        is_notice: Whether the contract leaves room for it, such as a member that the contract does not know.
    """

    operation: str
    element: str
    kind: str
    is_notice: bool


Event = AttemptFailed | CallFinished | Deviation
Observer = Callable[[Event], object]


class GuardedObserver:
    """An observer that harms no call: of its exceptions the first is logged, by the name of its class.

    Args:
        observer: called with each event, in the thread or task of the call.
    """

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        # Counts atomically, for clients that several threads share.
        self._failures = itertools.count()

    def __call__(self, event: Event) -> None:
        """Send an event."""
        try:
            result = self._observer(event)
            if not inspect.isawaitable(result):
                return
            if inspect.iscoroutine(result):
                result.close()
            failure = "expected no awaitable as its result"
        except Exception as error:
            failure = type(error).__name__
        if next(self._failures) == 0:
            LOGGER.warning("the observer failed: %s", failure)
