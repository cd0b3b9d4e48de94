# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewPrescription` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "drug_id",
        "notes",
    }
)


@dataclass(repr=False, slots=True)
class NewPrescription:
    """A prescription to add.

    Attributes:
        drug_id: The id of the drug.
        notes: Free text to the reviewer.
        additional_properties: The members that the contract does not know, as they came.
    """

    drug_id: int
    notes: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewPrescription(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["drug_id"] = self.drug_id
        if not isinstance(self.notes, Unset):
            members["notes"] = self.notes
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        drug_id = int(src_dict["drug_id"])
        notes = src_dict.get("notes", UNSET)
        return cls(
            drug_id,
            notes,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
