"""The value of an optional argument or member that is absent."""

from typing import Final, Literal, final


@final
class Unset:
    """The type of `UNSET`: an optional member that is absent, as opposed to null. Falsy."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()
