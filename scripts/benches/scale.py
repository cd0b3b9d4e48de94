"""What the size of the store costs: latency of the operations in process, and memory.

Every store is a process of its own, filled through the control API; patient 1 always has five open entries.
"""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import psutil
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.instance import MAX_INSTANCES
from cerbo_portal_mock.testing.mock_portal import ORIGIN, PortalTransport

from benches.contenders import environment
from benches.measure import Outcome, Row, Table

_AT_ONCE = 5_000
OPERATIONS = ("list", "delete", "invite")


class Size(NamedTuple):
    """What a store holds: patients, the entries that they share, hidden entries of patient 1, and instances."""

    entries: int
    patients: int = 0
    hidden: int = 0
    instances: int = 1


SIZES = {
    "10³ entries": Size(1_000, 100),
    "10⁴ entries": Size(10_000, 1_000),
    "10⁵ entries": Size(100_000, 10_000),
    "10⁵ hidden entries of the patient": Size(1_000, 100, hidden=100_000),
    "10⁵ patients, 10³ entries": Size(1_000, 100_000),
    f"{MAX_INSTANCES} instances": Size(1_000, 100, instances=MAX_INSTANCES),
    "10⁶ entries": Size(1_000_000, 100_000),
}
_BOUNDED = ("10⁵ entries", "10⁵ hidden entries of the patient")
_SMALLEST = "10³ entries"


def run(*, quick: bool = False) -> Outcome:
    """Latencies by operation, and what the store takes.

    Args:
        quick: whether to try it out only, with some of the stores, of a hundredth of their size.
    """
    sizes = {name: _hundredth(SIZES[name]) for name in (_SMALLEST, *_BOUNDED)} if quick else SIZES
    stores = {name: _Store(size) for name, size in sizes.items()}
    try:
        ready = {name: store.ready() for name, store in stores.items()}
        times = _in_turns(stores, 1 if quick else 9)
    finally:
        for store in stores.values():
            store.close()
    rows = [
        Row(
            f"{operation}: {name} / {_SMALLEST}",
            times[name][operation] / times[_SMALLEST][operation],
            1.2,
            basis=f"{times[name][operation]:.0f} / {times[_SMALLEST][operation]:.0f} µs",
        )
        for name in _BOUNDED
        for operation in ("list", "delete")
    ]
    latencies = Table(
        "Time of one operation, of a patient with five open entries, µs",
        ["store", *OPERATIONS],
        [[name, *(round(times[name][operation]) for operation in OPERATIONS)] for name in sizes],
    )
    memory = Table(
        "Filling the store",
        ["store", "s", "bytes per entry or patient", "MB in all (RSS)"],
        [
            [name, round(ready[name]["seconds"], 1), round(ready[name]["bytes"]), round(ready[name]["memory"], 1)]
            for name in sizes
        ],
    )
    return Outcome(rows, [latencies, memory])


def _hundredth(size: Size) -> Size:
    return Size(size.entries // 100, size.patients // 100, size.hidden // 100, min(size.instances, 3))


def _in_turns(stores: Mapping[str, "_Store"], rounds: int) -> dict[str, dict[str, float]]:
    """By store and operation, the median of the rounds in microseconds."""
    times: dict[str, dict[str, list[float]]] = {name: {operation: [] for operation in OPERATIONS} for name in stores}
    for _ in range(rounds):
        for name, store in stores.items():
            for operation, microseconds in store.measure().items():
                times[name][operation].append(microseconds)
    return {
        name: {operation: statistics.median(found) for operation, found in operations.items()}
        for name, operations in times.items()
    }


class _Store:
    """A process with a filled mock in it; it answers each line that it reads by one line of JSON."""

    def __init__(self, size: Size) -> None:
        command = [sys.executable, "-m", "benches.scale", *map(str, size)]
        self._process = subprocess.Popen(
            command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ready(self) -> dict[str, float]:
        return self._answer()

    def measure(self) -> dict[str, float]:
        assert self._process.stdin
        self._process.stdin.write("measure\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.communicate()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit("bench: a store ended before its time")
        answer: dict[str, float] = json.loads(line)
        return answer


class _Filled:
    """The mock of one store, and its callers."""

    def __init__(self, size: Size) -> None:
        self.portal = MockPortal(validate="off")
        self._http = httpx.Client(
            transport=PortalTransport(self.portal.app), base_url=ORIGIN, auth=("un", "pwd"), timeout=600
        )
        before = psutil.Process().memory_info().rss
        started = time.perf_counter()
        self._hide(size.hidden)
        for body in _bodies(size):
            self._post("/__admin/state", body)
        for number in range(1, size.instances):
            self._http.get("/api/v1/patients/1/portal/enqueued", headers={"X-Cerbo-Instance": f"clinic-{number}"})
        self.seconds = time.perf_counter() - started
        self.memory = psutil.Process().memory_info().rss
        self.bytes = (self.memory - before) / (size.entries + size.hidden + size.patients)

    def measure(self, calls: int = 100) -> dict[str, float]:
        """By operation, the median of so many calls in microseconds."""
        gc.collect()
        ids = [
            entry["id"]
            for entry in self._post("/__admin/state", {"entries": [_entry(1) for _ in range(calls)]})["entries"]
        ]
        queue = "/api/v1/patients/1/portal/enqueued"
        times = {"delete": [_time(lambda: self._call("DELETE", f"{queue}/{ids.pop()}")) for _ in range(calls)]}
        times["list"] = [_time(lambda: self._call("GET", queue)) for _ in range(calls)]
        times["invite"] = [_time(lambda: self._call("POST", "/api/v1/patients/1/portal/invite")) for _ in range(calls)]
        return {operation: statistics.median(times[operation]) * 1e6 for operation in OPERATIONS}

    def _hide(self, number: int) -> None:
        for start in range(0, number, _AT_ONCE):
            some = [_entry(1) for _ in range(min(_AT_ONCE, number - start))]
            for entry in self._post("/__admin/state", {"entries": some})["entries"]:
                self.portal.state.hide(1, entry["id"], by="un")

    def _post(self, path: str, body: Any) -> Any:
        response = self._http.post(path, json=body)
        response.raise_for_status()
        return response.json()

    def _call(self, method: str, path: str) -> None:
        self._http.request(method, path).raise_for_status()


def _entry(pt_id: int) -> dict[str, Any]:
    return {
        "pt_id": pt_id,
        "request_type": "prescription_refill",
        "subject": "Refill of a current prescription",
        "details": {"drug_id": 311, "quantity": 30},
    }


def _bodies(size: Size) -> Iterator[dict[str, Any]]:
    """Patients, then entries that they share evenly."""
    patients = [
        {"id": 1_000 + i, "first_name": "Sam", "last_name": "Sample", "primary_email": f"sam{i}@example.com"}
        for i in range(size.patients)
    ]
    for start in range(0, size.patients, _AT_ONCE):
        yield {"patients": patients[start : start + _AT_ONCE]}
    for start in range(0, size.entries, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size.entries))
        yield {"entries": [_entry(1_000 + number % max(size.patients, 1)) for number in numbers]}


def _time(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    filled = _Filled(Size(*map(int, sys.argv[1:])))
    print(json.dumps({"seconds": filled.seconds, "bytes": filled.bytes, "memory": filled.memory / 1e6}), flush=True)
    for _ in sys.stdin:
        print(json.dumps(filled.measure()), flush=True)
