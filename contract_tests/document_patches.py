"""Small changes to a document, for tests that seed one."""

from collections.abc import Callable
from typing import Any

Json = Any
Patch = Callable[[Json], None]


def _at(document: Json, keys: tuple[str | int, ...]) -> tuple[Json, Any]:
    """The object or list that the keys lead into, and the last key in it."""
    *way, last = keys
    for key in way:
        document = document[int(key) if isinstance(document, list) else key]
    return document, int(last) if isinstance(document, list) else last


def drop(*keys: str | int) -> Patch:
    """Takes away what the keys lead to."""

    def patch(document: Json) -> None:
        parent, last = _at(document, keys)
        del parent[last]

    return patch


def put(value: Json, *keys: str | int) -> Patch:
    """Puts a value where the keys lead to; into a list it is inserted before the index."""

    def patch(document: Json) -> None:
        parent, last = _at(document, keys)
        if isinstance(parent, list):
            parent.insert(last, value)
        else:
            parent[last] = value

    return patch


def move(source: tuple[str, ...], *keys: str) -> Patch:
    """Moves the value at the source to where the keys lead to."""

    def patch(document: Json) -> None:
        parent, last = _at(document, source)
        put(parent.pop(last), *keys)(document)

    return patch


def both(*patches: Patch) -> Patch:
    """One patch after another."""

    def patch(document: Json) -> None:
        for step in patches:
            step(document)

    return patch
