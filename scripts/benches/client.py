"""What the client costs, over httpx alone and over the mock in process."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable

import httpx
from cerbo_portal_client import Client
from cerbo_portal_mock import MockPortal, create_app

from benches import bare_flask, servers
from benches.report import Result, in_turns, ratio

_ORIGIN, _USER = "http://127.0.0.1", ("un", "pwd")
# Each of these members of an entry deviates from the contract.
_ODD = {"object": 1, "pt_id": "x", "request_type": [], "status": 1, "created": "x", "addedby": "x", "details": "x"}


def run(*, quick: bool = False) -> Result:
    """Time of a call, of the parsing of a long list, and of the import, compared with bare httpx and `json`.

    Args:
        quick: whether to try it out only.
    """
    rounds, length = (1, 10) if quick else (9, 10_000)
    transport = httpx.WSGITransport(app=create_app())
    body, odd = _long_list(length), _long_list(length, **_ODD)
    served = httpx.MockTransport(
        lambda request: httpx.Response(
            200, headers={"Content-Type": "application/json"}, content=body if "/1/" in request.url.path else odd
        )
    )
    with (
        httpx.Client(transport=transport, base_url=_ORIGIN, auth=_USER) as raw,
        Client(f"{_ORIGIN}/api/v1", username="un", password="pwd", transport=transport) as client,
        Client(f"{_ORIGIN}/api/v1", username="un", password="pwd", transport=served) as reader,
    ):
        path = "/api/v1/patients/221/portal/enqueued"
        gc.freeze()  # the garbage collector must not look through the modules of the bench for every list
        calls = {"ours": lambda: client.show_portal_requests(221), "base": lambda: raw.get(path).json()}
        call = in_turns(calls, rounds, repeat=3 if quick else 300)
        parse = in_turns({"ours": lambda: reader.show_portal_requests(1), "base": lambda: json.loads(body)}, rounds)
        parse_odd = in_turns({"ours": lambda: reader.show_portal_requests(2), "base": lambda: json.loads(odd)}, rounds)
    imports = in_turns({"ours": _python("import cerbo_portal_client"), "base": _python("import httpx")}, rounds)
    empty = in_turns({"": _python("")}, rounds)[""]
    imported = imports["ours"] - empty, imports["base"] - empty
    what = f"a call that answers {length:,} entries{{}}, checked / `json.loads` of them"
    return Result(
        [
            ratio("a call, in process, empty list / the same by httpx", call["ours"], call["base"], 1.5, "µs"),
            ratio(what.format(""), parse["ours"], parse["base"], 5.0, "ms"),
            ratio(what.format(" with deviations in each"), parse_odd["ours"], parse_odd["base"], 15.0, "ms"),
            ratio("`import cerbo_portal_client` / `import httpx`", *imported, 1.8, "ms"),
        ]
    )


def _long_list(length: int, **odd: object) -> bytes:
    sample = bare_flask.example("GET")
    entries = [{**sample["data"][i % len(sample["data"])], "id": i + 1, **odd} for i in range(length)]
    return json.dumps({**sample, "data": entries, "total_count": length}).encode()


def _python(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def run_in_process(*, quick: bool = False) -> Result:
    """CPU time, of both sides, of a call that lists five entries: in process, over a socket, and by httpx alone.

    Args:
        quick: whether to try it out only.
    """
    path = "/api/v1/patients/1/portal/enqueued"
    transport = httpx.WSGITransport(app=bare_flask.create_app())
    with (
        servers.running(servers.MOCK) as server,
        MockPortal(validate="off").client() as inside,
        httpx.Client(transport=transport, base_url=_ORIGIN, auth=_USER) as raw,
        Client(f"{_ORIGIN}:{server.port}/api/v1", username="un", password="pwd") as outside,
    ):
        actions: dict[str, Callable[[], object]] = {
            "in process": lambda: inside.show_portal_requests(1),
            "over a socket": lambda: outside.show_portal_requests(1),
            "httpx and a bare Flask route": lambda: raw.get(path).json(),
        }
        rounds, repeat = (1, 20) if quick else (9, 500)
        cpu = in_turns(actions, rounds, repeat, clock=lambda: time.process_time() + sum(server.process.cpu_times()[:2]))
    ours, socket, base = cpu.values()
    return Result(
        [
            ratio("a call in process / over a socket", ours, socket, 0.4, "µs"),
            ratio("a call in process / httpx and a bare Flask route", ours, base, 2.0, "µs"),
        ]
    )
