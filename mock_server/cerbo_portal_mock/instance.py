"""One clinic's instance: its users, patients, queue and mail, all of its own."""

from cerbo_portal_mock.accounts import Accounts
from cerbo_portal_mock.mail import Invitations, Outbox
from cerbo_portal_mock.scenario import Scenario
from cerbo_portal_mock.state import Clock, State


class Instance:
    """An isolated instance as a scenario describes it.

    Args:
        scenario: who and what it starts with.
        key: the Fernet key of its invitations.
        clock: its time, aware and in UTC.
    """

    def __init__(self, scenario: Scenario, key: bytes, clock: Clock) -> None:
        self.accounts = Accounts(scenario.users)
        self.state = State(scenario.patients, scenario.entries, clock)
        self.outbox = Outbox()
        self.invitations = Invitations(scenario.clinic, key, clock, self.outbox)
