import httpx
import pytest
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport
from naive import Naive
from robust import Robust


def pytest_addoption(parser):
    parser.addoption("--robust", action="store_true")


@pytest.fixture
def naive_queue(cerbo_portal):
    transport = PortalTransport(cerbo_portal.app)
    with httpx.Client(transport=transport, base_url=ORIGIN, auth=("un", "pwd")) as http:
        yield Naive(http, 1)


@pytest.fixture
def robust_queue(cerbo_portal):
    with cerbo_portal.client() as client:
        yield Robust(client, 1)
