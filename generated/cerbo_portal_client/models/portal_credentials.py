# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PortalCredentials` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "username",
        "password",
    }
)


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
        username = src_dict["username"]
        password = src_dict["password"]
        return cls(
            username,
            password,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
