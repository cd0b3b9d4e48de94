# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `CreationResult` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "result",
        "message",
        "portal_queue_id",
        "object",
        "id",
    }
)


@dataclass(repr=False, slots=True)
class CreationResult:
    """What became of something that was added.

    Attributes:
        result: Whether it was done.
        message: The same for people.
        portal_queue_id: The id of the new request, as secure messages have it; absent where it went to the chart.
        object_: The kind of what went to the chart; absent where it is in the queue.
        id: The id of what went to the chart; absent where it is in the queue.
        additional_properties: The members that the contract does not know, as they came.
    """

    result: bool
    message: str
    portal_queue_id: int | Unset = UNSET
    object_: str | Unset = UNSET
    id: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "CreationResult(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["result"] = self.result
        members["message"] = self.message
        if not isinstance(self.portal_queue_id, Unset):
            members["portal_queue_id"] = self.portal_queue_id
        if not isinstance(self.object_, Unset):
            members["object"] = self.object_
        if not isinstance(self.id, Unset):
            members["id"] = self.id
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
        portal_queue_id = src_dict.get("portal_queue_id", UNSET)
        if portal_queue_id is not UNSET:
            portal_queue_id = int(portal_queue_id)
        object_ = src_dict.get("object", UNSET)
        id = src_dict.get("id", UNSET)
        if id is not UNSET:
            id = int(id)
        return cls(
            result,
            message,
            portal_queue_id,
            object_,
            id,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
