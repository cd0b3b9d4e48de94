"""The observer of a client: which events it receives, that it harms no call, and that no event carries data."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cerbo_portal_runtime.events import CallFinished, Event, GuardedObserver

FINISHED = CallFinished("operation", 1, 200, None, 0.1)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """The level and text of what the logger `cerbo_portal` has said."""
    with caplog.at_level(logging.DEBUG, "cerbo_portal"):
        yield lambda: [
            (record.levelname, record.getMessage()) for record in caplog.records if record.name == "cerbo_portal"
        ]


def test_exceptions_of_an_observer_are_logged_once(logged: Callable[[], list[tuple[str, str]]]) -> None:
    def observer(event: Event) -> None:
        raise ValueError(event)

    guarded = GuardedObserver(observer)
    guarded(FINISHED)
    guarded(FINISHED)
    assert logged() == [("WARNING", "the observer failed: ValueError")]


def test_an_interruption_in_an_observer_passes() -> None:
    def observer(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        GuardedObserver(observer)(FINISHED)


async def _coroutine(event: Event) -> None:
    raise AssertionError(event)


def _future(event: Event) -> Any:
    loop = asyncio.new_event_loop()
    loop.close()
    return loop.create_future()


@pytest.mark.parametrize("observer", [_coroutine, _future])
def test_awaitable_results_of_an_observer_are_ignored(
    observer: Callable[[Event], Any], logged: Callable[[], list[tuple[str, str]]]
) -> None:
    GuardedObserver(observer)(FINISHED)
    assert logged() == [("WARNING", "the observer failed: expected no awaitable as its result")]
