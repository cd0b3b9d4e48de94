"""Many tests that would all fail if one saw another's calls."""

import httpx
import pytest


@pytest.fixture(scope="module")
def http():
    with httpx.Client(auth=("un", "pwd"), trust_env=False, timeout=30) as http:
        yield http


@pytest.mark.parametrize("number", range(400))
def test_everyone_deletes_the_same_entry(number, http, cerbo_portal_url, cerbo_portal_admin_url):
    queue = f"{cerbo_portal_url}/patients/1/portal/enqueued"
    assert http.delete(f"{queue}/27").status_code == 200
    assert [entry["id"] for entry in http.get(queue).json()["data"]] == [21, 28, 30, 33]
    assert http.get(f"{cerbo_portal_admin_url}/requests", auth=None).json()["meta"]["total"] == 2
