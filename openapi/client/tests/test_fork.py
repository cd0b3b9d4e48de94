"""A client that was used before `fork()`: parent and child have connections of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.support.doubles import Peer, Step, answers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork()")

PRELUDE = """
import asyncio, multiprocessing, os, sys, threading
from cerbo_portal_client import AsyncClient, Client

URL = sys.argv[1]
SETTINGS = {"username": "u", "password": "p", "timeout": 20}


def own(pt_id, listed):
    return listed.data[0].id == pt_id


def join(pid):
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def child(work):
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = 0 if work() else 2
    finally:
        os._exit(code)
"""

BOTH = """
client = Client(URL, **SETTINGS)
assert own(7, client.show_portal_requests(7))
work = lambda first: all(own(n, client.show_portal_requests(n)) for n in range(first, first + 60))
pid = child(lambda: work(1000))
assert work(2000)
join(pid)
"""

BOTH_ASYNCHRONOUS = """
client = AsyncClient(URL, **SETTINGS)


async def work(first):
    return all([own(n, await client.show_portal_requests(n)) for n in range(first, first + 60)])


assert asyncio.run(work(1))
pid = child(lambda: asyncio.run(work(1000)))
assert asyncio.run(work(2000))
join(pid)
"""

POOL = """
client = Client(URL, **SETTINGS)


def work(n):
    return own(n, client.show_portal_requests(n))


if __name__ == "__main__":
    assert work(7)
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert all(pool.map(work, range(1, 17), chunksize=1))
    assert work(7)
"""

LOCKED = """
client = Client(URL, **SETTINGS)
assert own(7, client.show_portal_requests(7))
pool = client._transport._inner._pool
for _ in range(100):
    pool.slots.acquire()
pool.slots._cond.acquire()
pid = child(lambda: own(8, client.show_portal_requests(8)))
join(pid)
pool.slots._cond.release()
for _ in range(100):
    pool.slots.release()
assert own(7, client.show_portal_requests(7))
"""

CLOSED = """
client = Client(URL, **SETTINGS)
assert own(7, client.show_portal_requests(7))


def work():
    client.close()
    return True


join(child(work))
assert own(7, client.show_portal_requests(7))
"""


def _list_of(entry_id: int) -> Step:
    return answers("200 OK", b'{"object": "list", "data": [{"id": %d}], "has_more": false}' % entry_id)


def step_keep_alive(peer: Peer, handler: Any) -> None:
    """A list with one entry, which has the patient's id, of a request that came over this connection."""
    pt_id = int(handler.path.split(b"/")[4])
    _list_of(pt_id)(peer, handler)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("program", "connections"),
    [(BOTH, 2), (BOTH_ASYNCHRONOUS, 2), (POOL, None), (LOCKED, 2), (CLOSED, 1)],
    ids=["both", "both-asynchronous", "pool", "locked", "closed"],
)
def test_a_forked_client_receives_its_own_responses(
    program: str, connections: int | None, scheme: str, make_peer: Callable[..., Peer], request: pytest.FixtureRequest
) -> None:
    tls = request.getfixturevalue("tls") if scheme == "https" else None
    peer = make_peer(step_keep_alive, tls=tls)
    command = [sys.executable, "-W", "error", "-c", PRELUDE + program, peer.url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    # No child made the parent's connection unusable, and none used it.
    assert connections in {None, peer.connections}
