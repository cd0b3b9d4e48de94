"""Defects of the mock: what its operations mean."""

from contract_tests.mutants import Mutant

_DELETE = """\
            queue = self._queue(pt_id)
            hidden = replace(queue.remove(entry_id),"""
_LATE_DELETE = """\
            queue = self._queue(pt_id)
            entry = queue.open.get(entry_id) or queue.remove(entry_id)
            __import__("time").sleep(0.05)
            queue.open.pop(entry_id, None)
            hidden = replace(entry,"""

STATE = (
    Mutant(
        "a delete does nothing",
        "clinic/state.py",
        "queue.hidden[entry_id] = hidden",
        "queue.add(replace(hidden, hidden_at=None, hidden_by=None))",
        "soft-delete",
    ),
    Mutant(
        "a delete loses the entry",
        "clinic/state.py",
        "queue.hidden[entry_id] = hidden",
        "_ = hidden",
        "soft-delete",
    ),
    Mutant(
        "a deleted entry is still listed",
        "clinic/state.py",
        "entry = self.open.pop(entry_id)",
        "entry = self.open[entry_id]",
        "soft-delete",
    ),
    Mutant(
        "a second delete succeeds",
        "clinic/state.py",
        "hidden = replace(queue.remove(entry_id), hidden_at",
        "hidden = queue.hidden.get(entry_id) or replace(queue.remove(entry_id), hidden_at",
        "soft-delete",
    ),
    Mutant(
        "a second delete writes the audit anew",
        "clinic/state.py",
        "entry = self.open.pop(entry_id)",
        "entry = self.open.pop(entry_id, None) or self.hidden[entry_id]",
        "soft-delete",
    ),
    Mutant(
        "another patient's entry can be deleted",
        "clinic/state.py",
        "            queue = self._queue(pt_id)\n            hidden",
        "            queue = next((q for q in self._queues.values() if entry_id in q.open), self._queue(pt_id))\n"
        "            hidden",
        "soft-delete",
    ),
    Mutant(
        "two deletes at once both succeed",
        "clinic/state.py",
        f"        with self._lock:\n{_DELETE}",
        f"        if pt_id:\n{_LATE_DELETE}",
        "soft-delete",
    ),
    Mutant("the audit has no user", "clinic/state.py", "hidden_by=by", 'hidden_by="api"', "soft-delete"),
    Mutant(
        "the audit names another user",
        "http/handlers.py",
        "by=call.user.username",
        'by="un"',
        "soft-delete",
    ),
    Mutant(
        "the audit has the time of the request, not of its delete",
        "clinic/state.py",
        "replace(queue.remove(entry_id), hidden_at=self._now()",
        "replace(gone := queue.remove(entry_id), hidden_at=gone.created",
        "soft-delete",
    ),
    Mutant(
        "the audit has the real time, not the instance's",
        "clinic/instance.py",
        "scenario.entries, self.clock)",
        "scenario.entries, world.now)",
        "model",
    ),
    Mutant(
        "a delete hides all of the patient's entries",
        "clinic/state.py",
        "            queue.hidden[entry_id] = hidden",
        "            queue.hidden[entry_id] = hidden\n            queue.open.clear()",
        "soft-delete",
    ),
    Mutant(
        "the queue is listed newest first",
        "clinic/state.py",
        "list(self._queue(pt_id).open.values())",
        "list(self._queue(pt_id).open.values())[::-1]",
        "soft-delete",
    ),
    Mutant(
        "a queue is no longer in order once the clock went back",
        "clinic/state.py",
        "if _age(entry) < _age(last):",
        "if entry.id < last.id:",
        "model",
    ),
    Mutant(
        "the id of a deleted entry comes again",
        "clinic/state.py",
        "or self._last_id + 1\n",
        "or max([0, *(entry for q in self._queues.values() for entry in q.open)]) + 1\n",
        "model",
    ),
    Mutant(
        "an entry that is put back stays among the hidden ones",
        "clinic/state.py",
        "replace(queue.hidden.pop(entry_id), hidden_at",
        "replace(queue.hidden[entry_id], hidden_at",
        "model",
    ),
    Mutant(
        "an entry that is put back keeps its audit",
        "clinic/state.py",
        "replace(queue.hidden.pop(entry_id), hidden_at=None, hidden_by=None)",
        "queue.hidden.pop(entry_id)",
        "model",
    ),
    Mutant(
        "two patients can have one user name",
        "clinic/state.py",
        "if self._usernames.setdefault(username, pt_id) != pt_id:",
        "if self._usernames.setdefault(username, pt_id) < 0:",
        "model",
    ),
    Mutant(
        "user names are told apart without their case",
        "clinic/state.py",
        "pt_id = self._usernames.get(username)",
        "pt_id = next((i for name, i in self._usernames.items() if name.lower() == username.lower()), None)",
        "model",
        alone=True,
    ),
    Mutant(
        "an entry that is put back comes last",
        "clinic/state.py",
        "            queue.add(entry)\n            return entry\n\n    def extend",
        "            queue.open[entry.id] = entry\n            return entry\n\n    def extend",
        "model",
    ),
    Mutant(
        "a reset changes nothing",
        "clinic/instance.py",
        "instance = self._instances[before.name] = self._new(before.name, scenario or before.scenario)",
        "instance = before",
        "soft-delete",
    ),
    Mutant(
        "all instances are one",
        "clinic/instance.py",
        "return self._instances.setdefault(name, self._new(name, self.scenario))",
        "return self._instances.setdefault(name, self._instances[DEFAULT_INSTANCE])",
        "instances",
    ),
    Mutant("a frozen clock cannot be moved", "clinic/clock.py", "self._frozen = moved", "_ = moved", "model"),
)

