"""The time of one instance: the real time, until it is frozen or advanced."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from cerbo_portal_mock.clinic.errors import DomainError

Now = Callable[[], datetime]

# Links carry seconds since 1970, and no calendar goes past 9999.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


class InvalidInstant(DomainError, ValueError):
    """The clock cannot be set to this instant."""

    def __init__(self) -> None:
        super().__init__("clock: expected an instant with an offset, of the years 1970 to 9999")


def utc_now() -> datetime:
    """The time of day, aware and in UTC."""
    return datetime.now(UTC)


class Clock:
    """Gives the time, aware and in UTC, to audits and links.

    Args:
        now: the real time.
    """

    def __init__(self, now: Now = utc_now) -> None:
        self._now = now
        self._lock = Lock()
        self._offset = timedelta()
        self._frozen: datetime | None = None

    def __call__(self) -> datetime:
        """The instance's time."""
        return self._frozen or self._now() + self._offset

    @property
    def frozen(self) -> bool:
        """Whether the time is stopped."""
        return self._frozen is not None

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the time.

        Args:
            at: an aware time; by default the instance's current time.

        Raises:
            InvalidInstant: the time is naive, or before 1970, or after 9999.
        """
        with self._lock:
            self._frozen = _checked(self() if at is None else at)

    def advance(self, seconds: float) -> None:
        """Move the time, frozen or not.

        Args:
            seconds: how far; backwards if negative.

        Raises:
            InvalidInstant: the time would be before 1970 or after 9999.
        """
        with self._lock:
            try:
                moved = _checked(self() + timedelta(seconds=seconds))
            except (OverflowError, ValueError):
                raise InvalidInstant from None
            if self._frozen is not None:
                self._frozen = moved
            else:
                self._offset += timedelta(seconds=seconds)

    def release(self) -> None:
        """Return to the real time."""
        with self._lock:
            self._frozen = None
            self._offset = timedelta()


def _checked(moment: datetime) -> datetime:
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST:
        raise InvalidInstant
    return moment.astimezone(UTC)
