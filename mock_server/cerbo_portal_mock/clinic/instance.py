"""Isolated instances of the portal: each has its own users, patients, queues, mail, journal, faults and clock."""

import base64
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from cerbo_portal_mock.clinic.api_users import ApiUsers
from cerbo_portal_mock.clinic.chart import Chart
from cerbo_portal_mock.clinic.clock import Clock, Now
from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.faults import Faults
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.clinic.invitations import Invitations
from cerbo_portal_mock.clinic.journal import Journal
from cerbo_portal_mock.clinic.mail import Clinic, Outbox
from cerbo_portal_mock.clinic.patient_logins import PatientLogins
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.clinic.state import CheckAddition, State
from cerbo_portal_mock.spec.errors import InvalidArgument

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.smtp import MailServer

DEFAULT_INSTANCE = "default"
MAX_INSTANCES = 256
Validate = Literal["off", "report", "strict"]
# A label of a host name, so that every instance can be a subdomain.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class UnknownInstance(DomainError):
    """There is no such instance (any more)."""

    def __init__(self) -> None:
        super().__init__("No such instance")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that can be changed while an instance runs.

    `validate` says whether responses are checked against the contract: `report` logs violations,
    `strict` responds 500 instead. `preview_coming_soon` puts the announced filters into force. `grease` says what
    varies in responses; nothing does if it is None.
    """

    clinic: Clinic
    validate: Validate = "off"
    preview_coming_soon: bool = False
    grease: Grease | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSettings:
    """Settings that all instances of one mock share.

    `now` is the real time, aware and in UTC; `documented` has, by operation id, the error statuses
    that faults may respond with; `settings` is what an instance starts with, except for the clinic,
    which is the scenario's; mails are delivered to the `mail_server`, if any; `check_addition` checks what tests add to
    a state; `key` is the Fernet key of all invitations, so that links sent before a reset can be distinguished from
    forged ones.
    """

    now: Now
    documented: Mapping[str, frozenset[int]]
    settings: Settings
    mail_server: "MailServer | None" = None
    check_addition: CheckAddition
    key: bytes = field(default_factory=lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)), repr=False)


class Instance:
    """One isolated instance as a scenario describes it.

    Args:
        name: a label of a host name.
        scenario: its initial state.
        shared: the settings of all instances.
    """

    def __init__(self, name: str, scenario: Scenario, shared: SharedSettings) -> None:
        self.name = name
        self.scenario = scenario
        self.settings = replace(shared.settings, clinic=scenario.clinic)
        self.clock = Clock(shared.now)
        self.api_users = ApiUsers(scenario.users)
        self.state = State(scenario.patients, scenario.entries, self.clock, shared.check_addition)
        self.chart = Chart(self.state, self.clock)
        self.outbox = Outbox()
        self.invitations = Invitations(
            lambda: self.settings.clinic,
            key=shared.key,
            now=self.clock,
            outbox=self.outbox,
            mail_server=shared.mail_server,
        )
        self.patient_logins = PatientLogins(self.state)
        self.journal = Journal(shared.documented)
        self.faults = Faults(shared.documented)
        self._variations: Counter[str] = Counter()
        self._variations_lock = Lock()

    def change_settings(self, **changes: Any) -> Settings:
        """Change the settings that are given, members of `Settings`; the others stay."""
        self.settings = replace(self.settings, **changes)
        if "grease" in changes:
            with self._variations_lock:
                self._variations.clear()
        return self.settings

    def next_variation(self, operation: str) -> int:
        """How many responses of the operation were varied before."""
        with self._variations_lock:
            self._variations[operation] += 1
            return self._variations[operation] - 1


class Instances:
    """The instances of one mock, at most `MAX_INSTANCES`, by name; the default one always exists.

    Args:
        scenario: what a new instance starts with, and what a reset returns to.
        shared: the settings of all instances.
    """

    def __init__(self, scenario: Scenario, shared: SharedSettings) -> None:
        self.scenario = scenario
        self._shared = shared
        self._lock = Lock()
        self._instances = {DEFAULT_INSTANCE: self._new(DEFAULT_INSTANCE, scenario)}

    def __iter__(self) -> Iterator[Instance]:
        return iter(list(self._instances.values()))

    @property
    def default(self) -> Instance:
        """The instance of requests that name no instance."""
        return self._instances[DEFAULT_INSTANCE]

    def get(self, name: str) -> Instance | None:
        """The instance of this name, if there is one.

        Raises:
            InvalidArgument: the name is not one that an instance can have.
        """
        name = name.lower()
        instance = self._instances.get(name)
        if instance is None and not _NAME.fullmatch(name):
            raise InvalidArgument("instance: expected 1 to 63 letters, digits and hyphens, such as gw0")
        return instance

    def get_or_create(self, name: str) -> Instance:
        """The instance of this name, created if needed.

        Raises:
            InvalidArgument: the name is not one that an instance can have, or there are too many.
        """
        name = name.lower()
        instance = self.get(name)
        if instance is not None:
            return instance
        with self._lock:
            if name not in self._instances and len(self._instances) >= MAX_INSTANCES:
                raise InvalidArgument(
                    f"instance: there are {MAX_INSTANCES} instances already, the maximum;"
                    " drop one with DELETE /__admin/instances/NAME"
                )
            return self._instances.setdefault(name, self._new(name, self.scenario))

    def reset(self, name: str, scenario: Scenario | None = None) -> Instance:
        """Return an instance to its scenario, or to another one from now on.

        Args:
            name: the instance's; created if needed.
            scenario: by default the one that the instance has.
        """
        before = self.get_or_create(name)
        with self._lock:
            instance = self._instances[before.name] = self._new(before.name, scenario or before.scenario)
        before.faults.end_delays()
        return instance

    def drop(self, name: str) -> None:
        """Forget an instance and everything it holds; the default one returns to the scenario.

        Raises:
            UnknownInstance: there is no instance of this name.
        """
        name = name.lower()
        with self._lock:
            if name not in self._instances:
                raise UnknownInstance
            before = self._instances[name]
            if name == DEFAULT_INSTANCE:
                self._instances[name] = self._new(name, self.scenario)
            else:
                del self._instances[name]
        before.faults.end_delays()

    def end_delays(self) -> None:
        """End the delays of calls under way, in all instances."""
        for instance in self:
            instance.faults.end_delays()

    def _new(self, name: str, scenario: Scenario) -> Instance:
        return Instance(name, scenario, self._shared)
