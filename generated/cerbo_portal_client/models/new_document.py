# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewDocument` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cerbo_portal_runtime.types import UNSET, Unset


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
        members = dict(src_dict)
        pt_id = int(members.pop("pt_id"))
        name = members.pop("name")
        mime_type = members.pop("mime_type")
        base64_content = members.pop("base64_content")
        notes = members.pop("notes", UNSET)
        content = members.pop("content", UNSET)
        folder = members.pop("folder", UNSET)
        subfolder = members.pop("subfolder", UNSET)
        flag = members.pop("flag", UNSET)
        requires_review = members.pop("requires_review", UNSET)
        return cls(
            pt_id=pt_id,
            name=name,
            mime_type=mime_type,
            base64_content=base64_content,
            notes=notes,
            content=content,
            folder=folder,
            subfolder=subfolder,
            flag=flag,
            requires_review=requires_review,
            additional_properties=members,
        )
