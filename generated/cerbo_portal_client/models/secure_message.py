# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `SecureMessage` of the contract."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime import serialization
from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "id",
        "object",
        "pt_id",
        "sent_by",
        "created",
        "subject",
        "note",
        "dr_id",
        "reply",
    }
)


@dataclass(repr=False, slots=True)
class SecureMessage:
    """A message of the portal's own mail.

    Attributes:
        id: A positive number that identifies one resource of its kind within the instance.
        object_: The kind of resource; in the mock `secure_message`.
        pt_id: The id of the patient whose message it is.
        sent_by: Who sent it, `pt` or `dr` as in the query. An open set.
        created: When it was sent, in UTC.
        subject: One line that says what it is about.
        note: The message.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered.
        additional_properties: The members that the contract does not know, as they came.
    """

    id: int
    object_: str | Unset = UNSET
    pt_id: int | Unset = UNSET
    sent_by: str | Unset = UNSET
    created: datetime.datetime | Unset = UNSET
    subject: None | str | Unset = UNSET
    note: None | str | Unset = UNSET
    dr_id: int | None | Unset = UNSET
    reply: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "SecureMessage(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["id"] = self.id
        if not isinstance(self.object_, Unset):
            members["object"] = self.object_
        if not isinstance(self.pt_id, Unset):
            members["pt_id"] = self.pt_id
        if not isinstance(self.sent_by, Unset):
            members["sent_by"] = self.sent_by
        if not isinstance(self.created, Unset):
            members["created"] = serialization.format_instant(self.created)
        if not isinstance(self.subject, Unset):
            members["subject"] = self.subject
        if not isinstance(self.note, Unset):
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
        id = int(src_dict["id"])
        object_ = src_dict.get("object", UNSET)
        pt_id = src_dict.get("pt_id", UNSET)
        if pt_id is not UNSET:
            pt_id = int(pt_id)
        sent_by = src_dict.get("sent_by", UNSET)
        created = src_dict.get("created", UNSET)
        if created is not UNSET:
            created = serialization.parse_instant(created)
        subject = src_dict.get("subject", UNSET)
        note = src_dict.get("note", UNSET)
        dr_id = src_dict.get("dr_id", UNSET)
        if dr_id is not UNSET:
            dr_id = serialization.to_integer(dr_id)
        reply = src_dict.get("reply", UNSET)
        return cls(
            id,
            object_,
            pt_id,
            sent_by,
            created,
            subject,
            note,
            dr_id,
            reply,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
