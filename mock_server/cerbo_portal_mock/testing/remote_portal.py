"""A portal of one test on another server: the attributes of `MockPortal`, over the control API."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.fault_rule import FaultKind, FaultRule
from cerbo_portal_mock.clinic.faults import FaultNotHappened, UnknownFault
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.clinic.records import Entry, Patient
from cerbo_portal_mock.clinic.scenario import DEFAULT_PATH
from cerbo_portal_mock.clinic.state import UnknownPatient, UnknownRequest
from cerbo_portal_mock.spec.contract import installed
from cerbo_portal_mock.spec.yaml_document import YamlDocument
from cerbo_portal_mock.testing import remote_records as records
from cerbo_portal_mock.testing.base_portal import BasePortal
from cerbo_portal_mock.testing.control_api import ControlApi
from cerbo_portal_mock.testing.remote_records import RemoteJournal, RemoteOutbox

if TYPE_CHECKING:
    from cerbo_portal_client import AsyncClient, Client


class RemoteState:
    """Patients and queue entries, as `State` has them."""

    def __init__(self, api: ControlApi) -> None:
        self._api = api

    def patient(self, pt_id: int) -> Patient:
        """The patient of this id; raises UnknownPatient."""
        for item in self._api.get("/state")["patients"]:
            if item["id"] == pt_id:
                return records.patient(item)
        raise UnknownPatient

    def open_entries(self, pt_id: int) -> list[Entry]:
        """The patient's queue without its hidden entries, oldest first; raises UnknownPatient."""
        return sorted(self._entries("open", pt_id), key=lambda entry: (entry.created, entry.id))

    def hidden_entries(self, pt_id: int) -> list[Entry]:
        """The patient's hidden entries, in the order in which they were hidden; raises UnknownPatient."""
        return sorted(self._entries("hidden", pt_id), key=lambda entry: str(entry.hidden_at))

    def enqueue(self, pt_id: int, request_type: str, **members: Any) -> Entry:
        """Put an entry into a patient's queue; see `State.enqueue`."""
        created = members.get("created")
        given = {**members, **({"created": created.isoformat()} if isinstance(created, datetime) else {})}
        body = {"pt_id": pt_id, "request_type": request_type, **_given(given)}
        return records.entry(self._add({"entries": [body]})["entries"][0])

    def add_patient(self, id: int, first_name: str, last_name: str, **members: Any) -> Patient:  # noqa: A002
        """Add a patient; see `State.add_patient`."""
        body = {"id": id, "first_name": first_name, "last_name": last_name, **_given(members)}
        return records.patient(self._add({"patients": [body]})["patients"][0])

    def restore(self, entry_id: int) -> Entry:
        """Put a hidden entry back into its queue; raises UnknownRequest."""
        added = self._api.call("POST", "/state", {"restore": [entry_id]}, UnknownRequest)
        return records.entry(added["entries"][0])

    def _add(self, body: Mapping[str, Any]) -> Any:
        return self._api.call("POST", "/state", body, UnknownPatient)

    def _entries(self, kind: str, pt_id: int) -> list[Entry]:
        state = self._api.get("/state")
        if all(item["id"] != pt_id for item in state["patients"]):
            raise UnknownPatient
        return [records.entry(item) for item in state[kind] if item["pt_id"] == pt_id]


class RemoteFaults:
    """The rules of injected faults, as `Faults` has them."""

    def __init__(self, api: ControlApi) -> None:
        self._api = api

    def __iter__(self) -> Iterator[FaultRule]:
        return map(records.fault_rule, self._api.get("/faults")["faults"])

    def add(self, kind: FaultKind, **members: Any) -> FaultRule:
        """Add a rule; see `Faults.add`. A body of bytes must be UTF-8."""
        body = members.get("body")
        text = {"body": body.decode()} if isinstance(body, bytes) else {}
        return records.fault_rule(self._api.post("/faults", {"kind": kind, **_given(members), **text}))

    def remove(self, rule_id: int) -> None:
        """Remove one rule; raises UnknownFault."""
        try:
            self._api.call("DELETE", f"/faults/{rule_id}")
        except DomainError:
            raise UnknownFault from None

    def clear(self) -> None:
        """Remove all rules."""
        self._api.call("DELETE", "/faults")

    def seed(self, seed: int) -> None:
        """Restart the random sequence."""
        self._api.post("/faults/seed", {"seed": seed})

    def missing(self) -> list[FaultRule]:
        """The rules with `must_happen` that have not happened, or not as often as ordered."""
        return list(map(records.fault_rule, self._api.get("/faults/missing")["faults"]))

    def check_happened(self, rule_id: int | None = None) -> None:
        """Check that the faults with `must_happen` happened; raises FaultNotHappened."""
        missing = [rule for rule in self.missing() if rule_id in (None, rule.id)]
        if missing:
            raise FaultNotHappened(missing)


