"""Histories: the last items, bounded in number and bytes, each and together."""

import gc
from concurrent.futures import ThreadPoolExecutor

from cerbo_portal_mock.clinic.history import History, MemoryLimit


def _history(memory: MemoryLimit, *, most_items: int = 1_000, most_bytes: int = 1_000) -> History[int]:
    return History(memory, most_items=most_items, most_bytes=most_bytes)


def test_a_history_keeps_the_last_items_that_fit() -> None:
    memory = MemoryLimit(10_000)
    by_number, by_bytes = _history(memory, most_items=3), _history(memory, most_bytes=30)
    for number in range(5):
        by_number.append(number, 1)
        by_bytes.append(number, 10)
    assert (list(by_number), list(by_bytes)) == ([2, 3, 4], [2, 3, 4])
    assert (by_number.size, by_bytes.size, memory.held) == (3, 30, 33)
    assert (by_bytes.last, len(by_bytes)) == (4, 3)
    by_bytes.clear()
    assert (by_bytes.last, len(by_bytes), memory.held) == (None, 0, 3)


def test_an_item_that_is_too_large_displaces_all() -> None:
    history = _history(MemoryLimit(10_000), most_bytes=30)
    history.append(1, 10)
    history.append(2, 31)
    assert (list(history), history.size) == ([], 0)


def test_all_histories_share_a_limit_at_the_expense_of_the_largest() -> None:
    memory = MemoryLimit(160)
    small, large = _history(memory), _history(memory)
    for number in range(4):
        small.append(number, 10)
    for number in range(100):
        large.append(number, 10)
        assert small.size + large.size == memory.held <= 160
    assert list(small) == [0, 1, 2, 3]
    assert list(large) == list(range(100 - len(large), 100))
    assert len(large) >= 11


def test_no_history_loses_more_than_half_while_another_is_as_large() -> None:
    memory = MemoryLimit(1_600)
    histories = [_history(memory) for _ in range(4)]
    for number in range(400):
        histories[number % 4].append(number, 10)
    assert 1_400 <= sum(history.size for history in histories) <= 1_600
    assert min(history.size for history in histories) >= 190


def test_a_history_that_is_gone_takes_no_memory_from_others() -> None:
    memory = MemoryLimit(1_600)
    for _ in range(3):
        gone = _history(memory)
        for number in range(100):
            gone.append(number, 10)
        del gone
        gc.collect()
    kept = _history(memory)
    for number in range(100):
        kept.append(number, 10)
    assert len(kept) == 100
    assert memory.held <= 1_600


def test_concurrent_appends_keep_the_count_of_bytes() -> None:
    memory = MemoryLimit(2_000)
    histories = [_history(memory) for _ in range(4)]

    def fill(history: History[int]) -> None:
        for number in range(500):
            history.append(number, 7)
            assert len(list(history)) <= 143

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fill, histories * 2))
    assert sum(history.size for history in histories) == memory.held <= 2_000
    assert all(history.size == 7 * len(history) for history in histories)
