"""The run against the real service reads, slowly, by the credentials of the environment, and does nothing else."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.conformance.report import CONFIRMED, NOT_SEEN, catalogue

from contract_tests.probes.probes import CannotRun
from contract_tests.probes.runner import run_sandbox
from contract_tests.support.checkout import ROOT
from contract_tests.support.scripts import load_script, run_script

Json = Any


@pytest.fixture
def portal() -> MockPortal:
    return MockPortal()


@pytest.fixture
def url(portal: MockPortal) -> Iterator[str]:
    with portal.server() as url:
        yield url


@pytest.fixture
def environment(url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the command finds in the environment, with the mock in the place of the service."""
    variables = {
        "CERBO_BASE_URL": url,
        "CERBO_USERNAME": "reader",
        "CERBO_PASSWORD": "look-only",
        "CERBO_PT_IDS": "1, 2",
        "CERBO_RATE": "20",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def test_sandbox_reads_only_the_given_patients_with_right_credentials(
    environment: dict[str, str], portal: MockPortal, document: Json
) -> None:
    before = portal.state.snapshot()
    report = run_sandbox(document, environment)
    calls = list(portal.journal)
    assert {call.method for call in calls} == {"GET"}
    assert {call.status for call in calls} == {200, 400, 404}
    assert {call.user for call in calls} == {"reader"}
    assert portal.state.snapshot() == before
    assert report.contradicted == {}
    seen = {each.name: report.verdict(each) for each in catalogue(document)}
    assert seen["showPortalRequests"] == seen["PortalRequest.created"] == seen["PatientId"] == CONFIRMED
    assert seen["deletePortalRequest"] == seen["showPortalRequests 401"] == seen["inviteToPortal 200"] == NOT_SEEN


def test_a_refused_password_ends_the_run_after_one_call(
    environment: dict[str, str], portal: MockPortal, document: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERBO_PASSWORD", "not-it")
    with pytest.raises(CannotRun, match="no other call was made"):
        run_sandbox(document, environment)
    assert len(portal.journal) == 1


def test_a_service_that_has_nothing_there_ends_the_run(environment: dict[str, str], document: Json) -> None:
    with pytest.raises(
        CannotRun, match=r"^CERBO_BASE_URL, CERBO_PT_IDS: expected the base URL of the API, with its path"
    ):
        run_sandbox(document, {**environment, "CERBO_PT_IDS": "77"})


def test_credentials_that_are_refused_later_end_the_run(
    environment: dict[str, str], portal: MockPortal, document: Json
) -> None:
    portal.faults.add("status", status=401, patient=2)
    with pytest.raises(CannotRun, match="CERBO_USERNAME"):
        run_sandbox(document, environment)
    assert [call.status for call in portal.journal] == [200, 401]


def test_an_operation_that_needs_another_id_is_not_called(document: Json, environment: dict[str, str]) -> None:
    """The contract's own example may be somebody's."""
    path = "/patients/{pt_id}/portal/enqueued/{queue_request_id}"
    reading = {**document["paths"][path]["delete"], "operationId": "showPortalRequest"}
    later = {**document, "paths": {path: {"get": reading}}}
    report = run_sandbox(later, environment)
    assert report.calls == 0


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"CERBO_PT_IDS": ""}, "CERBO_PT_IDS: expected"),
        ({"CERBO_PT_IDS": "1 2"}, "CERBO_PT_IDS: expected"),
        ({"CERBO_PT_IDS": "Robin"}, "CERBO_PT_IDS: expected"),
        ({"CERBO_RATE": "fast"}, "CERBO_RATE: expected"),
        ({"CERBO_RATE": "0"}, "CERBO_RATE: expected"),
        ({"CERBO_RATE": "nan"}, "CERBO_RATE: expected"),
        ({"CERBO_RATE": "21"}, "CERBO_RATE: expected"),
        ({"CERBO_BASE_URL": ""}, "CERBO_BASE_URL: expected"),
        ({"CERBO_BASE_URL": "http://example.com"}, "CERBO_BASE_URL: expected https"),
    ],
)
def test_a_variable_that_is_missing_or_malformed_is_named(
    variables: dict[str, str],
    told: str,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["conformance", "--sandbox"])
    assert load_script("conformance").main() == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(f"conformance: {told}")
    assert "Robin" not in error


def test_the_command_stores_nothing_and_tells_nothing_of_patients(
    environment: dict[str, str], portal: MockPortal, tmp_path: Path
) -> None:
    before = _files(ROOT)
    run = run_script("conformance", "--sandbox", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "contradicted (" not in run.stdout
    assert list(tmp_path.iterdir()) == []
    assert _files(ROOT) == before
    entries = [str(part) for entry in portal.state.open_entries(1) for part in (entry.subject, entry.notes)]
    assert [text for text in [*entries, "127.0.0.1", "reader", "look-only"] if text in run.stdout] == []


def _files(root: Path) -> dict[Path, float]:
    """When each file of the checkout was written last; not those of the interpreter and the environment."""
    ignored = {"__pycache__", ".git", ".venv", ".venv.lock", ".hypothesis", ".pytest_cache"}
    files = (path for path in root.rglob("*") if path.is_file() and not ignored & {*path.relative_to(root).parts})
    return {path: path.stat().st_mtime for path in files}
