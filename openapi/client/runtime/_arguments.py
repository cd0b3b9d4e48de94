"""Arguments that no request can hold. What is wrong with one is said in words that do not repeat it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

# httpx builds no longer ones.
_LONGEST_URL: Final = 65536


def in_path(value: object) -> str:
    """A value as one segment of a path.

    Raises:
        ValueError: no path can hold it.
    """
    return quote(str(value), safe="")


def problem(in_url: Mapping[str, object], body: Mapping[str, Any] | None) -> tuple[str, str]:
    """Which argument of a request that could not be built is to blame, and what was expected of it.

    Args:
        in_url: the arguments that the path and the query hold.
        body: those that the body holds.
    """
    for arguments, write in ((in_url, in_path), (body or {}, _in_body)):
        for name, value in arguments.items():
            expected = _expected(value, write)
            if expected:
                return name, expected
    longest = max(in_url, key=lambda name: len(in_path(in_url[name])), default="body")
    return longest, f"less of it, a URL has at most {_LONGEST_URL} characters"


def _in_body(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _expected(value: object, write: Callable[[object], object]) -> str:
    try:
        write(value)
    except UnicodeEncodeError:
        return "text without halves of characters"
    except (ValueError, TypeError, RecursionError):
        return "what can be written as JSON, with finite numbers and no deep nesting"
    return ""
