"""What a careful client makes of the portal: attempts that fail, and what may be concluded from them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from contract_tests.model.portal import ADDED, Portal, PortalError

RETRIES = 2
# Of an answer that comes late: the clock, which is frozen, passes it at once.
DELAY = timedelta(seconds=1)


class OperationTraits(NamedTuple):
    """What a caller knows of an operation: whether a repeat is safe, and whether it may change something.

    A `check` tells the caller something that cannot be concluded from an unreadable response.
    """

    repeatable: bool
    writes: bool
    check: bool = False


OPERATIONS = {
    "show_portal_requests": OperationTraits(repeatable=True, writes=False),
    "list_secure_messages": OperationTraits(repeatable=True, writes=False),
    "delete_portal_request": OperationTraits(repeatable=True, writes=True),
    "invite_to_portal": OperationTraits(repeatable=False, writes=True),
    "validate_portal_credentials": OperationTraits(repeatable=True, writes=True, check=True),
    **dict.fromkeys(ADDED, OperationTraits(repeatable=False, writes=True)),
}
ERRORS = {429: "RateLimited", 500: "ServerError", 502: "UnexpectedStatus", 503: "ServiceUnavailable"}


class ApiUser(NamedTuple):
    """An API user: whether its credentials are right, and what it may do."""

    name: str
    valid: bool = True
    reads: bool = True
    writes: bool = True


class Fault(NamedTuple):
    """What meets the first attempts of a call: whether each acts all the same, and what becomes of its answer."""

    kind: str
    acts: bool
    attempts: int = 1
    status: int | None = None
    # Whether it asks for more time than a client waits.
    waits: bool = False


class CallResult(NamedTuple):
    """What a call comes to: an answer or the name of an error; and the attempts that reached the portal."""

    attempts: int
    answer: Any = None
    error: str | None = None


def call(portal: Portal, caller: ApiUser, name: str, arguments: dict[str, Any], fault: Fault | None) -> CallResult:
    """Make one call of the model's portal, its repeats included.

    Args:
        portal: the model.
        caller: who calls.
        name: the operation.
        arguments: its arguments by name.
        fault: what goes wrong.
    """
    kind = OPERATIONS[name]
    refusal = _turned_away(caller, kind, [value for key, value in arguments.items() if key.endswith("_id")])
    if refusal:
        return CallResult(1, error=refusal)
    method = partial(portal.add, name) if name in ADDED else getattr(portal, name)
    result = _attempts(lambda: method(caller.name, **arguments), fault, kind)
    if fault and fault.kind == "delay":
        # A delayed call acts at once; its response is late.
        portal.now += DELAY
    return result


def _turned_away(caller: ApiUser, kind: OperationTraits, ids: list[int]) -> str | None:
    """What comes before anything else is looked at."""
    if not caller.valid:
        return "Unauthorized"
    if not (caller.writes if kind.writes else caller.reads):
        return "Forbidden"
    return None if all(0 < each < 2**63 for each in ids) else "BadRequest"


def _attempts(act: Callable[[], Any], fault: Fault | None, kind: OperationTraits) -> CallResult:
    unsure = False  # an attempt that got no final answer may have acted
    for number in range(1, 2 + RETRIES):
        hit = fault if fault and number <= fault.attempts else None
        try:
            answer = act() if hit is None or hit.acts else None
        except PortalError as refusal:
            # Only a delete is repeated after it may have acted, and refused then: it finds nothing any more.
            return CallResult(number, error="AlreadyGone" if unsure else str(refusal))
        if hit is None:
            return CallResult(number, error="OperationFailed") if answer is False else CallResult(number, answer)
        if hit.kind == "garbage" and hit.status is None:
            unread = "OutcomeUnknown" if kind.writes and not kind.check else "MalformedResponse"
            return CallResult(number, error=unread)
        again = kind.repeatable and number <= RETRIES and not hit.waits
        # A refusal for too many requests has done nothing; one that is final speaks for itself.
        unsure |= kind.writes and (hit.status is None or (again and hit.status != 429))
        if not again:
            return CallResult(
                number, error="OutcomeUnknown" if unsure else ERRORS.get(hit.status or 0, "ConnectionFailed")
            )
    raise AssertionError("the last attempt is final")
