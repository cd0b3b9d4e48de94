"""Tests that fail, to see what they show."""

import httpx
import pytest


def test_in_process(cerbo_portal):
    cerbo_portal.faults.add("close", times=1)
    with cerbo_portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).data == []


def test_shared(cerbo_portal_url):
    assert httpx.get(f"{cerbo_portal_url}/patients/1/portal/enqueued", trust_env=False).status_code == 200


@pytest.mark.cerbo_portal(grease="7,dates")
def test_varied(cerbo_portal):
    with cerbo_portal.client() as cerbo:
        assert cerbo.show_portal_requests(1).data == []


@pytest.mark.cerbo_portal(grease="colours")
def test_unknown_kind(cerbo_portal):
    pass


def test_both(cerbo_portal, cerbo_portal_url):
    assert cerbo_portal_url.startswith("http")
