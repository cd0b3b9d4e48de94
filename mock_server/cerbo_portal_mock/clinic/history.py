"""The last items of a kind, bounded in number and in bytes."""

from collections import deque
from collections.abc import Iterator
from threading import RLock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class MemoryLimit:
    """The bytes that all histories of one kind may hold together in this process.

    Args:
        limit: the bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        # One for all of its histories, because an item of one can displace items of another.
        self.lock = RLock()
        # Histories that were garbage-collected are still counted, until the sum reaches the limit.
        self.held = 0
        self.histories: WeakSet[History[Any]] = WeakSet()

    def enforce(self) -> None:
        """Drop the oldest items of the largest histories if the limit is exceeded; call it with the lock held."""
        if self.held <= self.limit:
            return
        histories = list(self.histories)
        self.held = sum(history.size for history in histories)
        # Some are dropped in advance, or every further item would need a look at all histories.
        goal = self.limit - self.limit // 16 if self.held > self.limit else self.held
        while self.held > goal:
            largest = max(histories, key=lambda history: history.size)
            largest.shrink(max(largest.size - (self.held - goal), largest.size // 2))


class History(Generic[T]):
    """The last items, oldest first; a new one displaces the oldest.

    Args:
        memory: the bytes that all histories of this kind may hold.
        most_items: how many items are kept.
        most_bytes: how many bytes they may have together.
    """

    def __init__(self, memory: MemoryLimit, *, most_items: int, most_bytes: int) -> None:
        self._memory = memory
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._items: deque[tuple[T, int]] = deque()
        #: The bytes of all items.
        self.size = 0
        memory.histories.add(self)

    def append(self, item: T, size: int) -> None:
        """Keep an item.

        Args:
            item: the item.
            size: its bytes, about.
        """
        with self._memory.lock:
            self._items.append((item, size))
            self.size += size
            self._memory.held += size
            if len(self._items) > self._most_items:
                self._drop()
            self.shrink(self._most_bytes)
            self._memory.enforce()

    def shrink(self, goal: int) -> None:
        """Drop the oldest items until the others have at most so many bytes."""
        with self._memory.lock:
            while self.size > goal:
                self._drop()

    def _drop(self) -> None:
        _, size = self._items.popleft()
        self.size -= size
        self._memory.held -= size

    @property
    def last(self) -> T | None:
        """The newest item, if there is one."""
        with self._memory.lock:
            return self._items[-1][0] if self._items else None

    def clear(self) -> None:
        """Drop all items."""
        self.shrink(0)

    def __iter__(self) -> Iterator[T]:
        with self._memory.lock:
            return iter([item for item, _ in self._items])

    def __len__(self) -> int:
        return len(self._items)
