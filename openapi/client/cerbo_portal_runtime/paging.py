"""Walks through a list that a server returns in pages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from . import errors, serialization
from .contract import Operation
from .models import Model


class _Pages:
    """What the pages of one list have in common."""

    def __init__(self, operation: Operation[Any], offset: int) -> None:
        self._operation = operation
        self.offset: int | None = offset
        self._last: list[Any] = []

    def entries(self, page: Model) -> list[Any]:
        """The entries of a page; afterwards `offset` is that of the next one, or None."""
        found = self._operation.entries(page)
        more = serialization.read_flag(page.raw.get("has_more"))
        if more and not found:
            raise errors.PagingFailed(self._operation.id, "the server has more, and returned an empty page")
        if found and found == self._last:
            raise errors.PagingFailed(self._operation.id, "the server returned the same page twice")
        assert self.offset is not None
        total = serialization.read_integer(page.raw.get("total_count"))
        following = self.offset + len(found)
        # A server that does not say whether there is more has more until a page is empty.
        goes_on = more if more is not None else bool(found) and (total is None or following < total)
        self.offset = following if goes_on else None
        self._last = found
        return found


def entries(operation: Operation[Any], call: Callable[[int], Model], offset: int) -> Iterator[Any]:
    """The entries of all pages.

    Args:
        operation: the operation, which has a `list_member`.
        call: returns the page at an offset.
        offset: where to begin.

    Raises:
        PagingFailed: a page repeats, or is empty although the server has more.
        CallError: a call did not succeed.
    """
    pages = _Pages(operation, offset)
    while pages.offset is not None:
        yield from pages.entries(call(pages.offset))


async def async_entries(
    operation: Operation[Any], call: Callable[[int], Awaitable[Model]], offset: int
) -> AsyncIterator[Any]:
    """The entries of all pages, as `entries` returns them.

    Args:
        operation: the operation, which has a `list_member`.
        call: returns the page at an offset.
        offset: where to begin.

    Raises:
        PagingFailed: a page repeats, or is empty although the server has more.
        CallError: a call did not succeed.
    """
    pages = _Pages(operation, offset)
    while pages.offset is not None:
        for entry in pages.entries(await call(pages.offset)):
            yield entry
