# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.portal_request import PortalRequest


T = TypeVar("T", bound="DeletionResult")


@_attrs_define
class DeletionResult:
    """What became of a delete.

    Attributes:
        result (bool): Whether it was done.
        message (str): The same for people.
        action (str | Unset): What was done, `delete`.
        object_ (str | Unset): The kind of the resource that was removed.
        id (int | Unset): A positive number that identifies one resource of its kind within the instance.
        data (PortalRequest | Unset): One entry of a patient's portal queue.
    """

    result: bool
    message: str
    action: str | Unset = UNSET
    object_: str | Unset = UNSET
    id: int | Unset = UNSET
    data: PortalRequest | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result = self.result

        message = self.message

        action = self.action

        object_ = self.object_

        id = self.id

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "result": result,
                "message": message,
            }
        )
        if action is not UNSET:
            field_dict["action"] = action
        if object_ is not UNSET:
            field_dict["object"] = object_
        if id is not UNSET:
            field_dict["id"] = id
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.portal_request import PortalRequest  # noqa: PLC0415

        d = dict(src_dict)
        result = d.pop("result")

        message = d.pop("message")

        action = d.pop("action", UNSET)

        object_ = d.pop("object", UNSET)

        id = d.pop("id", UNSET)

        _data = d.pop("data", UNSET)
        data: PortalRequest | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = PortalRequest.from_dict(_data)

        deletion_result = cls(
            result=result,
            message=message,
            action=action,
            object_=object_,
            id=id,
            data=data,
        )

        deletion_result.additional_properties = d
        return deletion_result

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
