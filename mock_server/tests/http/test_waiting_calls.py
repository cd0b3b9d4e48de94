"""Calls that wait, for a delay on demand or for a mail server, block no other call, nor the end of the server."""

import socket
from collections.abc import Callable
from threading import Semaphore, Thread
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.clinic.smtp import MailServer
from cerbo_portal_mock.http import server as server_module
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.http.thread_pool import ThreadPool, waiting

from .conftest import BASIC, HANG, HEALTH, LIST, Connect, Peer, Serve, until

# More than there are threads that compute.
CALLS = 40
LONG = 60_000
INVITE = b"POST /api/v1/patients/221/portal/invite HTTP/1.1\r\nHost: localhost\r\n" + BASIC + b"\r\n"

Delayed = Callable[[Server, int], list[Peer]]


@pytest.fixture
def delayed(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> Delayed:
    """Starts calls, and returns when all of them wait."""
    waits = Semaphore(0)
    wait = Fault.wait

    def announced(fault: Fault) -> None:
        waits.release()
        wait(fault)

    monkeypatch.setattr(Fault, "wait", announced)

    def start(server: Server, calls: int) -> list[Peer]:
        peers = [connect(server).send(LIST) for _ in range(calls)]
        for _ in range(calls):
            assert waits.acquire(timeout=HANG)
        return peers

    return start


def _control(method: str, path: str) -> bytes:
    head = f"{method} /__admin{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: 2\r\n\r\n{{}}".encode()


ENDS = {
    "reset": _control("POST", "/reset"),
    "all faults removed": _control("DELETE", "/faults"),
    "the fault removed": _control("DELETE", "/faults/1"),
    "the instance dropped": _control("DELETE", "/instances/default"),
}


@pytest.mark.parametrize("request_", ENDS.values(), ids=ENDS)
def test_delayed_calls_block_nothing_and_end_early(
    request_: bytes, serve: Serve, connect: Connect, delayed: Delayed
) -> None:
    portal = MockPortal()
    portal.faults.add("delay", delay_ms=LONG)
    server = serve(portal.app)
    peers = delayed(server, CALLS)
    assert connect(server).send(HEALTH).answer().status == 200
    assert connect(server).send(_control("GET", "/version")).answer().status == 200
    assert connect(server).send(LIST.replace(b"Basic dW46cHdk", b"Basic x")).answer().status == 401
    assert connect(server).send(request_).answer().status == 200
    assert {peer.answer().status for peer in peers} == {200}


def test_removing_a_fault_ends_no_other_delay(delayed: Delayed, serve: Serve) -> None:
    portal = MockPortal()
    portal.faults.add("delay", delay_ms=LONG)
    other = portal.faults.add("delay", operation="inviteToPortal", delay_ms=LONG)
    peer = delayed(serve(portal.app), 1)[0]
    portal.faults.remove(other.id)
    peer.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        peer.answer()
    portal.reset()


def test_a_server_stops_at_once_while_calls_are_delayed(delayed: Delayed) -> None:
    portal = MockPortal()
    portal.faults.add("delay", delay_ms=LONG)
    server = Server(portal.app, end_waits=portal.instances.end_delays)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    peers = delayed(server, CALLS)
    server.stop()
    thread.join(server_module.GRACE / 2)
    assert not thread.is_alive()
    # Nothing was dropped.
    assert {peer.answer().status for peer in peers} == {200}


def test_a_hanging_mail_server_blocks_nothing(serve: Serve, connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=CALLS) as listener:
        listener.settimeout(HANG)
        portal = MockPortal(mail_server=MailServer("127.0.0.1", listener.getsockname()[1], limit=LONG))
        server = serve(portal.app)
        peers = [connect(server).send(INVITE) for _ in range(CALLS)]
        deliveries = [listener.accept()[0] for _ in range(CALLS)]
        for request in (HEALTH, LIST, _control("GET", "/version"), _control("POST", "/reset")):
            assert connect(server).send(request).answer().status == 200
        for delivery in deliveries:
            delivery.close()
        assert {peer.answer().document["result"] for peer in peers} == {False}


class _Task:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.service = work


def test_a_pool_runs_more_threads_only_while_others_wait() -> None:
    pool = ThreadPool("test", running=2, waiting=1)
    begun, go_on = Semaphore(0), Semaphore(0)

    def work() -> None:
        begun.release()
        go_on.acquire()

    def wait() -> None:
        with waiting():
            work()

    pool.add_task(_Task(wait))
    pool.add_task(_Task(wait))
    pool.add_task(_Task(work))
    # Two compute, or seem to, and one waits.
    assert all(begun.acquire(timeout=HANG) for _ in range(3))
    pool.add_task(_Task(work))
    withdrawn = pool.withdraw_last()
    assert withdrawn is not None
    assert pool.withdraw_last() is None
    pool.add_task(withdrawn)
    go_on.release(4)
    assert begun.acquire(timeout=HANG)
    pool.shutdown(HANG)


def test_idle_threads_end_but_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cerbo_portal_mock.http.thread_pool.IDLE", 0.01)
    pool = ThreadPool("test", running=8, waiting=0)
    together = Semaphore(0)
    for _ in range(8):
        pool.add_task(_Task(together.acquire))
    together.release(8)
    until(lambda: pool.threads == 1)
    pool.shutdown(HANG)
    assert pool.threads == 0


def test_without_another_thread_the_pool_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ThreadPool("test", running=8, waiting=0)

    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    served = Semaphore(0)
    for _ in range(5):
        pool.add_task(_Task(served.release))
    assert all(served.acquire(timeout=HANG) for _ in range(5))
    pool.shutdown(HANG)


def test_a_pool_without_a_first_thread_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", start)
    with pytest.raises(RuntimeError, match="thread"):
        ThreadPool("cerbo-test", 1, 1)
