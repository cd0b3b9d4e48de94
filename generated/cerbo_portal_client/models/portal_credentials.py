# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PortalCredentials` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(repr=False, slots=True)
class PortalCredentials:
    """A patient's user name and password on the portal.

    Attributes:
        username: The user name.
        password: The password.
        additional_properties: The members that the contract does not know, as they came.
    """

    username: str
    password: str
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "PortalCredentials(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["username"] = self.username
        members["password"] = self.password
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        members = dict(src_dict)
        username = members.pop("username")
        password = members.pop("password")
        return cls(
            username=username,
            password=password,
            additional_properties=members,
        )
