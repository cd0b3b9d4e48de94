"""Writes arguments into a request, and finds the one that no request can hold. No message quotes an argument."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from math import isfinite
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

from . import serialization
from .contract import Operation
from .kinds import to_json
from .models import Model, RequestModel
from .types import UNSET

# httpx builds no longer URLs.
_LONGEST_URL: Final = 65_536
_DELIMITERS: Final = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}

Arguments = Mapping[str, object]
Style = tuple[str, bool]


class Parts(NamedTuple):
    """The arguments of a call, by where they are sent.

    Attributes:
        path: those of the path.
        query: those of the query that were given.
        headers: those of the headers that were given.
        body: the body's members, or the whole body.
    """

    path: Arguments
    query: Arguments
    headers: Arguments
    body: Any


class _NotASegment(ValueError):
    """A value that would lead to another path, such as an empty one."""


class _NotText(ValueError):
    """A value that has no form as text, such as a naive datetime."""


class _HasDelimiter(ValueError):
    """A text within a list that is written with a delimiter which the text contains."""


class _NotAHeader(ValueError):
    """A text that no header can hold."""


class NotBytes(TypeError):
    """Something else where a body is bytes."""


_REASONS: Final[dict[type[Exception], str]] = {
    UnicodeEncodeError: "contains an unpaired surrogate",
    _NotASegment: "expected an integer, or text that is one segment of a path",
    _NotText: "expected text, a finite number, a boolean, or a datetime with a zone",
    _HasDelimiter: "expected texts without the delimiter that joins them",
    _NotAHeader: "expected printable ASCII text without blanks around it",
    NotBytes: "expected bytes",
}


def path(operation: Operation[Any], arguments: Arguments) -> str:
    """The path of a request.

    Args:
        operation: the operation.
        arguments: those of its path.

    Raises:
        ValueError: no path can hold one, or not as one segment.
    """
    styles = operation.styles
    return operation.path.format_map({name: _segment(value, styles.get(name)) for name, value in arguments.items()})


def query(operation: Operation[Any], arguments: Arguments) -> list[tuple[str, str | int | float | bool | None]]:
    """The pairs of a query.

    Args:
        operation: the operation.
        arguments: those of its query that were given.

    Raises:
        ValueError: no query can hold one.
    """
    styles = operation.styles
    return [pair for name, value in arguments.items() for pair in _pairs(name, value, styles.get(name))]


def headers(operation: Operation[Any], arguments: Arguments) -> dict[str, str]:
    """The headers that hold arguments.

    Args:
        operation: the operation.
        arguments: those that were given.

    Raises:
        ValueError: no header can hold one.
    """
    return {name: _header(value, operation.styles.get(name)) for name, value in arguments.items()}


def text_of(value: object) -> str:
    """A value as text, as URLs, headers and forms have it.

    Raises:
        ValueError: it has no such form.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and value.tzinfo:
        return serialization.format_instant(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float | UUID) or (isinstance(value, float) and not isfinite(value)):
        raise _NotText
    return str(value)


def unencodable(operation: Operation[Any], parts: Parts) -> tuple[str, str]:
    """The name of the argument because of which a request could not be built, and what is wrong with it.

    Args:
        operation: the operation.
        parts: the arguments.
    """
    body = _members(parts.body)
    written: tuple[tuple[Arguments, Callable[[str, Any], object]], ...] = (
        (parts.path, lambda name, value: _segment(value, operation.styles.get(name))),
        (parts.query, lambda name, value: [quote(str(text)) for _, text in query(operation, {name: value})]),
        (parts.headers, lambda name, value: _header(value, operation.styles.get(name))),
        (body, lambda _, write: _in_body(operation, write())),
    )
    for arguments, write in written:
        for name, value in arguments.items():
            reason = _reason(name, value, write)
            if reason:
                return name, reason
    in_url = {**parts.path, **parts.query}
    longest = max(in_url, key=lambda name: len(quote(str(in_url[name]), safe="")), default="body")
    return longest, f"too long: the URL would exceed {_LONGEST_URL:,} characters"


def _members(body: Any) -> dict[str, object]:
    """The members of a body, each as a function that writes its value; a whole body as one."""
    if not isinstance(body, Model | RequestModel):
        return {"body": lambda: to_json(body, serialization.format_instant)}
    given = {member: getattr(body, member.attribute) for member in body.MEMBERS}
    return {
        member.name: partial(member.kind.write, value, serialization.format_instant)
        for member, value in given.items()
        if value is not None and value is not UNSET
    }


def _pairs(name: str, value: object, style: Style | None) -> Iterable[tuple[str, str]]:
    """The pairs of one argument: of an object each member, of an array each entry, unless a delimiter joins them."""
    value = _plain(value)
    if style and isinstance(value, Mapping):
        members = [(str(member), text_of(each)) for member, each in value.items()]
        return members if style[1] else [(name, _joined([text for pair in members for text in pair], style))]
    if style and isinstance(value, list | tuple):
        texts = [text_of(each) for each in value]
        return [(name, text) for text in texts] if style[1] else [(name, _joined(texts, style))]
    return [(name, text_of(value))]


def _plain(value: object) -> object:
    """The members of a model; any other value as it is."""
    return value.to_dict() if isinstance(value, RequestModel | Model) else value


def _simple(value: object, style: Style, encode: Callable[[str], str]) -> list[str]:
    """The texts of a value that commas join."""
    value = _plain(value)
    if isinstance(value, Mapping):
        members = [(encode(str(name)), encode(text_of(each))) for name, each in value.items()]
        return [f"{name}={text}" for name, text in members] if style[1] else [text for pair in members for text in pair]
    return [encode(text_of(each)) for each in (value if isinstance(value, list | tuple) else [value])]


def _joined(texts: Iterable[str], style: Style) -> str:
    delimiter = _DELIMITERS[style[0]]
    if any(delimiter in text for text in texts):
        raise _HasDelimiter
    return delimiter.join(texts)


def _segment(value: object, style: Style | None = None) -> str:
    """A value as one segment of a path."""
    if style:
        text = ",".join(_simple(value, style, lambda each: quote(each, safe="")))
    else:
        is_usual = isinstance(value, int | str | date | UUID) and not isinstance(value, bool)
        text = quote(text_of(value), safe="") if is_usual else ""
    if text in {"", ".", ".."}:
        raise _NotASegment
    return text


def _header(value: object, style: Style | None) -> str:
    text = _joined(_simple(value, style, str), style) if style else text_of(value)
    if not (text.isascii() and text.isprintable() and text == text.strip()):
        raise _NotAHeader
    return text


def _in_body(operation: Operation[Any], value: object) -> object:
    if operation.sends == "json":
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    if isinstance(value, bytes) or hasattr(value, "content"):
        return value
    if operation.sends == "bytes":
        raise NotBytes
    return [text_of(each).encode() for each in (value if isinstance(value, list) else [value])]


def _reason(name: str, value: object, write: Callable[[str, Any], object]) -> str:
    try:
        write(name, value)
    except OSError:
        return "expected a file that can be read"
    except (ValueError, TypeError, RecursionError) as error:
        return _REASONS.get(type(error), "expected a JSON value with finite numbers that is not nested too deeply")
    return ""
