"""The details of a queue entry: typed by the request's type, kept as they are where they are of no known form."""

import json
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import jsonschema_rs
import pytest
from cerbo_portal_client import Client

Json = Any

ENTRY = {"object": "portal_request", "id": 1, "created": "2026-11-23T10:00:00Z", "addedby": None}


def _listed(**members: Json) -> cerbo.PortalRequestList:
    """What the client makes of a list of two entries, of which the second has these members besides."""
    body = {"object": "list", "data": [ENTRY, {**ENTRY, **members}], "has_more": False, "total_count": 2}
    # Not httpx's own JSON, which cannot hold halves of characters.
    content = json.dumps(body).encode()
    answer = httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)
    transport = httpx.MockTransport(lambda _: answer)
    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport) as client:
        return client.show_portal_requests(1)


def _details_of(**members: Json) -> Any:
    return _listed(**members).data[1].details


def test_details_have_the_form_of_their_type() -> None:
    members = {"drug_id": 311, "refills": 2.0, "pharmacy": "Corner"}
    for kind in ("prescription", "prescription_refill"):
        details = _details_of(request_type=kind, details=members)
        assert isinstance(details, cerbo.PrescriptionDetails)
        assert (details.drug_id, details.refills, details.quantity) == (311, 2, cerbo.UNSET)
        assert details.additional_properties == {"pharmacy": "Corner"}
        assert details.to_dict() == members
    assert isinstance(_details_of(request_type="document", details={}), cerbo.DocumentDetails)


ODD: dict[str, Json] = {
    "an unknown type": {"request_type": "hologram", "details": {"drug_id": 311}},
    "no type": {"details": {"drug_id": 311}},
    "the name of a form": {"request_type": "PrescriptionDetails", "details": {"drug_id": 311}},
    "a member of another type": {"request_type": "prescription", "details": {"drug_id": "three", "refills": 2}},
    "a member that is null": {"request_type": "document", "details": {"name": None}},
    "a list as a number": {"request_type": "prescription", "details": {"drug_id": [[]]}},
}


@pytest.mark.parametrize("members", ODD.values(), ids=ODD)
def test_odd_details_keep_their_members_and_never_lose_the_list(members: Json) -> None:
    answer = _listed(**members)
    details = answer.data[1].details
    assert type(details) is cerbo.RequestDetails
    assert details.to_dict() == details.additional_properties == members["details"]
    assert answer.to_dict()["data"][1] == {**ENTRY, **members}


RAW: dict[str, Json] = {
    "null": None,
    "a list": [{"drug_id": 311}, None],
    "a text": "311 tablets",
    "half a character": "\ud800",
    "a number": 3.5,
    "truth": True,
}


@pytest.mark.parametrize("kind", [{}, {"request_type": "prescription"}, {"request_type": "hologram"}])
@pytest.mark.parametrize("details", RAW.values(), ids=RAW)
def test_details_that_are_no_object_are_kept_and_never_lose_the_list(details: Json, kind: Json) -> None:
    answer = _listed(**kind, details=details)
    assert answer.data[0].to_dict() == ENTRY
    assert answer.data[1].details == details
    assert answer.to_dict()["data"][1] == {**ENTRY, **kind, "details": details}
    with pytest.raises(cerbo.MalformedResponse, match=r"at data\[1\]\.created: "):
        _listed(**kind, details=details, created="yesterday")


def test_the_contract_allows_the_details_that_the_client_takes(document: Json) -> None:
    schema = {"$ref": "#/components/schemas/PortalRequest", "components": document["components"]}
    for details in (*RAW.values(), {}, {"drug_id": "three"}):
        entry = json.loads(json.dumps({**ENTRY, "request_type": "prescription", "details": details}))
        assert jsonschema_rs.is_valid(schema, entry)


@pytest.mark.parametrize("depth", [300, 900])
def test_details_nested_deeply_where_a_form_looks_are_kept(depth: int) -> None:
    deep: Json = None
    for _ in range(depth):
        deep = [deep]
    assert type(_details_of(request_type="document", details={"name": deep})) is cerbo.RequestDetails
    assert type(_details_of(request_type="document", details={"new": deep})) is cerbo.DocumentDetails


@pytest.mark.parametrize("members", [{"\ud800": 1}, {"name": "\ud800"}])
def test_details_that_no_validator_can_read_are_kept(members: Json) -> None:
    assert _details_of(request_type="document", details=members).to_dict() == members


@pytest.mark.parametrize("kind", ["prescription", "hologram"])
def test_details_of_any_form_are_read_by_name_and_tell_nothing(kind: str) -> None:
    details = _details_of(request_type=kind, details={"drug_id": 311, "pharmacy": "Corner"})
    assert (details["drug_id"], details["pharmacy"]) == (311, "Corner")
    assert "pharmacy" in details
    assert "quantity" not in details
    assert "311" not in repr(details)
    with pytest.raises(KeyError):
        details["quantity"]
