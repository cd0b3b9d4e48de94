"""The mock over a socket, compared with a bare Flask route on the same kind of server, and with other mocks.

All features are on: credentials, journal, access log (thrown away); answers are not validated.
"""

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

import httpx

from benches import load, servers
from benches.load import Target
from benches.report import Result, Row, ratio
from benches.servers import Running

# More entries than any server here deletes in a second.
_DELETED_PER_SECOND = 15_000
_LAST = 1_000_000
TARGETS = {
    "GET": Target("GET", "/patients/1/portal/enqueued"),
    "DELETE": Target("DELETE", "/patients/2/portal/enqueued/", after=_LAST),
    "POST": Target("POST", "/patients/221/portal/invite"),
}
# By server: the least ratio of the mock's requests/s to its own.
LEAST = {servers.BARE.name: 0.8, "Prism": 1.0, "Mockoon": 3.0}

# The figures of one server in all rounds, by what they are.
_Figures = defaultdict[str, list[float]]


def run(*, quick: bool = False, with_peers: bool = True) -> Result:
    """Start-up, memory, requests/s and CPU time of each server, in turns.

    Args:
        quick: whether to try it out only.
        with_peers: whether to install and measure Prism and Mockoon, where there is Node.
    """
    seconds, rounds, starts = (1, 1, 1) if quick else (2, 3, 5)
    known = [servers.MOCK, servers.BARE, *(servers.peers() if with_peers else [])]
    figures = {server.name: _Figures(list) for server in known}
    for _ in range(starts):
        for server in known:
            with servers.running(server) as running:
                figures[server.name]["start"].append(running.ready_after)
                figures[server.name]["idle"].append(running.memory())
    with ExitStack() as stack:
        started = [stack.enter_context(servers.running(server)) for server in known]
        for _ in range(rounds):
            for method in TARGETS:
                for running in started:
                    _load(running, method, seconds, figures[running.server.name])
        for running in started:
            figures[running.server.name]["loaded"].append(running.memory())
    return Result(_rows(figures), _table(figures))


def _load(running: Running, method: str, seconds: int, figures: _Figures) -> None:
    target = TARGETS[method]
    if running.server is servers.MOCK and target.after:
        # Put so many entries into the queue of the patient whose entries are deleted.
        queue = [{"id": _LAST + i + 1, "pt_id": 2, "request_type": "a"} for i in range(_DELETED_PER_SECOND * seconds)]
        for path, body in (("reset", {}), ("state", {"entries": queue})):
            url = f"http://127.0.0.1:{running.port}/__admin/{path}"
            httpx.post(url, json=body, timeout=60, trust_env=False).raise_for_status()
    before = running.cpu()
    done = load.put(running.port, replace(target, path=running.server.base_path + target.path), seconds)
    figures[method].append(done.rate)
    figures[f"{method}, CPU"].append((running.cpu() - before) / done.requests)


def _rows(figures: dict[str, _Figures]) -> list[Row]:
    ours = figures[servers.MOCK.name]
    rows = []
    for name, least in LEAST.items():
        for method in TARGETS if name in figures else ():
            rates, theirs = ours[method], figures[name][method]
            basis = f"{median(rates):,.0f} / {median(theirs):,.0f} per s"
            rate = median(a / b for a, b in zip(rates, theirs, strict=True))
            rows.append(Row(f"requests/s, {method}: the mock / {name}", rate, least, at_least=True, basis=basis))
    start, idle = median(ours["start"]), median(ours["idle"])
    rows.append(Row("start-up to the first 200", start, 0.35, unit="s"))
    rows.append(Row("idle memory", idle, 45.0, unit="MB"))
    if prism := figures.get("Prism"):
        rows.append(ratio("start-up: the mock / Prism", start, median(prism["start"]), 1 / 3, "s"))
        rows.append(ratio("idle memory: the mock / Prism", idle, median(prism["idle"]), 1 / 3, "MB"))
    return rows


def _table(figures: dict[str, _Figures]) -> list[list[str | float]]:
    columns: dict[str, tuple[str, float, int | None]] = {f"{method}, per s": (method, 1.0, None) for method in TARGETS}
    columns |= {"start-up, ms": ("start", 1e3, None), "idle, MB": ("idle", 1.0, 1), "loaded, MB": ("loaded", 1.0, 1)}
    columns |= {f"{method}, CPU µs": (f"{method}, CPU", 1e6, None) for method in TARGETS}
    table: list[list[str | float]] = [["server", *columns]]
    for name, of in figures.items():
        table.append([name, *(round(median(of[key]) * factor, digits) for key, factor, digits in columns.values())])
    return table
