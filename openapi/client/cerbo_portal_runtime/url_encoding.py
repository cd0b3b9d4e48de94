"""Writes arguments into a request, and finds the one that no request can hold. No message quotes an argument."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any, Final
from urllib.parse import quote

from . import serialization

# httpx builds no longer URLs.
_LONGEST_URL: Final = 65_536


class _NotASegment(ValueError):
    """A value that would lead to another path, such as an empty one."""


class _NotAQueryValue(ValueError):
    """A value that has no form in a query, such as a list."""


def path_segment(value: object) -> str:
    """A value as one segment of a path.

    Raises:
        ValueError: no path can hold it, or not as one segment.
    """
    text = _in_url(value)
    if text in {"", ".", ".."} or isinstance(value, bool) or not isinstance(value, int | str):
        raise _NotASegment
    return text


def query_value(value: object) -> str | int | float:
    """A value of a query as httpx takes it.

    Raises:
        ValueError: no query can hold it.
    """
    if isinstance(value, datetime) and value.tzinfo:
        return serialization.format_instant(value)
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not isfinite(value)):
        raise _NotAQueryValue
    return value


def unencodable(
    path: Mapping[str, object], query: Mapping[str, object], body: Mapping[str, Any] | None
) -> tuple[str, str]:
    """The name of the argument because of which a request could not be built, and what is wrong with it.

    Args:
        path: the path's arguments.
        query: the query's arguments that were given.
        body: the body's members.
    """
    for arguments, write in ((path, path_segment), (query, _query_in_url), (body or {}, _in_body)):
        for name, value in arguments.items():
            reason = _reason(value, write)
            if reason:
                return name, reason
    in_url = {**path, **query}
    longest = max(in_url, key=lambda name: len(_in_url(in_url[name])), default="body")
    return longest, f"too long: the URL would exceed {_LONGEST_URL:,} characters"


def _in_url(value: object) -> str:
    return quote(str(value), safe="")


def _query_in_url(value: object) -> str:
    return _in_url(query_value(value))


def _in_body(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _reason(value: object, write: Callable[[object], object]) -> str:
    try:
        write(value)
    except UnicodeEncodeError:
        return "contains an unpaired surrogate"
    except _NotASegment:
        return "expected an integer, or text that is one segment of a path"
    except _NotAQueryValue:
        return "expected text, a finite number, a boolean, or a datetime with a zone"
    except (ValueError, TypeError, RecursionError):
        return "expected a JSON value with finite numbers that is not nested too deeply"
    return ""
