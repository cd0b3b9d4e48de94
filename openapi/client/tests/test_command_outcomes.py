"""What the command says of its calls, and how it ends: the JSON of a pipe, the exit codes, and what they stand for."""

import json
import os
import signal
import socketserver
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal

from contract_tests.support.commands import INSTALLED, Case, Ran, environment, run, run_here
from contract_tests.support.doubles import Peer, answers, stalls

Json = Any

ENTRY = {"object": "portal_request", "id": 5, "created": "2026-11-02T09:15:00Z", "addedby": None}
MORE = {"object": "list", "data": [ENTRY], "has_more": True, "total_count": 9}
NOT_SENT = {"result": False, "message": "The mail server refused it"}
PARTLY_READABLE = {"data": [ENTRY, {"id": None, "subject": "Robin"}], "message": "Robin is odd"}

#: The call, its fault at the mock (or what another server answers), the exit code, and the error in the JSON.
ENDS: dict[str, tuple[Case, Json, int, str | None]] = {
    "done": (Case(["enqueued", "2"]), None, 0, None),
    "refused": (Case(["delete", "1", "99", "--yes"]), None, 1, "NotFound"),
    "no address": (Case(["invite", "3", "--yes"]), None, 1, "Unprocessable"),
    "forbidden": (
        Case(["delete", "1", "27", "-y"], {"CERBO_USERNAME": "reader", "CERBO_PASSWORD": "look-only"}),
        None,
        1,
        "Forbidden",
    ),
    "wrong password": (Case(["enqueued", "1"], {"CERBO_PASSWORD": "wrong"}), None, 1, "Unauthorized"),
    "too many": (Case(["invite", "221", "-y"]), {"kind": "status", "status": 429, "retry_after": 60}, 1, "RateLimited"),
    "a read that failed there": (
        Case(["enqueued", "1"]),
        {"kind": "status", "status": 503, "retry_after": 60},
        1,
        "ServiceUnavailable",
    ),
    "a write that failed there": (
        Case(["delete", "1", "27", "-y"]),
        {"kind": "status", "status": 503, "retry_after": 60},
        3,
        "ServiceUnavailable",
    ),
    "an invitation that failed there": (
        Case(["invite", "221", "-y"]),
        {"kind": "status", "status": 500},
        3,
        "ServerError",
    ),
    "an answer that got lost": (Case(["invite", "221", "-y"]), {"kind": "close", "applied": True}, 3, "OutcomeUnknown"),
    "a lost answer to a delete": (
        Case(["delete", "1", "27", "-y"]),
        {"kind": "close", "applied": True, "times": 1},
        3,
        "AlreadyGone",
    ),
    "no answer of the contract": (Case(["enqueued", "1"]), {"kind": "garbage"}, 3, "MalformedResponse"),
    "no answer in time": (
        Case(["enqueued", "1", "--timeout", "0.2"]),
        {"kind": "delay", "delay_ms": 1000},
        3,
        "TimedOut",
    ),
    "no server": (
        Case(["enqueued", "1", "--timeout", "1"], {"CERBO_BASE_URL": "http://127.0.0.1:1/api/v1"}),
        None,
        3,
        "ConnectionFailed",
    ),
    "not done": (Case(["invite", "221", "-y"]), answers("200 OK", json.dumps(NOT_SENT).encode()), 1, "OperationFailed"),
    "not all": (Case(["enqueued", "1"]), answers("200 OK", json.dumps(MORE).encode()), 1, "IncompleteList"),
    "a redirect": (Case(["delete", "1", "27", "-y"]), answers("302 Found", b"", "Location: /"), 3, "UnexpectedStatus"),
    "another success": (Case(["delete", "1", "27", "-y"]), answers("202 Accepted", b'{"result": 1}'), 0, None),
    "a success without a body": (Case(["delete", "1", "27", "-y"]), answers("204 No Content", b""), 0, None),
    "a page": (
        Case(["invite", "221", "-y"]),
        answers("200 OK", b"<html>", content_type="text/html"),
        3,
        "OutcomeUnknown",
    ),
    "another patient": (
        Case(["enqueued", "1"]),
        answers("200 OK", b'{"data": [{"id": 5, "pt_id": 2, "subject": "Robin"}]}'),
        3,
        "MalformedResponse",
    ),
    "an entry without an id": (
        Case(["enqueued", "1"]),
        answers("200 OK", json.dumps(PARTLY_READABLE).encode()),
        3,
        "MalformedResponse",
    ),
}


