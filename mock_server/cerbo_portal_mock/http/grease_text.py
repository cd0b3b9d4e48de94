"""Other texts of the same HTTP response: JSON with other whitespace and escapes, headers in another order."""

import json
import re
from random import Random
from typing import Any

# In a WSGI environment: the function that varies the bytes of the headers, for the server.
HEAD = "cerbo_portal_mock.head"

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# In place of an indentation, which takes ten times as long.
_SEPARATORS = ((",", ":"), (", ", ": "), (" , ", " : "), (",\n ", ": "), (",\r\n\t", "\t:\n"))
_AROUND = ("", "\n", "\r\n", " \t")
_CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'Application/JSON; charset="utf-8"',
)


def vary_json(value: Any, draw: Random) -> bytes:
    """A JSON value as text: whitespace and escapes are drawn."""
    text = json.dumps(value, separators=draw.choice(_SEPARATORS), ensure_ascii=draw.random() < 0.5)
    escapes = draw.choice((0, 0, 1, 2))
    if escapes:
        text = text.replace("/", r"\/")
    if escapes > 1:
        text = _STRING.sub(_escape_first, text)
    content = f"{draw.choice(_AROUND)}{text}{draw.choice(_AROUND)}"
    # Unpaired surrogates, which JSON permits, are escapes.
    return content.encode(errors="backslashreplace")


def _escape_first(match: re.Match[str]) -> str:
    text = match[0]
    first = text[1]
    return f'"\\u{ord(first):04x}{text[2:]}' if first.isascii() and first.isalnum() else text


def vary_content_type(content_type: str, draw: Random) -> str:
    """A content type in another text that means the same; of JSON only."""
    return draw.choice(_CONTENT_TYPES) if content_type == _CONTENT_TYPES[0] else content_type


def vary_headers(headers: list[tuple[str, str]], draw: Random) -> list[tuple[str, str]]:
    """Headers in another order, each name in a case that is drawn; those of one name keep their order."""
    names = list(dict.fromkeys(name.lower() for name, _ in headers))
    draw.shuffle(names)
    cases = {name: draw.choice((str.lower, str.upper, str.title)) for name in names}
    return [(cases[name](own), value) for name in names for own, value in headers if own.lower() == name]


def vary_head(head: bytes, draw: Random) -> bytes:
    """The bytes of a response before its body, with its headers in another order and case.

    Args:
        head: the status line and the headers, with the empty line at their end.
        draw: where order and case come from.
    """
    status, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    pairs = [(name, value) for name, _, value in (line.partition(":") for line in lines)]
    varied = [f"{name}:{value}" for name, value in vary_headers(pairs, draw)]
    return ("\r\n".join([status, *varied]) + "\r\n\r\n").encode("latin-1")


def vary_message(message: str, draw: Random) -> str:
    """A text for people in other words, as far as a program can tell; what it says stays readable."""
    number = draw.randrange(1_000, 10_000)
    return draw.choice(
        (
            message,
            message.upper(),
            message.lower(),
            f"{message} (ref. {number})",
            f"[{number}] {message}",
            f"\N{INFORMATION SOURCE} {message} \N{EM DASH} d\N{LATIN SMALL LETTER E WITH ACUTE}tails : {number}",
        )
    )
