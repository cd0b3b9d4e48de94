"""How long a response asks to wait before the next attempt: its `Retry-After` headers."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

# A date has a comma after the day's name; proxies join two headers with one.
_ITEM: Final = re.compile(r"[A-Za-z]+,[^,]+|[^,]+")
_SECONDS: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?")


def seconds(response: httpx.Response) -> float:
    """The seconds to wait, at least as long as asked for; 0 if nothing is asked for that can be read.

    Of several values the longest wait counts. A date is relative to the response's own `Date`, because the server's
    clock may differ from this machine's; without one it is relative to this machine's clock.

    Args:
        response: the response to the last attempt.
    """
    texts = response.headers.get_list("Retry-After")
    return max((wait for text in texts for wait in _waits(text, response)), default=0.0)


def _waits(text: str, response: httpx.Response) -> Iterator[float]:
    for item in _ITEM.findall(text):
        value = item.strip()
        if _SECONDS.fullmatch(value):
            yield float(value)
        elif moment := _instant(value):
            now = _instant(response.headers.get("Date", "")) or datetime.now(UTC)
            yield max(float(math.ceil((moment - now).total_seconds())), 0.0)


def _instant(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
