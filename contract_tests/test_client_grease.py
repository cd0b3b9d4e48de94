"""Grease: a mock that varies what the contract leaves open stays within it, and the client reads the same from it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import cerbo_portal_client as cerbo
import pytest
import schemathesis
from cerbo_portal_client import Client
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.spec.contract import installed
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contract_tests import example_budget
from contract_tests.document_patches import Patch
from contract_tests.model.client import CallResult
from contract_tests.spec_lint import navigation
from contract_tests.test_model import Agreement

Json = Any
Call = tuple[str, Callable[[Client], Any]]

NIGHTLY = settings().max_examples >= 1_000
SEEDS = range(500 if NIGHTLY else 20)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Every operation, successes and errors.
CALLS: list[Call] = [
    ("showPortalRequests", lambda client: client.show_portal_requests(1)),
    ("showPortalRequests", lambda client: client.show_portal_requests(404)),
    ("deletePortalRequest", lambda client: client.delete_portal_request(1, 27)),
    ("deletePortalRequest", lambda client: client.delete_portal_request(1, 27)),
    ("inviteToPortal", lambda client: client.invite_to_portal(221)),
    ("inviteToPortal", lambda client: client.invite_to_portal(3)),
    (
        "validatePortalCredentials",
        lambda client: client.validate_portal_credentials(username="nobody", password="wrong"),
    ),
    (
        "createPatientQuestionnaire",
        lambda client: client.create_patient_questionnaire(1, html_content="<p>1</p>", raw_data={"7": "x"}),
    ),
    ("queuePatientPrescription", lambda client: client.queue_patient_prescription(1, drug_id=7, notes="As discussed.")),
    ("queuePatientPrescription", lambda client: client.queue_patient_prescription(1, drug_id=7, enqueue=False)),
    ("refillPatientPrescription", lambda client: client.refill_patient_prescription(1, original_prescription_id=7)),
    ("queuePatientSupplement", lambda client: client.queue_patient_supplement(1, supplement_id=7)),
    (
        "createPatientDocument",
        lambda client: client.create_patient_document(1, name="a.txt", mime_type="text/plain", base64_content="eA=="),
    ),
    (
        "createSecureMessage",
        lambda client: client.create_secure_message(1, subject="Coffee", note="Is it allowed?", dr_id=7),
    ),
    ("listSecureMessages", lambda client: client.list_secure_messages(1)),
    ("showPortalRequests", lambda client: client.show_portal_requests(1)),
]


def _outcomes(portal: MockPortal, grease: str, *, strict: bool = True) -> list[Any]:
    """What the client reads from each call; of errors, what a caller may conclude."""
    portal.reset()
    portal.clock.freeze(NOON)
    portal.instance.change_settings(grease=Grease.read(grease))
    with portal.client(strict=strict, retries=0) as client:
        return [_outcome(call, client) for _, call in CALLS]


def _outcome(call: Callable[[Client], Any], client: Client) -> Any:
    try:
        return _known(call(client).to_dict())
    except cerbo.CallError as error:
        return error.may_have_acted


def _known(value: Json) -> Json:
    """A value without unknown members and texts for people."""
    if isinstance(value, list):
        return [_known(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _known(each) for name, each in value.items() if not name.startswith("grease_") and name != "message"}


def _without_routes(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_routes(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _without_routes(each) for name, each in value.items() if not name.startswith("url_")}


def _differences(greased: list[Any], usual: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    for (name, _), seen, expected in zip(CALLS, greased, usual, strict=True):
        # A 204 has no members.
        no_content = name == "deletePortalRequest" and seen == {}
        if not no_content and _without_routes(seen) != _without_routes(expected):
            yield name, seen, expected


def test_the_calls_are_of_every_operation(document: Json) -> None:
    assert {name for name, _ in CALLS} == {name for name, _ in navigation.operations(document)}


def test_a_strict_client_reads_the_same_with_and_without_grease() -> None:
    portal = MockPortal()
    usual = _outcomes(portal, "off")
    assert sum(isinstance(outcome, bool) for outcome in usual) == 3
    for seed in SEEDS:
        assert (seed, [*_differences(_outcomes(portal, str(seed)), usual)]) == (seed, [])


def test_a_tolerant_client_reads_what_is_left_where_members_are_absent() -> None:
    portal = MockPortal()
    usual = _outcomes(portal, "off")
    for seed in SEEDS:
        for seen, expected in zip(_outcomes(portal, f"{seed},absent", strict=False), usual, strict=True):
            assert _is_part(seen, expected)


def _is_part(seen: Json, expected: Json) -> bool:
    """Whether a value holds nothing else, and no entry of an array is missing."""
    if isinstance(seen, dict) and isinstance(expected, dict):
        return all(value is None or _is_part(value, expected[name]) for name, value in seen.items())
    if isinstance(seen, list) and isinstance(expected, list):
        return len(seen) == len(expected) and all(map(_is_part, seen, expected))
    return bool(seen == expected)


def test_a_client_reads_entries_of_unknown_kinds() -> None:
    portal = MockPortal()
    for seed in SEEDS:
        portal.instance.change_settings(grease=Grease.read(f"{seed},default,values"))
        with portal.client() as client:
            entries = client.show_portal_requests(1).data
        assert [entry.id for entry in entries[:-1]] == [21, 27, 28, 30, 33]
        assert str(entries[-1].request_type).startswith("grease_")


def with_alternatives(document: Json) -> None:
    """Document each alternative of a status like the status itself, as schemathesis knows no `x-alternatives`."""
    for keys, operation in navigation.located_operations(document):
        if keys[-1] == "delete":
            operation["responses"]["204"] = {"description": "No content."}
        for response in [*operation["responses"].values()]:
            for status in navigation.resolve(document, response).get("x-alternatives", ()):
                operation["responses"].setdefault(str(status), response)


def _schema(patch: Patch) -> Any:
    document = MockPortal().app.test_client().get("/openapi.json").get_json()
    patch(document)
    schema = schemathesis.openapi.from_dict(document, config=example_budget.config())
    schema.app = create_app(validate="strict", grease=Grease.read("7,default,absent"))
    return schema


schema: Any = _schema(with_alternatives)


@schema.parametrize()  # type: ignore[untyped-decorator]
def test_schemathesis_finds_nothing_under_grease(case: schemathesis.Case[Any]) -> None:
    schema.app.extensions["cerbo_portal"].reset("default")
    # It knows the statuses of a refusal by its configuration, which the other run uses.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


# What an error may be under another status that means the same.
_ALTERNATIVES = {
    "NotFound": {"BadRequest", "UnexpectedStatus"},
    "Unprocessable": {"BadRequest", "UnexpectedStatus"},
    "BadRequest": {"Unprocessable", "UnexpectedStatus"},
    "AlreadyGone": {"OutcomeUnknown"},
}


class GreasedAgreement(Agreement):
    """The same with a mock that varies its responses."""

    GREASE = "7"

    @initialize(seed=st.integers(0, 2**32 - 1))
    def seed(self, seed: int) -> None:
        """Draw the variation from another seed."""
        self.portal.instance.change_settings(grease=Grease(seed))

    def agree(self, seen: CallResult, expected: CallResult) -> None:
        """The client came to the same as the model, as far as the response says."""
        if seen.error is None and seen.answer is None:
            expected = expected._replace(answer=None)
        if seen.error in _ALTERNATIVES.get(expected.error or "", ()):
            expected = expected._replace(error=seen.error)
        assert seen == expected


def test_client_and_mock_do_what_the_model_does_under_grease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda shortest, _: shortest)
    run_state_machine_as_test(
        GreasedAgreement, settings=settings(stateful_step_count=20, max_examples=500 if NIGHTLY else 20)
    )


def test_the_contract_names_alternatives_for_guesses() -> None:
    operations = installed().operations
    assert operations["deletePortalRequest"].alternatives(404) == (400, 410)
    assert operations["inviteToPortal"].alternatives(200) == (201, 202)
    assert operations["validatePortalCredentials"].alternatives(200) == ()
