"""What the state machine draws from: a clinic, who calls it, what goes wrong, and arguments good and bad."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from contract_tests.model.client import ApiUser, Fault
from contract_tests.model.portal import Patient

How = tuple[tuple[ApiUser, str], Fault | None, bool]
Aim = tuple[int, int | None, int | None]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATIENTS = {
    1: Patient(True),
    2: Patient(True, "robin"),
    3: Patient(False),
    4: Patient(True, access=False),
    5: Patient(True, zip=False),
    221: Patient(True),
}
SCENARIO = {
    "clinic": {"name": "Clinic", "invitation": {"subject": "Join", "text": "$link"}},
    "users": [
        {"id": 1, "username": "ann", "password": "one:two"},
        {"id": 2, "username": "ben", "password": "password"},
        {"id": 3, "username": "reader", "password": "look-only", "read_only": True},
        {"id": 4, "username": "labs", "password": "labs-only", "resources": ["Labs"]},
    ],
    "patients": [
        {"id": pt_id, "first_name": "P", "last_name": "Q"}
        | ({"primary_email": f"p{pt_id}@example.com"} if patient.mailable else {})
        | ({"username": patient.username} if patient.username else {})
        | ({} if patient.access else {"portal_access": False})
        | ({} if patient.zip else {"zip": None})
        for pt_id, patient in PATIENTS.items()
    ],
}
ANN, BEN = (ApiUser("ann"), "one:two"), (ApiUser("ben"), "password")
CALLERS = [
    *(ANN, BEN) * 8,
    (ApiUser("reader", writes=False), "look-only"),
    (ApiUser("labs", reads=False, writes=False), "labs-only"),
    (ApiUser("ann", valid=False), "password"),
    (ApiUser("ann", valid=False), "one"),
    (ApiUser("ben", valid=False), ""),
    (ApiUser("nobody", valid=False), "password"),
]
# Whether the attempts that are hit act all the same, and how many are hit: a client makes three.
TURNS = [(acts, number) for acts in (False, True) for number in (1, 2, 3)]
FAULTS = [
    Fault("delay", acts=True, attempts=0),
    *(Fault(kind, acts, number) for kind in ("close", "truncated") for acts, number in TURNS),
    # What has acted says so in its status, all else in a 500.
    *(Fault("garbage", acts, number, None if acts else 500) for acts, number in TURNS),
    *(Fault("html", acts, number, 502) for acts, number in TURNS),
    *(Fault("status", acts, number, status) for status in (429, 500, 503) for acts, number in TURNS),
    # More often than the others: a request for more time matters only where a client would repeat the call.
    *(Fault("status", acts=False, attempts=1, status=status, waits=True) for status in (429, 503) * 5),
]

callers = st.sampled_from(CALLERS)
faults = st.one_of(st.none(), st.none(), st.sampled_from(FAULTS))
hows = st.tuples(callers, faults, st.booleans())
pt_ids = st.sampled_from([*PATIENTS] * 4 + [404404404, 0, 2**63])
types = st.sampled_from(["document", "secure_message", "hologram"])
statuses = st.sampled_from(["open", "in_review"])
senders = st.sampled_from(["pt", "dr"])
# Which entry, by its place among all that there ever were, unless an id is given; and whose, unless it is its own.
aims = st.tuples(
    st.integers(0, 99),
    st.sampled_from([None] * 6 + [404404404, -1]),
    st.sampled_from([None] * 6 + [1, 2, 404404404, 0]),
)
names = st.sampled_from(["robin", "toni", "Toni", "x"])
passwords = st.sampled_from(["correct horse", "battery staple"])
# A link lives 72 hours.
jumps = st.sampled_from([0, 1, 72 * 3600, 72 * 3600 + 1, -1, -90_000])

_noted = {"notes": st.sampled_from(["as discussed", ""])}
_charted = {**_noted, "enqueue": st.booleans()}
_texts = st.sampled_from(["<p>Seven hours.</p>", "x"])
_document = {
    "name": _texts,
    "mime_type": st.just("text/plain"),
    "base64_content": st.sampled_from(["eA==", "eHh4", "eHh4eHg="]),
}
_filed = {
    **dict.fromkeys(("content", "folder", "subfolder", "flag"), _texts),
    "requires_review": st.booleans(),
}
# The arguments, besides the patient, of each operation that adds something.
ADDITIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "create_patient_questionnaire": st.fixed_dictionaries(
        {"html_content": _texts, "raw_data": st.sampled_from([{}, {"hours": 7, "well": None}, {"x": {"y": ["z"]}}])},
        optional={"questionnaire_type": _texts, "questionnaire_name": _texts},
    ),
    "queue_patient_prescription": st.fixed_dictionaries({"drug_id": st.integers(1, 9)}, optional=_charted),
    "refill_patient_prescription": st.fixed_dictionaries(
        {"original_prescription_id": st.integers(1, 9)}, optional={**_noted, "agreed_to_terms": _texts}
    ),
    "queue_patient_supplement": st.fixed_dictionaries({"supplement_id": st.integers(1, 9)}, optional=_charted),
    "create_patient_document": st.fixed_dictionaries(_document, optional=_noted | {"enqueue": st.just(True)})
    | st.fixed_dictionaries({**_document, "enqueue": st.just(False)}, optional=_filed),
    "create_secure_message": st.fixed_dictionaries(
        {"subject": _texts, "note": st.just("Is it allowed?")},
        optional={"dr_id": st.integers(1, 9), "reply": st.sampled_from(["phone", ""])},
    ),
}
additions = st.one_of([st.tuples(st.just(name), arguments) for name, arguments in ADDITIONS.items()])
