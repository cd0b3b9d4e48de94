"""The rules of injected faults: which calls they affect, how those fail, and what a rule may consist of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from cerbo_portal_mock.spec import schema_set
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.validation import whole

FaultKind = Literal["delay", "status", "refuse", "close", "truncated", "garbage", "html", "sequence"]
# Whether a call is carried out although it fails, unless the rule says otherwise.
APPLIED_BY_DEFAULT: dict[FaultKind, bool] = {
    "delay": True,
    "status": False,
    "refuse": False,
    "close": False,
    "truncated": True,
    "garbage": True,
    "html": False,
}
KINDS = (*APPLIED_BY_DEFAULT, "sequence")
#: One call of a sequence: an HTTP status, a kind, or None for no fault.
Step = int | FaultKind | None
_COUNTERS = {"matched", "happened"}
_WITH_STATUS = ("retry_after", "body", "headers")
# The server frames the response.
_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_WITHOUT_BODY = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """Which calls fail, and how.

    A call matches when it is of the `operation` (an operation id), the `patient` (an id) and the
    `user` (a name), where given. The first calls that match pass (`after` says how many); the others fail with the
    `probability`, and at most `times` times. `applied` says whether the call is carried out all the same, and
    `delay_ms` and at most `jitter_ms` more (milliseconds) pass before the response.

    `status`, `retry_after` (seconds), `body` and `headers` belong to the kind `status`; with a body or headers, the
    status may be one that the operation does not document. `steps` belong to the kind `sequence`: one for each call.
    With `must_happen`, a test fails if not all of the `times` happened, by default one.

    `matched` counts the calls that matched, `happened` those that were affected, or the steps that are done.
    """

    id: int = 0
    kind: FaultKind
    operation: str | None = None
    patient: int | None = None
    user: str | None = None
    after: int = 0
    probability: float = 1.0
    times: int | None = None
    delay_ms: int = 0
    jitter_ms: int = 0
    applied: bool | None = None
    status: int | None = None
    retry_after: int | None = None
    body: Any = None
    headers: Mapping[str, str] | None = None
    steps: tuple[Step, ...] | None = None
    must_happen: bool = False
    matched: int = 0
    happened: int = 0

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.ordered().items() if name not in {"kind", "body"})
        return f"{self.kind} ({given})" if given else self.kind

    def ordered(self) -> dict[str, Any]:
        """The members that differ from their defaults, without id and counters."""
        default = replace(FaultRule(kind=self.kind), applied=APPLIED_BY_DEFAULT.get(self.kind))
        values = {name: getattr(self, name) for name in ("kind", *MEMBERS)}
        return {name: value for name, value in values.items() if name == "kind" or value != getattr(default, name)}

    def failure(self) -> tuple[FaultKind | None, int | None]:
        """Kind and status of the next call that this rule affects; no kind for a step without a fault."""
        if self.steps is None:
            return self.kind, self.status
        step = self.steps[self.happened]
        return ("status", step) if isinstance(step, int) else (step, None)

    def statuses(self) -> frozenset[int]:
        """The statuses that the operation of a call must document."""
        if self.body is not None or self.headers is not None:
            return frozenset()
        return frozenset(status for status in (self.status, *(self.steps or ())) if isinstance(status, int))


MEMBERS = tuple(field.name for field in fields(FaultRule) if field.name not in {"id", "kind", *_COUNTERS})


def build_rule(kind: FaultKind, members: Mapping[str, Any], documented: Mapping[str, frozenset[int]]) -> FaultRule:
    """A rule, checked.

    Args:
        kind: how the call fails.
        members: the other members of `FaultRule`.
        documented: the documented error statuses, by operation id.

    Raises:
        InvalidArgument: there is no such kind, member or operation, or the members do not fit each other.
    """
    if kind not in KINDS:
        raise InvalidArgument(f"kind: expected one of {', '.join(KINDS)}")
    for name in members:
        if name not in MEMBERS:
            raise InvalidArgument(f"{name}: expected no such member, only {', '.join(MEMBERS)}")
    given = {name: value for name, value in members.items() if value is not None}
    if isinstance(given.get("steps"), Sequence) and not isinstance(given["steps"], str):
        given["steps"] = [whole(step) for step in given["steps"]]
    body = given.get("body")
    # JSON has no bytes.
    plain = given | ({"body": body.decode("latin-1")} if isinstance(body, bytes) else {})
    schema_set.refuse(schema_set.problems("fault", {"kind": kind, **plain}))
    _check(kind, given, documented)
    applied = {"applied": APPLIED_BY_DEFAULT[kind]} if kind in APPLIED_BY_DEFAULT else {}
    steps = given.get("steps")
    sequence = {} if steps is None else {"steps": tuple(steps), "times": len(steps)}
    return FaultRule(kind=kind, **{**applied, **given, **sequence})


def _check(kind: FaultKind, given: Mapping[str, Any], documented: Mapping[str, frozenset[int]]) -> None:
    operation = given.get("operation")
    if operation is not None and operation not in documented:
        raise InvalidArgument(f"operation: expected one of {', '.join(documented)}")
    if ("status" in given) != (kind == "status"):
        raise InvalidArgument('status: expected with the kind "status", and only there')
    if ("steps" in given) != (kind == "sequence"):
        raise InvalidArgument('steps: expected with the kind "sequence", and only there')
    for name in _WITH_STATUS:
        if name in given and kind != "status" and not (name == "retry_after" and kind == "sequence"):
            raise InvalidArgument(f'{name}: expected only with the kind "status"')
    if kind == "sequence" and "times" in given:
        raise InvalidArgument("times: expected without steps, which happen once each")
    if given.get("body") not in (None, "", b"") and given["status"] in _WITHOUT_BODY:
        raise InvalidArgument(f"body: expected none, a response of the status {given['status']} has none")
    _check_headers(given.get("headers", {}))
    if "body" in given or "headers" in given:
        return
    statuses = documented.get(operation or "", frozenset().union(*documented.values()))
    steps = [("steps", step) for step in given.get("steps", []) if isinstance(step, int)]
    for name, status in [("status", given.get("status")), *steps]:
        if status is not None and status not in statuses:
            others = ", or any with a body or headers" if name == "status" else ""
            raise InvalidArgument(f"{name}: expected one that is documented ({_listed(statuses)}){others}")


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidArgument("headers: expected names that HTTP permits")
        if name.lower() in _FRAMING:
            raise InvalidArgument(f"headers: expected no {name.title()}, the server sets it")
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise InvalidArgument(f"headers: expected printable ASCII in {name}, without blanks at its ends")


def _listed(statuses: Iterable[int]) -> str:
    return ", ".join(str(status) for status in sorted(statuses))
