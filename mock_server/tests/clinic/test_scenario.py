"""Scenarios are checked before use; an error names file, line, path and what was expected, and no value."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cerbo_portal_mock import Scenario, ScenarioError
from cerbo_portal_mock.clinic.clock import utc_now
from cerbo_portal_mock.clinic.scenario import DEFAULT_PATH
from cerbo_portal_mock.clinic.state import State
from cerbo_portal_mock.spec.contract import Contract

GOOD = """\
clinic:
  name: Mine
  invitation: {subject: Hello, text: "Go to ${link}"}
users:
  - {id: 1, username: ann, password: hush-hush}
patients:
  - id: 5
    first_name: Sam
    last_name: Secret
    queue:
      - id: 9
        request_type: hologram
        created: 2026-11-23T10:00:00+01:00
"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def test_a_scenario_needs_no_more_than_its_required_members(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD)
    scenario = Scenario.load(contract, path)
    (entry,) = scenario.entries
    assert (entry.id, entry.pt_id, entry.request_type, entry.status) == (9, 5, "hologram", "open")
    assert entry.created.isoformat() == "2026-11-23T09:00:00+00:00"
    assert scenario.clinic.link_lifetime == 72 * 3600
    assert "hush" not in repr(scenario)


def test_the_default_scenario_that_a_start_does_not_check_passes_the_check(contract: Contract) -> None:
    assert Scenario.built_in() == Scenario.load(contract)


def test_the_default_scenario_has_the_vendors_samples() -> None:
    scenario = Scenario.built_in()
    patients = {patient.id: patient for patient in scenario.patients}
    assert {1, 221} <= patients.keys()
    assert patients[221].primary_email
    assert any(patient.primary_email is None for patient in patients.values())
    assert any(user.read_only for user in scenario.users)
    queue = [entry for entry in scenario.entries if entry.pt_id == 1]
    assert 27 in {entry.id for entry in queue}
    assert len({entry.request_type for entry in queue}) == 5


def test_the_default_scenario_holds_reserved_addresses_only() -> None:
    text = DEFAULT_PATH.read_text()
    assert text.count("@") == text.count("@example.com") > 0


