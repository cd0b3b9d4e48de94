# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `NewQuestionnaire` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "html_content",
        "raw_data",
        "questionnaire_type",
        "questionnaire_name",
    }
)


@dataclass(repr=False, slots=True)
class NewQuestionnaire:
    """A questionnaire that was answered.

    Attributes:
        html_content: Questions and answers as HTML, for people.
        raw_data: The same for programs, as pairs of a key and a value.
        questionnaire_type: Its type.
        questionnaire_name: Its name.
        additional_properties: The members that the contract does not know, as they came.
    """

    html_content: str
    raw_data: dict[str, Any]
    questionnaire_type: str | Unset = UNSET
    questionnaire_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "NewQuestionnaire(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["html_content"] = self.html_content
        members["raw_data"] = self.raw_data
        if not isinstance(self.questionnaire_type, Unset):
            members["questionnaire_type"] = self.questionnaire_type
        if not isinstance(self.questionnaire_name, Unset):
            members["questionnaire_name"] = self.questionnaire_name
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        html_content = src_dict["html_content"]
        raw_data = src_dict["raw_data"]
        questionnaire_type = src_dict.get("questionnaire_type", UNSET)
        questionnaire_name = src_dict.get("questionnaire_name", UNSET)
        return cls(
            html_content,
            raw_data,
            questionnaire_type,
            questionnaire_name,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
