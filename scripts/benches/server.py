"""The mock over a socket, beside a bare Flask route on the same kind of server and beside other mocks.

All features are on: credentials, journal, access log (thrown away); answers are not validated.
"""

import http.client
import json
import statistics
from contextlib import ExitStack
from typing import Any

from cerbo_portal_mock.http.server import THREADS
from cerbo_portal_mock.spec.contract import Contract
from waitress.adjustments import Adjustments

from benches import bare, contenders, load
from benches.contenders import Running
from benches.load import Load, Target
from benches.measure import Outcome, Row, Table

# More entries than any server here deletes in a second.
_DELETED_PER_SECOND = 15_000
_FIRST = 1_000_000
TARGETS = {
    "GET": Target("GET", "/patients/1/portal/enqueued"),
    "DELETE": Target("DELETE", "/patients/2/portal/enqueued/", first=_FIRST),
    "POST": Target("POST", "/patients/221/portal/invite"),
}
MOCK = "the mock"
BARE = "bare Flask on waitress"

# By contender: the least ratio of the mock's requests/s to its own.
LEAST = {BARE: 0.8, "Prism": 1.0, "Mockoon": 3.0}


class _Sample:
    """What one contender did in all rounds, by method."""

    def __init__(self) -> None:
        self.loads: dict[str, list[Load]] = {method: [] for method in TARGETS}
        self.cpu: dict[str, list[float]] = {method: [] for method in TARGETS}
        self.starts: list[float] = []
        self.idle: list[float] = []
        self.loaded = 0.0

    def rate(self, method: str) -> float:
        return statistics.median(done.requests / done.seconds for done in self.loads[method])

    def latency(self, method: str) -> tuple[float, float]:
        """p50 and p99."""
        done = self.loads[method]
        return statistics.median(one.p50 for one in done), statistics.median(one.p99 for one in done)


def run(*, quick: bool = False, with_peers: bool = True) -> Outcome:
    """Start-up, memory, requests/s, latency and CPU time of each contender, in turns.

    Args:
        quick: whether to try it out only.
        with_peers: whether to install and measure Prism and Mockoon, where there is Node.
    """
    seconds, rounds, starts = (0.2, 1, 1) if quick else (2.0, 3, 5)
    answers = bare.answers(Contract().document)
    known = [
        contenders.mock(),
        contenders.bare_flask(BARE, answers, Adjustments.threads),
        contenders.bare_flask(f"bare Flask, {THREADS} threads", answers, THREADS),
        *(contenders.peers() if with_peers else []),
    ]
    samples = {contender.name: _Sample() for contender in known}
    for _ in range(starts):
        for contender in known:
            with contenders.running(contender) as server:
                samples[contender.name].starts.append(server.ready_after)
                samples[contender.name].idle.append(server.memory())
    with ExitStack() as stack:
        servers = [stack.enter_context(contenders.running(contender)) for contender in known]
        for _ in range(rounds):
            for method in TARGETS:
                for server in servers:
                    _load(server, method, seconds, samples[server.contender.name])
        for server in servers:
            samples[server.contender.name].loaded = server.memory()
    return Outcome(_rows(samples), _tables(samples), {**contenders.versions(known), "load": load.generator()})


def _load(server: Running, method: str, seconds: float, sample: _Sample) -> None:
    target = TARGETS[method]
    if server.contender.name == MOCK and target.first:
        _fill(server.port, int(_DELETED_PER_SECOND * max(seconds, 0.2)))
    target = Target(target.method, server.contender.base_path + target.path, target.first)
    before = server.cpu()
    done = load.put(server.port, target, seconds)
    sample.loads[method].append(done)
    sample.cpu[method].append((server.cpu() - before) / done.requests)


def _fill(port: int, entries: int) -> None:
    """Put so many entries into the queue of the patient whose entries are deleted."""
    queue = [{"id": _FIRST + i, "pt_id": 2, "request_type": "appointment"} for i in range(entries)]
    _control(port, "/reset", {})
    _control(port, "/state", {"entries": queue})


def _control(port: int, path: str, body: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", f"/__admin{path}", json.dumps(body), {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        if response.status != 200:
            raise load.Failed(f"POST /__admin{path}: {response.status}")
    connection.close()


def _rows(samples: dict[str, _Sample]) -> list[Row]:
    ours = samples[MOCK]
    rows = []
    for name, least in LEAST.items():
        for method in TARGETS if name in samples else ():
            pairs = zip(ours.loads[method], samples[name].loads[method], strict=True)
            ratio = statistics.median((a.requests / a.seconds) / (b.requests / b.seconds) for a, b in pairs)
            basis = f"{ours.rate(method):,.0f} / {samples[name].rate(method):,.0f} per s"
            rows.append(Row(f"requests/s, {method}: the mock / {name}", ratio, least, at_least=True, basis=basis))
    start, idle = statistics.median(ours.starts), statistics.median(ours.idle)
    rows.append(Row("start-up to the first 200", start, 0.35, unit="s"))
    rows.append(Row("idle memory", idle, 45.0, unit="MB"))
    if "Prism" in samples:
        prism = samples["Prism"]
        other = statistics.median(prism.starts)
        rows.append(Row("start-up: the mock / Prism", start / other, 1 / 3, basis=f"{start:.2f} / {other:.2f} s"))
        other = statistics.median(prism.idle)
        rows.append(Row("idle memory: the mock / Prism", idle / other, 1 / 3, basis=f"{idle:.0f} / {other:.0f} MB"))
    return rows


def _tables(samples: dict[str, _Sample]) -> list[Table]:
    return [
        Table(
            f"Requests per second ({load.CONNECTIONS} connections)",
            ["server", *TARGETS],
            [[name, *(round(sample.rate(method)) for method in TARGETS)] for name, sample in samples.items()],
        ),
        Table(
            "CPU time of the server per request, µs",
            ["server", *TARGETS],
            [
                [name, *(round(statistics.median(sample.cpu[method]) * 1e6) for method in TARGETS)]
                for name, sample in samples.items()
            ],
        ),
        Table(
            "Latency, ms: half of the answers, and 99 of 100, came within",
            ["server", *(f"{method} {name}" for method in TARGETS for name in ("p50", "p99"))],
            [
                [name, *(round(figure, 1) for method in TARGETS for figure in sample.latency(method))]
                for name, sample in samples.items()
            ],
        ),
        Table(
            "Start-up to the first 200, and memory (RSS)",
            ["server", "start-up, ms", "idle, MB", "after the load, MB"],
            [
                [
                    name,
                    round(statistics.median(sample.starts) * 1000),
                    round(statistics.median(sample.idle), 1),
                    round(sample.loaded, 1),
                ]
                for name, sample in samples.items()
            ],
        ),
    ]
