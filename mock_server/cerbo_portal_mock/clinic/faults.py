"""Injected faults: which calls fail, how, and how often. Seeded, so that a run can be repeated.

A drawn fault only describes the failure; `http.fault_injection` makes a response of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from threading import Event, Lock
from typing import Any
from weakref import WeakKeyDictionary

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.fault_rule import APPLIED_BY_DEFAULT, FaultKind, FaultRule, build_rule
from cerbo_portal_mock.spec.errors import InvalidArgument

MAX_RULES = 100
DEFAULT_SEED = 0


class UnknownFault(DomainError):
    """There is no such fault (any more)."""

    def __init__(self) -> None:
        super().__init__("No such fault")


class FaultNotHappened(AssertionError):
    """A fault with `must_happen` did not happen, or not as often as ordered; the text names it."""

    def __init__(self, rules: list[FaultRule]) -> None:
        named = "; ".join(f"{rule}: happened {rule.happened} of {rule.times or 1} times" for rule in rules)
        super().__init__(f"a fault did not happen: {named}")


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call fails: carried out or not (`applied`), after `delay` seconds, with a response of its kind.

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
    #: The body and the headers in the place of those of the contract.
    body: Any = None
    headers: Mapping[str, str] | None = None
    ended: Event = field(default_factory=Event, compare=False, repr=False)

    @property
    def is_custom(self) -> bool:
        """Whether the response has a body or headers of the order, in the place of the contract's."""
        return self.body is not None or self.headers is not None

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

    def add(self, kind: FaultKind, **members: Any) -> FaultRule:
        """Add a rule.

        Args:
            kind: how the call fails; see `FaultKind`.
            members: the other members of `FaultRule`, all optional.

        Raises:
            InvalidArgument: there is no such kind, member or operation, or it does not document the status, or
                a member that belongs to the kind is missing, or there are too many rules.
        """
        rule = build_rule(kind, members, self._documented)
        with self._lock:
            if len(self._rules) >= MAX_RULES:
                raise InvalidArgument(f"faults: expected at most {MAX_RULES} rules")
            rule = replace(rule, id=next(self._ids))
            self._rules[rule.id] = rule
        return rule

    def missing(self) -> list[FaultRule]:
        """The rules with `must_happen` that have not happened, or not as often as ordered."""
        # A rule that has happened as often as ordered is removed.
        return [rule for rule in self if rule.must_happen and (rule.times is not None or not rule.happened)]

    def check_happened(self, rule_id: int | None = None) -> None:
        """Check that the faults with `must_happen` happened as often as ordered.

        Args:
            rule_id: the only rule to check.

        Raises:
            FaultNotHappened: one did not.
        """
        missing = [rule for rule in self.missing() if rule_id in (None, rule.id)]
        if missing:
            raise FaultNotHappened(missing)

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
            delay, rules, limited = 0.0, set(), False
            for rule in self._due(operation, patient, user):
                # Two faults that are limited in number affect two calls.
                if (limited and rule.times is not None) or not self._by_chance(rule):
                    continue
                limited |= rule.times is not None
                kind, status = rule.failure()
                self._count(rule)
                delay += (rule.delay_ms + self._chance.uniform(0, rule.jitter_ms)) / 1000
                rules.add(rule.id)
                if kind != "delay":
                    fault = self._fault(rule, kind, status, delay)
                    break
            else:
                fault = Fault("delay", delay)
            if delay:
                self._delays[fault.ended] = frozenset(rules)
        return fault if delay or fault.kind != "delay" else None

    def _due(self, operation: str, patient: int | None, user: str | None) -> list[FaultRule]:
        """The rules that this call matches, without those that still let calls pass; counts the call."""
        due = []
        for rule in list(self._rules.values()):
            if (
                rule.operation in (None, operation)
                and rule.patient in (None, patient)
                and rule.user in (None, user)
                and rule.statuses() <= self._documented[operation]
            ):
                counted = self._rules[rule.id] = replace(rule, matched=rule.matched + 1)
                if counted.matched > rule.after:
                    due.append(counted)
        return due

    def _by_chance(self, rule: FaultRule) -> bool:
        return rule.probability >= 1 or self._chance.random() < rule.probability

    def _count(self, rule: FaultRule) -> None:
        self._rules[rule.id] = replace(rule, happened=rule.happened + 1)
        if rule.happened + 1 == rule.times:
            del self._rules[rule.id]

    def _fault(self, rule: FaultRule, kind: FaultKind | None, status: int | None, delay: float) -> Fault:
        if kind is None:
            return Fault("delay", delay)
        applied = APPLIED_BY_DEFAULT[kind] if rule.applied is None else rule.applied
        noise = b"\xff" + self._chance.randbytes(63)
        retry_after = rule.retry_after if kind == "status" else None
        return Fault(kind, delay, applied, status, retry_after, noise, body=rule.body, headers=rule.headers)
