"""The time of one instance: the real time, until it is frozen or advanced."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from cerbo_portal_mock.clinic.errors import DomainError

Now = Callable[[], datetime]

# Links carry seconds since 1970. Every time zone has the last instant within the year 9999.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


class InvalidInstant(DomainError, ValueError):
    """The clock cannot be set to this instant."""

    def __init__(self) -> None:
        days = f"from {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d}"
        super().__init__(f"clock: expected a time in UTC or with an offset, {days}")


def parse_instant(text: str) -> datetime:
    """The aware UTC time of a text.

    Args:
        text: of the schema `instant` of `spec/schemas.yaml`; without an offset it is in UTC.

    Raises:
        InvalidInstant: there is no such time, such as a leap second.
    """
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInstant from None


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
        """The instance's time; it stops at `LATEST`."""
        if self._frozen is not None:
            return self._frozen
        now = self._now()
        if self._offset > timedelta() and now > LATEST - self._offset:
            return LATEST
        return now + self._offset

    @property
    def frozen(self) -> bool:
        """Whether the time is stopped."""
        return self._frozen is not None

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the time.

        Args:
            at: an aware time; by default the instance's current time.

        Raises:
            InvalidInstant: the time is naive, or before `EARLIEST`, or after `LATEST`.
        """
        with self._lock:
            self._frozen = _checked(self() if at is None else at)

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Move the time, frozen or not, by the sum of the arguments.

        Args:
            seconds: how far; backwards if negative.
            minutes: the same in minutes.
            hours: the same in hours.
            days: the same in days.

        Raises:
            InvalidInstant: the time would be before `EARLIEST` or after `LATEST`.
        """
        with self._lock:
            try:
                step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
                moved = _checked(self() + step)
            except (OverflowError, ValueError):
                raise InvalidInstant from None
            if self._frozen is not None:
                self._frozen = moved
            else:
                self._offset += step

    def release(self) -> None:
        """Return to the real time."""
        with self._lock:
            self._frozen = None
            self._offset = timedelta()


def _checked(moment: datetime) -> datetime:
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST:
        raise InvalidInstant
    return moment.astimezone(UTC)
