# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `CredentialsResult` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

from ..models.patient_details import PatientDetails

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "result",
        "message",
        "patient_details",
    }
)


@dataclass(repr=False, slots=True)
class CredentialsResult:
    """Whether credentials are valid, and whose they are.

    Attributes:
        result: Whether the credentials are valid.
        message: The same for people.
        patient_details: The patient whose credentials are valid.
        additional_properties: The members that the contract does not know, as they came.
    """

    result: bool
    message: str
    patient_details: PatientDetails | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "CredentialsResult(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["result"] = self.result
        members["message"] = self.message
        if not isinstance(self.patient_details, Unset):
            members["patient_details"] = self.patient_details.to_dict()
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
        patient_details = src_dict.get("patient_details", UNSET)
        if patient_details is not UNSET:
            patient_details = PatientDetails.from_dict(patient_details)
        return cls(
            result,
            message,
            patient_details,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
