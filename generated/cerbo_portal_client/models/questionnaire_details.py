# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `QuestionnaireDetails` of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime.types import UNSET, Unset

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "questionnaire_name",
        "questionnaire_type",
        "html_content",
        "raw_data",
    }
)


@dataclass(repr=False, slots=True)
class QuestionnaireDetails:
    """What else belongs to a questionnaire.

    Attributes:
        questionnaire_name: Its name.
        questionnaire_type: Its type.
        html_content: Questions and answers as HTML, for people.
        raw_data: The same for programs.
        additional_properties: The members that the contract does not know, as they came.
    """

    questionnaire_name: str | Unset = UNSET
    questionnaire_type: str | Unset = UNSET
    html_content: str | Unset = UNSET
    raw_data: dict[str, Any] | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "QuestionnaireDetails(...)"

    def __getitem__(self, name: str) -> Any:
        """The member of this name, as JSON has it."""
        return self.to_dict()[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        if not isinstance(self.questionnaire_name, Unset):
            members["questionnaire_name"] = self.questionnaire_name
        if not isinstance(self.questionnaire_type, Unset):
            members["questionnaire_type"] = self.questionnaire_type
        if not isinstance(self.html_content, Unset):
            members["html_content"] = self.html_content
        if not isinstance(self.raw_data, Unset):
            members["raw_data"] = self.raw_data
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        questionnaire_name = src_dict.get("questionnaire_name", UNSET)
        questionnaire_type = src_dict.get("questionnaire_type", UNSET)
        html_content = src_dict.get("html_content", UNSET)
        raw_data = src_dict.get("raw_data", UNSET)
        return cls(
            questionnaire_name,
            questionnaire_type,
            html_content,
            raw_data,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
