"""One round of the thread that reads from all connections and writes to them."""

import select
import time
from itertools import zip_longest
from typing import Any

from waitress import wasyncore

# Seconds after which a round ends, so that whoever has just connected is seen soon.
ROUND = 0.02


def poll(sockets: dict[int, Any], timeout: float) -> None:
    """Wait until sockets are ready, and serve them: new connections and earlier ones in turns, the longest idle first.

    Sockets that are left over when the round ends are ready in the next one, too.

    Args:
        sockets: what to poll, by file descriptor; waitress' dispatchers.
        timeout: seconds to wait if none is ready.
    """
    if not hasattr(select, "poll"):
        wasyncore.poll(timeout, sockets)  # Windows
        return
    pollster = select.poll()
    for number, dispatcher in list(sockets.items()):
        flags = (select.POLLIN | select.POLLPRI) * bool(dispatcher.readable())
        if dispatcher.writable():
            flags |= select.POLLOUT
        if flags:
            pollster.register(number, flags)
    ready = [(sockets[number], flags) for number, flags in pollster.poll(int(timeout * 1000)) if number in sockets]
    if len(ready) > 1:
        ready = _in_turns(ready)
    end = time.monotonic() + ROUND
    for dispatcher, flags in ready:
        # An earlier one may have closed it.
        if sockets.get(dispatcher._fileno) is dispatcher:
            wasyncore.readwrite(dispatcher, flags)
        if time.monotonic() > end:
            break


def _in_turns(ready: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    ready.sort(key=lambda one: getattr(one[0], "last_activity", 0))
    new = [one for one in ready if not getattr(one[0], "served", False)]
    earlier = [one for one in ready if getattr(one[0], "served", False)]
    return [one for pair in zip_longest(new, earlier) for one in pair if one]