def _instance(name: str) -> str:
    return name.replace(" ", "-")


@pytest.fixture(scope="module")
def place(served: tuple[MockPortal, str]) -> Iterator[Callable[[str, Json], str]]:
    """Makes the clinic, or the server, of a run, with its fault; returns its base URL."""
    peers: list[Peer] = []

    def place(name: str, fault: Json) -> str:
        if callable(fault):
            peers.append(Peer(fault))
            return peers[-1].url
        instance = served[0].instances.get_or_create(_instance(name))
        if fault:
            instance.faults.add(**fault)
        return served[1].replace("/api/v1", f"/__instance/{instance.name}/api/v1")

    yield place
    for peer in peers:
        peer.close()


@pytest.fixture(scope="module")
def ended(place: Callable[[str, Json], str]) -> dict[str, Ran]:
    """What came of the runs in pipes, each with a clinic or a server of its own."""
    return {name: run_here(place(name, fault), case) for name, (case, fault, _, _) in ENDS.items()}


@pytest.mark.parametrize("name", ENDS)
def test_the_end_of_a_call_is_an_exit_code_a_line_of_json_and_a_line_without_patients(
    name: str, ended: dict[str, Ran]
) -> None:
    (code, out, err), (case, _, expected, kind) = ended[name], ENDS[name]
    line = json.loads(out)
    assert (code, line["exit_code"]) == (expected, expected)
    assert line["pt_id"] == int(case.arguments[1])
    assert line.get("error", {}).get("kind") == kind
    assert ("answer" in line) == (kind in {None, "IncompleteList"} or name == "an entry without an id")
    assert err.count("cerbo-portal: ") == (kind is not None)
    for patient_data in ("221", "27", "99", "patient", "mail", "Robin"):
        assert patient_data not in err.replace("inviteToPortal", "")


@pytest.mark.parametrize("name", ENDS)
def test_on_a_terminal_the_exit_code_and_the_line_are_the_same(
    name: str, ended: dict[str, Ran], place: Callable[[str, Json], str]
) -> None:
    case, fault, _, _ = ENDS[name]
    ran = run_here(place(f"{name} shown", fault), case, on_terminal=True)
    assert (ran.code, ran.err) == (ended[name].code, ended[name].err)
    assert "{" not in ran.out
    message = json.loads(ended[name].out).get("error", {}).get("message", "")
    assert " ".join(message.split()) in " ".join(ran.out.split())


def test_what_the_server_says_is_in_the_json(ended: dict[str, Ran]) -> None:
    assert json.loads(ended["no address"].out)["error"] == {
        "kind": "Unprocessable",
        "status": 422,
        "message": "The patient has no primary e-mail address",
    }
    assert json.loads(ended["not done"].out)["error"]["message"] == "The mail server refused it"
    assert json.loads(ended["not all"].out)["answer"]["data"] == [ENTRY]
    assert json.loads(ended["an entry without an id"].out)["answer"]["data"] == [ENTRY]
    assert json.loads(ended["an entry without an id"].out)["error"]["message"] == "Robin is odd"


def test_an_invitation_is_sent_once_whatever_becomes_of_its_answer(
    ended: dict[str, Ran], served: tuple[MockPortal, str]
) -> None:
    assert ended["an answer that got lost"].code == 3
    for name, mails in (("an answer that got lost", 1), ("an invitation that failed there", 0), ("too many", 0)):
        instance = served[0].instances.get_or_create(_instance(name))
        assert len(instance.outbox) == mails
        assert len(list(instance.journal)) == 1


