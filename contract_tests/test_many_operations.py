"""A vendor's document of 120 operations becomes a client whose methods all work, served by stubs."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from _adoption import Adoption
from _render import Source, render
from _vendor_document import VendorDocument
from _verify import arguments, parameters
from cerbo_portal_mock import create_app
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.http import app as application
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract

from contract_tests.probes.requests import known_operations
from contract_tests.spec_lint.navigation import located_operations
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import ROOT, SPEC
from contract_tests.support.http_client import USER
from contract_tests.support.scripts import load_script
from contract_tests.vendor_document import OPERATIONS, build

PACKAGE = "many_client"
Json = Any


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The contract to which all operations of the vendor's document were added; next to it is its client."""
    root = tmp_path_factory.mktemp("many")
    shutil.copytree(ROOT / "openapi", root / "openapi", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    vendor = root / "vendor.json"
    vendor.write_text(json.dumps(build()), encoding="utf-8")
    spec = root / "openapi" / SPEC.name
    own = YamlDocument(SPEC).content
    new = Adoption(own, VendorDocument(vendor, own)).new
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["adopt", "--root", str(root), str(vendor), "--add", *new])
        assert load_script("adopt").main() == 0
        render(Source(ROOT, spec, PACKAGE), root)
        patch.syspath_prepend(root / "generated")
        yield spec
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_client_of_120_operations_has_no_type_errors(contract: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache" / "constructs")]
    folder = contract.parents[1] / "generated"
    done = subprocess.run([*command, "-p", PACKAGE], cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_each_of_120_operations_answers_2xx_to_a_call_of_the_client(contract: Path) -> None:
    document = YamlDocument(contract).content
    package = importlib.import_module(PACKAGE)
    methods = {
        (operation.method.lower(), operation.path): (name, operation)
        for name, operation in importlib.import_module(f"{PACKAGE}._operations").CONTRACT.operations.items()
    }
    assert len(methods) >= OPERATIONS
    own = known_operations(YamlDocument(SPEC).content)
    with pytest.MonkeyPatch.context() as patch:
        # Those of the contract, too: which patients there are, their handlers alone know.
        patch.setattr(application, "HANDLERS", {})
        server = Server(create_app(Scenario.built_in(), contract=Contract(contract), validate="strict"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    with package.Client(f"{server.url}/api/v1", username=USER[0], password=USER[1], retries=0) as client:
        for (_, path, method), node in located_operations(document):
            name, operation = methods[method, path]
            if node["operationId"] in own:
                (call, *_) = own[node["operationId"]].samples({})
                given = call.arguments
            else:
                given, _ = arguments(document, node, parameters(document, document["paths"][path], node), operation)
            getattr(client, name)(**given)
    server.stop()
    thread.join(10)
