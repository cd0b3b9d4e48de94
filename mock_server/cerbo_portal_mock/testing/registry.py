"""The portals of this process, on which a test runner reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.instance import Instances
    from cerbo_portal_mock.clinic.journal import Journal


class _Portal(Protocol):
    """What a portal has that a test runner reports on."""

    instances: Instances

    def check_faults(self) -> None:
        """Raise if a fault did not happen that must."""


class PortalRegistry:
    """The portals that live, and those that were created during the current test."""

    def __init__(self) -> None:
        self._living: WeakSet[_Portal] = WeakSet()
        self._before: WeakKeyDictionary[Journal, int] = WeakKeyDictionary()
        self._current: list[_Portal] | None = None

    def add(self, portal: _Portal) -> None:
        """Add a portal that was created."""
        self._living.add(portal)
        if self._current is not None:
            self._current.append(portal)

    def begin_test(self) -> None:
        """Remember the portals that are created from now on, and how many calls the others have received."""
        self._current = []
        self._before = WeakKeyDictionary(
            {instance.journal: instance.journal.total for portal in self._living for instance in portal.instances}
        )

    def end_test(self) -> None:
        """Forget the portals of the test."""
        self._current = None

    @property
    def of_test(self) -> list[_Portal]:
        """The portals that were created during the current test."""
        return list(self._current or ())

    def calls(self) -> list[list[str]]:
        """The calls during the current test, one line each, of every portal of the test or with calls."""
        others = [portal for portal in self._living if portal not in self.of_test]
        parts = [self._calls(portal) for portal in self.of_test]
        return parts + [calls for portal in others if (calls := self._calls(portal))]

    def _calls(self, portal: _Portal) -> list[str]:
        return [line for instance in portal.instances for line in self._lines(instance.journal)]

    def _lines(self, journal: Journal) -> list[str]:
        new = journal.total - self._before.get(journal, 0)
        return [str(exchange) for exchange in journal[max(len(journal) - new, 0) :]]


REGISTRY = PortalRegistry()
