"""Deviations: logged once per kind and process, sent to the observer each time, without data."""

import logging
from collections.abc import Callable, Iterator

import pytest
from cerbo_portal_runtime import deviations
from cerbo_portal_runtime.events import Deviation, Event


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
