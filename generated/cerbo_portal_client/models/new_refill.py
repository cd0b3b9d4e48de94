# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewRefill` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "original_prescription_id",
        "notes",
        "agreed_to_terms",
    }
)


@dataclass(repr=False, slots=True)
class NewRefill:
    """A refill to request.

    Attributes:
        original_prescription_id: The id of the prescription to refill.
        notes: Free text to the reviewer.
        agreed_to_terms: The terms that the patient agreed to.
        additional_properties: The members that the contract does not know, as they came.
    """

    original_prescription_id: int
    notes: str | Unset = UNSET
    agreed_to_terms: str | Unset = "No terms agreed to"
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewRefill(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["original_prescription_id"] = self.original_prescription_id
        if not isinstance(self.notes, Unset):
            members["notes"] = self.notes
        if not isinstance(self.agreed_to_terms, Unset):
            members["agreed_to_terms"] = self.agreed_to_terms
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        original_prescription_id = int(src_dict["original_prescription_id"])
        notes = src_dict.get("notes", UNSET)
        agreed_to_terms = src_dict.get("agreed_to_terms", UNSET)
        return cls(
            original_prescription_id,
            notes,
            agreed_to_terms,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
