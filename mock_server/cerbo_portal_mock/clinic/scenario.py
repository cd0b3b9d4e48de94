"""Scenarios: the initial users, patients and queues of an instance, from YAML or JSON, checked before use."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from cerbo_portal_mock.clinic import serializers
from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.clock import InvalidInstant, parse_instant
from cerbo_portal_mock.clinic.mail import Clinic, longest_expansion
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.spec import schema_set, validation
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.schema_set import Problem
from cerbo_portal_mock.spec.validation import whole
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument

# In the place of the URL that a caller will use.
_ANY_URL = "http://127.0.0.1"
DEFAULT_PATH = Path(__file__).with_name("default-scenario.yaml")


class ScenarioError(ValueError):
    """A scenario cannot be used; the text names file, line, path and what was expected, without passwords."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The initial state of an instance."""

    clinic: Clinic
    users: tuple[ApiUser, ...]
    patients: tuple[Patient, ...]
    entries: tuple[Entry, ...]

    @classmethod
    def load(cls, contract: Contract, path: Path = DEFAULT_PATH) -> "Scenario":
        """Read and check a scenario file.

        Args:
            contract: what every queue entry must fit, as the API would show it.
            path: the YAML file; its schema is `scenario` of `spec/schemas.yaml`.

        Raises:
            ScenarioError: the file cannot be read or does not hold a scenario.
        """
        try:
            document = YamlDocument(path)
        except DocumentError as error:
            raise ScenarioError(str(error)) from None
        found = list(islice(_problems(document.content, contract), schema_set.SHOWN_PROBLEMS))
        if found:
            raise ScenarioError("\n".join(f"{document.where(keys)}: {what}" for keys, what in found))
        return _build(document.content)

    @classmethod
    @cache
    def built_in(cls) -> "Scenario":
        """The scenario of this package. Its tests check it against the contract of this package; a start need not."""
        return _build(YamlDocument(DEFAULT_PATH).content)

    @classmethod
    def of(cls, content: Any, contract: Contract) -> "Scenario":
        """The scenario of plain data with the structure of a scenario file.

        Args:
            content: the data, as JSON has them.
            contract: what every queue entry must fit, as the API would show it.

        Raises:
            InvalidArgument: the data are not a scenario.
        """
        schema_set.refuse((["scenario", *keys], what) for keys, what in _problems(content, contract))
        return _build(content)


def additions(content: Any, contract: Contract) -> tuple[list[Patient], list[dict[str, Any]]]:
    """The patients, and the arguments of `State.enqueue`, of plain data.

    Args:
        content: `patients` and `entries`, of the schema `additions` of `spec/schemas.yaml`.
        contract: what every queue entry must fit, as the API would show it.

    Raises:
        InvalidArgument: the data do not fit.
    """
    patients, entries = content.get("patients", []), content.get("entries", [])
    queued = list(_queued(patients))
    queued += ((["entries", i], entry["pt_id"], entry) for i, entry in enumerate(entries))
    for check in (_with_a_point(content), _repeated(patients, queued), _against_contract(queued, contract)):
        schema_set.refuse(check)
    return [_patient(patient) for patient in patients], [_members(pt_id, item) for _, pt_id, item in queued]


def check_addition(member: str, item: Mapping[str, Any], contract: Contract) -> None:
    """Check plain data that are to be added to a state.

    Args:
        member: `patients` or `entries`.
        item: one of them, of the schema `additions` of `spec/schemas.yaml`.
        contract: what every queue entry must fit, as the API would show it.

    Raises:
        InvalidArgument: the data do not fit; the text names the members of the item.
    """
    for name, value in item.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise InvalidArgument(f"{name}: expected a value that JSON has") from None
    content = {member: [item]}
    queued: list[_Queued] = [([member, 0], item["pt_id"], dict(item))] if member == "entries" else []
    for check in (
        schema_set.problems("additions", content),
        _with_a_point(content),
        _against_contract(queued, contract),
    ):
        schema_set.refuse((keys[2:], what) for keys, what in check)


def change_clinic(content: Mapping[str, Any], current: Clinic) -> Clinic:
    """The clinic with the members that plain data change; the others stay.

    Args:
        content: of the schema `clinic` of `spec/schemas.yaml`.
        current: the clinic before.

    Raises:
        InvalidArgument: a text would be too long with its variables filled in.
    """
    schema_set.refuse((["clinic", *keys], what) for keys, what in _too_long(content))
    return clinic(content, current)


