"""What an instance on another server holds, read over its control API."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload

from cerbo_portal_mock.admin.api import PREFIX
from cerbo_portal_mock.clinic.fault_rule import FaultRule
from cerbo_portal_mock.clinic.journal import Exchange, NoExchange
from cerbo_portal_mock.clinic.mail import NoMail
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.testing.control_api import ControlApi

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RemoteMail:
    """One mail; patient data are absent from its `repr`."""

    id: int
    sent_at: datetime
    sender: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    link: str = field(repr=False)
    delivery: str
    failure: str | None


class RemoteList(Sequence[T], Generic[T]):
    """Items of an instance, oldest first, read at each use."""

    def __init__(self, api: ControlApi) -> None:
        self._api = api

    @abstractmethod
    def _read(self) -> list[T]:
        """The items."""

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        return self._read()[place]

    def __iter__(self) -> Iterator[T]:
        # Read once: the default would read all items for each.
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class RemoteJournal(RemoteList[Exchange]):
    """The last exchanges, as `Journal` has them, without calls of the control API."""

    def _read(self) -> list[Exchange]:
        return _exchanges(self._api.get("/requests?limit=999999"))

    def __repr__(self) -> str:
        exchanges = self._read()
        shown = "".join(f"\n  {exchange}" for exchange in exchanges)
        return f"<Journal: {len(exchanges)} requests{':' if shown else ''}{shown}>"

    @property
    def total(self) -> int:
        """How many exchanges are kept."""
        return len(self)

    @property
    def last(self) -> Exchange:
        """The newest exchange; raises NoExchange."""
        exchanges = self._read()
        if not exchanges:
            raise NoExchange
        return exchanges[-1]

    def find(self, **search: Any) -> list[Exchange]:
        """The exchanges that fit all the arguments given; see `Journal.find`."""
        return _exchanges(self._api.post("/requests/find", search))

    def count(self, operation: str, status: int) -> int:  # type: ignore[override]  # (as `Journal` counts)
        """How many responses of the operation had the status."""
        self._api.post("/requests/count", {"operation": operation})
        counts = self._api.get("/requests/coverage")["coverage"]
        return sum(item["count"] for item in counts if (item["operation"], item["status"]) == (operation, status))

    def clear(self) -> None:
        """Forget everything."""
        self._api.call("DELETE", "/requests")


class RemoteOutbox(RemoteList[RemoteMail]):
    """The last mails, as `Outbox` has them."""

    def _read(self) -> list[RemoteMail]:
        return [_mail(item) for item in self._api.get("/outbox")["mails"]]

    @property
    def total(self) -> int:
        """How many mails there were in all."""
        total: int = self._api.get("/outbox")["meta"]["total"]
        return total

    @property
    def last(self) -> RemoteMail:
        """The newest mail; raises NoMail."""
        mails = self._read()
        if not mails:
            raise NoMail
        return mails[-1]


def entry(item: Mapping[str, Any]) -> Entry:
    """The queue entry of a JSON object of the control API."""
    members = {name: value for name, value in item.items() if name not in {"object", "url_patient_details"}}
    hidden_at = None if item["hidden_at"] is None else instant(item["hidden_at"])
    status = "open" if hidden_at else item["status"]
    return Entry(**{**members, "created": instant(item["created"]), "hidden_at": hidden_at, "status": status})


def patient(item: Mapping[str, Any]) -> Patient:
    """The patient of a JSON object of the control API."""
    return Patient(**item)


def fault_rule(item: Mapping[str, Any]) -> FaultRule:
    """The fault rule of a JSON object of the control API."""
    return FaultRule(**{**item, **({"steps": tuple(item["steps"])} if "steps" in item else {})})


def instant(text: str) -> datetime:
    """The aware UTC time of a text of the control API."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _exchanges(found: Mapping[str, Any]) -> list[Exchange]:
    return [exchange for exchange in map(_exchange, found["requests"]) if not exchange.path.startswith(PREFIX)]


def _exchange(item: Mapping[str, Any]) -> Exchange:
    request, response = item["request"], item["response"]
    path, _, query = request["url"].partition("?")
    same = ("id", "operation", "patient", "user", "instance", "fault", "stub", "violation")
    return Exchange(
        **{name: item[name] for name in same},
        truncated=tuple(item["truncated"]),
        grease=tuple(item["grease"]),
        at=instant(request["loggedDateString"]),
        client=request["clientIp"],
        method=request["method"],
        path=path,
        query=query,
        headers=request["headers"],
        body=request["body"].encode(),
        status=response["status"],
        response_headers=response["headers"],
        response_body=response["body"].encode(),
        duration=item["timing"]["totalTime"] / 1000,
    )


def _mail(item: Mapping[str, Any]) -> RemoteMail:
    return RemoteMail(**{**item, "sent_at": instant(item["sent_at"])})
