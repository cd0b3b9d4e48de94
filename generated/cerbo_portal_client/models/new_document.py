# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewDocument` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cerbo_portal_runtime.types import UNSET, Unset


@dataclass(repr=False, slots=True)
class NewDocument:
    """A document to add; that all of it but the notes is required is assumed.

    Attributes:
        name: The name of its file.
        mime_type: What it is, such as `application/pdf`.
        base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`. The exact
            limit and that line breaks are not taken are assumed.
        notes: Free text to the reviewer.
        additional_properties: The members that the contract does not know, as they came.
    """

    name: str
    mime_type: str
    base64_content: str
    notes: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewDocument(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["name"] = self.name
        members["mime_type"] = self.mime_type
        members["base64_content"] = self.base64_content
        if not isinstance(self.notes, Unset):
            members["notes"] = self.notes
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
        name = members.pop("name")
        mime_type = members.pop("mime_type")
        base64_content = members.pop("base64_content")
        notes = members.pop("notes", UNSET)
        return cls(
            name=name,
            mime_type=mime_type,
            base64_content=base64_content,
            notes=notes,
            additional_properties=members,
        )
