# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `DeletionResult` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

from ..models.portal_request import PortalRequest

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "result",
        "message",
        "action",
        "object",
        "id",
        "data",
    }
)


@dataclass(repr=False, slots=True)
class DeletionResult:
    """What became of a delete.

    Attributes:
        result: Whether it was done.
        message: The same for people.
        action: What was done, `delete`.
        object_: The kind of the resource that was removed.
        id: The id of the removed request; that it is the one of the queue is assumed.
        data: One entry of a patient's portal queue.
        additional_properties: The members that the contract does not know, as they came.
    """

    result: bool
    message: str
    action: str | Unset = UNSET
    object_: str | Unset = UNSET
    id: int | Unset = UNSET
    data: PortalRequest | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "DeletionResult(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["result"] = self.result
        members["message"] = self.message
        if not isinstance(self.action, Unset):
            members["action"] = self.action
        if not isinstance(self.object_, Unset):
            members["object"] = self.object_
        if not isinstance(self.id, Unset):
            members["id"] = self.id
        if not isinstance(self.data, Unset):
            members["data"] = self.data.to_dict()
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
        action = src_dict.get("action", UNSET)
        object_ = src_dict.get("object", UNSET)
        id = src_dict.get("id", UNSET)
        if id is not UNSET:
            id = int(id)
        data = src_dict.get("data", UNSET)
        if data is not UNSET:
            data = PortalRequest.from_dict(data)
        return cls(
            result,
            message,
            action,
            object_,
            id,
            data,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
