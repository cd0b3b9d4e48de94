# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PortalRequestList` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from ..models.portal_request import PortalRequest

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "object",
        "data",
        "has_more",
        "total_count",
    }
)


@dataclass(repr=False, slots=True)
class PortalRequestList:
    """A patient's portal queue.

    Attributes:
        object_: The kind of resource, `list`.
        data: The requests, oldest first (assumed).
        has_more: Whether the queue holds more than this list; the contract knows no paging here.
        total_count: How many requests the queue holds.
        additional_properties: The members that the contract does not know, as they came.
    """

    object_: Literal["list"]
    data: list[PortalRequest]
    has_more: bool
    total_count: int
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "PortalRequestList(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["object"] = self.object_
        members["data"] = [item.to_dict() for item in self.data]
        members["has_more"] = self.has_more
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
        object_ = src_dict["object"]
        data = [PortalRequest.from_dict(item) for item in src_dict["data"]]
        has_more = src_dict["has_more"]
        total_count = int(src_dict["total_count"])
        return cls(
            object_,
            data,
            has_more,
            total_count,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
