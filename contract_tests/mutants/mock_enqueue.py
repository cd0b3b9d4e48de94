"""Defects of the mock: what is added to queue and chart, and the letters that it writes."""

from contract_tests.mutants import Mutant

QUEUE = (
    Mutant(
        "what is added is not in the queue",
        "clinic/state.py",
        "            queue.add(entry)\n            self._homes[entry_id] = queue\n",
        "            self._homes[entry_id] = queue\n",
        "queue",
    ),
    Mutant(
        "what is not to be queued is queued",
        "http/handlers.py",
        "call.instance.state.enqueue if enqueue else call.instance.chart.add",
        "call.instance.state.enqueue",
        "queue",
    ),
    Mutant(
        "whatever may go to the chart goes there",
        "http/handlers.py",
        "call.instance.state.enqueue if enqueue else call.instance.chart.add",
        'call.instance.state.enqueue if kind in {"questionnaire", "secure_message"} else call.instance.chart.add',
        "queue",
    ),
    Mutant("nobody added it", "http/handlers.py", "addedby=call.user.id", "addedby=None", "queue"),
    Mutant("the patient added it", "http/handlers.py", "addedby=call.user.id", "addedby=pt_id", "queue"),
    Mutant(
        "a message is of another type", "http/handlers.py", '"secure_message", subject', '"message", subject', "queue"
    ),
    Mutant(
        "a prescription is a refill",
        "http/handlers.py",
        '"prescription", enqueue',
        '"prescription_refill", enqueue',
        "queue",
    ),
    Mutant("the note of a message is lost", "http/handlers.py", "notes=note,", "notes=None,", "queue"),
    Mutant(
        "a questionnaire is called by its type",
        "http/handlers.py",
        'answered.get("questionnaire_name")',
        'answered.get("questionnaire_type")',
        "queue",
    ),
    Mutant(
        "a document is as large as its base64",
        "http/handlers.py",
        "len(b64decode(base64_content))",
        "len(base64_content)",
        "queue",
    ),
    Mutant(
        "the content of a document is shown",
        "http/handlers.py",
        'details = {**file, "size"',
        'details = {**file, "base64_content": base64_content, "size"',
        "queue",
    ),
    Mutant("an entry has no details", "clinic/serializers.py", '"details": entry.details,', '"details": {},', "queue"),
    Mutant(
        "the answer names the patient in place of the entry",
        "clinic/serializers.py",
        '"portal_queue_id": thing.id',
        '"portal_queue_id": thing.pt_id',
        "queue",
    ),
    Mutant(
        "a whole number with a point is kept as it is",
        "spec/operation.py",
        "return int(value) if isinstance(value, float) and value.is_integer() else value",
        "return value",
        "queue",
    ),
    Mutant(
        "a text stands for true unless it is false",
        "spec/operation.py",
        "value = _BOOLEANS.get(text)",
        'value = text != "false"',
        "mock",
    ),
)

CHART = (
    Mutant(
        "the chart takes unknown patients",
        "clinic/chart.py",
        "        self._state.patient(pt_id)\n",
        "",
        "queue",
    ),
    Mutant(
        "the chart keeps the last item alone",
        "clinic/chart.py",
        "self._items.append(item)",
        "self._items[:] = [item]",
        "queue",
    ),
    Mutant("an item has its patient's id", "clinic/chart.py", "id=len(self._items) + 1,", "id=pt_id,", "queue"),
    Mutant(
        "an item has the real time, not the instance's",
        "clinic/instance.py",
        "Chart(self.state, self.clock)",
        "Chart(self.state, world.now)",
        "model",
    ),
    Mutant(
        "the answer names another kind",
        "clinic/serializers.py",
        '"object": thing.kind,',
        '"object": "chart",',
        "queue",
    ),
)

LETTERS = (
    Mutant(
        "a letter has the name of who was invited first",
        "clinic/invitations.py",
        "Letter(clinic, patient.first_name, patient.last_name, issue)",
        'Letter(clinic, *vars(self).setdefault("_names", (patient.first_name, patient.last_name)), issue)',
        "mail",
    ),
    Mutant(
        "a letter has the link of who was invited first",
        "clinic/invitations.py",
        "patient.last_name, issue)",
        'patient.last_name, vars(self).setdefault("_first", issue))',
        "model",
    ),
    Mutant(
        "a letter has another link each time that it is looked at",
        "clinic/mail.py",
        "    @cached_property\n    def link",
        "    @property\n    def link",
        "mail",
    ),
    Mutant(
        "a name is markup in a letter",
        "clinic/mail.py",
        "{name: escape(value) for name",
        "{name: value for name",
        "mail",
    ),
)

MUTANTS = QUEUE + CHART + LETTERS
