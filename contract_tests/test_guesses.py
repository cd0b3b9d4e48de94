"""Which variation breaks which client, as docs/how-to/does-my-program-rely-on-a-guess.md says."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.grease import DEFAULT_KINDS, KINDS, Grease
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport
from hypothesis import settings

from contract_tests.support.checkout import ROOT, SPEC
from contract_tests.support.http_client import USER

PAGE = ROOT / "docs" / "how-to" / "does-my-program-rely-on-a-guess.md"
PROJECT = ROOT / "mock_server" / "tests" / "guessing_project"
SEEDS = range(100 if settings().max_examples >= 1_000 else 10)
# What each client does: its method, the arguments, and the words of the table.
TASKS: dict[str, tuple[str, tuple[int, ...]]] = {
    "dates": ("oldest", ()),
    "ids": ("own_ids", ()),
    "a delete": ("dismiss", (27,)),
    "first entry": ("row", ()),
    "errors": ("is_unknown", (99,)),
}
Queues = Callable[[MockPortal], Any]


class Stock:
    """What a user writes with the client that openapi-python-client generates with its own templates."""

    def __init__(self, package: ModuleType, http: httpx.Client, pt_id: int) -> None:
        self._client = package.Client(base_url=f"{ORIGIN}/api/v1").set_httpx_client(http)
        self._models, self._pt_id = importlib.import_module(f"{package.__name__}.models"), pt_id
        api = f"{package.__name__}.api.patient_portal"
        self._list = importlib.import_module(f"{api}.show_portal_requests").sync
        self._delete = importlib.import_module(f"{api}.delete_portal_request").sync

    def _entries(self) -> Any:
        return self._list(self._pt_id, client=self._client).data

    def oldest(self) -> datetime:
        created: list[datetime] = [entry.created for entry in self._entries()]
        return min(created)

    def own_ids(self) -> list[int]:
        return [entry.id for entry in self._entries() if entry.pt_id == self._pt_id]

    def dismiss(self, request_id: int) -> bool:
        answer = self._delete(self._pt_id, request_id, client=self._client)
        return isinstance(answer, self._models.DeletionResult)

    def row(self) -> tuple[str, str]:
        entry = self._entries()[0]
        return entry.request_type, entry.status

    def is_unknown(self, request_id: int) -> bool:
        return isinstance(self._delete(self._pt_id, request_id, client=self._client), self._models.Error)


def _project(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"guessing_{name}", PROJECT / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _http(portal: MockPortal, path: str = "") -> httpx.Client:
    return httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN + path, auth=USER)


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Queues:
    """The client of the stock generator, in a new folder."""
    folder = tmp_path_factory.mktemp("stock")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(SPEC), "--meta", "none"]
    subprocess.run(
        [*command, "--output-path", str(folder / "stock_client")], check=True, capture_output=True, timeout=120
    )
    with _importable(folder):
        package = importlib.import_module("stock_client")
        return lambda portal: Stock(package, _http(portal, "/api/v1"), 1)


def _result(queue: Any, task: str) -> Any:
    method, arguments = TASKS[task]
    try:
        return getattr(queue, method)(*arguments)
    except Exception as error:
        return type(error)


def _broken(make: Queues) -> dict[str, set[str]]:
    """The tasks that a client does not do with each kind of variation."""
    portal = MockPortal()
    broken: dict[str, set[str]] = {kind: set() for kind in [*KINDS] if kind in DEFAULT_KINDS or kind == "values"}
    for task in TASKS:
        portal.reset()
        usual = _result(make(portal), task)
        for kind, tasks in broken.items():
            for seed in SEEDS:
                portal.reset()
                portal.instance.change_settings(grease=Grease(seed, frozenset({kind})))
                seen = _result(make(portal), task)
                # One more entry loses none.
                if isinstance(usual, list) and isinstance(seen, list):
                    seen = [number for number in seen if number in usual]
                if seen != usual:
                    tasks.add(task)
    return broken


def _table(client: str) -> dict[str, set[str]]:
    rows = re.findall(r"^\| `?(\w+)`? \|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    (_, *header), *body = rows
    column = [cell.strip() for cell in header].index(client)
    return {kind: {word.strip() for word in cells[column].split(",")} - {"\N{EN DASH}"} for kind, *cells in body}


def test_the_table_shows_what_breaks_a_naive_client() -> None:
    naive = _project("naive").Naive
    assert _broken(lambda portal: naive(_http(portal), 1)) == _table("naive")


def test_the_table_shows_that_nothing_breaks_the_generated_client() -> None:
    robust = _project("robust").Robust
    assert _broken(lambda portal: robust(portal.client(), 1)) == _table("this project's")
    assert set().union(*_table("this project's").values()) == set()


def test_the_table_shows_what_breaks_a_stock_generated_client(stock: Queues) -> None:
    assert _broken(stock) == _table("stock generator's")
