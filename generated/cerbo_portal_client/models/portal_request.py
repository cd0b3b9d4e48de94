# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The schema `PortalRequest` of the contract."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cerbo_portal_runtime import serialization
from cerbo_portal_runtime.types import UNSET, Unset

from .._schemas import SCHEMAS
from ..models.appointment_details import AppointmentDetails
from ..models.document_details import DocumentDetails
from ..models.prescription_details import PrescriptionDetails
from ..models.questionnaire_details import QuestionnaireDetails
from ..models.request_details import RequestDetails
from ..models.secure_message_details import SecureMessageDetails
from ..models.supplement_details import SupplementDetails

_DETAILS: Final = {
    "secure_message": SecureMessageDetails,
    "appointment": AppointmentDetails,
    "prescription": PrescriptionDetails,
    "prescription_refill": PrescriptionDetails,
    "supplement": SupplementDetails,
    "document": DocumentDetails,
    "questionnaire": QuestionnaireDetails,
    "vitals": RequestDetails,
    "vaccine_record": RequestDetails,
    "pharmacy": RequestDetails,
    "account_change": RequestDetails,
    "insurance_change": RequestDetails,
}

_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "object",
        "id",
        "created",
        "addedby",
        "pt_id",
        "request_type",
        "status",
        "subject",
        "notes",
        "url_patient_details",
        "details",
    }
)


@dataclass(repr=False, slots=True)
class PortalRequest:
    """One entry of a patient's portal queue.

    Attributes:
        object_: The kind of resource; that it reads `portal_request` is assumed.
        id: A positive number that identifies one resource of its kind within the instance.
        created: When the request was put into the queue, in UTC.
        addedby: The id of the user who put the request into the queue; null for the patient (assumed).
        pt_id: The id of the patient whose request it is.
        request_type: What was requested. An open set: that patients submit these kinds is inferred from the vendor's help
            centre, the values are not known.
        status: Where the request stands in the clinic's review. An open set.
        subject: One line that says what it is about.
        notes: Free text of the sender.
        url_patient_details: The route of the patient's details; it may not be available on a given instance.
        details: What else belongs to the request, by its `request_type`. Every form admits other members, and the
            last two anything, objects and whatever else JSON has: details of another type, or not of the form
            of their type, are still details, for nobody outside the vendor knows the forms, and one odd entry
            must not lose the list.
        additional_properties: The members that the contract does not know, as they came.
    """

    object_: str
    id: int
    created: datetime.datetime
    addedby: int | None
    pt_id: int | Unset = UNSET
    request_type: str | Unset = UNSET
    status: str | Unset = UNSET
    subject: None | str | Unset = UNSET
    notes: None | str | Unset = UNSET
    url_patient_details: str | Unset = UNSET
    details: (
        SecureMessageDetails
        | AppointmentDetails
        | PrescriptionDetails
        | SupplementDetails
        | DocumentDetails
        | QuestionnaireDetails
        | RequestDetails
        | Any
        | Unset
    ) = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        # The members may be patient data.
        return "PortalRequest(...)"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        members = dict(self.additional_properties)
        members["object"] = self.object_
        members["id"] = self.id
        members["created"] = serialization.format_instant(self.created)
        members["addedby"] = self.addedby
        if not isinstance(self.pt_id, Unset):
            members["pt_id"] = self.pt_id
        if not isinstance(self.request_type, Unset):
            members["request_type"] = self.request_type
        if not isinstance(self.status, Unset):
            members["status"] = self.status
        if not isinstance(self.subject, Unset):
            members["subject"] = self.subject
        if not isinstance(self.notes, Unset):
            members["notes"] = self.notes
        if not isinstance(self.url_patient_details, Unset):
            members["url_patient_details"] = self.url_patient_details
        if not isinstance(self.details, Unset):
            members["details"] = serialization.to_json(self.details)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object that fits the contract's schema, which is not checked here.

        Args:
            src_dict: The object; members that the contract does not know are kept.

        Raises:
            KeyError, TypeError, ValueError: the object does not fit.
        """
        object_ = src_dict["object"]
        id = int(src_dict["id"])
        created = serialization.parse_instant(src_dict["created"])
        addedby = serialization.to_integer(src_dict["addedby"])
        pt_id = src_dict.get("pt_id", UNSET)
        if pt_id is not UNSET:
            pt_id = int(pt_id)
        request_type = src_dict.get("request_type", UNSET)
        status = src_dict.get("status", UNSET)
        subject = src_dict.get("subject", UNSET)
        notes = src_dict.get("notes", UNSET)
        url_patient_details = src_dict.get("url_patient_details", UNSET)
        details = src_dict.get("details", UNSET)
        if details is not UNSET:
            details = SCHEMAS.choose(details, _DETAILS.get(src_dict.get("request_type", "")), RequestDetails)
        return cls(
            object_,
            id,
            created,
            addedby,
            pt_id,
            request_type,
            status,
            subject,
            notes,
            url_patient_details,
            details,
            {} if src_dict.keys() <= _MEMBERS else {name: src_dict[name] for name in src_dict if name not in _MEMBERS},
        )
