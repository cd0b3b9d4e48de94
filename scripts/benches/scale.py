"""What the size of the store costs: the time of the operations in process, for a patient with five open entries."""

import gc
from collections.abc import Callable
from functools import partial

import httpx
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport

from benches.report import Result, Row, in_turns, ratio

_QUEUE = "/api/v1/patients/1/portal/enqueued"
_SMALL, _LARGE, _HIDDEN = "10³ entries", "10⁵ entries", "10⁵ hidden entries of the patient"


def run(*, quick: bool = False) -> Result:
    """Times of list and delete in large stores, compared with a small one, in turns.

    Args:
        quick: whether to try it out only, with stores of a hundredth of their size.
    """
    large = 1_000 if quick else 100_000
    stores = {_SMALL: _Store(1_000), _LARGE: _Store(large), _HIDDEN: _Store(1_000, hidden=large)}
    rounds, calls = (1, 10) if quick else (9, 100)
    rows: list[Row] = []
    for operation, call in (("list", _Store.list_queue), ("delete", _Store.delete_entry)):
        actions: dict[str, Callable[[], object]] = {name: partial(call, store) for name, store in stores.items()}
        if call is _Store.delete_entry:
            for store in stores.values():
                store.prepare(rounds * calls + 1)
        gc.freeze()  # the garbage collector must not look through the large stores for the small one's calls
        times = in_turns(actions, rounds, calls)
        rows += [
            ratio(f"{operation}: {name} / {_SMALL}", times[name], times[_SMALL], 1.2, "µs")
            for name in (_LARGE, _HIDDEN)
        ]
    return Result(rows)


class _Store:
    """A mock with so many entries of other patients, and hidden ones of patient 1."""

    def __init__(self, entries: int, hidden: int = 0) -> None:
        self._portal = MockPortal(validate="off")
        transport = PortalTransport(self._portal.app)
        self._http = httpx.Client(transport=transport, base_url=ORIGIN, auth=("un", "pwd"))
        self._ids: list[int] = []
        self._add(2, entries)
        for entry_id in self._add(1, hidden):
            self._portal.state.hide(1, entry_id, by="un")

    def prepare(self, deletes: int) -> None:
        """Add the entries that are deleted."""
        self._ids = self._add(1, deletes)

    def list_queue(self) -> None:
        self._http.get(_QUEUE).raise_for_status()

    def delete_entry(self) -> None:
        self._http.delete(f"{_QUEUE}/{self._ids.pop()}").raise_for_status()

    def _add(self, pt_id: int, number: int) -> list[int]:
        state = self._portal.state
        return [state.enqueue(pt_id, "prescription_refill").id for _ in range(number)]