def _lines(ran: Ran) -> list[Json]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_several_ids_are_called_once_each_and_one_that_fails_does_not_keep_the_others(
    portal: MockPortal, base_url: str
) -> None:
    portal.faults.add("status", status=500, patient=2)
    ran = run(base_url, Case(["invite", "221", "3", "2", "221", "1", "--yes"]))
    assert [(line["pt_id"], line["exit_code"]) for line in _lines(ran)] == [(221, 0), (3, 1), (2, 3), (1, 0)]
    assert ran.code == 3
    assert ran.err.splitlines() == [
        "cerbo-portal: 2 of 4: inviteToPortal: the server refused (status 422)",
        "cerbo-portal: 3 of 4: inviteToPortal: the server failed (status 500), it may have acted",
    ]
    assert [mail.recipient for mail in portal.outbox] == ["toni.invited@example.com", "robin.sample@example.com"]


def test_several_requests_of_a_patient_are_deleted_in_one_run(portal: MockPortal, base_url: str) -> None:
    ran = run(base_url, Case(["delete", "1", "27", "28", "--yes"]))
    assert ran.code == 0
    assert [line["queue_request_id"] for line in _lines(ran)] == [27, 28]
    assert [entry.id for entry in portal.state.hidden_entries(1)] == [27, 28]


def test_wrong_credentials_are_tried_once(portal: MockPortal, base_url: str) -> None:
    ran = run(base_url, Case(["enqueued", "1", "2", "3", "--user", "nobody"]))
    assert [line["error"]["kind"] for line in _lines(ran)] == ["Unauthorized", "NotTried", "NotTried"]
    assert [line["exit_code"] for line in _lines(ran)] == [1, 2, 2]
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "cerbo-portal: 2 of 3: not tried"
    assert len(list(portal.journal)) == 1


