# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewSecureMessage` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "subject",
        "note",
        "dr_id",
        "reply",
    }
)


@dataclass(repr=False, slots=True)
class NewSecureMessage:
    """A message of the patient.

    Attributes:
        subject: One line that says what it is about.
        note: The message.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered, such as `phone`; which values there are is not known.
        additional_properties: The members that the contract does not know, as they came.
    """

    subject: str
    note: str
    dr_id: int | Unset = UNSET
    reply: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewSecureMessage(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["subject"] = self.subject
        members["note"] = self.note
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
        subject = src_dict["subject"]
        note = src_dict["note"]
        dr_id = src_dict.get("dr_id", UNSET)
        if dr_id is not UNSET:
            dr_id = int(dr_id)
        reply = src_dict.get("reply", UNSET)
        return cls(
            subject,
            note,
            dr_id,
            reply,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
