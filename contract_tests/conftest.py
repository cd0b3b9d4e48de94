"""What the contract tests share: the document, and a fresh mock with clients to it, in process."""

import gc
import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import benches
import cerbo_portal_client
import cerbo_portal_mock
import httpx
import pytest
from cerbo_portal_client import Client
from cerbo_portal_mock import create_app
from cerbo_portal_mock.clinic import patient_logins
from flask import Flask
from hypothesis import Phase, settings

import contract_tests
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT, SPEC
from contract_tests.support.http_client import ORIGIN, ConnectAs, http_client

settings.register_profile("dev", derandomize=True, database=None, deadline=None, max_examples=10)
settings.register_profile("ci", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile("nightly", deadline=None, max_examples=1_000, print_blob=True)
# For runs that are meant to fail: a shorter example is not worth its time there.
settings.register_profile("mutants", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# What is collected lives as long as the run: to look through it for garbage, again and again, finds none.
gc.disable()

Json = Any


def pytest_collection_finish() -> None:
    _import_the_project()
    gc.enable()
    gc.freeze()
    # What a test leaves behind is small: to look for it a tenth as often costs no memory to speak of.
    gc.set_threshold(10 * gc.get_threshold()[0])


def _import_the_project() -> None:
    """Import each module of the project.

    Hypothesis draws constants that it finds in the modules which are imported by then: without this, its cases would
    depend on the tests that came before on the same worker.
    """
    for package in (cerbo_portal_client, cerbo_portal_mock, contract_tests, benches):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.rpartition(".")[2].startswith(("test_", "__main__")):
                importlib.import_module(module.name)
    for path in sorted((ROOT / "scripts").glob("_*.py")):
        importlib.import_module(path.stem)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Portal passwords are hashed as ever, but 2 ** 10 times cheaper: a check of one takes 50 ms by design."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(patient_logins._COST, "n", 2**4)
        yield


@pytest.fixture(scope="session")
def document() -> Json:
    """The contract, as plain data."""
    return YamlDocument(SPEC).content


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio."""
    return "asyncio"


@pytest.fixture
def app() -> Flask:
    """A mock with the default scenario, of this test alone."""
    return create_app()


@pytest.fixture
def http(app: Flask) -> Iterator[httpx.Client]:
    """Raw HTTP to the mock, without credentials."""
    with http_client(app) as http:
        yield http


@pytest.fixture
def connect(app: Flask) -> Iterator[ConnectAs]:
    """Makes generated clients of the mock, strict ones, from a user's name and password."""
    with ExitStack() as clients:

        def connect(username: str, password: str) -> Client:
            transport = httpx.WSGITransport(app=app)
            base_url = f"{ORIGIN}/api/v1"
            client = Client(base_url, username=username, password=password, transport=transport, strict=True)
            return clients.enter_context(client)

        yield connect


@pytest.fixture
def state(http: httpx.Client) -> Callable[[], Json]:
    """Reads what the mock holds, hidden entries and mails included."""
    return lambda: {
        **http.get("/__admin/state").raise_for_status().json(),
        "outbox": http.get("/__admin/outbox").raise_for_status().json(),
    }
