# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `AppointmentDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "preferred_date",
        "duration_minutes",
    }
)


@dataclass(repr=False, slots=True)
class AppointmentDetails:
    """What else belongs to the request of an appointment.

    Attributes:
        preferred_date: The day that suits the patient best, such as 2026-11-24.
        duration_minutes: How long it should take.
        additional_properties: The members that the contract does not know, as they came.
    """

    preferred_date: str | Unset = UNSET
    duration_minutes: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "AppointmentDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.preferred_date, Unset):
            members["preferred_date"] = self.preferred_date
        if not isinstance(self.duration_minutes, Unset):
            members["duration_minutes"] = self.duration_minutes
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        preferred_date = src_dict.get("preferred_date", UNSET)
        duration_minutes = src_dict.get("duration_minutes", UNSET)
        if duration_minutes is not UNSET:
            duration_minutes = int(duration_minutes)
        return cls(
            preferred_date,
            duration_minutes,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
