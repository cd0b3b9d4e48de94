"""The journal: the last requests to one instance and their responses, in bounded memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import getsizeof
from threading import Lock
from typing import Any, overload

from cerbo_portal_mock.clinic.history import History, MemoryLimit
from cerbo_portal_mock.spec.errors import InvalidArgument

JOURNAL_SIZE = 1_000
# Bytes of one journal, and of all journals of this process.
JOURNAL_BYTES = 16 * 1024 * 1024
ALL_JOURNALS_BYTES = 48 * 1024 * 1024
# So much is kept: bytes of each body, characters of path and of query, of each header and of all headers.
KEPT_BODY = 4_096
KEPT_URL = 4_096
KEPT_HEADER = 1_024
KEPT_HEADERS = 8_192
KEPT_METHOD = 32
# What a header counts besides its characters, so that their number is bounded, too.
_HEADER_OVERHEAD = 32
# The status of a request whose connection was closed on demand.
NO_RESPONSE = 0
# So many exchanges are in the `repr` of a journal.
SHOWN = 100


@dataclass(slots=True, repr=False, kw_only=True)
class Exchange:
    """One request and its response; headers and bodies are absent from its `repr`.

    `at` is the instance's time, `duration` is in seconds. A journal truncates long parts; `truncated`
    names them.
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
    #: Whether the operation has no handler in the mock, which answers with an example.
    stub: bool = False
    #: What grease varied in the response, such as `ids: data[].id`.
    grease: tuple[str, ...] = ()
    #: How the response violates the contract, where that is checked.
    violation: str | None = None
    #: Counts from 1 in each journal.
    id: int = 0
    #: The parts that were truncated, such as `request.headers`.
    truncated: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        fault = f" ({self.fault})" if self.fault else ""
        grease = f" (grease: {', '.join(self.grease)})" if self.grease else ""
        return f"{self.method} {self.url} -> {self.status or 'no response'}{fault}{grease}"

    def __repr__(self) -> str:
        return f"<Exchange {self}>"


_MEMORY = MemoryLimit(ALL_JOURNALS_BYTES)


class NoExchange(LookupError):
    """There is no exchange (yet)."""

    def __init__(self) -> None:
        super().__init__("No request: the journal is empty")


class Journal(Sequence[Exchange]):
    """The last exchanges, oldest first, and how many there were in all.

    It keeps at most `JOURNAL_SIZE` exchanges of together `JOURNAL_BYTES`, and all journals of this process keep at most
    `ALL_JOURNALS_BYTES`: beyond that, the largest journals lose their oldest exchanges.

    Args:
        operations: the ids of the contract's operations.
    """

    def __init__(self, operations: Collection[str]) -> None:
        self._operations = operations
        self._lock = Lock()
        self._exchanges: History[Exchange] = History(_MEMORY, most_items=JOURNAL_SIZE, most_bytes=JOURNAL_BYTES)
        self._statuses: Counter[tuple[str, int]] = Counter()
        self.total = 0

    def record(self, exchange: Exchange) -> None:
        """Keep one exchange, truncated and numbered."""
        _truncate(exchange)
        with self._lock:
            self.total += 1
            exchange.id = self.total
            self._share(exchange)
            self._exchanges.append(exchange, _size(exchange))
            if exchange.operation and exchange.status != NO_RESPONSE:
                self._statuses[exchange.operation, exchange.status] += 1

    def _share(self, exchange: Exchange) -> None:
        """Keep headers once that are those of the exchange before, as they mostly are."""
        before = self._exchanges.last
        if before is not None:
            if exchange.headers == before.headers:
                exchange.headers = before.headers
            if exchange.response_headers == before.response_headers:
                exchange.response_headers = before.response_headers

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    @overload
    def __getitem__(self, place: int) -> Exchange: ...

    @overload
    def __getitem__(self, place: slice) -> list[Exchange]: ...

    def __getitem__(self, place: int | slice) -> Exchange | list[Exchange]:
        return list(self)[place]

    def __repr__(self) -> str:
        shown = "".join(f"\n  {exchange}" for exchange in self[-SHOWN:])
        return f"<Journal: {self.total} requests{':' if shown else ''}{shown}>"

    @property
    def last(self) -> Exchange:
        """The newest exchange.

        Raises:
            NoExchange: there is none.
        """
        last = self._exchanges.last
        if last is None:
            raise NoExchange
        return last

    def find(
        self,
        *,
        operation: str | None = None,
        method: str | None = None,
        patient: int | None = None,
        status: int | None = None,
        user: str | None = None,
    ) -> list[Exchange]:
        """The kept exchanges that fit all the arguments given.

        Args:
            operation: an operation id of the contract.
            method: an HTTP method.
            patient: a patient's id.
            status: an HTTP status; 0 where the connection was closed.
            user: an API user's name.

        Raises:
            InvalidArgument: the contract has no such operation.
        """
        if operation is not None:
            self._check_operation(operation)
        return [
            exchange
            for exchange in self
            if operation in (None, exchange.operation)
            and (method is None or method.upper() == exchange.method)
            and patient in (None, exchange.patient)
            and status in (None, exchange.status)
            and user in (None, exchange.user)
        ]

    def count(self, operation: str, status: int) -> int:  # type: ignore[override]  # (not of a value)
        """How many responses of the operation had the status, including those that are no longer kept.

        Raises:
            InvalidArgument: the contract has no such operation.
        """
        self._check_operation(operation)
        return self._statuses[operation, status]

    def _check_operation(self, operation: str) -> None:
        # A misspelt operation id would match nothing.
        if operation not in self._operations:
            raise InvalidArgument(f"operation: expected one of {', '.join(self._operations)}")

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._exchanges.clear()
            self._statuses.clear()
            self.total = 0


def _truncate(exchange: Exchange) -> None:
    parts: dict[str, tuple[str, Any]] = {
        "method": ("request.method", exchange.method[:KEPT_METHOD]),
        "path": ("request.url", exchange.path[:KEPT_URL]),
        "query": ("request.url", exchange.query[:KEPT_URL]),
        "headers": ("request.headers", _kept(exchange.headers)),
        "body": ("request.body", exchange.body[:KEPT_BODY]),
        "response_headers": ("response.headers", _kept(exchange.response_headers)),
        "response_body": ("response.body", exchange.response_body[:KEPT_BODY]),
    }
    longer = {name: part for name, part in parts.items() if getattr(exchange, name) != part[1]}
    for name, (_, kept) in longer.items():
        setattr(exchange, name, kept)
    exchange.truncated = tuple(dict.fromkeys(shown for shown, _ in longer.values()))


def _kept(headers: Mapping[str, str]) -> Mapping[str, str]:
    kept, left = {}, KEPT_HEADERS
    for name, value in headers.items():
        left -= len(name) + _HEADER_OVERHEAD
        if left < 0:
            break
        kept[name] = value[: min(left, KEPT_HEADER)]
        left -= len(kept[name])
    return kept


def _size(exchange: Exchange) -> int:
    parts = (exchange.method, exchange.path, exchange.query, exchange.body, exchange.response_body)
    size = getsizeof(exchange) + sum(map(getsizeof, (*parts, *exchange.grease)))
    for headers in (exchange.headers, exchange.response_headers):
        size += getsizeof(headers) + sum(getsizeof(name) + getsizeof(value) for name, value in headers.items())
    return size
