"""Scenarios: who and what an instance starts with, read from a YAML file and checked before use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs

from cerbo_portal_mock import documents
from cerbo_portal_mock.accounts import ApiUser
from cerbo_portal_mock.contract import Contract
from cerbo_portal_mock.mail import Clinic
from cerbo_portal_mock.state import Entry, Patient
from cerbo_portal_mock.yamlfile import Document, DocumentError

_DATA = Path(__file__).with_name("data")
DEFAULT_PATH = _DATA / "default-scenario.yaml"
_SHOWN_PROBLEMS = 10

# Where in the file, and what is wrong there.
Problem = tuple[list[str | int], str]


class ScenarioError(ValueError):
    """A scenario cannot be used; the text names file, line, path and what was expected, but no passwords."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who and what an instance starts with."""

    clinic: Clinic
    users: tuple[ApiUser, ...]
    patients: tuple[Patient, ...]
    entries: tuple[Entry, ...]

    @classmethod
    def load(cls, contract: Contract, path: Path = DEFAULT_PATH) -> "Scenario":
        """Read and check a scenario file.

        Args:
            contract: what every queue entry must fit, as the API would show it.
            path: the YAML file; its form is `data/scenario-schema.yaml`.

        Raises:
            ScenarioError: the file cannot be read or does not hold a scenario.
        """
        try:
            document = Document(path)
        except DocumentError as error:
            raise ScenarioError(str(error)) from None
        for check in (_malformed, _with_a_point, _repeated, _against_contract):
            problems = list(islice(check(document.content, contract), _SHOWN_PROBLEMS))
            if problems:
                raise ScenarioError("\n".join(f"{document.where(keys)}: {what}" for keys, what in problems))
        return _build(document.content)


def _malformed(content: Any, _: Contract) -> Iterator[Problem]:
    schema = Document(_DATA / "scenario-schema.yaml").content
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="the value")
    for error in validator.iter_errors(content):
        yield list(error.instance_path), error.message


def _against_contract(content: Any, contract: Contract) -> Iterator[Problem]:
    validator = contract.validator(contract.schema("PortalRequest"))
    for i, patient in enumerate(content["patients"]):
        for j, item in enumerate(patient.get("queue", [])):
            place: list[str | int] = ["patients", i, "queue", j]
            try:
                entry = _entry(patient["id"], item)
            except (ValueError, OverflowError):
                yield [*place, "created"], "expected an instant that a calendar of the years 1 to 9999 has"
                continue
            for error in validator.iter_errors(documents.portal_request(entry)):
                yield [*place, *error.instance_path], error.message


def _with_a_point(content: Any, _: Contract) -> Iterator[Problem]:
    """JSON Schema takes 27.0 for a whole number; as an id it would show in every answer."""
    yield from _floats(content, [])


def _floats(node: Any, keys: list[str | int]) -> Iterator[Problem]:
    if isinstance(node, float) and "details" not in keys:
        yield keys, "expected a whole number, without a point"
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from _floats(child, [*keys, key])


def _repeated(content: Any, _: Contract) -> Iterator[Problem]:
    users, patients = content["users"], content["patients"]
    kinds: dict[str, list[tuple[list[str | int], Any]]] = {
        "user id": [(["users", i, "id"], user["id"]) for i, user in enumerate(users)],
        "user name": [(["users", i, "username"], user["username"]) for i, user in enumerate(users)],
        "patient id": [(["patients", i, "id"], patient["id"]) for i, patient in enumerate(patients)],
        "request id": [
            (["patients", i, "queue", j, "id"], item["id"])
            for i, patient in enumerate(patients)
            for j, item in enumerate(patient.get("queue", []))
        ],
    }
    for kind, places in kinds.items():
        seen = set()
        for keys, value in places:
            if value in seen:
                yield keys, f"expected each {kind} once"
            seen.add(value)


def _build(content: Any) -> Scenario:
    invitation = content["clinic"]["invitation"]
    return Scenario(
        clinic=Clinic(
            name=content["clinic"]["name"],
            invitation_subject=invitation["subject"],
            invitation_text=invitation["text"],
            link_lifetime=invitation.get("link_lifetime_hours", 72) * 3600,
        ),
        users=tuple(
            ApiUser(**{**user, "resources": frozenset(user["resources"]) if "resources" in user else None})
            for user in content["users"]
        ),
        patients=tuple(
            Patient(**{name: value for name, value in patient.items() if name != "queue"})
            for patient in content["patients"]
        ),
        entries=tuple(
            _entry(patient["id"], item) for patient in content["patients"] for item in patient.get("queue", [])
        ),
    )


def _entry(pt_id: int, item: dict[str, Any]) -> Entry:
    created = datetime.fromisoformat(item["created"]).astimezone(UTC)
    return Entry(**{"status": "open", **item, "pt_id": pt_id, "created": created})
