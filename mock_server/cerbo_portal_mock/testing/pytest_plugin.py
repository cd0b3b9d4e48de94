"""The pytest plugin: every test has its own portal.

`cerbo_portal` is a `MockPortal` in process, or, with `--cerbo-portal-url`, a `RemotePortal`: an instance of this test
alone on a server that all workers share. `cerbo_portal_url` is the base URL of the same portal on a socket, and
`cerbo_portal_env` sets it for `Client.from_env()`. All start from `cerbo_portal_scenario`. Responses are checked
against the contract. A failing test shows the requests that its portals received.
"""

import os
from collections.abc import Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from cerbo_portal_mock.testing.registry import REGISTRY

if TYPE_CHECKING:
    import httpx

    from cerbo_portal_mock import MockPortal
    from cerbo_portal_mock.testing.remote_portal import RemotePortal

OPTION = "--cerbo-portal-url"
_BASE_PATH = "/api/v1"
_remote: pytest.StashKey["RemotePortal"] = pytest.StashKey()
_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names a server to share."""
    parser.getgroup("cerbo-portal").addoption(
        OPTION,
        metavar="URL",
        help="use the mock that runs here, such as http://127.0.0.1:8080, with one instance per test;"
        " by default every test has its own portal in process",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Note the portals that are created for a test."""
    REGISTRY.begin_test()
    try:
        return (yield)
    finally:
        REGISTRY.end_test()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose portals have faults that must happen and did not."""
    yield
    try:
        for portal in REGISTRY.of_test:
            portal.check_faults()
        if _remote in item.stash:
            item.stash[_remote].check_faults()
    except AssertionError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the requests that the portals of a failed test received."""
    report = yield
    if report.when == "call" and report.failed:
        parts = REGISTRY.calls()
        if _remote in item.stash:
            parts.append([str(exchange) for exchange in item.stash[_remote].journal])
        for number, lines in enumerate(parts, 1):
            name = f"cerbo-portal calls, portal {number}" if len(parts) > 1 else "cerbo-portal calls"
            report.sections.append((name, "\n".join(lines) or "none"))
    return report


@pytest.fixture
def cerbo_portal_scenario() -> Any:
    """The scenario of the portals: a path, plain data or a `Scenario`; override it. By default the vendor's samples."""
    return None


@pytest.fixture
def cerbo_portal(request: pytest.FixtureRequest, cerbo_portal_scenario: Any) -> Iterator["MockPortal | RemotePortal"]:
    """A portal of this test alone; its clients are strict."""
    if request.config.getoption(OPTION) is None:
        mock_portal = _installed().MockPortal
        try:
            portal = mock_portal(cerbo_portal_scenario)
        except ValueError as error:
            pytest.fail(f"cerbo_portal_scenario: {error}", pytrace=False)
        yield portal
    else:
        yield from _instance(request, request.getfixturevalue("_cerbo_portal_admin"), cerbo_portal_scenario)


@pytest.fixture
def cerbo_portal_url(cerbo_portal: "MockPortal | RemotePortal") -> Iterator[str]:
    """The base URL of the same portal on a socket, such as `http://127.0.0.1:49152/api/v1`."""
    with cerbo_portal.server() as url:
        yield url


@pytest.fixture
def cerbo_portal_admin_url(cerbo_portal_url: str) -> str:
    """The URL of the control API of the same portal, such as `http://127.0.0.1:49152/__admin`."""
    return f"{cerbo_portal_url.removesuffix(_BASE_PATH)}/__admin"


@pytest.fixture
def cerbo_portal_env(cerbo_portal: "MockPortal | RemotePortal", cerbo_portal_url: str) -> Iterator[str]:
    """The same portal as `Client.from_env()` and the command use it; its base URL."""
    from cerbo_portal_mock.testing.environment import client_environment  # noqa: PLC0415 (needed by these tests only)

    with client_environment(cerbo_portal_url, *cerbo_portal.credentials()):
        yield cerbo_portal_url


@pytest.fixture(scope="session")
def _cerbo_portal_admin(request: pytest.FixtureRequest) -> Iterator["httpx.Client"]:
    """HTTP to the server that is shared."""
    import httpx  # noqa: PLC0415 (needed by these tests only)

    token = os.environ.get("CERBO_MOCK_ADMIN_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    origin = request.config.getoption(OPTION).rstrip("/").removesuffix(_BASE_PATH)
    with httpx.Client(base_url=origin, headers=headers, timeout=10, trust_env=False) as admin:
        yield admin


def _installed() -> Any:
    try:
        from cerbo_portal_mock.testing import mock_portal, remote_portal  # noqa: F401, PLC0415
    except ImportError as error:
        pytest.fail(f"cerbo_portal: expected the extra [mock] of cerbo-portal: {error}", pytrace=False)
    import cerbo_portal_mock  # noqa: PLC0415

    return cerbo_portal_mock


def _instance(request: pytest.FixtureRequest, admin: "httpx.Client", scenario: Any) -> Iterator["RemotePortal"]:
    """A new instance on the server that is shared, dropped after the test."""
    _installed()
    from cerbo_portal_mock.testing.remote_portal import RemotePortal  # noqa: PLC0415 (needed by these tests only)

    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{os.getpid()}-{next(_numbers)}"
    try:
        portal = RemotePortal(admin, name, scenario)
    except ValueError as error:
        pytest.fail(f"cerbo_portal_scenario: {error}", pytrace=False)
    except Exception as error:
        pytest.fail(f"{OPTION}: expected a mock that runs at {str(admin.base_url).rstrip('/')}: {error}", pytrace=False)
    request.node.stash[_remote] = portal
    yield portal
    portal.drop()
