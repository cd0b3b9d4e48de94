"""What the client costs: a call, the parsing of a long list, and its import."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import yaml
from _venv import ROOT
from cerbo_portal_client import Client
from cerbo_portal_mock import create_app

from benches.measure import Outcome, Row, in_turns


def run(*, quick: bool = False) -> Outcome:
    """Compare with bare httpx and `json`.

    Args:
        quick: whether to try it out only.
    """
    rounds = 1 if quick else 9
    origin, path = "http://127.0.0.1", "/api/v1/patients/221/portal/enqueued"
    transport = httpx.WSGITransport(app=create_app())
    length = 10 if quick else 10_000
    body = _long_list(length)
    served = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"Content-Type": "application/json"}, content=body)
    )
    with (
        httpx.Client(transport=transport, base_url=origin, auth=("un", "pwd")) as raw,
        Client(f"{origin}/api/v1", username="un", password="pwd", transport=transport) as client,
        Client(origin, username="un", password="pwd", transport=served) as reader,
    ):
        call = in_turns(
            {"ours": lambda: client.show_portal_requests(221), "base": lambda: raw.get(path).json()},
            rounds,
            repeat=3 if quick else 300,
        )
        parse = in_turns({"ours": lambda: reader.show_portal_requests(1), "base": lambda: json.loads(body)}, rounds)
    imports = _imports("cerbo_portal_client", "httpx", rounds)
    return Outcome(
        [
            _row("a call, in process, empty list / the same by httpx", call, 1.5, "µs", 1e6),
            _row(f"a call that answers {length:,} entries, validated / `json.loads` of them", parse, 5.0, "ms", 1e3),
            _row("`import cerbo_portal_client` / `import httpx`", imports, 1.8, "ms", 1e3),
        ],
        versions={"httpx": httpx.__version__},
    )


def _row(what: str, times: dict[str, float], bound: float, unit: str, scale: float) -> Row:
    basis = f"{times['ours'] * scale:.1f} / {times['base'] * scale:.1f} {unit}"
    return Row(what, times["ours"] / times["base"], bound, basis=basis)


def _long_list(length: int) -> bytes:
    document = yaml.safe_load((ROOT / "openapi" / "cerbo-portal.yaml").read_text(encoding="utf-8"))
    answer = document["paths"]["/patients/{pt_id}/portal/enqueued"]["get"]["responses"]["200"]
    sample = answer["content"]["application/json"]["examples"]["patient1"]["value"]
    entries = [{**sample["data"][i % len(sample["data"])], "id": i + 1} for i in range(length)]
    return json.dumps({**sample, "data": entries, "total_count": length}).encode()


def _imports(measured: str, base: str, rounds: int) -> dict[str, float]:
    """Seconds of two imports, each in a new Python, less what an empty one takes."""

    def run(code: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    times = in_turns({"ours": run(f"import {measured}"), "base": run(f"import {base}"), "empty": run("")}, rounds)
    return {name: times[name] - times["empty"] for name in ("ours", "base")}
