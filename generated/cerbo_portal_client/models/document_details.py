# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `DocumentDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "name",
        "mime_type",
        "size",
    }
)


@dataclass(repr=False, slots=True)
class DocumentDetails:
    """What else belongs to a document.

    Attributes:
        name: Its title.
        mime_type: What it is, such as `application/pdf`.
        size: How many bytes it has.
        additional_properties: The members that the contract does not know, as they came.
    """

    name: str | Unset = UNSET
    mime_type: str | Unset = UNSET
    size: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "DocumentDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.name, Unset):
            members["name"] = self.name
        if not isinstance(self.mime_type, Unset):
            members["mime_type"] = self.mime_type
        if not isinstance(self.size, Unset):
            members["size"] = self.size
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        name = src_dict.get("name", UNSET)
        mime_type = src_dict.get("mime_type", UNSET)
        size = src_dict.get("size", UNSET)
        if size is not UNSET:
            size = int(size)
        return cls(
            name,
            mime_type,
            size,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
