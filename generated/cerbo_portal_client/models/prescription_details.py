# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PrescriptionDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "drug_id",
        "quantity",
        "refills",
        "original_prescription_id",
        "agreed_to_terms",
    }
)


@dataclass(repr=False, slots=True)
class PrescriptionDetails:
    """What else belongs to a prescription or a refill.

    Attributes:
        drug_id: The id of the drug.
        quantity: How much of it.
        refills: How many refills.
        original_prescription_id: The id of the prescription to refill.
        agreed_to_terms: The terms that the patient agreed to.
        additional_properties: The members that the contract does not know, as they came.
    """

    drug_id: int | Unset = UNSET
    quantity: float | Unset = UNSET
    refills: int | Unset = UNSET
    original_prescription_id: int | Unset = UNSET
    agreed_to_terms: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "PrescriptionDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.drug_id, Unset):
            members["drug_id"] = self.drug_id
        if not isinstance(self.quantity, Unset):
            members["quantity"] = self.quantity
        if not isinstance(self.refills, Unset):
            members["refills"] = self.refills
        if not isinstance(self.original_prescription_id, Unset):
            members["original_prescription_id"] = self.original_prescription_id
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
        drug_id = src_dict.get("drug_id", UNSET)
        if drug_id is not UNSET:
            drug_id = int(drug_id)
        quantity = src_dict.get("quantity", UNSET)
        refills = src_dict.get("refills", UNSET)
        if refills is not UNSET:
            refills = int(refills)
        original_prescription_id = src_dict.get("original_prescription_id", UNSET)
        if original_prescription_id is not UNSET:
            original_prescription_id = int(original_prescription_id)
        agreed_to_terms = src_dict.get("agreed_to_terms", UNSET)
        return cls(
            drug_id,
            quantity,
            refills,
            original_prescription_id,
            agreed_to_terms,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
