# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PatientDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "id",
        "first_name",
        "last_name",
        "email_address",
        "status",
    }
)


@dataclass(repr=False, slots=True)
class PatientDetails:
    """The patient whose credentials are valid.

    Attributes:
        id: A positive number that identifies one resource of its kind within the instance.
        first_name: The first name.
        last_name: The last name.
        email_address: The primary e-mail address; that it is the primary one, and null where there is none, is assumed.
        status: Where the account stands; which values there are is not known.
        additional_properties: The members that the contract does not know, as they came.
    """

    id: int | Unset = UNSET
    first_name: str | Unset = UNSET
    last_name: str | Unset = UNSET
    email_address: None | str | Unset = UNSET
    status: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "PatientDetails(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.id, Unset):
            members["id"] = self.id
        if not isinstance(self.first_name, Unset):
            members["first_name"] = self.first_name
        if not isinstance(self.last_name, Unset):
            members["last_name"] = self.last_name
        if not isinstance(self.email_address, Unset):
            members["email_address"] = self.email_address
        if not isinstance(self.status, Unset):
            members["status"] = self.status
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        id = src_dict.get("id", UNSET)
        if id is not UNSET:
            id = int(id)
        first_name = src_dict.get("first_name", UNSET)
        last_name = src_dict.get("last_name", UNSET)
        email_address = src_dict.get("email_address", UNSET)
        status = src_dict.get("status", UNSET)
        return cls(
            id,
            first_name,
            last_name,
            email_address,
            status,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
