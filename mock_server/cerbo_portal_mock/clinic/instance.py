"""Clinics' instances: each with users, patients, queue, mail, journal, faults and clock of its own."""

import base64
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from cerbo_portal_mock.clinic.api_users import Accounts
from cerbo_portal_mock.clinic.chart import Chart
from cerbo_portal_mock.clinic.clock import Clock, Now
from cerbo_portal_mock.clinic.faults import Faults
from cerbo_portal_mock.clinic.invitations import Invitations
from cerbo_portal_mock.clinic.journal import Journal
from cerbo_portal_mock.clinic.mail import Clinic, Outbox
from cerbo_portal_mock.clinic.patient_logins import Logins
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.clinic.state import Refused, State
from cerbo_portal_mock.spec.operation import InvalidArgument

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.smtp import MailServer
    from cerbo_portal_mock.testing.visit import Page

DEFAULT_INSTANCE = "default"
MAX_INSTANCES = 256
Validate = Literal["off", "report", "strict"]
# A label of a host name, so that every instance can be a subdomain.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class UnknownInstance(Refused):
    """There is no such instance (any more)."""

    def __init__(self) -> None:
        super().__init__("No such instance")


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be changed while an instance runs.

    `validate` says whether answers are checked against the contract: `report` logs what differs,
    `strict` answers 500 instead. `preview_coming_soon` puts the announced filters into force.
    """

    clinic: Clinic
    validate: Validate = "off"
    preview_coming_soon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What all instances of one mock have in common.

    `now` is the real time, aware and in UTC; `documented` has, by operation id, the error statuses
    that faults may answer with; `settings` is what an instance starts with, save for the clinic,
    which is the scenario's; mails go to the `mail_server`, where there is one; `opener` follows their
    links; `key` is the Fernet key of all invitations, so that the links sent before a reset can
    still be told from forged ones.
    """

    now: Now
    documented: Mapping[str, frozenset[int]]
    settings: Settings
    mail_server: "MailServer | None" = None
    opener: "Callable[[str], Page] | None" = None
    key: bytes = field(default_factory=lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)), repr=False)


class Instance:
    """One isolated instance as a scenario describes it.

    Args:
        name: a label of a host name.
        scenario: who and what it starts with.
        world: what it has in common with the others.
    """

    def __init__(self, name: str, scenario: Scenario, world: World) -> None:
        self.name = name
        self.scenario = scenario
        self.settings = replace(world.settings, clinic=scenario.clinic)
        self.clock = Clock(world.now)
        self.accounts = Accounts(scenario.users)
        self.state = State(scenario.patients, scenario.entries, self.clock)
        self.chart = Chart(self.state, self.clock)
        self.outbox = Outbox(world.opener)
        self.invitations = Invitations(
            lambda: self.settings.clinic,
            key=world.key,
            now=self.clock,
            outbox=self.outbox,
            mail_server=world.mail_server,
        )
        self.logins = Logins(self.state)
        self.journal = Journal()
        self.faults = Faults(world.documented)

    def change_settings(self, **changes: Any) -> Settings:
        """Change the settings that are given, members of `Settings`; the others stay."""
        self.settings = replace(self.settings, **changes)
        return self.settings


class Instances:
    """The instances of one mock, at most `MAX_INSTANCES`, by name; the default one always exists.

    Args:
        scenario: what a new instance starts with, and what a reset returns to.
        world: what they have in common.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.scenario = scenario
        self._world = world
        self._lock = Lock()
        self._instances = {DEFAULT_INSTANCE: self._new(DEFAULT_INSTANCE, scenario)}

    def __iter__(self) -> Iterator[Instance]:
        return iter(list(self._instances.values()))

    @property
    def default(self) -> Instance:
        """The instance of the calls that name none."""
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
        """The instance of this name, a new one where there is none.

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
                    f"instance: expected one of the {MAX_INSTANCES} there are, no more can be created;"
                    " drop one with DELETE /__admin/instances/NAME"
                )
            return self._instances.setdefault(name, self._new(name, self.scenario))

    def reset(self, name: str, scenario: Scenario | None = None) -> Instance:
        """Return an instance to its scenario, or to another one that it keeps from now on.

        Args:
            name: the instance's; created where there is none.
            scenario: by default the one that the instance has.
        """
        before = self.get_or_create(name)
        with self._lock:
            instance = self._instances[before.name] = self._new(before.name, scenario or before.scenario)
            return instance

    def drop(self, name: str) -> None:
        """Forget an instance and everything it holds; the default one returns to the scenario.

        Raises:
            UnknownInstance: there is none of this name.
        """
        name = name.lower()
        with self._lock:
            if name not in self._instances:
                raise UnknownInstance
            if name == DEFAULT_INSTANCE:
                self._instances[name] = self._new(name, self.scenario)
            else:
                del self._instances[name]

    def _new(self, name: str, scenario: Scenario) -> Instance:
        return Instance(name, scenario, self._world)
