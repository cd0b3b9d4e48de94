"""The part of a portal for tests that is the same in process and on another server."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from types import TracebackType
from typing import Any, Protocol, Self

from cerbo_portal_mock.clinic.fault_rule import FaultKind, FaultRule
from cerbo_portal_mock.clinic.faults import UnknownFault
from cerbo_portal_mock.testing.environment import client_environment


class AnyFaults(Protocol):
    """The faults of one instance."""

    def add(self, kind: FaultKind, **members: Any) -> FaultRule:
        """Add a rule."""

    def remove(self, rule_id: int) -> None:
        """Remove one rule; raises UnknownFault."""

    def clear(self) -> None:
        """Remove all rules."""

    def check_happened(self, rule_id: int | None = None) -> None:
        """Check that the faults with `must_happen` happened; raises FaultNotHappened."""


class BasePortal(ABC):
    """A portal of one test."""

    @property
    @abstractmethod
    def faults(self) -> AnyFaults:
        """The injected faults."""

    @abstractmethod
    def credentials(self, username: str | None = None, password: str | None = None) -> tuple[str, str]:
        """Name and password of an API user; raises LookupError."""

    @abstractmethod
    def server(self) -> AbstractContextManager[str]:
        """The base URL of the API on a socket, as long as the context lasts."""

    @abstractmethod
    def _all_faults(self) -> Sequence[AnyFaults]:
        """The faults of all instances."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.check_faults()
        finally:
            for faults in self._all_faults():
                faults.clear()

    @contextmanager
    def fault(self, kind: FaultKind, **members: Any) -> Iterator[FaultRule]:
        """Inject a fault as long as the context lasts.

        Args:
            kind: how calls fail; see `FaultKind`.
            members: the other members of `FaultRule`, all optional.

        Raises:
            InvalidArgument: as for `Faults.add`.
            FaultNotHappened: a fault with `must_happen` did not happen within the context.
        """
        faults = self.faults
        rule = faults.add(kind, **members)
        try:
            yield rule
            faults.check_happened(rule.id)
        finally:
            with suppress(UnknownFault):
                faults.remove(rule.id)

    def check_faults(self) -> None:
        """Check that the faults with `must_happen` happened as often as ordered, in all instances.

        Raises:
            FaultNotHappened: one did not.
        """
        for faults in self._all_faults():
            faults.check_happened()

    @contextmanager
    def environment(self, username: str | None = None, password: str | None = None) -> Iterator[str]:
        """Serve on a socket, and set the variables of `Client.from_env()`, as long as the context lasts.

        Args:
            username: an API user's name; by default the scenario's first.
            password: by default the user's own.

        Yields:
            The base URL of the API.

        Raises:
            LookupError: the scenario has no user of this name, and no password is given.
        """
        credentials = self.credentials(username, password)
        with self.server() as url, client_environment(url, *credentials):
            yield url
