"""What becomes of calls and answers: when to give up, dates by the schema, rows, texts that no terminal obeys."""

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import click
import httpx
import pytest
from cerbo_portal_client import Client, PortalRequestList, _operations, errors
from cerbo_portal_runtime.cli import param_types, request_body
from cerbo_portal_runtime.cli.batch import Outcome, call_each
from cerbo_portal_runtime.cli.command import Command, Summary
from cerbo_portal_runtime.cli.formatting import local_text, rows, short_text
from cerbo_portal_runtime.cli.output import Output, escape
from cerbo_portal_runtime.contract import Operation, Result
from cerbo_portal_runtime.models import RequestModel

from contract_tests.support.commands import Case, run_here
from contract_tests.support.doubles import Peer, answers

ENTRY = {"object": "portal_request", "id": 5, "created": "2026-11-02T09:15:00Z", "addedby": None}
INSTANT = "2026-11-02T09:15:00Z"


def test_only_what_the_contract_calls_a_date_is_shown_as_one() -> None:
    entry = {"id": 1, "created": INSTANT, "subject": INSTANT, "new": INSTANT, "details": {"created": INSTANT}}
    listed = PortalRequestList.from_dict({"data": [entry]})
    shown = listed.to_dict(lambda moment: str(moment.year))
    assert shown == {"data": [{**entry, "created": "2026"}]}


@pytest.fixture
def in_zone() -> Iterator[Callable[[str], None]]:
    """Moves this machine to another zone, where the system lets a process do so."""
    with pytest.MonkeyPatch.context() as patch:

        def move(zone: str) -> None:
            patch.setenv("TZ", zone)
            if sys.platform != "win32":
                time.tzset()

        yield move
    if sys.platform != "win32":
        time.tzset()


@pytest.mark.parametrize(
    ("moment", "zone"),
    [(datetime.min.replace(tzinfo=UTC), "WEST+12"), (datetime.max.replace(tzinfo=UTC), "EAST-14")],
)
def test_the_ends_of_time_have_a_text(moment: datetime, zone: str, in_zone: Callable[[str], None]) -> None:
    in_zone(zone)
    assert local_text(moment) == moment.isoformat()
    assert short_text(moment, local=True).endswith("UTC")


def test_a_list_gives_a_row_for_each_entry_with_the_ids_of_the_call() -> None:
    target = {"pt_id": 1}
    entries = [{"id": 2}, {"id": 3, "pt_id": None, "subject": None}, {"id": 4, "pt_id": 1}]
    assert list(rows(target, {"data": entries, "has_more": False}, "data")) == [
        {"pt_id": 1, "id": 2},
        {"pt_id": 1, "id": 3, "subject": None},
        {"pt_id": 1, "id": 4},
    ]
    assert list(rows(target, {"data": []}, "data")) == []
    assert list(rows(target, {"result": True, "data": None}, None)) == [{"pt_id": 1, "result": True, "data": None}]


def _output(*entries: dict[str, Any]) -> Output:
    """The output of two calls: one lists these entries, the other failed."""
    command = Command(Client, _operations.SHOW_PORTAL_REQUESTS, "", "List", summary=Summary("request_type", "created"))
    output = Output(command, as_json=True, local_time=False, summarise=True)
    output.outcomes = [
        Outcome({"pt_id": 7}, 0, PortalRequestList.from_dict({"data": list(entries)})),
        Outcome({"pt_id": 8}, 1),
    ]
    return output


def test_the_summary_takes_the_oldest_by_time_and_not_by_place_or_text() -> None:
    entries = [
        {"id": 1, "created": "2026-11-02T09:15:00Z", "request_type": "document", "subject": "a"},
        {"id": 2, "created": "2026-11-02T09:15:00+02:00", "subject": "b"},
        {"id": 3, "created": "2026-11-02 08:15:00", "request_type": "document", "subject": "c"},
    ]
    assert _output(*entries).summary() == {
        "lists": 1,
        "entries": 3,
        "by_request_type": {"document": 2, "unknown": 1},
        "oldest": {"pt_id": 7, "id": 2, "created": "2026-11-02T07:15:00Z"},
    }


NO_DATES: list[dict[str, Any]] = [{"created": None}, {"created": ""}, {"created": "0000-00-00 00:00:00"}, {}]


