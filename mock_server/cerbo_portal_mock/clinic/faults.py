"""Faults on demand: which calls go wrong, how, and how often. Seeded, so that a run repeats.

Knows nothing of HTTP or Flask: a drawn fault only says what shall happen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from random import Random
from threading import Lock
from typing import Any, Literal

from cerbo_portal_mock.clinic.state import Refused
from cerbo_portal_mock.spec.operation import InvalidArgument

Kind = Literal["delay", "status", "close", "truncated", "garbage", "html"]
# A service that breaks after the fact answers nothing, or half of it; one that refuses has done nothing yet.
ACTS_UNLESS_TOLD: dict[Kind, bool] = {
    "delay": True,
    "status": False,
    "close": False,
    "truncated": True,
    "garbage": True,
    "html": False,
}
MAX_RULES = 100
DEFAULT_SEED = 0


class UnknownFault(Refused):
    """There is no such rule (any more)."""

    def __init__(self) -> None:
        super().__init__("No such fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which calls go wrong, and how.

    A call is hit when it is of the `operation` (an operation id), the `patient` (an id) and the
    `user` (a name), where given; then with the `probability`, and at most `times` times. `delay_ms`
    and at most `jitter_ms` more (milliseconds) pass before the answer. `acts` says whether the call
    is carried out first. `status` and `retry_after` (seconds) belong to the kind `status`.
    """

    id: int
    kind: Kind
    operation: str | None = None
    patient: int | None = None
    user: str | None = None
    probability: float = 1.0
    times: int | None = None
    delay_ms: int = 0
    jitter_ms: int = 0
    acts: bool = True
    status: int | None = None
    retry_after: int | None = None


_CONDITIONS = [field.name for field in fields(Rule) if field.name not in {"id", "kind"}]


@dataclass(frozen=True, slots=True)
class Fault:
    """What shall happen to one call: wait for `delay` seconds, act or not, and answer in the way of its kind."""

    kind: Kind
    delay: float = 0.0
    acts: bool = True
    status: int | None = None
    retry_after: int | None = None
    noise: bytes = b""
    #: The name of one of the contract's examples; by default the first.
    example: str | None = None


class Faults:
    """The rules of one instance, in the order in which they were added.

    Every rule that hits a call adds its delay; the first that is more than a delay decides the answer.

    Args:
        documented: the error statuses that the contract knows, by operation id.
    """

    def __init__(self, documented: Mapping[str, frozenset[int]]) -> None:
        self._documented = documented
        self._lock = Lock()
        self._rules: dict[int, Rule] = {}
        self._ids = count(1)
        self.seed(DEFAULT_SEED)

    def __iter__(self) -> Iterator[Rule]:
        return iter(list(self._rules.values()))

    def seed(self, seed: int) -> None:
        """Start the sequence of chances anew.

        Args:
            seed: the same seed and calls give the same faults.
        """
        self._chance = Random(seed)  # noqa: S311 (chances that repeat are the point)

    def add(self, kind: Kind, **conditions: Any) -> Rule:
        """Order a fault.

        Args:
            kind: how it goes wrong; see `Kind`.
            conditions: the other members of `Rule`, all optional.

        Raises:
            InvalidArgument: there is no such kind, member or operation, or it does not document the status, or
                a member that belongs to the kind is missing, or there are too many rules.
        """
        if kind not in ACTS_UNLESS_TOLD:
            raise InvalidArgument(f"kind: expected one of {', '.join(ACTS_UNLESS_TOLD)}")
        for name in conditions:
            if name not in _CONDITIONS:
                raise InvalidArgument(f"{name}: expected no such member, only {', '.join(_CONDITIONS)}")
        rule = Rule(id=0, kind=kind, **{"acts": ACTS_UNLESS_TOLD[kind], **conditions})
        self._check(rule)
        with self._lock:
            if len(self._rules) >= MAX_RULES:
                raise InvalidArgument(f"faults: expected at most {MAX_RULES} rules")
            rule = replace(rule, id=next(self._ids))
            self._rules[rule.id] = rule
        return rule

    def remove(self, rule_id: int) -> None:
        """Withdraw one rule.

        Raises:
            UnknownFault: there is none of this id (any more).
        """
        with self._lock:
            if self._rules.pop(rule_id, None) is None:
                raise UnknownFault

    def clear(self) -> None:
        """Withdraw all rules; the sequence of chances goes on."""
        with self._lock:
            self._rules.clear()

    def draw(self, operation: str, patient: int | None, user: str) -> Fault | None:
        """What goes wrong with this call, and use up a turn of the rules that hit it.

        Args:
            operation: the operation id.
            patient: the id of the patient whom the call is about.
            user: the API user's name.
        """
        if not self._rules:
            return None
        delay = 0.0
        with self._lock:
            for rule in list(self._rules.values()):
                if not self._hits(rule, operation, patient, user):
                    continue
                if rule.times is not None:
                    self._rules[rule.id] = replace(rule, times=rule.times - 1)
                    if rule.times == 1:
                        del self._rules[rule.id]
                delay += (rule.delay_ms + self._chance.uniform(0, rule.jitter_ms)) / 1000
                if rule.kind != "delay":
                    noise = b"\xff" + self._chance.randbytes(63)
                    return Fault(rule.kind, delay, rule.acts, rule.status, rule.retry_after, noise)
        return Fault("delay", delay) if delay else None

    def _hits(self, rule: Rule, operation: str, patient: int | None, user: str) -> bool:
        return (
            rule.operation in (None, operation)
            and rule.patient in (None, patient)
            and rule.user in (None, user)
            and (rule.status is None or rule.status in self._documented[operation])
            and (rule.probability >= 1 or self._chance.random() < rule.probability)
        )

    def _check(self, rule: Rule) -> None:
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
