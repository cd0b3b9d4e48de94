# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `SecureMessageList` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

from ..models.secure_message import SecureMessage

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "data",
        "object",
        "has_more",
        "total_count",
    }
)


@dataclass(repr=False, slots=True)
class SecureMessageList:
    """A patient's secure messages; nobody has published any.

    Attributes:
        data: The messages, oldest first (assumed).
        object_: The kind of resource, `list`.
        has_more: Whether there are more messages than this list has; the contract knows no paging here.
        total_count: How many messages there are.
        additional_properties: The members that the contract does not know, as they came.
    """

    data: list[SecureMessage]
    object_: str | Unset = UNSET
    has_more: bool | Unset = UNSET
    total_count: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "SecureMessageList(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["data"] = [item.to_dict() for item in self.data]
        if not isinstance(self.object_, Unset):
            members["object"] = self.object_
        if not isinstance(self.has_more, Unset):
            members["has_more"] = self.has_more
        if not isinstance(self.total_count, Unset):
            members["total_count"] = self.total_count
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        data = [SecureMessage.from_dict(item) for item in src_dict["data"]]
        object_ = src_dict.get("object", UNSET)
        has_more = src_dict.get("has_more", UNSET)
        total_count = src_dict.get("total_count", UNSET)
        if total_count is not UNSET:
            total_count = int(total_count)
        return cls(
            data,
            object_,
            has_more,
            total_count,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
