"""One round of the thread that reads from all connections."""

import select
import socket
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.http.event_loop import poll


class Dispatcher:
    """A connection whose first read closes all others."""

    def __init__(self, sock: socket.socket, sockets: dict[int, Any], served: list["Dispatcher"]) -> None:
        self._fileno = sock.fileno()
        self._sockets, self._served = sockets, served
        sockets[self._fileno] = self

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._served.append(self)
        self._sockets.clear()


def test_a_connection_that_an_earlier_one_closed_is_not_served() -> None:
    sockets: dict[int, Any] = {}
    served: list[Dispatcher] = []
    pairs = [socket.socketpair() for _ in range(2)]
    for ours, theirs in pairs:
        Dispatcher(ours, sockets, served)
        theirs.send(b"x")
    poll(sockets, 0)
    assert len(served) == 1
    for pair in pairs:
        for sock in pair:
            sock.close()


def test_a_system_without_poll_is_served_by_select(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(select, "poll")
    with MockPortal().server() as url:
        assert httpx.get(f"{url}/patients/1/portal/enqueued", auth=("un", "pwd"), trust_env=False).status_code == 200
