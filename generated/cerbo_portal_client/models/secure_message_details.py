# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `SecureMessageDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "thread_id",
        "has_attachment",
        "dr_id",
        "reply",
    }
)


@dataclass(repr=False, slots=True)
class SecureMessageDetails:
    """What else belongs to a secure message.

    Attributes:
        thread_id: The id of the conversation.
        has_attachment: Whether something is attached.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered.
        additional_properties: The members that the contract does not know, as they came.
    """

    thread_id: int | Unset = UNSET
    has_attachment: bool | Unset = UNSET
    dr_id: int | Unset = UNSET
    reply: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "SecureMessageDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.thread_id, Unset):
            members["thread_id"] = self.thread_id
        if not isinstance(self.has_attachment, Unset):
            members["has_attachment"] = self.has_attachment
        if not isinstance(self.dr_id, Unset):
            members["dr_id"] = self.dr_id
        if not isinstance(self.reply, Unset):
            members["reply"] = self.reply
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        thread_id = src_dict.get("thread_id", UNSET)
        if thread_id is not UNSET:
            thread_id = int(thread_id)
        has_attachment = src_dict.get("has_attachment", UNSET)
        dr_id = src_dict.get("dr_id", UNSET)
        if dr_id is not UNSET:
            dr_id = int(dr_id)
        reply = src_dict.get("reply", UNSET)
        return cls(
            thread_id,
            has_attachment,
            dr_id,
            reply,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
