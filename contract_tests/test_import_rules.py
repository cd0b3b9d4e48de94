"""The rooms of the house know of each other what they may: each rule of `.importlinter` notices who breaks it."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from _venv import tool

from contract_tests.conftest import ROOT

RULES = configparser.ConfigParser()
RULES.read(ROOT / ".importlinter", encoding="utf-8")
PREFIX = "importlinter:contract:"
MOCK = "mock_server/cerbo_portal_mock"
FOLDERS = ("generated", "mock_server", "openapi/client")
RUNTIME = "openapi/client/cerbo_portal_runtime"
# Of each rule, a module, and an import that it must not have.
STRAYS = {
    "client": ("generated/cerbo_portal_client/client.py", "yaml"),
    "runtime": (f"{RUNTIME}/core.py", "cerbo_portal_client"),
    "mock": (f"{MOCK}/server.py", "cerbo_portal_client"),
    "contract": (f"{MOCK}/contract.py", "werkzeug.exceptions"),
    "state": (f"{MOCK}/state.py", "flask"),
    "operations": (f"{MOCK}/operations.py", "cerbo_portal_mock.http.errors"),
    "app": (f"{MOCK}/app.py", "cerbo_portal_mock.clinic.state"),
    "bound": (f"{MOCK}/recording.py", "cerbo_portal_mock.http.handlers"),
    "accounts": (f"{MOCK}/accounts.py", "cerbo_portal_mock.clinic.state"),
    "mail": (f"{MOCK}/mail.py", "flask"),
    "admin": (f"{MOCK}/admin.py", "cerbo_portal_mock.http.handlers"),
    "console": (f"{MOCK}/console.py", "cerbo_portal_mock.clinic.state"),
    "circles": (f"{MOCK}/yamlfile.py", "cerbo_portal_mock.spec.contract"),
}


def test_each_rule_has_a_stray() -> None:
    assert set(STRAYS) == {section.removeprefix(PREFIX) for section in RULES.sections() if section.startswith(PREFIX)}


@pytest.mark.parametrize("rule", STRAYS)
def test_the_rule_notices_a_stray_import(rule: str, tmp_path: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    path, stray = STRAYS[rule]
    with (tmp_path / path).open("a", encoding="utf-8") as module:
        module.write(f"import {stray}\n")
    run = subprocess.run(
        [tool("lint-imports"), "--no-logo", "--no-cache", str(ROOT / ".importlinter")],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                str(tmp_path / name) for name in ("generated", "mock_server", "openapi/client")
            ),
            "PYTHONUTF8": "1",
        },
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert re.search(rf"^{re.escape(RULES[PREFIX + rule]['name'])} +BROKEN", run.stdout, re.MULTILINE), run.stdout


def test_the_mock_and_its_plugin_load_no_client() -> None:
    code = (
        "import sys; import cerbo_portal_mock.cli.command, cerbo_portal_mock.testing.mock_portal;"
        "import cerbo_portal_mock.testing.pytest_plugin;"
        "print('cerbo_portal_client' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "False"