class RemoteClock:
    """The time of the instance, as `Clock` has it. Clients of it wait in real time."""

    def __init__(self, api: ControlApi) -> None:
        self._api = api

    def __call__(self) -> datetime:
        """The instance's time."""
        return records.instant(self._api.get("/clock")["now"])

    @property
    def frozen(self) -> bool:
        """Whether the time is stopped."""
        return self._api.get("/clock")["frozen"] is True

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the time, now or at an aware time."""
        self._api.post("/clock/freeze", {} if at is None else {"at": at.isoformat()})

    def advance(self, seconds: float = 0, **units: float) -> None:
        """Move the time, frozen or not; see `Clock.advance`."""
        self._api.post("/clock/advance", {"seconds": seconds, **units})

    def release(self) -> None:
        """Return to the real time."""
        self._api.post("/clock/release")


class RemotePortal(BasePortal):
    """An instance of a mock on another server, with the attributes of `MockPortal` that do not need its process.

    Args:
        http: a client of the server, with the token where it needs one.
        instance: the instance's name.
        scenario: the path of a scenario, or plain data; by default the server's own.
        grease: what varies in the responses, as `MockPortal` takes it as a text; by default what the server varies.

    Raises:
        InvalidArgument: the scenario or the grease is refused.
        httpx.HTTPError: there is no mock.
    """

    def __init__(
        self,
        http: httpx.Client,
        instance: str,
        scenario: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        grease: str | None = None,
    ) -> None:
        if grease is not None:
            # Refused before the instance is created.
            Grease.read(grease)
        self._grease = grease
        self._api = ControlApi(http, instance)
        self._scenario = _plain(scenario)
        self.state = RemoteState(self._api)
        self.journal = RemoteJournal(self._api)
        self.outbox = RemoteOutbox(self._api)
        self.clock = RemoteClock(self._api)
        self._faults = RemoteFaults(self._api)
        if scenario is not None:
            self._api.post("/state", {"scenario": self._scenario})
        self._vary()

    @property
    def faults(self) -> RemoteFaults:
        """The injected faults."""
        return self._faults

    def client(self, username: str | None = None, password: str | None = None, **settings: Any) -> "Client":
        """A generated client of this portal, strict by default; close it, or use it in a `with` statement."""
        from cerbo_portal_client import Client  # noqa: PLC0415 (the mock itself does not need it)

        username, password = self.credentials(username, password)
        return Client(self._base_url, username=username, password=password, **{"strict": True, **settings})

    def async_client(self, username: str | None = None, password: str | None = None, **settings: Any) -> "AsyncClient":
        """A generated asynchronous client of this portal; see `client`."""
        from cerbo_portal_client import AsyncClient  # noqa: PLC0415 (the mock itself does not need it)

        username, password = self.credentials(username, password)
        return AsyncClient(self._base_url, username=username, password=password, **{"strict": True, **settings})

    @contextmanager
    def server(self) -> Iterator[str]:
        """The base URL of the API."""
        yield self._base_url

    def credentials(self, username: str | None = None, password: str | None = None) -> tuple[str, str]:
        """Name and password of an API user of the scenario, by default the first; raises LookupError."""
        users = {user["username"]: user["password"] for user in self._scenario["users"]}
        name = username if username is not None else next(iter(users))
        if password is None and name not in users:
            raise LookupError(f"no API user of this name; expected one of {', '.join(users)}")
        return name, users[name] if password is None else password

    def reset(self) -> None:
        """Return to the scenario."""
        self._api.post("/reset")
        self._vary()

    def _vary(self) -> None:
        if self._grease is not None:
            self._api.post("/settings", {"grease": self._grease})
        else:
            self._api.get("/settings")

    def drop(self) -> None:
        """Forget the instance."""
        self._api.drop()

    @property
    def _base_url(self) -> str:
        return f"{self._api.url}{installed().base_path}"

    def _all_faults(self) -> list[RemoteFaults]:
        return [self.faults]


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _plain(scenario: str | os.PathLike[str] | Mapping[str, Any] | None) -> Any:
    match scenario:
        case None:
            return YamlDocument(DEFAULT_PATH).content
        case str() | os.PathLike():
            return YamlDocument(Path(scenario)).content
        case Mapping():
            return scenario
    raise TypeError("scenario: expected a path or plain data where the mock runs on another server")
