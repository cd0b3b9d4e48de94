# Made from openapi/client/runtime/_arguments.py by ./scripts/generate; edits are lost.
"""Arguments that no request can hold. What is wrong with one is said in words that do not repeat it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

# httpx builds no longer ones.
_LONGEST_URL: Final = 65536


class NoSegment(ValueError):
    """A value that would make another path, such as that of all in place of one."""


def in_path(value: object) -> str:
    """A value as one segment of a path.

    Raises:
        ValueError: no path can hold it, or not as a segment.
    """
    text = _in_url(value)
    if text in {"", ".", ".."} or isinstance(value, bool) or not isinstance(value, int | str):
        raise NoSegment
    return text


def problem(path: Mapping[str, object], query: Mapping[str, object], body: Mapping[str, Any] | None) -> tuple[str, str]:
    """Which argument of a request that could not be built is to blame, and what was expected of it.

    Args:
        path: the arguments that the path holds.
        query: those that the query holds.
        body: those that the body holds.
    """
    for arguments, write in ((path, in_path), (query, _in_url), (body or {}, _in_body)):
        for name, value in arguments.items():
            expected = _expected(value, write)
            if expected:
                return name, expected
    in_url = {**path, **query}
    longest = max(in_url, key=lambda name: len(_in_url(in_url[name])), default="body")
    return longest, f"less of it, a URL has at most {_LONGEST_URL} characters"


def _in_url(value: object) -> str:
    return quote(str(value), safe="")


def _in_body(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _expected(value: object, write: Callable[[object], object]) -> str:
    try:
        write(value)
    except UnicodeEncodeError:
        return "text without halves of characters"
    except NoSegment:
        return "a whole number, or text that is a name in a path"
    except (ValueError, TypeError, RecursionError):
        return "what can be written as JSON, with finite numbers and no deep nesting"
    return ""
