"""The details of a queue entry: typed by the request's type, a dict where the type has none, never a lost list."""

import json
from typing import Any

import cerbo_portal_client as cerbo
import httpx
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


def test_details_have_the_model_of_their_type() -> None:
    members = {"drug_id": "311", "refills": 2.0, "pharmacy": "Corner"}
    for kind in ("prescription", "prescription_refill"):
        details = _details_of(request_type=kind, details=members)
        assert isinstance(details, cerbo.PrescriptionDetails)
        assert (details.drug_id, details.refills, details.quantity) == (311, 2, None)
        assert details.additional_properties == {"pharmacy": "Corner"}
        assert details.to_dict() == {**members, "drug_id": 311}
        assert details.raw == members
    assert isinstance(_details_of(request_type="document", details={}), cerbo.DocumentDetails)


UNTYPED: dict[str, Json] = {
    "an unknown type": {"request_type": "hologram"},
    "a type without details": {"request_type": "vitals"},
    "no type": {},
    "a type that is no text": {"request_type": ["prescription"]},
    "the name of a model": {"request_type": "PrescriptionDetails"},
}


@pytest.mark.parametrize("members", UNTYPED.values(), ids=UNTYPED)
@pytest.mark.parametrize("details", [{"drug_id": 311}, {"drug_id": "three"}, {}, {"\ud800": ["\ud800"]}])
def test_details_without_a_model_are_the_dict_that_came(members: Json, details: Json) -> None:
    found = _details_of(**members, details=details)
    assert type(found) is dict
    assert found == details


ODD: dict[str, tuple[Json, Json]] = {
    "a text as a number": ({"drug_id": "three", "refills": 2}, {"refills": 2}),
    "a member that is null": ({"drug_id": None, "refills": 2}, {"refills": 2}),
    "a list as a number": ({"drug_id": [[]], "quantity": "30.5"}, {"quantity": 30.5}),
    "half a character": ({"agreed_to_terms": "\ud800", "drug_id": 1}, {"agreed_to_terms": "\ud800", "drug_id": 1}),
}


@pytest.mark.parametrize(("details", "readable"), ODD.values(), ids=ODD)
def test_odd_details_keep_their_other_members_and_never_lose_the_list(details: Json, readable: Json) -> None:
    found = _details_of(request_type="prescription", details=details)
    assert isinstance(found, cerbo.PrescriptionDetails)
    assert found.raw == details
    assert {name: value for name, value in found.to_dict().items() if value is not None} == readable


RAW: dict[str, Json] = {
    "null": None,
    "a list": [{"drug_id": 311}, None],
    "a text": "311 tablets",
    "half a character": "\ud800",
    "a number": 3.5,
    "a boolean": True,
}


@pytest.mark.parametrize("kind", [{}, {"request_type": "prescription"}, {"request_type": "hologram"}])
@pytest.mark.parametrize("details", RAW.values(), ids=RAW)
def test_details_that_are_no_object_are_none_and_raw(details: Json, kind: Json) -> None:
    answer = _listed(**kind, details=details)
    assert answer.data[0].to_dict() == ENTRY
    assert answer.data[1].details is None
    assert answer.data[1].raw == {**ENTRY, **kind, "details": details}
    assert answer.data[1].to_dict() == {**ENTRY, **kind, "details": None}


@pytest.mark.parametrize("depth", [300, 900])
def test_details_nested_deeply_keep_what_can_be_read(depth: int) -> None:
    deep: Json = None
    for _ in range(depth):
        deep = [deep]
    found = _details_of(request_type="document", details={"name": deep, "new": deep, "size": 7})
    assert isinstance(found, cerbo.DocumentDetails)
    assert (found.name, found.size, found.raw["name"], found.additional_properties) == (None, 7, deep, {"new": deep})


@pytest.mark.parametrize("kind", ["prescription", "hologram"])
def test_details_with_or_without_a_model_are_read_by_name(kind: str) -> None:
    details = _details_of(request_type=kind, details={"drug_id": 311, "pharmacy": "Corner"})
    assert (details["drug_id"], details["pharmacy"]) == (311, "Corner")
    assert "pharmacy" in details
    assert "quantity" not in details
    with pytest.raises(KeyError):
        details["quantity"]


def test_a_model_of_details_shows_no_value() -> None:
    assert "311" not in repr(_details_of(request_type="prescription", details={"drug_id": 311}))
