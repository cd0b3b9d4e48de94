"""The meaning: client, mock and the reference model agree on every call, and on all that they hold after it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from threading import Barrier
from typing import Any, cast

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.fault_rule import FaultKind
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.clinic.smtp import DeliveryFailed, MailServer
from cerbo_portal_mock.spec.contract import installed
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from contract_tests.model.client import DELAY, OPERATIONS, ApiUser, CallResult, Fault, call
from contract_tests.model.portal import ADDED, Content, Entry, Item, Portal
from contract_tests.model.strategies import (
    ADDITIONS,
    ANN,
    BEN,
    NOON,
    PATIENTS,
    SCENARIO,
    Aim,
    How,
    additions,
    aims,
    hows,
    jumps,
    names,
    passwords,
    pt_ids,
    senders,
    statuses,
    types,
)
from contract_tests.probes.requests import method_name
from contract_tests.spec_lint import navigation

Json = Any


class Postman(MailServer):
    """A mail server that takes every mail, or none."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1", 25)
        self.works = True

    def deliver(self, *_: object) -> None:
        if not self.works:
            raise DeliveryFailed("the mail server answered 451")


@cache
def _mock(grease: str) -> tuple[MockPortal, Postman]:
    """One mock for all runs, each of which resets it, and the mail server that it delivers to."""
    postman = Postman()
    return MockPortal(Scenario.of(SCENARIO, installed()), mail_server=postman, grease=grease), postman


