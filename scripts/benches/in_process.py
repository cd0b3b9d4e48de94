"""The generated client against the mock without sockets, against the same through a socket, and against httpx alone.

CPU time of both sides is counted: of this process, and of the one that serves.
"""

import statistics
import time
from collections.abc import Callable

import httpx
from cerbo_portal_client import Client
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.spec.contract import Contract

from benches import bare, contenders
from benches.measure import Outcome, Row, Table

_PATH = "/api/v1/patients/1/portal/enqueued"


def run(*, quick: bool = False) -> Outcome:
    """CPU time of one call that lists five entries, in turns.

    Args:
        quick: whether to try it out only.
    """
    rounds, repeat = (1, 20) if quick else (9, 500)
    portal = MockPortal(validate="off")
    raw = httpx.Client(
        transport=httpx.WSGITransport(app=bare.create_app(bare.answers(Contract().document))),
        base_url="http://127.0.0.1",
        auth=("un", "pwd"),
    )
    with contenders.running(contenders.mock()) as server, portal.client() as inside, raw:
        base_url = f"http://127.0.0.1:{server.port}/api/v1"
        with Client(base_url, username="un", password="pwd") as outside:
            calls: dict[str, tuple[Callable[[], object], Callable[[], float]]] = {
                "the client, in process": (lambda: inside.show_portal_requests(1), time.process_time),
                "the client, over a socket": (
                    lambda: outside.show_portal_requests(1),
                    lambda: time.process_time() + server.cpu(),
                ),
                "httpx and a bare Flask route, in process": (lambda: raw.get(_PATH).json(), time.process_time),
            }
            cpu: dict[str, list[float]] = {name: [] for name in calls}
            wall: dict[str, list[float]] = {name: [] for name in calls}
            for _ in range(rounds):
                for name, (call, used) in calls.items():
                    before, started = used(), time.perf_counter()
                    for _ in range(repeat):
                        call()
                    wall[name].append((time.perf_counter() - started) / repeat)
                    cpu[name].append((used() - before) / repeat)
    medians = {name: statistics.median(times) * 1e6 for name, times in cpu.items()}
    ours, socket, base = medians.values()
    return Outcome(
        [
            Row("a call in process / over a socket", ours / socket, 0.4, basis=f"{ours:.0f} / {socket:.0f} µs"),
            Row("a call in process / httpx and a bare Flask route", ours / base, 2.0,
                basis=f"{ours:.0f} / {base:.0f} µs"),
        ],
        [
            Table(
                "A call that lists five entries",
                ["", "CPU, µs", "calls per s"],
                [
                    [name, round(medians[name]), round(1 / statistics.median(wall[name]))]
                    for name in calls
                ],
            )
        ],
        {"httpx": httpx.__version__},
    )  # fmt: skip
