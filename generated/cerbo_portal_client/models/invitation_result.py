# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `InvitationResult` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "result",
        "message",
    }
)


@dataclass(repr=False, slots=True)
class InvitationResult:
    """What became of an invitation.

    Attributes:
        result: Whether the mail was handed over.
        message: The same for people.
        additional_properties: The members that the contract does not know, as they came.
    """

    result: bool
    message: str
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "InvitationResult(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["result"] = self.result
        members["message"] = self.message
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        result = src_dict["result"]
        message = src_dict["message"]
        return cls(
            result,
            message,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
