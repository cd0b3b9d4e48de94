"""Many callers at once, over sockets, with faults on: nothing is lost, nothing is done twice, nothing breaks.

`CERBO_STRESS_SECONDS` says how long (by default 3).
"""

import base64
import gc
import http.client
import json
import os
import time
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.journal import JOURNAL_SIZE

from contract_tests.support.http_client import LIST_PATH, USER, http_client

THREADS = 64
SECONDS = float(os.environ.get("CERBO_STRESS_SECONDS", "3"))
BASIC = {"Authorization": "Basic " + base64.b64encode(b"un:pwd").decode()}
JSON = {"Content-Type": "application/json"}
# Each tells its caller by its look whether the call was carried out.
ACTED = ("close", "truncated", "garbage")
REFUSED = ("html", "status")


class Caller:
    """One thread: adds, deletes, lists and invites, and keeps a tally of what was carried out."""

    def __init__(self, number: int, port: int) -> None:
        self._chance = Random(number)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.pt_id = 10_000 + number
        self.statuses: Counter[int] = Counter()
        self.open: set[int] = set()
        self.hidden: set[int] = set()
        self.invited = 0

    def run(self, deadline: float) -> "Caller":
        self._admin("/state", {"patients": [{
            "id": self.pt_id, "first_name": "P", "last_name": "Q", "primary_email": f"p{self.pt_id}@example.com"
        }]})  # fmt: skip
        while time.monotonic() < deadline:
            self._chance.choice((self._add, self._delete, self._list, self._invite))()
        self._connection.close()
        return self

    def _add(self) -> None:
        added = self._admin("/state", {"entries": [{"pt_id": self.pt_id, "request_type": "document"}]})
        self.open.add(added["entries"][0]["id"])

    def _delete(self) -> None:
        if self.open:
            entry = self._chance.choice(sorted(self.open))
            acted, _ = self._call("DELETE", f"/portal/enqueued/{entry}")
            if acted:
                self.open.discard(entry)
                self.hidden.add(entry)

    def _list(self) -> None:
        _, body = self._call("GET", "/portal/enqueued")
        if body is not None:
            assert {entry["id"] for entry in body["data"]} == self.open

    def _invite(self) -> None:
        acted, _ = self._call("POST", "/portal/invite")
        self.invited += acted

    def _call(self, method: str, path: str) -> tuple[bool, Any]:
        """Whether the call was carried out, and the document that it was answered with, if there was a whole one."""
        try:
            status, content = self._request(method, f"/api/v1/patients/{self.pt_id}{path}", None, BASIC)
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()
            return True, None
        self.statuses[status] += 1
        try:
            return status == 200, json.loads(content) if status == 200 else None
        except ValueError:
            return True, None

    def _admin(self, path: str, body: Any) -> Any:
        status, content = self._request("POST", f"/__admin{path}", json.dumps(body), JSON)
        assert status == 200, content
        return json.loads(content)

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, path, body, headers)
        with self._connection.getresponse() as response:
            return response.status, response.read()


def test_many_callers_with_faults_lose_and_duplicate_nothing() -> None:
    portal = MockPortal(validate="off")
    for kind in (*ACTED, *REFUSED):
        options = {"status": 503} if kind == "status" else {}
        portal.faults.add(kind, applied=kind in ACTED, probability=0.03, jitter_ms=2, **options)  # type: ignore[arg-type]
    with portal.server() as url, ThreadPoolExecutor(THREADS) as pool:
        port = int(url.split(":")[2].split("/")[0])
        deadline = time.monotonic() + SECONDS
        callers = list(pool.map(lambda number: Caller(number, port).run(deadline), range(THREADS)))
    statuses = sum((caller.statuses for caller in callers), Counter())
    assert set(statuses) == {200, 502, 503}
    for caller in callers:
        assert {entry.id for entry in portal.state.open_entries(caller.pt_id)} == caller.open
        assert {entry.id for entry in portal.state.hidden_entries(caller.pt_id)} == caller.hidden
        assert {entry.hidden_by for entry in portal.state.hidden_entries(caller.pt_id)} <= {"un"}
    ids = [entry.id for entry in portal.state.snapshot()[1]]
    assert len(ids) == len(set(ids)) == 7 + sum(len(caller.open) + len(caller.hidden) for caller in callers)
    assert portal.outbox.total == sum(caller.invited for caller in callers)
    assert len(portal.journal) == min(JOURNAL_SIZE, portal.journal.total)


def test_memory_is_flat_once_the_journal_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 200
    monkeypatch.setattr("cerbo_portal_mock.clinic.journal.JOURNAL_SIZE", size)
    portal = MockPortal(validate="off")
    with http_client(portal.app) as client:

        def call(times: int) -> None:
            for _ in range(times):
                client.get(LIST_PATH, auth=USER)
            gc.collect()

        call(size + 100)
        tracemalloc.start()
        call(size)  # each record of the journal is a traced one now
        before = tracemalloc.get_traced_memory()[0]
        call(size)
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    # Were they all kept, it would be about 4 kB for each.
    assert after - before < 20_000
