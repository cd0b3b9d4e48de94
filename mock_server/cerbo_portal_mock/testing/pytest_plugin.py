"""The pytest plugin: every test has its own portal.

`cerbo_portal` is a `MockPortal` in process, or, with `--cerbo-portal-url`, a `RemotePortal`: an instance of this test
alone on a server that all workers share. `cerbo_portal_url` is the base URL of the same portal on a socket, and
`cerbo_portal_env` sets it for `Client.from_env()`. All start from `cerbo_portal_scenario`. Responses are checked
against the contract. A failing test shows the requests that its portals received.

With `--cerbo-portal-grease`, or the marker `@pytest.mark.cerbo_portal(grease=...)`, the responses vary in all that the
contract leaves open: a test that fails then relies on a guess, and its report says how to repeat it.
"""

import os
import zlib
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
GREASE_OPTION = "--cerbo-portal-grease"
_MARKER = "cerbo_portal"
_BASE_PATH = "/api/v1"
_remote: pytest.StashKey["RemotePortal"] = pytest.StashKey()
_grease = pytest.StashKey[str]()
_numbers = count(1)
_OFF = "off"


def _read(given: str | int | bool) -> str:
    """What varies, with a seed, as a text."""
    try:
        from cerbo_portal_mock.clinic.grease import Grease  # noqa: PLC0415 (needed by these tests only)
        from cerbo_portal_mock.spec.errors import InvalidArgument  # noqa: PLC0415
    except ImportError as error:
        raise pytest.UsageError(f"{GREASE_OPTION}: expected the extra [mock] of cerbo-portal: {error}") from None
    try:
        return str(Grease.read(given) or _OFF)
    except InvalidArgument as error:
        raise pytest.UsageError(f"{GREASE_OPTION}: {str(error).partition(': ')[2]}") from None


def _grease_of(item: pytest.Item) -> str | None:
    """What varies in the responses to a test: by its marker, or else by the option; None if neither says so."""
    of_run = item.config.stash.get(_grease, None)
    marker = item.get_closest_marker(_MARKER)
    if marker is None or "grease" not in marker.kwargs or of_run == _OFF:
        return of_run
    if _grease not in item.stash:
        try:
            item.stash[_grease] = _read(marker.kwargs["grease"])
        except pytest.UsageError as error:
            pytest.fail(f"the marker {_MARKER}: {error}", pytrace=False)
    return item.stash[_grease]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("cerbo-portal")
    group.addoption(
        OPTION,
        metavar="URL",
        help="use the mock that runs here, such as http://127.0.0.1:8080, with one instance per test;"
        " by default every test has its own portal in process",
    )
    group.addoption(
        GREASE_OPTION,
        nargs="?",
        const="",
        metavar="SEED",
        help="vary in responses what the contract leaves open: a seed, kinds such as dates,ids, or both;"
        " without a seed, one is drawn and printed; off ignores the marker, too",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the marker, and draw the seed where none is given."""
    config.addinivalue_line(
        "markers", f"{_MARKER}(grease): what varies in the portal's responses, as in {GREASE_OPTION}"
    )
    given = config.getoption(GREASE_OPTION)
    if given is None:
        return
    # Workers have the seed of the process that started them.
    text = getattr(config, "workerinput", {}).get(GREASE_OPTION) or _read(given)
    config.stash[_grease] = text


def pytest_report_header(config: pytest.Config) -> str | None:
    """How to repeat a run whose responses vary."""
    text = config.stash.get(_grease, _OFF)
    return None if text == _OFF else f"cerbo-portal: responses vary; to repeat: {GREASE_OPTION}={text}"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker of pytest-xdist the seed of this run."""
    if _grease in node.config.stash:
        node.workerinput[GREASE_OPTION] = node.config.stash[_grease]


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
            parts.append(_remote_calls(item.stash[_remote]))
        for number, lines in enumerate(parts, 1):
            name = f"cerbo-portal calls, portal {number}" if len(parts) > 1 else "cerbo-portal calls"
            report.sections.append((name, "\n".join(lines) or "none"))
        if parts and (text := _grease_of(item)) not in {None, _OFF}:
            report.sections.append(
                ("cerbo-portal grease", f"Responses varied; to repeat: pytest '{item.nodeid}' {GREASE_OPTION}={text}")
            )
    return report


def _remote_calls(portal: "RemotePortal") -> list[str]:
    try:
        return [str(exchange) for exchange in portal.journal]
    except Exception as error:
        # The test failed, perhaps because the mock has gone: its report must not fail as well.
        return [f"not available: {error}"]


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
            portal = mock_portal(cerbo_portal_scenario, grease=_grease_of(request.node) or _OFF)
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

    grease = _grease_of(request.node)
    # The name is among what the variation is drawn from.
    name = (
        f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{os.getpid()}-{next(_numbers)}"
        if grease is None
        else f"test-{zlib.crc32(request.node.nodeid.encode())}"
    )
    try:
        portal = RemotePortal(admin, name, scenario, grease=grease)
    except (TypeError, ValueError) as error:
        pytest.fail(f"cerbo_portal_scenario: {error}", pytrace=False)
    except Exception as error:
        pytest.fail(f"{OPTION}: expected a mock that runs at {str(admin.base_url).rstrip('/')}: {error}", pytrace=False)
    request.node.stash[_remote] = portal
    yield portal
    portal.drop()