def test_a_server_that_does_not_answer_is_tried_three_times(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(stalls())
    ran = run(peer.url, Case(["enqueued", "1", "2", "3", "4", "5", "--timeout", "0.05"]))
    assert [line["error"]["kind"] for line in _lines(ran)] == ["TimedOut"] * 3 + ["NotTried"] * 2
    assert ran.code == 3


def test_the_summary_counts_by_type_over_all_lists_and_names_the_oldest(base_url: str) -> None:
    ran = run(base_url, Case(["enqueued", "1", "2", "99", "--summary", "--local-time"], {"TZ": "IST-5:30"}))
    failed, summary = _lines(ran)
    assert ran.code == 1
    assert (failed["pt_id"], failed["error"]["status"]) == (99, 404)
    assert summary["summary"]["lists"] == 2
    assert summary["summary"]["entries"] == 7
    assert summary["summary"]["by_request_type"]["document"] == 1
    assert summary["summary"]["oldest"] == {
        "pt_id": 1,
        "id": 21,
        "created": "2026-11-02T14:45:00+05:30",
        "request_type": "secure_message",
    }


def test_a_summary_of_entries_without_dates_has_no_oldest(make_peer: Callable[..., Peer]) -> None:
    body = {"data": [{"id": 1, "created": ""}, {"id": 2, "created": None}, {"id": 3}]}
    peer = make_peer(answers("200 OK", json.dumps(body).encode()))
    (line,) = _lines(run(peer.url, Case(["enqueued", "1", "--summary"])))
    assert line["summary"] == {"lists": 1, "entries": 3, "by_request_type": {"unknown": 3}, "oldest": None}
    ran = run(peer.url, Case(["enqueued", "1", "--summary", "--table"]))
    assert (ran.code, ran.err) == (0, "")
    assert "unknown        3" in ran.out
    assert "oldest" not in ran.out


def test_a_list_that_cannot_be_read_is_not_shown_as_empty(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("200 OK", b'{"data": [{"id": null}]}'))
    ran = run(peer.url, Case(["enqueued", "1", "--table"]))
    assert ran.code == 3
    assert ran.out.startswith("Not confirmed:\n")


def test_a_table_names_the_patient_of_an_entry_that_does_not(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("200 OK", json.dumps({"data": [{"id": 5, "pt_id": None, "subject": "x"}]}).encode()))
    ran = run(peer.url, Case(["enqueued", "7", "--table"]))
    assert (ran.code, ran.out.splitlines()[-1].split()) == (0, ["7", "5", "x"])


def test_the_json_is_the_answer_in_ascii_with_local_time_where_asked_for(portal: MockPortal, base_url: str) -> None:
    entry = portal.state.enqueue(221, "secure_message", subject="Grüße \x1b]0;x\x07", notes="2026-11-02T09:15:00Z")
    case = Case(["enqueued", "221", "--local-time"], {"TZ": "IST-5:30", "LC_ALL": "POSIX", "PYTHONUTF8": "0"})
    (line,) = _lines(ran := run(base_url, case))
    assert ran.out.isascii()
    (listed,) = line["answer"]["data"]
    assert listed["subject"] == entry.subject
    assert listed["notes"] == "2026-11-02T09:15:00Z"
    assert listed["created"].endswith("+05:30")


def test_a_table_goes_into_a_pipe_when_it_is_asked_for(base_url: str) -> None:
    ran = run(
        base_url, Case(["enqueued", "2", "--table", "--local-time"], {"TZ": "IST-5:30", "PYTHONIOENCODING": "ascii"})
    )
    assert ran.code == 0
    assert "2026-11-02 19:00 IST" in ran.out
    assert "\x1b" not in ran.out


def test_credentials_are_checked_without_being_seen(portal: MockPortal, base_url: str) -> None:
    secret = {"CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD": "wrong"}
    by_variable = run(base_url, Case(["validate-portal-credentials", "--username", "robin"], secret))
    body = json.dumps({"username": "robin", "password": "wrong"})
    by_body = run(base_url, Case(["validate-portal-credentials", "--body", "-"], stdin=body))
    assert by_variable == by_body
    assert by_body.code == 0
    assert _lines(by_body)[0]["answer"]["result"] is False


@pytest.mark.parametrize("given", [{}, {"pt_id": 2}])
def test_a_body_of_a_document_needs_no_patient_but_may_name_the_same(
    given: Json, portal: MockPortal, base_url: str
) -> None:
    body = {"name": "Letter", "mime_type": "text/plain", "base64_content": "eA==", "folder": "Letters", **given}
    ran = run(
        base_url, Case(["create-patient-document", "2", "--no-enqueue", "--yes", "--body", "-"], stdin=json.dumps(body))
    )
    assert (ran.code, _lines(ran)[0]["answer"]["object"]) == (0, "document")
    assert [*portal.chart][-1].details["folder"] == "Letters"


def _started(base_url: str, *arguments: str, **streams: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [INSTALLED, *arguments], env=environment(base_url), stderr=subprocess.PIPE, text=True, **streams
    )


@pytest.mark.parametrize("form", ["--json", "--table"])
def test_a_reader_that_goes_away_is_no_news(form: str, base_url: str) -> None:
    read, write = os.pipe()
    os.close(read)
    process = _started(base_url, "enqueued", "1", form, stdout=write)
    os.close(write)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_an_output_that_cannot_be_written_is_told(base_url: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = _started(base_url, "enqueued", "1", stdout=full)
        err = process.communicate(timeout=60)[1]
    assert (process.returncode, err) == (3, "cerbo-portal: cannot write the output: No space left on device\n")


def test_what_was_done_is_written_before_the_next_call(make_peer: Callable[..., Peer]) -> None:
    arrived = Event()

    def step(peer: Peer, _: socketserver.StreamRequestHandler) -> None:
        arrived.set()
        peer.released.wait(60)

    sent = answers("200 OK", b'{"result": true, "message": "Sent"}')
    process = _started(make_peer(sent, step).url, "invite", "221", "222", "--yes", stdout=subprocess.PIPE)
    assert arrived.wait(60)
    process.kill()
    (line,) = process.communicate(timeout=60)[0].splitlines()
    assert json.loads(line) == {"pt_id": 221, "exit_code": 0, "answer": {"result": True, "message": "Sent"}}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_says_what_may_have_been_done(
    number: signal.Signals, make_peer: Callable[..., Peer]
) -> None:
    arrived = Event()

    def step(peer: Peer, _: socketserver.StreamRequestHandler) -> None:
        arrived.set()
        peer.released.wait(60)

    process = _started(make_peer(step).url, "invite", "221", "222", "--yes", stdout=subprocess.PIPE)
    assert arrived.wait(60)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert [json.loads(line)["error"]["kind"] for line in out.splitlines()] == ["Interrupted", "NotTried"]
    assert err.splitlines() == [
        "cerbo-portal: 1 of 2: inviteToPortal: interrupted, it may have acted",
        "cerbo-portal: 1 of 2: not tried",
    ]
