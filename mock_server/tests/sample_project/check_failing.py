"""Tests that fail, to see what they show."""

import httpx
import pytest
from cerbo_portal_mock import MockPortal


def test_in_process(cerbo_portal):
    cerbo_portal.faults.add("close", times=1)
    with cerbo_portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).data == []


def test_shared(cerbo_portal_url):
    assert httpx.get(f"{cerbo_portal_url}/patients/1/portal/enqueued", trust_env=False).status_code == 200


def test_several(cerbo_portal):
    with MockPortal() as other, other.client() as cerbo:
        cerbo.show_portal_requests(2)
        assert cerbo_portal.journal


def test_a_fault_that_did_not_happen(cerbo_portal):
    cerbo_portal.faults.add("status", status=503, after=1, must_happen=True)
    with cerbo_portal.client() as cerbo:
        cerbo.show_portal_requests(1)


def test_an_error_of_the_test_is_shown_first(cerbo_portal):
    cerbo_portal.faults.add("close", must_happen=True)
    assert 1 / 0


@pytest.mark.cerbo_portal(grease="7,dates")
def test_varied(cerbo_portal):
    with cerbo_portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).data == []


@pytest.mark.cerbo_portal(grease="colours")
def test_unknown_kind(cerbo_portal):
    pass
