"""Injected faults: which calls fail, how, and how often. Seeded, so that a run can be repeated.

A drawn fault only describes the failure; `http.fault_injection` makes a response of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import count
from random import Random
from threading import Event, Lock
from typing import Any, Literal
from weakref import WeakKeyDictionary

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.spec.errors import InvalidArgument

FaultKind = Literal["delay", "status", "close", "truncated", "garbage", "html"]
# Whether a call is carried out although it fails, unless the rule says otherwise.
APPLIED_BY_DEFAULT: dict[FaultKind, bool] = {
    "delay": True,
    "status": False,
    "close": False,
    "truncated": True,
    "garbage": True,
    "html": False,
}
MAX_RULES = 100
DEFAULT_SEED = 0


class UnknownFault(DomainError):
    """There is no such fault (any more)."""

    def __init__(self) -> None:
        super().__init__("No such fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """Which calls fail, and how.

    A call matches when it is of the `operation` (an operation id), the `patient` (an id) and the
    `user` (a name), where given; then with the `probability`, and at most `times` times. `delay_ms`
    and at most `jitter_ms` more (milliseconds) pass before the response. `applied` says whether the call
    is carried out all the same. `status` and `retry_after` (seconds) belong to the kind `status`.
    """

    id: int
    kind: FaultKind
    operation: str | None = None
    patient: int | None = None
    user: str | None = None
    probability: float = 1.0
    times: int | None = None
    delay_ms: int = 0
    jitter_ms: int = 0
    applied: bool = True
    status: int | None = None
    retry_after: int | None = None


_CONDITIONS = [field.name for field in fields(FaultRule) if field.name not in {"id", "kind"}]


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call fails: after `delay` seconds, carried out or not (`applied`), with a response of its kind.

    `wait` passes the delay, or less of it once `ended` is set.
    """

    kind: FaultKind
    delay: float = 0.0
    applied: bool = True
    status: int | None = None
    retry_after: int | None = None
    noise: bytes = b""
    #: The name of one of the contract's examples; by default the first.
    example: str | None = None
    ended: Event = field(default_factory=Event, compare=False, repr=False)

    def wait(self) -> None:
        """Pass the delay."""
        self.ended.wait(self.delay)


class Faults:
    """The rules of one instance, in the order in which they were added.

    Every rule that matches a call adds its delay; the first one of another kind decides the response.

    Args:
        documented: the documented error statuses, by operation id.
    """

    def __init__(self, documented: Mapping[str, frozenset[int]]) -> None:
        self._documented = documented
        self._lock = Lock()
        self._rules: dict[int, FaultRule] = {}
        self._ids = count(1)
        # By what ends a delay under way: the rules that it is of.
        self._delays: WeakKeyDictionary[Event, frozenset[int]] = WeakKeyDictionary()
        self.seed(DEFAULT_SEED)

    def __iter__(self) -> Iterator[FaultRule]:
        return iter(list(self._rules.values()))

    def seed(self, seed: int) -> None:
        """Restart the random sequence.

        Args:
            seed: the same seed and calls give the same faults.
        """
        self._chance = Random(seed)  # noqa: S311 (repeatable on purpose)

    def add(self, kind: FaultKind, **conditions: Any) -> FaultRule:
        """Add a rule.

        Args:
            kind: how the call fails; see `FaultKind`.
            conditions: the other members of `FaultRule`, all optional.

        Raises:
            InvalidArgument: there is no such kind, member or operation, or it does not document the status, or
                a member that belongs to the kind is missing, or there are too many rules.
        """
        if kind not in APPLIED_BY_DEFAULT:
            raise InvalidArgument(f"kind: expected one of {', '.join(APPLIED_BY_DEFAULT)}")
        for name in conditions:
            if name not in _CONDITIONS:
                raise InvalidArgument(f"{name}: expected no such member, only {', '.join(_CONDITIONS)}")
        rule = FaultRule(id=0, kind=kind, **{"applied": APPLIED_BY_DEFAULT[kind], **conditions})
        self._check(rule)
        with self._lock:
            if len(self._rules) >= MAX_RULES:
                raise InvalidArgument(f"faults: expected at most {MAX_RULES} rules")
            rule = replace(rule, id=next(self._ids))
            self._rules[rule.id] = rule
        return rule

    def remove(self, rule_id: int) -> None:
        """Remove one rule.

        Raises:
            UnknownFault: there is no rule of this id (any more).
        """
        with self._lock:
            if self._rules.pop(rule_id, None) is None:
                raise UnknownFault
            for ended, rules in self._delays.items():
                if rule_id in rules:
                    ended.set()

    def clear(self) -> None:
        """Remove all rules and end the delays under way; the random sequence continues."""
        with self._lock:
            self._rules.clear()
        self.end_delays()

    def end_delays(self) -> None:
        """End the delays of calls under way; the rules remain."""
        with self._lock:
            for ended in self._delays:
                ended.set()

    def draw(self, operation: str, patient: int | None, user: str | None) -> Fault | None:
        """The fault of this call, if any; counts it against the `times` of the rules that match.

        Args:
            operation: the operation id.
            patient: the id of the patient whom the call is about.
            user: the API user's name; None of an operation without credentials.
        """
        if not self._rules:
            return None
        with self._lock:
            delay, rules = 0.0, set()
            for rule in list(self._rules.values()):
                if not self._matches(rule, operation, patient, user):
                    continue
                if rule.times is not None:
                    self._rules[rule.id] = replace(rule, times=rule.times - 1)
                    if rule.times == 1:
                        del self._rules[rule.id]
                delay += (rule.delay_ms + self._chance.uniform(0, rule.jitter_ms)) / 1000
                rules.add(rule.id)
                if rule.kind != "delay":
                    noise = b"\xff" + self._chance.randbytes(63)
                    fault = Fault(rule.kind, delay, rule.applied, rule.status, rule.retry_after, noise)
                    break
            else:
                fault = Fault("delay", delay)
            if delay:
                self._delays[fault.ended] = frozenset(rules)
        return fault if delay or fault.kind != "delay" else None

    def _matches(self, rule: FaultRule, operation: str, patient: int | None, user: str | None) -> bool:
        return (
            rule.operation in (None, operation)
            and rule.patient in (None, patient)
            and rule.user in (None, user)
            and (rule.status is None or rule.status in self._documented[operation])
            and (rule.probability >= 1 or self._chance.random() < rule.probability)
        )

    def _check(self, rule: FaultRule) -> None:
        if rule.operation is not None and rule.operation not in self._documented:
            raise InvalidArgument(f"operation: expected one of {', '.join(self._documented)}")
        if (rule.status is None) == (rule.kind == "status"):
            raise InvalidArgument('status: expected with the kind "status", and only there')
        if rule.retry_after is not None and rule.kind != "status":
            raise InvalidArgument('retry_after: expected only with the kind "status"')
        statuses = self._documented.get(rule.operation or "", frozenset().union(*self._documented.values()))
        if rule.status is not None and rule.status not in statuses:
            raise InvalidArgument(f"status: expected one that is documented: {_listed(statuses)}")


def _listed(statuses: Iterable[int]) -> str:
    return ", ".join(str(status) for status in sorted(statuses))
