"""Of a server that was written independently, the report names what deviates from the contract, and nothing else."""

import json
from copy import deepcopy
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.conformance.report import CONFIRMED, CONTRADICTED, NOT_SEEN, Report, catalogue
from cerbo_portal_mock.conformance.response_checker import ObservedResponse, ResponseChecker

from contract_tests.probes.deviating_server import deviating_server, implemented
from contract_tests.probes.runner import run_target
from contract_tests.spec_lint.navigation import nodes
from contract_tests.support.http_client import USER

Json = Any


@pytest.fixture
def known(document: Json) -> Json:
    """What the second server implements of the contract."""
    return implemented(document)


# What each deviation of the second server contradicts.
DEVIATIONS = {
    "ids have a sign": {"member PortalRequest.id"},
    "dates lack an offset": {"member PortalRequest.created"},
    "sizes are negative": {"member DocumentDetails.size"},
    "lists lack data": {"member PortalRequestList.data"},
    "lists are created": {"operation showPortalRequests"},
    "has_more is a number": {"member PortalRequestList.has_more"},
    "a filter is in force": {"parameter RequestTypeFilter"},
    "anyone has an empty queue": {"response showPortalRequests 404"},
    "mail is elsewhere": {"operation inviteToPortal"},
    "deletes name no id": {"member DeletionResult.id"},
    "deletes are repeatable": {"response deletePortalRequest 404"},
    "deletes do nothing": {"operation deletePortalRequest", "response deletePortalRequest 404"},
    "unknown is HTML": {
        f"response {name} 404" for name in ("showPortalRequests", "deletePortalRequest", "inviteToPortal")
    },
    "any password will do": {"credentials basicAuth"},
    "no challenge": {"header WWW-Authenticate"},
    "unknown methods are unknown": {"response any operation 405"},
    "ids begin at 0": {"parameter PatientId"},
    "a bad id ends the connection": {"parameter PatientId", "parameter QueueRequestId"},
    "a bad id fails": {"parameter PatientId", "parameter QueueRequestId"},
    "errors say nothing": {"member Error.error"},
    "passwords are optional": {"member PortalCredentials.password"},
}
# Who does these cannot be seen to do some of the others.
HIDE_OTHERS = {
    "a bad id ends the connection",
    "deletes do nothing",
    "errors say nothing",
    "lists are created",
    "lists lack data",
    "mail is elsewhere",
    "unknown methods are unknown",
}


def _names(report: Report) -> set[str]:
    return {each.shown for each in report.contradicted}


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_a_deviation_is_named_and_nothing_else_is(deviation: str, known: Json) -> None:
    with deviating_server(deviation) as url:
        assert _names(run_target(known, url, USER, examples=0)) == DEVIATIONS[deviation]


def test_a_conformant_server_is_not_contradicted_by_generated_calls_either(known: Json) -> None:
    before = deepcopy(known)
    with deviating_server() as url:
        report = run_target(known, url, USER, examples=5)
    assert known == before
    assert report.contradicted == {}
    assert report.calls > 150


def test_generated_calls_name_the_same_deviations(known: Json) -> None:
    together = DEVIATIONS.keys() - HIDE_OTHERS
    with deviating_server(*together) as url:
        report = run_target(known, url, USER, examples=5)
    assert _names(report) == set().union(*(DEVIATIONS[name] for name in together))


def test_generated_calls_that_could_not_all_be_made_are_told(known: Json) -> None:
    path = "/patients/{pt_id}/portal/invite"
    only = {**known, "paths": {path: known["paths"][path]}}
    with deviating_server("a bad id ends the connection") as url:
        report = run_target(only, url, USER, examples=1)
    assert report.incomplete == ["generated calls ended early: ConnectionError"]
    assert f"\nincomplete: {report.incomplete[0]}\n" in report.table()
    assert _names(report) == {"parameter PatientId"}


def test_the_mock_is_not_contradicted(document: Json) -> None:
    with MockPortal().server() as url:
        report = run_target(document, url, USER, examples=0)
    assert report.contradicted == {}
    assert {report.verdict(each) for each in catalogue(document) if each.kind == "operation"} == {CONFIRMED}


def test_the_mock_with_the_filters_in_force_is_contradicted(document: Json) -> None:
    with MockPortal(preview_coming_soon=True).server() as url:
        assert _names(run_target(document, url, USER, examples=0)) == {
            "parameter RequestTypeFilter",
            "parameter StatusFilter",
        }


def test_no_value_of_an_answer_reaches_the_report(known: Json) -> None:
    with deviating_server(*DEVIATIONS) as url:
        report = run_target(known, url, USER, examples=0)
    told = report.table() + report.json()
    for text in ("Robin", "2026-11-03", "127.0.0.1", "pwd", "221", "dW46", "appointment", "http"):
        assert text not in told


def test_the_report_lists_every_element_and_contradictions_first(known: Json) -> None:
    with deviating_server("no challenge") as url:
        report = run_target(known, url, USER, examples=0)
    rows = json.loads(report.json())["elements"]
    assert {(row["kind"], row["name"], row["provenance"]) for row in rows} == {
        (*each, provenance) for each, provenance in catalogue(known).items()
    }
    assert [row["seen"] for row in rows] == sorted(
        (row["seen"] for row in rows), key=(CONTRADICTED, CONFIRMED, NOT_SEEN).index
    )
    (challenge,) = rows[0]["contradictions"]
    assert rows[0]["name"] == "WWW-Authenticate"
    assert challenge["what"] == "missing, though required"
    assert challenge["at"] == [
        f"{name} 401" for name in sorted(operation["name"] for operation in rows if operation["kind"] == "operation")
    ]
    assert report.table().splitlines()[2:4] == ["contradicted (1)", "  assumed     header        WWW-Authenticate"]


def test_every_element_that_states_its_provenance_is_in_the_catalogue(document: Json) -> None:
    names = {each.name.rsplit(" ", 1)[-1].rsplit(".", 1)[-1] for each in catalogue(document)}
    stated = [(keys, node) for keys, node in nodes(document) if "x-provenance" in node]
    assert [
        keys
        for keys, node in stated
        if keys[:2] != ("components", "responses") and str(node.get("operationId", keys[-1])) not in names
    ] == []


def test_a_member_beyond_the_contract_is_a_note_without_its_name(document: Json) -> None:
    report = Report(document)
    body = {"object": "list", "data": [], "has_more": False, "total_count": 0, "Robin": 1}
    headers = {"content-type": "application/json"}
    ResponseChecker(document, report).check(
        ObservedResponse("showPortalRequests", 200, headers, json.dumps(body).encode())
    )
    (row,) = [row for row in json.loads(report.json())["elements"] if row["notes"]]
    assert (row["name"], row["seen"]) == ("PortalRequestList", CONFIRMED)
    assert "Robin" not in report.json()
