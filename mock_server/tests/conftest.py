"""What the mock's tests share: a portal in process, raw HTTP to it, its control API, and the console in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport

from contract_tests.support.http_client import USER, Admin

if TYPE_CHECKING:
    from contract_tests.support.browser import Console, Page

# They are run elsewhere, by `test_pytest_plugin.py` and `test_guessing_project.py`.
collect_ignore = ["sample_project", "guessing_project"]

Json = Any


@pytest.fixture
def portal() -> MockPortal:
    """A mock of this test alone."""
    return MockPortal()


@pytest.fixture
def http(portal: MockPortal) -> Iterator[httpx.Client]:
    """Raw HTTP to the mock, as the API user un."""
    with httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN, auth=USER) as http:
        yield http


@pytest.fixture
def admin(http: httpx.Client) -> Admin:
    """Calls the control API: `admin("POST", "/faults", {...})`; headers as keywords `headers=`."""

    def call(method: str, path: str, body: Json = None, **options: Any) -> httpx.Response:
        if method == "POST":
            options["json"] = {} if body is None else body
        return http.request(method, f"/__admin{path}", auth=None, **options)

    return call


@pytest.fixture(scope="session")
def shared_mock() -> Iterator[tuple[MockPortal, str]]:
    """The mock of all tests, each of which has an instance of its own, and its address."""
    portal = MockPortal()
    with portal.server() as url:
        yield portal, url.removesuffix("/api/v1")


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[Server]:
    """A server of an application, which stops with the context."""
    server = Server(app, **options)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def guarded_mock() -> Iterator[str]:
    """The address of a mock that has a token, `correct-horse`."""
    with serving(create_app(admin_token="correct-horse")) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser(
    shared_mock: tuple[MockPortal, str], guarded_mock: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Page"]:
    """The browser of all tests; it finds the mock on its usual port, and the guarded one under a name."""
    # Only who needs a browser pays for what drives it.
    from contract_tests.support.browser import Page, chromium  # noqa: PLC0415

    hosts = {
        "127.0.0.1:8080": shared_mock[1].removeprefix("http://"),
        "mock.example:8080": guarded_mock.removeprefix("http://"),
    }
    with chromium(tmp_path_factory.mktemp("profile"), hosts) as driver:
        yield Page(driver)


@pytest.fixture
def console(
    request: pytest.FixtureRequest, shared_mock: tuple[MockPortal, str], browser: "Page"
) -> Iterator["Console"]:
    """The console of an instance of this test alone; the browser has not complained when the test is done."""
    from contract_tests.support.browser import Console  # noqa: PLC0415

    name = request.node.name.replace("_", "-")[-60:].strip("-")
    page = Console(browser, shared_mock[0].instances.get_or_create(name), f"/__instance/{name}")
    browser.complaints()
    page.show()
    yield page
    assert page.complaints() == []


@pytest.fixture
def caller(console: "Console", shared_mock: tuple[MockPortal, str]) -> Iterator[httpx.Client]:
    """Another program that calls the API of the console's instance, as the API user un."""
    base_url = console.address.replace(ORIGIN, shared_mock[1])
    with httpx.Client(base_url=f"{base_url}/api/v1", auth=USER, trust_env=False) as caller:
        yield caller