def clinic(content: Mapping[str, Any], current: Clinic | None = None) -> Clinic:
    """The clinic of plain data; members that are left out keep their value."""
    invitation = content.get("invitation", {})
    given = {
        "name": content.get("name"),
        "email": content.get("email"),
        "invitation_subject": invitation.get("subject"),
        "invitation_text": invitation.get("text"),
        "link_lifetime": whole(invitation.get("link_lifetime_hours", 0)) * 3600 or None,
    }
    before = asdict(current) if current else {"link_lifetime": 72 * 3600}
    return Clinic(**{**before, **{name: value for name, value in given.items() if value is not None}})


# Characters of the invitation with its variables filled in.
LONGEST_TEXTS = {"subject": 10_000, "text": 262_144}


def _too_long(content: Mapping[str, Any]) -> Iterator[Problem]:
    for member, longest in LONGEST_TEXTS.items():
        if longest_expansion(content.get("invitation", {}).get(member, "")) > longest:
            yield ["invitation", member], f"expected at most {longest} characters with its variables filled in"


# The path of an entry in the scenario, the patient's id, and the entry.
_Queued = tuple[list[str | int], int, dict[str, Any]]


def _problems(content: Any, contract: Contract) -> Iterator[Problem]:
    """The problems of the first check that fails: the later ones need a well-formed scenario."""
    found = False
    for problem in schema_set.problems("scenario", content):
        found = True
        yield problem
    if found:
        return
    queued = list(_queued(content["patients"]))
    for check in (
        ((["clinic", *keys], what) for keys, what in _too_long(content["clinic"])),
        _with_a_point(content),
        _repeated_users(content["users"]),
        _repeated(content["patients"], queued),
        _against_contract(queued, contract),
    ):
        for problem in check:
            found = True
            yield problem
        if found:
            return


def _queued(patients: list[Any]) -> Iterator[_Queued]:
    for i, patient in enumerate(patients):
        for j, item in enumerate(patient.get("queue", [])):
            yield ["patients", i, "queue", j], patient["id"], item


def _against_contract(queued: list[_Queued], contract: Contract) -> Iterator[Problem]:
    for keys, pt_id, item in queued:
        try:
            entry = Entry(**{"id": 1, "created": datetime.now(UTC), **_members(pt_id, item)})
        except InvalidInstant:
            yield [*keys, "created"], "expected an instant that a calendar of the years 1 to 9999 has"
            continue
        for error in validation.errors(contract.portal_request, serializers.portal_request(entry, _ANY_URL)):
            yield [*keys, *error.instance_path], error.message


def _with_a_point(content: Any, keys: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """JSON Schema accepts 27.0 as an integer; as an id it would appear in every response."""
    if isinstance(content, float):
        yield list(keys), "expected a whole number, without a point"
    children = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, child in children:
        if key != "details" and isinstance(child, float | dict | list):
            yield from _with_a_point(child, (*keys, key))


def _repeated(patients: list[Any], queued: list[_Queued]) -> Iterator[Problem]:
    yield from _twice("patient id", [(["patients", i, "id"], patient["id"]) for i, patient in enumerate(patients)])
    joined = [(i, patient["username"]) for i, patient in enumerate(patients) if "username" in patient]
    yield from _twice("portal user name", [(["patients", i, "username"], name) for i, name in joined])
    yield from _twice("request id", [([*keys, "id"], item["id"]) for keys, _, item in queued if "id" in item])


def _repeated_users(users: list[Any]) -> Iterator[Problem]:
    yield from _twice("user id", [(["users", i, "id"], user["id"]) for i, user in enumerate(users)])
    yield from _twice("user name", [(["users", i, "username"], user["username"]) for i, user in enumerate(users)])


def _twice(kind: str, values: list[tuple[list[str | int], Any]]) -> Iterator[Problem]:
    seen = set()
    for keys, value in values:
        if value in seen:
            yield keys, f"expected each {kind} once"
        seen.add(value)


def _build(content: Any) -> Scenario:
    return Scenario(
        clinic=clinic(content["clinic"]),
        users=tuple(
            ApiUser(**{**user, "resources": frozenset(user["resources"]) if "resources" in user else None})
            for user in content["users"]
        ),
        patients=tuple(_patient(patient) for patient in content["patients"]),
        entries=tuple(Entry(**_members(pt_id, item)) for _, pt_id, item in _queued(content["patients"])),
    )


def _patient(item: Mapping[str, Any]) -> Patient:
    return Patient(**{name: value for name, value in item.items() if name != "queue"})


def _members(pt_id: int, item: Mapping[str, Any]) -> dict[str, Any]:
    members = {**item, "pt_id": pt_id}
    if "created" in item:
        members["created"] = parse_instant(item["created"])
    return members
