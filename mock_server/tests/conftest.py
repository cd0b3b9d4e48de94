"""What the mock's tests share: a portal in process, raw HTTP to it, and its control API."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.portal import ORIGIN, PortalTransport

# It is run elsewhere, by `test_plugin.py`.
collect_ignore = ["sample_project"]

Json = Any
Admin = Callable[..., httpx.Response]


@pytest.fixture
def portal() -> MockPortal:
    """A mock of this test alone."""
    return MockPortal()


@pytest.fixture
def http(portal: MockPortal) -> Iterator[httpx.Client]:
    """Raw HTTP to the mock, as the API user un."""
    with httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN, auth=("un", "pwd")) as http:
        yield http


@pytest.fixture
def admin(http: httpx.Client) -> Admin:
    """Calls the control API: `admin("POST", "/faults", {...})`; headers as keywords `headers=`."""

    def call(method: str, path: str, body: Json = None, **options: Any) -> httpx.Response:
        if method == "POST":
            options["json"] = {} if body is None else body
        return http.request(method, f"/__admin{path}", auth=None, **options)

    return call
