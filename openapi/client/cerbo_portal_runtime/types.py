"""Values of arguments that Python has no type for."""

from dataclasses import dataclass, field
from typing import Final, Literal, final


@final
class Unset:
    """The type of `UNSET`: an optional member of a request that is not sent, as opposed to null. Falsy."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


@dataclass(frozen=True)
class File:
    """A file that a form holds.

    Attributes:
        content: its bytes.
        name: its name; by default that of the argument.
        media_type: what it is, such as `application/pdf`.
    """

    content: bytes = field(repr=False)
    name: str | None = field(default=None, repr=False)
    media_type: str = "application/octet-stream"
