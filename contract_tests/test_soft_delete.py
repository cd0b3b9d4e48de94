"""Soft delete: hidden at once, never lost, with time and API user, and one winner of two concurrent deletes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_mock import create_app
from flask import Flask

from contract_tests.support.http_client import USER, ConnectAs

Json = Any
State = Callable[[], Json]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def app() -> Flask:
    return create_app(now=lambda: NOON)


def _ids(entries: list[Json]) -> list[int]:
    return [entry["id"] for entry in entries]


def test_a_deleted_request_is_hidden_at_once_and_never_lost(connect: ConnectAs, state: State) -> None:
    client = connect(*USER)
    before = state()
    client.delete_portal_request(1, 27)
    assert [request.id for request in client.show_portal_requests(1).data] == [21, 28, 30, 33]
    after = state()
    assert _ids(after["hidden"]) == [27]
    assert sorted(_ids(after["open"]) + _ids(after["hidden"])) == _ids(before["open"])


def test_the_audit_names_the_time_in_utc_and_the_api_user(connect: ConnectAs, state: State) -> None:
    original = next(entry for entry in state()["open"] if entry["id"] == 27)
    connect("ben", "password").delete_portal_request(1, 27)
    (hidden,) = state()["hidden"]
    audit = {"status": "dismissed", "hidden_at": "2026-11-24T12:00:00Z", "hidden_by": "ben"}
    assert hidden == {**original, **audit}


def test_a_second_delete_finds_nothing_and_leaves_the_audit(connect: ConnectAs, state: State) -> None:
    connect(*USER).delete_portal_request(1, 27)
    after_first = state()
    with pytest.raises(cerbo.NotFound):
        connect("ben", "password").delete_portal_request(1, 27)
    assert state() == after_first


def test_another_patients_request_is_not_found_and_untouched(connect: ConnectAs, state: State) -> None:
    before = state()
    with pytest.raises(cerbo.NotFound):
        connect(*USER).delete_portal_request(2, 27)
    assert state() == before


def test_a_delete_leaves_other_patients_alone(connect: ConnectAs) -> None:
    client = connect(*USER)
    others = client.show_portal_requests(2)
    client.delete_portal_request(1, 27)
    assert client.show_portal_requests(2) == others


def test_of_concurrent_deletes_exactly_one_succeeds(connect: ConnectAs, state: State) -> None:
    rivals = 8
    barrier = Barrier(rivals)

    def delete(client: cerbo.Client) -> bool:
        barrier.wait(timeout=10)
        try:
            client.delete_portal_request(1, 27)
        except cerbo.NotFound:
            return False
        return True

    clients = [connect(*USER) for _ in range(rivals)]
    with ThreadPoolExecutor(rivals) as pool:
        assert sorted(pool.map(delete, clients)) == [False] * (rivals - 1) + [True]
    assert _ids(state()["hidden"]) == [27]


def test_a_reset_returns_to_the_scenario(connect: ConnectAs, state: State, http: Any) -> None:
    before = state()
    connect(*USER).delete_portal_request(1, 27)
    connect(*USER).invite_to_portal(221)
    assert state() != before
    assert http.post("/__admin/reset", json={}).json() == {"status": "reset"}
    assert state() == before
