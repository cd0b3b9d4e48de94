# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `SupplementDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "supplement_id",
        "quantity",
    }
)


@dataclass(repr=False, slots=True)
class SupplementDetails:
    """What else belongs to a supplement.

    Attributes:
        supplement_id: The id of the supplement.
        quantity: How much of it.
        additional_properties: The members that the contract does not know, as they came.
    """

    supplement_id: int | Unset = UNSET
    quantity: float | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "SupplementDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.supplement_id, Unset):
            members["supplement_id"] = self.supplement_id
        if not isinstance(self.quantity, Unset):
            members["quantity"] = self.quantity
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        supplement_id = src_dict.get("supplement_id", UNSET)
        if supplement_id is not UNSET:
            supplement_id = int(supplement_id)
        quantity = src_dict.get("quantity", UNSET)
        return cls(
            supplement_id,
            quantity,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
