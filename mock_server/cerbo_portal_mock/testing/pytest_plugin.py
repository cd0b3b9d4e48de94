"""The pytest plugin: every test has its own portal.

`cerbo_portal` is a `MockPortal` in process; `cerbo_portal_url` is the base URL of one on a socket, or,
with `--cerbo-portal-url`, of a separate instance on a server that all workers share. Responses are
checked against the contract. A failing test shows the requests that its portal received.
"""

import os
from collections.abc import Callable, Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from cerbo_portal_mock import MockPortal

OPTION = "--cerbo-portal-url"
_BASE_PATH = "/api/v1"
_calls = pytest.StashKey[Callable[[], list[str]]]()
_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names a server to share."""
    parser.getgroup("cerbo-portal").addoption(
        OPTION,
        metavar="URL",
        help="use the mock that runs here, such as http://127.0.0.1:8080, with one instance per test;"
        " by default every test has its own server",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the requests that the portal of a failed test received."""
    report = yield
    if report.when == "call" and report.failed and _calls in item.stash:
        report.sections.append(("cerbo-portal calls", "\n".join(item.stash[_calls]()) or "none"))
    return report


@pytest.fixture
def cerbo_portal(request: pytest.FixtureRequest) -> "MockPortal":
    """A portal of this test alone, in process."""
    try:
        from cerbo_portal_mock.testing.mock_portal import MockPortal  # noqa: PLC0415 (needed by these tests only)
    except ImportError as error:
        pytest.fail(f"cerbo_portal: expected the extra [mock] of cerbo-portal: {error}", pytrace=False)
    portal = MockPortal()
    request.node.stash[_calls] = lambda: [str(exchange) for exchange in portal.journal]
    return portal


@pytest.fixture
def cerbo_portal_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The base URL of a portal of this test alone, such as `http://127.0.0.1:49152/api/v1`.

    With `cerbo_portal` in the same test, it is the same portal.
    """
    if request.config.getoption(OPTION) is None:
        with request.getfixturevalue("cerbo_portal").server() as url:
            yield url
    elif "cerbo_portal" in request.fixturenames:
        pytest.fail(f"cerbo_portal: expected no {OPTION}: its portal is in process, not on that server", pytrace=False)
    else:
        yield from _instance(request, request.getfixturevalue("_cerbo_portal_admin"))


@pytest.fixture
def cerbo_portal_admin_url(cerbo_portal_url: str) -> str:
    """The URL of the control API of the same portal, such as `http://127.0.0.1:49152/__admin`."""
    return f"{cerbo_portal_url.removesuffix(_BASE_PATH)}/__admin"


@pytest.fixture(scope="session")
def _cerbo_portal_admin(request: pytest.FixtureRequest) -> Iterator["httpx.Client"]:
    """HTTP to the control API of the server that is shared."""
    import httpx  # noqa: PLC0415 (needed by these tests only)

    token = os.environ.get("CERBO_MOCK_ADMIN_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    origin = request.config.getoption(OPTION).rstrip("/").removesuffix(_BASE_PATH)
    with httpx.Client(base_url=origin, headers=headers, timeout=10, trust_env=False) as admin:
        yield admin


def _instance(request: pytest.FixtureRequest, admin: "httpx.Client") -> Iterator[str]:
    """The base URL of a new instance on the server that is shared, dropped after the test."""
    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{os.getpid()}-{next(_numbers)}"
    origin = str(admin.base_url).rstrip("/")
    prefix = f"{origin}/__instance/{name}"

    def calls() -> list[str]:
        journal = admin.get(f"{prefix}/__admin/requests").raise_for_status().json()["requests"]
        lines = [(call["request"], call["response"]) for call in journal]
        return [f"{asked['method']} {asked['url']} -> {answer['status']}" for asked, answer in lines]

    try:
        admin.get(f"{prefix}/__admin/settings").raise_for_status()
    except Exception as error:
        pytest.fail(f"{OPTION}: expected a mock that runs at {origin}: {error}", pytrace=False)
    request.node.stash[_calls] = calls
    yield f"{prefix}{_BASE_PATH}"
    admin.delete(f"/__admin/instances/{name}").raise_for_status()
