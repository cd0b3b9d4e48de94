"""Reads JSON strictly: only what RFC 8259 permits, and only numbers that a double can hold."""

import json
from math import isinf
from typing import Any, NoReturn


class InvalidJson(ValueError):
    """The text is not JSON; the message says what was expected, and quotes nothing."""


def read(content: bytes | str, *, unique_members: bool = False) -> Any:
    """The values of a JSON document.

    Args:
        content: the document; bytes are UTF-8, UTF-16 or UTF-32.
        unique_members: whether to refuse an object that names a member twice; otherwise the last one counts.

    Raises:
        InvalidJson: it is not JSON, is nested too deeply, has a number that no double can hold, or repeats a member.
    """
    decoder = _UNIQUE_DECODER if unique_members else _DECODER
    try:
        text = content if isinstance(content, str) else content.decode(json.detect_encoding(content), "surrogatepass")
        return decoder.decode(text)
    except InvalidJson:
        raise
    except (ValueError, RecursionError):
        raise InvalidJson("expected JSON") from None


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise InvalidJson("expected numbers that are within the range of a double")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJson(f"expected JSON, which has no {name}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidJson("expected each member once")
    return members


# `json.loads` with these arguments would build a decoder for each document.
_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse_constant)
_UNIQUE_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse_constant, object_pairs_hook=_unique)