def test_the_oldest_of_a_summary_is_an_entry_with_a_date() -> None:
    undated = [{"id": place, **each} for place, each in enumerate([*NO_DATES, {"created": "yesterday"}], 1)]
    summary = _output(*undated, {"id": 9, "created": "2026-11-02 08:15:00"}).summary()
    assert summary["oldest"] == {"pt_id": 7, "id": 9, "created": "2026-11-02T08:15:00Z"}
    assert summary["entries"] == 6
    assert _output(*undated).summary()["oldest"] is None
    assert _output().summary()["oldest"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grüße, 東京 😀\nline", "Grüße, 東京 😀\nline"),
        ("\x1b[2J\r\t\x00\x7f\x9b", "\\x1b[2J\\r\\t\\x00\\x7f\\x9b"),
        ("a\u202eb\u2028c\ud800", "a\\u202eb\\u2028c\\ud800"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, expected: str) -> None:
    assert escape(text) == expected


def _calls(*ends: errors.CallError | None) -> list[str]:
    """What becomes of calls that end so, by the names of their failures."""
    enqueued = Command(Client, _operations.SHOW_PORTAL_REQUESTS, "show_portal_requests", "List")
    left = list(ends)

    def method(pt_id: int) -> PortalRequestList:
        if error := left.pop(0):
            raise error
        return PortalRequestList([])

    outcomes = list(call_each(enqueued, method, [{"pt_id": place} for place, _ in enumerate(ends)], {}))
    return [outcome.failure.kind if outcome.failure else "" for outcome in outcomes]


def test_the_rest_is_not_tried_after_three_calls_in_a_row_without_an_answer() -> None:
    lost, late = errors.ConnectionFailed("x"), errors.TimedOut("x")
    refused = errors.NotFound("x", httpx.Response(404))
    assert _calls(lost, late, None, lost, lost, refused, late, lost, lost, None) == [
        *["ConnectionFailed", "TimedOut", "", "ConnectionFailed", "ConnectionFailed", "NotFound"],
        *["TimedOut", "ConnectionFailed", "ConnectionFailed", "NotTried"],
    ]


@pytest.mark.parametrize(("status", "code"), [(202, 3), (302, 1), (404, 3), (418, 1)])
def test_an_unexpected_status_is_a_refusal_unless_it_may_be_a_success_or_of_another_server(
    status: int, code: int
) -> None:
    enqueued = Command(Client, _operations.SHOW_PORTAL_REQUESTS, "show_portal_requests", "List")

    def method(pt_id: int) -> PortalRequestList:
        raise errors.UnexpectedStatus("x", httpx.Response(status))

    (outcome,) = call_each(enqueued, method, [{"pt_id": 1}], {})
    assert outcome.code == code


@pytest.mark.parametrize("form", ["--json", "--table", "--summary"])
def test_an_answer_that_is_nested_deeply_is_shown_or_told_to_be_unreadable(
    form: str, make_peer: Callable[..., Peer]
) -> None:
    depths = (300, 600, *range(930, 1000, 3), 100_000)
    deep = [f'{{"name": {"[" * depth}{"]" * depth}}}' for depth in depths]
    entries = [json.dumps({**ENTRY, "details": 0}).replace(" 0}", f" {details}}}") for details in deep]
    bodies = [f'{{"object": "list", "data": [{each}], "has_more": false, "total_count": 1}}' for each in entries]
    peer = make_peer(*(answers("200 OK", body.encode()) for body in bodies))
    ends = [run_here(peer.url, Case(["enqueued", "1", form])) for _ in depths]
    read = [ran for ran in ends if ran.code == 0]
    assert ends[: len(read)] == read
    assert [ran.err for ran in read] == [""] * len(read)
    assert len(read) > 2
    if form == "--json":
        assert [details in ran.out for details, ran in zip(deep, read, strict=False)] == [True] * len(read)
    for ran in ends[len(read) :]:
        why = "the body is not JSON of the right kind that can be read (status 200)"
        assert (ran.code, ran.err) == (3, f"cerbo-portal: showPortalRequests: {why}\n")


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (param_types.json_value, '{"a": 1}', {"a": 1}),
        (param_types.json_or_text, "[1]", [1]),
        (param_types.json_or_text, "plain", "plain"),
        (param_types.day, "2026-11-24", date(2026, 11, 24)),
        (param_types.uuid_text, "00000000-0000-4000-8000-000000000001", UUID("00000000-0000-4000-8000-000000000001")),
    ],
)
def test_an_option_of_any_type_is_read(read: Callable[[str], Any], text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (param_types.json_value, "{", "expected JSON"),
        (param_types.day, "2026-02-30", "expected a date such as 2026-11-24"),
        (param_types.day, "20261124", "expected a date such as 2026-11-24"),
        (param_types.uuid_text, "1", "expected a UUID"),
    ],
)
def test_an_option_of_another_type_is_refused(read: Callable[[str], Any], text: str, expected: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        read(text)
    assert caught.value.message == expected


def _keywords(file: bytes | None, *, whole: bool, sends: str, body: Any = None) -> dict[str, Any]:
    none: frozenset[int] = frozenset()
    operation: Operation[Any] = Operation(
        "send", "POST", "/things", False, True, Result("nothing"), none, none, sends=sends, body=body
    )
    command = Command(Client, operation, "send", "Send", whole_body=whole)
    return request_body.keywords(command, {}, {}, None if file is None else io.BytesIO(file), interactive=False)


@pytest.mark.parametrize(
    ("sends", "content", "body"),
    [("json", b"[1]", [1]), ("text", b"caf\xc3\xa9", "caf\u00e9"), ("bytes", b"\xff", b"\xff")],
)
def test_a_whole_body_is_read_from_a_file(sends: str, content: bytes, body: Any) -> None:
    assert _keywords(content, whole=True, sends=sends) == {"body": body}
    assert _keywords(None, whole=True, sends=sends) == {}


@pytest.mark.parametrize(("sends", "content"), [("json", b"{"), ("text", b"\xff")])
def test_a_whole_body_of_another_kind_is_refused(sends: str, content: bytes) -> None:
    with pytest.raises(click.UsageError, match=f"--body: expected {sends}, in UTF-8"):
        _keywords(content, whole=True, sends=sends)


def test_a_form_with_files_has_no_body_in_a_file() -> None:
    with pytest.raises(click.UsageError, match="expected the options of the form instead"):
        _keywords(b"{}", whole=False, sends="multipart", body=RequestModel)
    assert _keywords(None, whole=False, sends="multipart", body=RequestModel) == {}
