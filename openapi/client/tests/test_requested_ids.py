"""Responses that name another patient, or another request, than the request did."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_runtime import deviations, serialization

from contract_tests.support.doubles import Peer, answers

ENTRY = {"object": "portal_request", "id": 21, "created": "2026-11-02 09:15:00", "addedby": None}
SETTINGS: dict[str, Any] = {"username": "u", "password": "p", "retries": 0}


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deviations, "_reported", {})


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """What the logger `cerbo_portal.contract` has said."""
    with caplog.at_level(logging.WARNING, "cerbo_portal.contract"):
        yield lambda: [record.getMessage() for record in caplog.records if record.name == "cerbo_portal.contract"]


def _list(*entries: dict[str, Any], **members: Any) -> Any:
    data = [{**ENTRY, **entry} for entry in entries]
    body = {"object": "list", "data": data, "has_more": False, "total_count": len(data), **members}
    return answers("200 OK", json.dumps(body).encode())


def _deleted(**members: Any) -> Any:
    return answers("200 OK", json.dumps({"result": True, "message": "done", **members}).encode())


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "odd", [{"has_more": False}, {"has_more": True}, {"object": 5}, {"data": [{"pt_id": "2", "id": 1}, {"id": None}]}]
)
def test_a_list_that_names_another_patient_is_malformed(
    odd: dict[str, Any], strict: bool, make_peer: Callable[..., Peer]
) -> None:
    peer = make_peer(_list({"pt_id": 1}, {}, {"pt_id": 2}, **odd))
    with Client(peer.url, strict=strict, **SETTINGS) as client, pytest.raises(cerbo.MalformedResponse) as caught:
        client.show_portal_requests(1)
    reason = "data[].pt_id: names another pt_id than the request (status 200)"
    assert str(caught.value) == f"showPortalRequests: {reason}"
    assert caught.value.body is None
    assert not caught.value.may_have_acted


def test_a_failed_list_that_names_another_patient_has_no_body(make_peer: Callable[..., Peer]) -> None:
    own, other = {"pt_id": 1, "id": 1}, {"pt_id": 2, "id": 2}
    peer = make_peer(_list(own, result=False), _list(other, result=False))
    with Client(peer.url, **SETTINGS) as client:
        for ids in ([1], None):
            with pytest.raises(cerbo.OperationFailed) as caught:
                client.show_portal_requests(1)
            assert ids == (caught.value.body and [entry.id for entry in caught.value.body.data])


@pytest.mark.anyio
async def test_an_asynchronous_list_that_names_another_patient(make_peer: Callable[..., Peer]) -> None:
    async with AsyncClient(make_peer(_list({"pt_id": 2})).url, **SETTINGS) as client:
        with pytest.raises(cerbo.MalformedResponse):
            await client.show_portal_requests(1)


@pytest.mark.parametrize("argument", [7, "7", "x"])
def test_a_list_that_names_no_other_patient_is_returned(argument: Any, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(_list({"pt_id": 7}, {"pt_id": "7"}, {"pt_id": 7.0}, {"pt_id": None}, {"pt_id": "07"}, {}))
    with Client(peer.url, **SETTINGS) as client:
        assert len(client.show_portal_requests(argument).data) == 6


def test_a_delete_that_names_another_request_is_a_deviation(
    make_peer: Callable[..., Peer], logged: Callable[[], list[str]]
) -> None:
    peer = make_peer(_deleted(id=28))
    with Client(peer.url, **SETTINGS) as client:
        assert client.delete_portal_request(1, 27).result is True
        assert client.delete_portal_request(1, 29).result is True
        assert client.delete_portal_request(1, 28).result is True
    assert logged() == ["deletePortalRequest: id: names another queue_request_id than the request"]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (27, 27),
        ("27", 27),
        (27.0, 27),
        (2**63 - 1, 2**63 - 1),
        (str(2**63 - 1), 2**63 - 1),
        *((value, None) for value in (True, False, 0, -1, 2**63, str(2**63), 27.5, float("inf"), float("nan"))),
        *((value, None) for value in ("027", "+27", " 27", "27 ", "2_7", "", "٢٧", None, [27], {"id": 27})),
    ],
)
def test_which_values_are_read_as_ids(value: object, number: int | None) -> None:
    assert serialization.read_id(value) == number
