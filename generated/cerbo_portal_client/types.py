# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""What stands for a member that is absent."""

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

__all__ = ("UNSET", "Unset")
