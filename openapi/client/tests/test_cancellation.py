"""Cancelled calls, at every await: no connection is lost, nothing is sent twice, and the client still works."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient
from cerbo_portal_runtime import connections

from contract_tests.support.doubles import Peer, answers, stalls

LIST = b'{"object": "list", "data": [], "has_more": false, "total_count": 0}'
CONFIRMED = b'{"result": true, "message": "done"}'
Call = Callable[[AsyncClient], Coroutine[Any, Any, Any]]
CALLS: dict[str, tuple[Call, bytes]] = {
    "read": (lambda client: client.show_portal_requests(1), LIST),
    "write": (lambda client: client.invite_to_portal(1), CONFIRMED),
}
each_backend = pytest.mark.parametrize("backend", ["asyncio", "trio"])
each_call = pytest.mark.parametrize(("call", "body"), CALLS.values(), ids=CALLS)


@types.coroutine
def _acting_at(
    coroutine: Coroutine[Any, Any, Any], number: int, act: Callable[[], object]
) -> Generator[Any, Any, tuple[bool, Any]]:
    """Do something when the coroutine is suspended for the nth time; whether it was, and the coroutine's result."""
    steps = coroutine.__await__()
    resume: Callable[[], Any] = partial(next, steps)
    suspended = 0
    while True:
        try:
            awaited = resume()
        except StopIteration as end:
            return suspended >= number, end.value
        suspended += 1
        if suspended == number:
            act()
        try:
            resume = partial(steps.send, (yield awaited))
        except BaseException as error:
            resume = partial(steps.throw, error)


async def _natively(coroutine: Coroutine[Any, Any, Any], number: int) -> bool:
    """Cancel by asyncio itself; whether the coroutine was suspended so often."""
    task = asyncio.current_task()
    assert task
    try:
        reached, _ = await _acting_at(coroutine, number, task.cancel)
    except asyncio.CancelledError:
        task.uncancel()
        return True
    return reached


async def _by_scope(coroutine: Coroutine[Any, Any, Any], number: int) -> bool:
    """Cancel a scope of anyio, on trio one of trio's; whether the coroutine was suspended so often."""
    with anyio.CancelScope() as scope:
        reached, _ = await _acting_at(coroutine, number, scope.cancel)
        return reached
    return True


@each_call
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("backend", "cancelled"), [("asyncio", _natively), ("asyncio", _by_scope), ("trio", _by_scope)]
)
def test_a_call_can_be_cancelled_at_every_await(
    backend: str,
    cancelled: Callable[[Coroutine[Any, Any, Any], int], Coroutine[Any, Any, bool]],
    scheme: str,
    call: Call,
    body: bytes,
    make_peer: Callable[..., Peer],
    request: pytest.FixtureRequest,
) -> None:
    peer = make_peer(answers("200 OK", body), tls=request.getfixturevalue("tls") if scheme == "https" else None)

    async def run() -> None:
        async with AsyncClient(peer.url, username="u", password="p") as client:
            number = 0
            while await cancelled(call(client), number := number + 1):
                assert len(peer.requests) <= number
                _assert_all_free(client)
            assert number > 3
            await call(client)
            _assert_all_free(client)

    anyio.run(run, backend=backend)
    assert peer.is_deserted.wait(10)


def _assert_all_free(client: AsyncClient) -> None:
    pool = client._transport._inner._pool
    assert connections._slots_of_loop(pool).value == connections._MAX_CONNECTIONS


async def _wait_for(call: Coroutine[Any, Any, Any]) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call, 0.01)


async def _timeout(call: Coroutine[Any, Any, Any]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await call


async def _cancel(call: Coroutine[Any, Any, Any]) -> None:
    task = asyncio.create_task(call)
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _move_on_after(call: Coroutine[Any, Any, Any]) -> None:
    with anyio.move_on_after(0.01) as scope:
        await call
    assert scope.cancelled_caught


@each_call
@pytest.mark.parametrize(
    ("backend", "cut"),
    [("asyncio", cut) for cut in (_wait_for, _timeout, _cancel, _move_on_after)] + [("trio", _move_on_after)],
)
def test_calls_that_are_cut_short_leave_every_connection_free(
    backend: str,
    cut: Callable[[Coroutine[Any, Any, Any]], Coroutine[Any, Any, None]],
    call: Call,
    body: bytes,
    make_peer: Callable[..., Peer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "_MAX_CONNECTIONS", 3)
    peer = make_peer(stalls())

    async def run() -> None:
        async with AsyncClient(peer.url, username="u", password="p") as client:
            for _ in range(5):
                await cut(call(client))
            async with anyio.create_task_group() as calls:
                for _ in range(10):
                    calls.start_soon(cut, call(client))
            _assert_all_free(client)
            peer.script[:] = [answers("200 OK", body)]
            await call(client)

    anyio.run(run, backend=backend)
    peer.released.set()
    assert peer.is_deserted.wait(10)


@each_backend
def test_cancelling_a_call_that_waits_for_a_connection_sends_nothing(
    backend: str, make_peer: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_MAX_CONNECTIONS", 1)
    peer = make_peer(stalls())

    async def run() -> None:
        async with (
            AsyncClient(peer.url, username="u", password="p") as client,
            anyio.create_task_group() as calls,
        ):
            calls.start_soon(client.show_portal_requests, 1)
            while not peer.requests:
                await anyio.sleep(0.001)
            with pytest.raises(cerbo.TimedOut):
                await client.invite_to_portal(1, timeout=0.05)
            calls.cancel_scope.cancel()

    anyio.run(run, backend=backend)
    assert len(peer.requests) == 1
