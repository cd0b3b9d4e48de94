"""Deviations: logged once per kind and process, sent to the observer each time, without data."""

import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from cerbo_portal_runtime import deviations
from cerbo_portal_runtime.events import Deviation, Event
from cerbo_portal_runtime.reader import Reader

from contract_tests.support.callers import KINDS, perform


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deviations, "_reported", {})


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """The level and text of what the logger `cerbo_portal.contract` has said."""
    with caplog.at_level(logging.DEBUG, "cerbo_portal.contract"):
        yield lambda: [
            (record.levelname, record.getMessage())
            for record in caplog.records
            if record.name == "cerbo_portal.contract"
        ]


def test_a_deviation_is_logged_once_and_observed_each_time(logged: Callable[[], list[tuple[str, str]]]) -> None:
    seen: list[Event] = []
    for _ in range(2):
        deviations.report("operation", "data[].created", "unreadable", seen.append)
        deviations.report("operation", "data[].new", "unknown member", seen.append, is_notice=True)
    deviations.report("operation", "data[].created", "missing")
    assert logged() == [
        ("WARNING", "operation: data[].created: unreadable"),
        ("INFO", "operation: data[].new: unknown member"),
        ("WARNING", "operation: data[].created: missing"),
    ]
    deviation = Deviation("operation", "data[].created", "unreadable", is_notice=False)
    notice = Deviation("operation", "data[].new", "unknown member", is_notice=True)
    assert seen == [deviation, notice] * 2


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ("data[].pt_id", "data[].pt_id"),
        ("[].id", "[].id"),
        ("data[][]", "data[][]"),
        ("A" * 40, "A" * 40),
        ("data[]." + "a" * 41, "data[].<withheld>"),
        ("data[].mrn4711.note", "data[].<withheld>.note"),
        ("data[4711]", "<withheld>"),
        ("data.Ann Lee", "data.<withheld>"),
        ("data.\n", "data.<withheld>"),
        ("data.näme", "data.<withheld>"),
        ("", "<withheld>"),
        ("a." * 200 + "a", "<withheld>"),
    ],
)
def test_names_that_may_be_data_are_withheld(
    element: str, shown: str, logged: Callable[[], list[tuple[str, str]]]
) -> None:
    seen: list[Event] = []
    deviations.report("operation", element, "kind", seen.append)
    assert seen == [Deviation("operation", shown, "kind", is_notice=False)]
    assert logged() == [("WARNING", f"operation: {shown}: kind")]


def test_after_256_kinds_elements_are_withheld_and_not_logged(logged: Callable[[], list[tuple[str, str]]]) -> None:
    seen: list[Event] = []
    for number in range(300):
        deviations.report("operation", "member", f"kind {number}", seen.append)
    deviations.report("operation", "member", "kind 0", seen.append)
    assert len(logged()) == 256
    assert [event.element for event in seen if isinstance(event, Deviation)] == [
        *["member"] * 256,
        *["<withheld>"] * 44,
        "member",
    ]


ODD = {
    "data": [
        {"id": 4711, "created": "Ann", "John.Smith": 1, "mrn[]": 1, "note4711": 1, "colour": "Ann"},
        {"id": 4712, "created": 7, "request_type": "hologram", "details": {"John": 1}},
        {"id": 4713, "created": "Lee", "colour": "Lee", "request_type": "document", "details": {"pages": 4711}},
    ],
    "has_more": False,
}
EXPECTED = {
    ("data[].created", "expected a date and time, not text", False),
    ("data[].created", "expected a date and time, not a number", False),
    ("data[].request_type", "a value beyond the known ones", True),
    ("data[].<withheld>", "not in the contract", True),
    ("data[].colour", "not in the contract", True),
    ("data[].details.pages", "not in the contract", True),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strict", [False, True])
def test_a_client_reports_each_kind_once_per_call_and_logs_it_once(
    strict: bool, kind: str, logged: Callable[[], list[tuple[str, str]]]
) -> None:
    seen: list[Event] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=ODD))
    for calls in (1, 2):
        perform(
            kind,
            "http://127.0.0.1/api/v1",
            lambda client: client.show_portal_requests(1),
            transport=transport,
            observer=seen.append,
            strict=strict,
        )
        found = [each for each in seen if isinstance(each, Deviation)]
        assert {(each.element, each.kind, each.is_notice) for each in found} == EXPECTED
        assert len({each.kind for each in found if each.element == "data[].created"}) == 2
        # Names that are withheld are reported one by one.
        assert [each.element for each in found].count("data[].colour") == calls
        assert {each.operation for each in found} == {"showPortalRequests"}
    assert set(logged()) == {
        ("INFO" if is_notice else "WARNING", f"showPortalRequests: {element}: {kind}")
        for element, kind, is_notice in EXPECTED
    }
    assert len(logged()) == len(EXPECTED)
    for name in ("4711", "Ann", "Lee", "John", "Smith", "mrn", "127.0.0.1"):
        assert name not in f"{seen} {logged()}"


def test_a_client_reports_deviations_of_a_response_that_is_an_error() -> None:
    seen: list[Event] = []
    for body in ({"data": [{"id": None}]}, {"data": [], "object": 7, "has_more": True}):
        transport = httpx.MockTransport(lambda _, body=body: httpx.Response(200, json=body))
        perform(
            "sync",
            "http://127.0.0.1/api/v1",
            lambda client: client.show_portal_requests(1),
            transport=transport,
            observer=seen.append,
        )
    assert [(each.element, each.kind) for each in seen if isinstance(each, Deviation)] == [
        ("data[].id", "missing"),
        ("object", "expected text, not a number"),
    ]


def test_a_body_has_at_most_256_kinds_of_each_sort() -> None:
    reader = Reader()
    for number in range(300):
        reader.deviate(f"a{number}", "kind")
        reader.notice(f"a{number}", "kind")
    assert (len(reader.deviations), len(reader.notices)) == (256, 256)
    assert reader.latest == ("a299", "kind")