class Agreement(RuleBasedStateMachine):
    """Does the same to the mock, through the client, and to the model."""

    #: What varies in the mock's responses.
    GREASE = "off"

    def __init__(self) -> None:
        super().__init__()
        self.portal, self.postman = _mock(self.GREASE)
        self.postman.works = True
        self.portal.reset()
        self.observer = self.portal.client()
        self.runner = asyncio.Runner()
        self._start()

    def teardown(self) -> None:
        self.runner.close()
        self.observer.close()

    def _start(self) -> None:
        self.portal.clock.freeze(NOON)
        self.model = Portal(NOON, PATIENTS)
        self.model.mail_server_works = self.postman.works
        self.enqueue(pt_id=1, request_type="document", status="open")
        self.enqueue(pt_id=1, request_type="secure_message", status="in_review")
        self.enqueue(pt_id=2, request_type="secure_message", status="open")

    @initialize(in_force=st.booleans())
    def filter(self, in_force: bool) -> None:
        """Put the announced filters into force, or out of it."""
        self.model.filters_in_force = in_force
        self.portal.instance.change_settings(preview_coming_soon=in_force)

    # Calls by the client, sync or async, whatever goes wrong on the way; one rule for all that only add something.

    @rule(how=hows, pt_id=pt_ids, request_type=st.none() | types, status=st.none() | statuses)
    def show_portal_requests(self, how: How, **arguments: Any) -> None:
        self._call(how, "show_portal_requests", _listed, arguments)

    @rule(how=hows, pt_id=pt_ids, sent_by=st.none() | senders)
    def list_secure_messages(self, how: How, **arguments: Any) -> None:
        self._call(how, "list_secure_messages", _messages, arguments)

    @rule(how=hows, aim=aims)
    def delete_portal_request(self, how: How, aim: Aim) -> None:
        self._call(how, "delete_portal_request", _deleted, self._aim(aim))

    @rule(how=hows, pt_id=pt_ids)
    def invite_to_portal(self, how: How, pt_id: int) -> None:
        self._call(how, "invite_to_portal", lambda done: done.result, {"pt_id": pt_id})

    @rule(how=hows, username=names, password=passwords)
    def validate_portal_credentials(self, how: How, **arguments: Any) -> None:
        self._call(how, "validate_portal_credentials", _validated, arguments)

    @rule(how=hows, pt_id=pt_ids, addition=additions)
    def add(self, how: How, pt_id: int, addition: tuple[str, dict[str, Any]]) -> None:
        name, arguments = addition
        self._call(how, name, _added, {"pt_id": pt_id, **arguments})

    # What happens besides.

    @rule(pt_id=st.sampled_from([*PATIENTS]), request_type=types, status=statuses)
    def enqueue(self, **members: Any) -> None:
        assert _entry(self.portal.state.enqueue(**members)) == self.model.enqueue(**members)

    @rule(aim=aims)
    def delete_at_once(self, aim: Aim) -> None:
        arguments = self._aim(aim)
        rivals = [ANN, BEN, BEN]
        barrier = Barrier(len(rivals))

        def delete(caller: tuple[ApiUser, str]) -> tuple[ApiUser, CallResult]:
            with self.portal.client(caller[0].name, caller[1]) as client:
                barrier.wait(timeout=10)
                return caller[0], _outcome(1, lambda: _deleted(client.delete_portal_request(*arguments.values())))

        with ThreadPoolExecutor(len(rivals)) as pool:
            outcomes = sorted(pool.map(delete, rivals), key=lambda each: each[1].error is not None)
        for caller, seen in outcomes:
            self.agree(seen, call(self.model, caller, "delete_portal_request", arguments, None))

    @rule(pt_id=st.sampled_from([1, 2, 221]), place=st.integers(0, 9), later=jumps, username=names, password=passwords)
    def join(self, pt_id: int, place: int, later: int, username: str, password: str) -> None:
        """Follow a link, an old one or that of a new mail, and now or later."""
        if place >= len(self.model.mails):
            self.invite_to_portal((ANN, None, False), pt_id=pt_id)
        place = min(place, len(self.model.mails) - 1)
        self.time_jumps(later)
        page = self.portal.open([*self.portal.outbox][place])
        assert page.status == (200 if self.model.link_works(place) else 410)
        assert page.submit(password, username).status == self.model.join(place, username, password)
        for name in (username, username.swapcase()):
            self.validate_portal_credentials((ANN, None, False), username=name, password=password)

    @rule(seconds=jumps)
    def time_jumps(self, seconds: int) -> None:
        self.portal.clock.advance(seconds)
        self.model.now += timedelta(seconds=seconds)

    @rule(what=st.sampled_from(["filters", "filters", "mail server", "restore", "restore", "reset"]))
    def administer(self, what: str) -> None:
        hidden = [entry.id for entry in self.model.entries.values() if entry.hidden_at]
        if what == "filters":
            self.filter(in_force=not self.model.filters_in_force)
        elif what == "mail server":
            self.model.mail_server_works = self.postman.works = not self.postman.works
        elif what == "restore" and hidden:
            self.portal.state.restore(hidden[0])
            self.model.restore(hidden[0])
        elif what == "reset":
            self.portal.reset()
            self._start()

    # After each step.

    @invariant()
    def the_same_is_open_and_hidden_by_whom_and_when(self) -> None:
        for pt_id in PATIENTS:
            assert [_entry(entry) for entry in self.portal.state.open_entries(pt_id)] == self.model.open(pt_id)
        hidden = [entry for pt_id in PATIENTS for entry in self.portal.state.hidden_entries(pt_id)]
        assert sorted(map(_entry, hidden)) == [entry for entry in self.model.entries.values() if entry.hidden_at]

    @invariant()
    def the_api_lists_what_is_open(self) -> None:
        turn, place = divmod(self.portal.journal.total, len(PATIENTS))
        arguments: Any = {"pt_id": [*PATIENTS][place]} | ({"request_type": "document"} if turn % 2 else {})
        seen = _listed(self.observer.show_portal_requests(**arguments))
        assert seen == self.model.show_portal_requests("ann", **arguments)

    @invariant()
    def nothing_is_lost(self) -> None:
        open_ids = [entry.id for pt_id in PATIENTS for entry in self.portal.state.open_entries(pt_id)]
        hidden_ids = [entry.id for pt_id in PATIENTS for entry in self.portal.state.hidden_entries(pt_id)]
        assert sorted(open_ids + hidden_ids) == [*self.model.entries]
        assert [_item(item) for item in self.portal.chart] == self.model.chart

    @invariant()
    def the_mails_are_those_of_the_calls(self) -> None:
        mails = [(mail.recipient, mail.sent_at, mail.delivery) for mail in self.portal.outbox]
        assert mails == [
            (f"p{mail.pt_id}@example.com", mail.sent_at, "delivered" if mail.taken else "failed")
            for mail in self.model.mails
        ]

    def _aim(self, aim: Aim) -> dict[str, Any]:
        """Any entry that there ever was or an unknown one, of its own patient or of another one."""
        place, entry_id, pt_id = aim
        entry = [*self.model.entries.values()][place % len(self.model.entries)] if self.model.entries else None
        own = (entry.pt_id, entry.id) if entry else (1, 1)
        return {
            "pt_id": own[0] if pt_id is None else pt_id,
            "queue_request_id": own[1] if entry_id is None else entry_id,
        }

    def _call(self, how: How, name: str, read: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
        (caller, password), fault, asynchronous = how
        arguments = {key: value for key, value in arguments.items() if value is not None}
        if fault:
            self._order(fault)
        before = self.portal.journal.total
        make = self._make_async if asynchronous else self._make
        seen = _outcome(0, lambda: read(make(caller.name, password, name, arguments)))
        self.portal.faults.clear()
        attempts = self.portal.journal.total - before
        self.agree(seen._replace(attempts=attempts), call(self.model, caller, name, arguments, fault))

    def agree(self, seen: CallResult, expected: CallResult) -> None:
        """The client came to the same as the model."""
        assert seen == expected

    def _order(self, fault: Fault) -> None:
        status = {"status": fault.status, "retry_after": 60 if fault.waits else 0} if fault.kind == "status" else {}
        delay = {"delay_ms": DELAY // timedelta(milliseconds=1)} if fault.kind == "delay" else {}
        self.portal.faults.add(
            cast(FaultKind, fault.kind), applied=fault.acts, times=fault.attempts or 1, **status, **delay
        )

    def _make(self, username: str, password: str, name: str, arguments: dict[str, Any]) -> Any:
        with self.portal.client(username, password) as client:
            return getattr(client, name)(**arguments)

    def _make_async(self, username: str, password: str, name: str, arguments: dict[str, Any]) -> Any:
        async def make() -> Any:
            async with self.portal.async_client(username, password) as client:
                return await getattr(client, name)(**arguments)

        return self.runner.run(make())


def _outcome(attempts: int, make: Callable[[], Any]) -> CallResult:
    try:
        return CallResult(attempts, make())
    except cerbo.CerboError as error:
        return CallResult(attempts, error=type(error).__name__)


def _entry(entry: Any) -> Entry:
    """An entry of the mock's state or of an answer, as the model has it."""
    members: dict[str, Any] = {name: getattr(entry, name, None) for name in Entry._fields}
    return Entry(**members | {"content": _content(entry)})


def _item(item: Any) -> Item:
    return item.id, item.pt_id, item.kind, item.created, item.addedby, _content(item)


def _content(thing: Any) -> Content:
    details = thing.details if isinstance(thing.details, dict) else thing.details.to_dict()
    return thing.subject, thing.notes, {name: details[name] for name in details if not name.startswith("grease_")}


def _listed(answer: cerbo.PortalRequestList) -> list[Entry]:
    assert (answer.total_count, answer.has_more) == (len(answer.data), False)
    return [_entry(each) for each in answer.data]


def _messages(answer: cerbo.SecureMessageList) -> list[tuple[Any, ...]]:
    assert (answer.total_count, answer.has_more) == (len(answer.data), False)
    assert {each.sent_by for each in answer.data} <= {"pt"}
    return [(m.id, m.pt_id, m.created, m.subject, m.note, m.dr_id, m.reply) for m in answer.data]


def _deleted(answer: cerbo.DeletionResult) -> int | None:
    # A 204 has no members.
    assert not answer.raw or (answer.result, answer.action, answer.data) == (True, "delete", None)
    return answer.id


def _added(answer: cerbo.CreationResult | cerbo.SecureMessageResult) -> Any:
    if isinstance(answer, cerbo.SecureMessageResult) or answer.portal_queue_id:
        return answer.portal_queue_id
    return answer.object_, answer.id


def _validated(answer: cerbo.CredentialsResult) -> Any:
    assert answer.result == bool(answer.patient_details)
    return answer.patient_details.id if answer.patient_details else None


def test_client_and_mock_do_what_the_model_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda shortest, _: shortest)
    run_state_machine_as_test(
        Agreement, settings=settings(stateful_step_count=30, max_examples=max(80, settings().max_examples))
    )


def test_the_model_and_its_rules_know_every_operation(document: Json) -> None:
    operations = {method_name(operation_id) for operation_id, _ in navigation.operations(document)}
    assert OPERATIONS.keys() == operations
    assert operations - ADDED.keys() <= vars(Agreement).keys()
    assert ADDITIONS.keys() == ADDED.keys()
