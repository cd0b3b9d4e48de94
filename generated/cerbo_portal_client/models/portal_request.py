# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.request_details import RequestDetails


T = TypeVar("T", bound="PortalRequest")


@_attrs_define
class PortalRequest:
    """One entry of a patient's portal queue.

    Attributes:
        object_ (Literal['portal_request']): The kind of resource, `portal_request`.
        id (int): A positive number that identifies one resource of its kind within the instance.
        created (datetime.datetime): When the request was put into the queue, in UTC.
        addedby (int | None): The id of the user who put the request into the queue; null for the patient.
        pt_id (int | Unset): A positive number that identifies one resource of its kind within the instance.
        request_type (str | Unset): What was requested. An open set.
        status (str | Unset): Where the request stands in the clinic's review. An open set.
        subject (None | str | Unset): One line that says what it is about.
        notes (None | str | Unset): Free text of the sender.
        url_patient_details (str | Unset): The route of the patient's details; it may not be available on a given
            instance.
        details (RequestDetails | Unset): What else belongs to the request; its members depend on `request_type`.
    """

    object_: Literal["portal_request"]
    id: int
    created: datetime.datetime
    addedby: int | None
    pt_id: int | Unset = UNSET
    request_type: str | Unset = UNSET
    status: str | Unset = UNSET
    subject: None | str | Unset = UNSET
    notes: None | str | Unset = UNSET
    url_patient_details: str | Unset = UNSET
    details: RequestDetails | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        id = self.id

        created = self.created.isoformat()

        addedby: int | None
        addedby = self.addedby

        pt_id = self.pt_id

        request_type = self.request_type

        status = self.status

        subject: None | str | Unset
        if isinstance(self.subject, Unset):
            subject = UNSET
        else:
            subject = self.subject

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

        url_patient_details = self.url_patient_details

        details: dict[str, Any] | Unset = UNSET
        if not isinstance(self.details, Unset):
            details = self.details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "id": id,
                "created": created,
                "addedby": addedby,
            }
        )
        if pt_id is not UNSET:
            field_dict["pt_id"] = pt_id
        if request_type is not UNSET:
            field_dict["request_type"] = request_type
        if status is not UNSET:
            field_dict["status"] = status
        if subject is not UNSET:
            field_dict["subject"] = subject
        if notes is not UNSET:
            field_dict["notes"] = notes
        if url_patient_details is not UNSET:
            field_dict["url_patient_details"] = url_patient_details
        if details is not UNSET:
            field_dict["details"] = details

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.request_details import RequestDetails  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["portal_request"], d.pop("object"))
        if object_ != "portal_request":
            raise ValueError(f"object must match const 'portal_request', got '{object_}'")

        id = d.pop("id")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        def _parse_addedby(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        addedby = _parse_addedby(d.pop("addedby"))

        pt_id = d.pop("pt_id", UNSET)

        request_type = d.pop("request_type", UNSET)

        status = d.pop("status", UNSET)

        def _parse_subject(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        subject = _parse_subject(d.pop("subject", UNSET))

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        url_patient_details = d.pop("url_patient_details", UNSET)

        _details = d.pop("details", UNSET)
        details: RequestDetails | Unset
        if isinstance(_details, Unset):
            details = UNSET
        else:
            details = RequestDetails.from_dict(_details)

        portal_request = cls(
            object_=object_,
            id=id,
            created=created,
            addedby=addedby,
            pt_id=pt_id,
            request_type=request_type,
            status=status,
            subject=subject,
            notes=notes,
            url_patient_details=url_patient_details,
            details=details,
        )

        portal_request.additional_properties = d
        return portal_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
