"""The journal: the last requests to one instance and their responses, in bounded memory."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

JOURNAL_SIZE = 1_000
# So many bytes of a body are kept.
KEPT_BODY = 4_096
# The status of a request whose connection was closed on demand.
NO_RESPONSE = 0


@dataclass(slots=True, repr=False, kw_only=True)
class Exchange:
    """One request and its response; patient data, hence absent from its `repr`.

    `at` is the instance's time, `duration` is in seconds; bodies are cut after `KEPT_BODY` bytes.
    """

    at: datetime
    instance: str
    #: The caller's address, where the server says it.
    client: str | None
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    response_headers: Mapping[str, str]
    response_body: bytes
    duration: float = 0.0
    operation: str | None = None
    patient: int | None = None
    #: The API user's name, once authenticated.
    user: str | None = None
    #: The kind of the fault that was injected.
    fault: str | None = None
    #: How the response violates the contract, where that is checked.
    violation: str | None = None
    #: Counts from 1 in each journal.
    id: int = 0

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        fault = f" ({self.fault})" if self.fault else ""
        return f"{self.method} {self.url} -> {self.status or 'no response'}{fault}"


class Journal:
    """The last exchanges (at most `JOURNAL_SIZE`), oldest first, and how many there were in all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._exchanges: deque[Exchange] = deque(maxlen=JOURNAL_SIZE)
        self._statuses: Counter[tuple[str, int]] = Counter()
        self.total = 0

    def record(self, exchange: Exchange) -> None:
        """Keep one exchange and number it."""
        with self._lock:
            self.total += 1
            exchange.id = self.total
            self._share(exchange)
            self._exchanges.append(exchange)
            if exchange.operation and exchange.status != NO_RESPONSE:
                self._statuses[exchange.operation, exchange.status] += 1

    def _share(self, exchange: Exchange) -> None:
        """Keep headers once that are those of the exchange before, as they mostly are."""
        if self._exchanges:
            before = self._exchanges[-1]
            if exchange.headers == before.headers:
                exchange.headers = before.headers
            if exchange.response_headers == before.response_headers:
                exchange.response_headers = before.response_headers

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(list(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    def find(
        self,
        *,
        operation: str | None = None,
        patient: int | None = None,
        status: int | None = None,
        user: str | None = None,
    ) -> list[Exchange]:
        """The kept exchanges that fit all the arguments given.

        Args:
            operation: an operation id of the contract.
            patient: a patient's id.
            status: an HTTP status.
            user: an API user's name.
        """
        return [
            exchange
            for exchange in self
            if operation in (None, exchange.operation)
            and patient in (None, exchange.patient)
            and status in (None, exchange.status)
            and user in (None, exchange.user)
        ]

    def count(self, operation: str, status: int) -> int:
        """How many responses of the operation had the status, including those that are no longer kept."""
        return self._statuses[operation, status]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._exchanges.clear()
            self._statuses.clear()
            self.total = 0
