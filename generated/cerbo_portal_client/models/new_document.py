# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewDocument` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "pt_id",
        "name",
        "mime_type",
        "base64_content",
        "notes",
        "content",
        "folder",
        "subfolder",
        "flag",
        "requires_review",
    }
)


@dataclass(repr=False, slots=True)
class NewDocument:
    """A document to add.

    Attributes:
        pt_id: The patient's id, as in the path.
        name: Its title.
        mime_type: What it is, such as `application/pdf`.
        base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`. The exact
            limit and that line breaks are not taken are assumed.
        notes: Free text to the reviewer; only for the queue.
        content: Its text; only for the chart. That these five members have these types is assumed.
        folder: The folder; only for the chart.
        subfolder: The folder in the folder; only for the chart.
        flag: Its flag; only for the chart.
        requires_review: Whether somebody has to review it; only for the chart.
        additional_properties: The members that the contract does not know, as they came.
    """

    pt_id: int
    name: str
    mime_type: str
    base64_content: str
    notes: str | Unset = UNSET
    content: str | Unset = UNSET
    folder: str | Unset = UNSET
    subfolder: str | Unset = UNSET
    flag: str | Unset = UNSET
    requires_review: bool | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewDocument(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["pt_id"] = self.pt_id
        members["name"] = self.name
        members["mime_type"] = self.mime_type
        members["base64_content"] = self.base64_content
        if not isinstance(self.notes, Unset):
            members["notes"] = self.notes
        if not isinstance(self.content, Unset):
            members["content"] = self.content
        if not isinstance(self.folder, Unset):
            members["folder"] = self.folder
        if not isinstance(self.subfolder, Unset):
            members["subfolder"] = self.subfolder
        if not isinstance(self.flag, Unset):
            members["flag"] = self.flag
        if not isinstance(self.requires_review, Unset):
            members["requires_review"] = self.requires_review
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        pt_id = int(src_dict["pt_id"])
        name = src_dict["name"]
        mime_type = src_dict["mime_type"]
        base64_content = src_dict["base64_content"]
        notes = src_dict.get("notes", UNSET)
        content = src_dict.get("content", UNSET)
        folder = src_dict.get("folder", UNSET)
        subfolder = src_dict.get("subfolder", UNSET)
        flag = src_dict.get("flag", UNSET)
        requires_review = src_dict.get("requires_review", UNSET)
        return cls(
            pt_id,
            name,
            mime_type,
            base64_content,
            notes,
            content,
            folder,
            subfolder,
            flag,
            requires_review,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
