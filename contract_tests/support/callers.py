"""Ways to make calls one after another: synchronously, and asynchronously on asyncio and trio."""

import inspect
from collections.abc import Callable
from typing import Any

import anyio
from cerbo_portal_client import AsyncClient, CerboError, Client

KINDS = ("sync", "asyncio", "trio")


def perform(kind: str, url: str, *calls: Callable[[Any], Any], **settings: Any) -> list[Any]:
    """The results of these calls by one client, or their errors.

    Args:
        kind: one of `KINDS`.
        url: the base URL.
        calls: functions of the client.
        settings: of the client.
    """
    settings = {"username": "u", "password": "p", **settings}
    if kind != "sync":
        return anyio.run(_perform, url, calls, settings, backend=kind)
    results = []
    with Client(url, **settings) as client:
        for call in calls:
            try:
                results.append(call(client))
            except CerboError as error:
                results.append(error)
    return results


async def _perform(url: str, calls: tuple[Callable[[Any], Any], ...], settings: dict[str, Any]) -> list[Any]:
    results = []
    async with AsyncClient(url, **settings) as client:
        for call in calls:
            try:
                result = call(client)
                results.append(await result if inspect.isawaitable(result) else result)
            except CerboError as error:
                results.append(error)
    return results