FORMS = ["2026-11-23T10:00:00+01:00", "2026-11-23 09:00:00", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00+0100"]


@pytest.mark.parametrize("created", FORMS)
def test_a_date_is_in_the_vendors_format_or_rfc_3339(created: str, contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("2026-11-23T10:00:00+01:00", created))
    (entry,) = Scenario.load(contract, path).entries
    assert entry.created == datetime(2026, 11, 23, 9, tzinfo=UTC)


BAD = {
    "not YAML": ("clinic:", "clinic: [", ":3: not YAML: "),
    "a key twice": ("clinic:\n", "users: []\nclinic:\n", ":5: expected each key once, 'users' is repeated"),
    "a control character": ("Mine", "Mi\x01ne", ": expected text, found control characters"),
    "nothing": (GOOD, "", ":1: the document: expected an object"),
    "a member too many": (
        "clinic:\n",
        "colour: red\nclinic:\n",
        ":1: colour: expected no such member, only clinic, users, patients",
    ),
    "a missing member": (
        "    last_name: Secret\n",
        "",
        ":7: patients[0].last_name: expected one line of 1 to 1000 characters, nothing was given",
    ),
    "a wrong type": (
        "password: hush-hush",
        "password: 123",
        ":5: users[0].password: expected one line of text",
    ),
    "a date that is none": ("2026-11-23T10:00:00+01:00", "yesterday", ":13: patients[0].queue[0].created: "),
    "a date without offset": ("10:00:00+01:00", "10:00:00", ":13: patients[0].queue[0].created: "),
    "a date out of range": (
        "2026-11-23T10:00:00+01:00",
        "0001-01-01T00:00:00+01:00",
        ":13: patients[0].queue[0].created: expected an instant that a calendar of the years 1 to 9999 has",
    ),
    "a day that the month lacks": (
        "2026-11-23T10:00:00+01:00",
        "2026-02-30 10:00:00",
        ":13: patients[0].queue[0].created: expected an instant that a calendar of the years 1 to 9999 has",
    ),
    "details of a wrong type": (
        "hologram",
        "secure_message\n        details: {dr_id: someone}",
        ":13: patients[0].queue[0].details.dr_id: the value does not match",
    ),
    "details that are no text": (
        "hologram",
        "document\n        details: {name: 5}",
        ":13: patients[0].queue[0].details.name: the value is not of types",
    ),
    "an id of 0": ("id: 9", "id: 0", ":11: patients[0].queue[0].id: "),
    "an id with a point": ("id: 9", "id: 9.0", ":11: patients[0].queue[0].id: expected a whole number"),
    "an alias": ("Sam\n", "&a [*a]\n", ":8: expected no YAML aliases"),
    "a key that is a list": ("id: 9\n", "id: 9\n        ? [a]\n        : b\n", ":12: expected a plain key"),
    "a number that JSON lacks": ("id: 9\n", "id: 9\n        details: {a: .nan}\n", ": expected only what JSON can"),
    "bytes": ("id: 9\n", "id: 9\n        details: {a: !!binary aGk=}\n", ": expected only what JSON can"),
    "a tag that does not fit": ("id: 9", "id: !!bool nine", ": expected only what JSON can"),
    "a request that has left the queue": (
        "id: 9",
        "id: 9\n        status: dismissed",
        ":12: patients[0].queue[0].status",
    ),
    "a user twice": (
        "users:\n",
        "users:\n  - {id: 2, username: ann, password: x}\n",
        ":6: users[1].username: expected each user name once",
    ),
    "a patient twice": (
        "patients:\n",
        "patients:\n  - {id: 5, first_name: A, last_name: B}\n",
        ":8: patients[1].id: expected each patient id once",
    ),
    "a colon in a user's name": ("ann", "'an:n'", ":5: users[0].username: "),
    "a line break in a subject": ("Hello", '"Hello\\nBcc: x"', ":3: clinic.invitation.subject: "),
    "an invitation without its link": ("${link}", "nothing", ":3: clinic.invitation.text: "),
}


@pytest.mark.parametrize(("old", "new", "expected"), BAD.values(), ids=BAD)
def test_a_bad_scenario_is_refused(old: str, new: str, expected: str, contract: Contract, tmp_path: Path) -> None:
    assert old in GOOD
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(contract, path)
    assert str(caught.value).startswith(f"{path}{expected}")
    assert "hush" not in str(caught.value)
    assert "Secret" not in str(caught.value)


def test_a_file_that_is_not_text_is_refused(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"clinic: \xff")
    with pytest.raises(ScenarioError, match="expected UTF-8, byte 8 is not"):
        Scenario.load(contract, path)
    with pytest.raises(ScenarioError, match="cannot be read: Is a directory"):
        Scenario.load(contract, tmp_path)


def test_the_queue_is_listed_oldest_first(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD + "      - {id: 3, request_type: document, created: 2026-12-31T10:00:00Z}\n")
    scenario = Scenario.load(contract, path)
    state = State(scenario.patients, scenario.entries, utc_now)
    assert [entry.id for entry in state.open_entries(5)] == [9, 3]
    assert "Secret" not in repr(scenario)


def test_all_problems_are_named_at_once(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("id: 9", "id: nine").replace("id: 5", "id: five"))
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(contract, path)
    assert len(str(caught.value).splitlines()) == 2


def test_an_entry_must_fit_the_contract_that_is_served() -> None:
    stricter = Contract()
    stricter.document["components"]["schemas"]["PortalRequest"]["properties"]["subject"]["maxLength"] = 10
    with pytest.raises(ScenarioError, match=r"patients\[0\]\.queue\[0\]\.subject: the value is longer than 10"):
        Scenario.load(stricter)
