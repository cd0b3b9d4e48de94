"""The mock over a socket, compared with a bare Flask route on the same kind of server, and with other mocks.

All features are on: credentials, journal, access log (thrown away); answers are not validated.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

import httpx

from benches import load, servers
from benches.load import Load, Target
from benches.report import Result, Row, Table, ratio
from benches.servers import Running

# More entries than any server here deletes in a second.
_DELETED_PER_SECOND = 15_000
_LAST = 1_000_000
TARGETS = {
    "GET": Target("GET", "/patients/1/portal/enqueued"),
    "DELETE": Target("DELETE", "/patients/2/portal/enqueued/", after=_LAST),
    "POST": Target("POST", "/patients/221/portal/invite"),
}
MOCK = "the mock"
BARE = "bare Flask on waitress"

# By server: the least ratio of the mock's requests/s to its own.
LEAST = {BARE: 0.8, "Prism": 1.0, "Mockoon": 3.0}


@dataclass
class _Sample:
    """The figures of one server in all rounds: its loads and CPU seconds by method, start-ups and memory."""

    loads: dict[str, list[Load]] = field(default_factory=lambda: {method: [] for method in TARGETS})
    cpu: dict[str, list[float]] = field(default_factory=lambda: {method: [] for method in TARGETS})
    starts: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    loaded: float = 0.0

    def rate(self, method: str) -> float:
        return median(done.rate for done in self.loads[method])


def run(*, quick: bool = False, with_peers: bool = True) -> Result:
    """Start-up, memory, requests/s, latency and CPU time of each server, in turns.

    Args:
        quick: whether to try it out only.
        with_peers: whether to install and measure Prism and Mockoon, where there is Node.
    """
    seconds, rounds, starts = (0.2, 1, 1) if quick else (2.0, 3, 5)
    known = [servers.mock(), servers.bare_flask(BARE), *(servers.peers() if with_peers else [])]
    samples = {server.name: _Sample() for server in known}
    for _ in range(starts):
        for server in known:
            with servers.running(server) as running:
                samples[server.name].starts.append(running.ready_after)
                samples[server.name].idle.append(running.memory())
    with ExitStack() as stack:
        started = [stack.enter_context(servers.running(server)) for server in known]
        for _ in range(rounds):
            for method in TARGETS:
                for running in started:
                    _load(running, method, seconds, samples[running.server.name])
        for running in started:
            samples[running.server.name].loaded = running.memory()
    return Result(_rows(samples), _tables(samples), servers.versions(known))


def _load(running: Running, method: str, seconds: float, sample: _Sample) -> None:
    target = TARGETS[method]
    if running.server.name == MOCK and target.after:
        _fill(running.port, int(_DELETED_PER_SECOND * max(seconds, 1)))
    target = Target(target.method, running.server.base_path + target.path, target.after)
    before = running.cpu()
    done = load.put(running.port, target, seconds)
    sample.loads[method].append(done)
    sample.cpu[method].append((running.cpu() - before) / done.requests)


def _fill(port: int, entries: int) -> None:
    """Put so many entries into the queue of the patient whose entries are deleted."""
    queue = [{"id": _LAST + i + 1, "pt_id": 2, "request_type": "appointment"} for i in range(entries)]
    for path, body in (("reset", {}), ("state", {"entries": queue})):
        httpx.post(f"http://127.0.0.1:{port}/__admin/{path}", json=body, timeout=60, trust_env=False).raise_for_status()


def _rows(samples: dict[str, _Sample]) -> list[Row]:
    ours = samples[MOCK]
    rows = []
    for name, least in LEAST.items():
        for method in TARGETS if name in samples else ():
            pairs = zip(ours.loads[method], samples[name].loads[method], strict=True)
            rate = median(a.rate / b.rate for a, b in pairs)
            basis = f"{ours.rate(method):,.0f} / {samples[name].rate(method):,.0f} per s"
            rows.append(Row(f"requests/s, {method}: the mock / {name}", rate, least, at_least=True, basis=basis))
    start, idle = median(ours.starts), median(ours.idle)
    rows.append(Row("start-up to the first 200", start, 0.35, unit="s"))
    rows.append(Row("idle memory", idle, 45.0, unit="MB"))
    if "Prism" in samples:
        prism = samples["Prism"]
        rows.append(ratio("start-up: the mock / Prism", start, median(prism.starts), 1 / 3, "s"))
        rows.append(ratio("idle memory: the mock / Prism", idle, median(prism.idle), 1 / 3, "MB"))
    return rows


def _tables(samples: dict[str, _Sample]) -> list[Table]:
    def table(title: str, columns: list[str], figures: Callable[[_Sample], Iterable[float]]) -> Table:
        return Table(title, ["server", *columns], [[name, *figures(sample)] for name, sample in samples.items()])

    methods = list(TARGETS)
    return [
        table(
            f"Requests per second ({load.CONNECTIONS} connections)",
            methods,
            lambda sample: [round(sample.rate(method)) for method in methods],
        ),
        table(
            "CPU time of the server per request, µs",
            methods,
            lambda sample: [round(median(sample.cpu[method]) * 1e6) for method in methods],
        ),
        table(
            "Start-up to the first 200, and memory (RSS)",
            ["start-up, ms", "idle, MB", "after the load, MB"],
            lambda sample: [
                round(median(sample.starts) * 1000),
                round(median(sample.idle), 1),
                round(sample.loaded, 1),
            ],
        ),
    ]
