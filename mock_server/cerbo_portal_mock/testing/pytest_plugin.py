"""The pytest plugin: every test has its own portal.

`cerbo_portal` is a `MockPortal` in process; `cerbo_portal_url` is the base URL of one on a socket, or,
with `--cerbo-portal-url`, of a separate instance on a server that all workers share. Responses are
checked against the contract. A failing test shows the requests that its portal received.

With `--cerbo-portal-grease`, or the marker `@pytest.mark.cerbo_portal(grease=...)`, the responses vary in all that the
contract leaves open: a test that fails then relies on a guess, and its report says how to repeat it.
"""

import os
import zlib
from collections.abc import Callable, Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from cerbo_portal_mock import MockPortal

OPTION = "--cerbo-portal-url"
GREASE_OPTION = "--cerbo-portal-grease"
_MARKER = "cerbo_portal"
_BASE_PATH = "/api/v1"
_calls = pytest.StashKey[Callable[[], list[str]]]()
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
        " by default every test has its own server",
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the requests that the portal of a failed test received."""
    report = yield
    if report.when == "call" and report.failed and _calls in item.stash:
        report.sections.append(("cerbo-portal calls", "\n".join(item.stash[_calls]()) or "none"))
        text = _grease_of(item)
        if text not in {None, _OFF}:
            report.sections.append(
                ("cerbo-portal grease", f"Responses varied; to repeat: pytest '{item.nodeid}' {GREASE_OPTION}={text}")
            )
    return report


@pytest.fixture
def cerbo_portal(request: pytest.FixtureRequest) -> "MockPortal":
    """A portal of this test alone, in process."""
    try:
        from cerbo_portal_mock.testing.mock_portal import MockPortal  # noqa: PLC0415 (needed by these tests only)
    except ImportError as error:
        pytest.fail(f"cerbo_portal: expected the extra [mock] of cerbo-portal: {error}", pytrace=False)
    portal = MockPortal(grease=_grease_of(request.node) or _OFF)
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
    grease = _grease_of(request.node)
    # The name is among what the variation is drawn from.
    name = (
        f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{os.getpid()}-{next(_numbers)}"
        if grease is None
        else f"test-{zlib.crc32(request.node.nodeid.encode())}"
    )
    origin = str(admin.base_url).rstrip("/")
    prefix = f"{origin}/__instance/{name}"

    def calls() -> list[str]:
        journal = admin.get(f"{prefix}/__admin/requests").raise_for_status().json()["requests"]
        return [
            f"{call['request']['method']} {call['request']['url']} -> {call['response']['status']}"
            + (f" (grease: {', '.join(call['grease'])})" if call["grease"] else "")
            for call in journal
        ]

    try:
        settings = {"method": "GET"} if grease is None else {"method": "POST", "json": {"grease": grease}}
        admin.request(url=f"{prefix}/__admin/settings", **settings).raise_for_status()
    except Exception as error:
        pytest.fail(f"{OPTION}: expected a mock that runs at {origin}: {error}", pytrace=False)
    request.node.stash[_calls] = calls
    yield f"{prefix}{_BASE_PATH}"
    admin.delete(f"/__admin/instances/{name}").raise_for_status()