OPERATIONS = (
    Mutant(
        "a filter is in force before the vendor's is",
        "http/handlers.py",
        "if call.instance.settings.preview_coming_soon:",
        "if call.instance.settings:",
        "model",
    ),
    Mutant(
        "a filter without effect is not named",
        "http/app.py",
        "        if ignored:\n",
        "        if not coming_soon:\n",
        "mock",
    ),
    Mutant(
        "the status filter, once in force, has no default",
        "http/handlers.py",
        "entry.status == wanted and",
        "status in (None, entry.status) and",
        "model",
    ),
    Mutant(
        "the type filter, once in force, filters nothing",
        "http/handlers.py",
        "request_type in (None, entry.request_type)",
        "wanted",
        "model",
    ),
    Mutant("a delete answers with another id", "http/handlers.py", '"id": entry.id,', '"id": pt_id,', "client"),
    Mutant(
        "an invitation is sent twice",
        "http/handlers.py",
        "    mail = call.instance.invitations.invite(",
        "    call.instance.invitations.invite(call.instance.state.patient(pt_id), call.base_url)\n"
        "    mail = call.instance.invitations.invite(",
        "client",
    ),
    Mutant("no mail is kept", "clinic/mail.py", "self._mails.append(mail)", "_ = mail", "client"),
    Mutant(
        "a mail that was refused counts as sent",
        "http/handlers.py",
        "    if mail.failure:",
        "    if mail is None:",
        "model",
    ),
    Mutant(
        "a mail goes to another address",
        "clinic/invitations.py",
        "recipient=patient.primary_email",
        "recipient=clinic.email",
        "client",
    ),
    Mutant(
        "a patient without a primary address is invited",
        "clinic/invitations.py",
        "if patient.primary_email is None:",
        "if patient.id < 0:",
        "client",
    ),
    Mutant(
        "an expired link works",
        "clinic/invitations.py",
        "> issued + self._clinic().link_lifetime",
        "> issued + 2 * self._clinic().link_lifetime",
        "model",
    ),
    Mutant(
        "a link of another instance works",
        "clinic/invitations.py",
        "if home != self._home:",
        "if not home:",
        "invitation",
    ),
    Mutant(
        "a link works twice",
        "clinic/patient_logins.py",
        "if invitation.id in self._used:",
        "if not invitation.id:",
        "model",
    ),
    Mutant(
        "a link is in clear",
        "clinic/invitations.py",
        "self._fernet.encrypt_at_time(content, now).decode()",
        "base64.urlsafe_b64encode(content).decode()",
        "invitation",
    ),
    Mutant(
        "any password is a patient's",
        "clinic/patient_logins.py",
        "return patient if matches else None",
        "return patient",
        "model",
    ),
    Mutant(
        "an unknown user is told from a wrong password",
        "http/handlers.py",
        "    if patient is None:",
        '    if call.instance.state.named(username) is None:\n        return {"result": False, "message": "No user"}\n'
        "    if patient is None:",
        "invitation",
    ),
    Mutant(
        "a password is hashed without its salt",
        "clinic/patient_logins.py",
        "salt=salt, **_COST",
        'salt=b"", **_COST',
        "invitation",
    ),
    Mutant(
        "an entry has its patient's id in place of its own",
        "clinic/serializers.py",
        '"id": entry.id,',
        '"id": entry.pt_id,',
        "mock",
    ),
    Mutant(
        "a message is not the contract's",
        "http/handlers.py",
        "Portal request removed from the queue",
        "Portal request removed",
        "mock",
    ),
    Mutant(
        "the contract is served in part",
        "http/app.py",
        '{**contract.document, "servers": [server]}',
        '{**contract.document, "x-any-operation": {}, "servers": [server]}',
        "mock",
        alone=True,
    ),
    Mutant("the list is of another kind", "clinic/serializers.py", '"object": "list",', '"object": "array",', "mock"),
    Mutant(
        "the list counts wrongly", "clinic/serializers.py", '"total_count": len(entries)', '"total_count": 5', "model"
    ),
    Mutant(
        "dates are rounded",
        "clinic/serializers.py",
        "moment.isoformat()",
        "moment.replace(second=0).isoformat()",
        "mock",
    ),
    Mutant(
        "a deleted entry is shown as open",
        "clinic/serializers.py",
        '"dismissed" if entry.hidden_at else entry.status',
        "entry.status",
        "client",
    ),
)

MUTANTS = STATE + OPERATIONS
