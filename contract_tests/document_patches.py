"""Small changes to a document, for tests that seed one."""

from collections.abc import Callable
from typing import Any

Json = Any
Patch = Callable[[Json], None]


def drop(*keys: str | int) -> Patch:
    """Takes away what the keys lead to."""

    def patch(document: Json) -> None:
        *way, last = keys
        for key in way:
            document = document[key]
        del document[last]

    return patch


def put(value: Json, *keys: str | int) -> Patch:
    """Puts a value where the keys lead to; an index of a list stands for what is inserted before."""

    def patch(document: Json) -> None:
        *way, last = keys
        for key in way:
            document = document[key]
        if isinstance(document, list) and isinstance(last, int):
            document.insert(last, value)
        else:
            document[last] = value

    return patch


def move(source: tuple[str, ...], *keys: str) -> Patch:
    """Moves what stands at the source to where the keys lead to."""

    def patch(document: Json) -> None:
        value = document
        for key in source:
            value = value[key]
        put(value, *keys)(document)
        drop(*source)(document)

    return patch


def both(*patches: Patch) -> Patch:
    """One patch after another."""

    def patch(document: Json) -> None:
        for step in patches:
            step(document)

    return patch
