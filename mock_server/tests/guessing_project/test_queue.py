"""The tests of the project; the option --robust has them use the client without guesses."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def queue(request, cerbo_portal):
    return request.getfixturevalue("robust_queue" if request.config.getoption("--robust") else "naive_queue")


def test_date_format(queue):
    assert queue.oldest() == datetime(2026, 11, 2, 9, 15, tzinfo=UTC)


def test_numeric_ids(queue):
    assert queue.own_ids() == [21, 27, 28, 30, 33]


def test_status_of_a_delete(queue):
    dismissed = [queue.dismiss(number) for number in (21, 27, 28, 30, 33)]
    assert dismissed == [True] * 5


def test_order_of_members(queue):
    assert queue.row() == ("secure_message", "open")


def test_text_of_an_error(queue):
    assert [queue.is_unknown(number) for number in range(90, 98)] == [True] * 8
