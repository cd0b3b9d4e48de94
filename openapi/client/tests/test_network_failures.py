"""Real sockets: when a call to a peer that misbehaves ends, and what reaches that peer."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient, Client

from contract_tests.support.doubles import FakeTime, Peer, answers, drips, resets, sends, stalls

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "no answer": stalls(),
    "half a head": stalls(HEAD),
    "half a body": stalls(HEAD + b'Content-Length: 99\r\n\r\n{"result"'),
    "half a chunk": stalls(CHUNKED + b'9\r\n{"result"\r\n'),
    "the size of a chunk byte by byte": drips(CHUNKED + b"0", 0.02),
    "a body byte by byte": drips(HEAD + b"Content-Length: 9999\r\n\r\n{", 0.02),
}
BUDGET = 0.5


@pytest.mark.parametrize("step", ENDLESS.values(), ids=ENDLESS)
def test_a_peer_that_never_ends_is_left_at_the_deadline(step: Any, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(step)
    start = time.monotonic()
    with Client(peer.url, username="u", password="p", timeout=BUDGET) as client, ThreadPoolExecutor() as pool:
        calls = pool.submit(client.show_portal_requests, 1), pool.submit(client.invite_to_portal, 1)
        assert [type(call.exception()) for call in calls] == [cerbo.TimedOut, cerbo.OutcomeUnknown]
    assert time.monotonic() - start < 3 * BUDGET
    assert len(peer.requests) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("step", [*ENDLESS.values(), drips(b"HTTP/1.1 200 OK\r\nX: ", 0.02)])
async def test_the_asynchronous_client_leaves_it_too(step: Any, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(step)
    start = time.monotonic()

    async def expect(error: type[cerbo.CerboError], call: Coroutine[Any, Any, object]) -> None:
        with pytest.raises(error):
            await call

    async with (
        AsyncClient(peer.url, username="u", password="p", timeout=BUDGET) as client,
        anyio.create_task_group() as calls,
    ):
        calls.start_soon(expect, cerbo.TimedOut, client.show_portal_requests(1))
        calls.start_soon(expect, cerbo.OutcomeUnknown, client.invite_to_portal(1))
    assert time.monotonic() - start < 3 * BUDGET


REAL: dict[str, tuple[Any, type[Exception]]] = {
    "closes before it answers": (sends(b""), cerbo.OutcomeUnknown),
    "closes within the head": (sends(HEAD), cerbo.OutcomeUnknown),
    "closes within the body": (sends(HEAD + b"Content-Length: 99\r\n\r\n{"), cerbo.OutcomeUnknown),
    "closes within a chunk": (sends(CHUNKED + b"ff\r\n{"), cerbo.OutcomeUnknown),
    "resets the connection": (resets, cerbo.OutcomeUnknown),
    "sends no HTTP": (sends(b"SSH-2.0-OpenSSH_9\r\n\r\n"), cerbo.OutcomeUnknown),
    "sends bytes at random": (sends(bytes(range(256))), cerbo.OutcomeUnknown),
    "answers busy": (answers("503 Busy", b"{}"), cerbo.ServiceUnavailable),
    "answers HTML": (answers("200 OK", b"<html>", content_type="text/html"), cerbo.OutcomeUnknown),
    "answers bad gzip": (answers("200 OK", b"nogzip", "Content-Encoding: gzip"), cerbo.OutcomeUnknown),
}


@pytest.mark.parametrize(("step", "error"), REAL.values(), ids=REAL)
def test_an_invitation_is_sent_once_to_a_peer_that(
    step: Any, error: type[Exception], make_peer: Callable[..., Peer]
) -> None:
    peer = make_peer(step)
    with Client(peer.url, username="u", password="p") as client, pytest.raises(error):
        client.invite_to_portal(1)
    assert len(peer.requests) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(("step", "error"), REAL.values(), ids=REAL)
async def test_an_asynchronous_invitation_is_sent_once_to_a_peer_that(
    step: Any, error: type[Exception], make_peer: Callable[..., Peer]
) -> None:
    peer = make_peer(step)
    async with AsyncClient(peer.url, username="u", password="p") as client:
        with pytest.raises(error):
            await client.invite_to_portal(1)
    assert len(peer.requests) == 1


def test_nobody_listens(fake_time: FakeTime) -> None:
    with (
        Client("http://127.0.0.1:9/api/v1", username="u", password="p") as client,
        pytest.raises(cerbo.ConnectionFailed),
    ):
        client.invite_to_portal(1)
    assert len(fake_time.sleeps) == 2


@pytest.mark.anyio
async def test_cancelling_a_call_stops_its_attempts(make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(stalls())
    async with AsyncClient(peer.url, username="u", password="p") as client:
        call = asyncio.create_task(client.show_portal_requests(1))
        while not peer.requests:
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert len(peer.requests) == 1
