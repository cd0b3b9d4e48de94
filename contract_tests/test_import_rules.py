"""Each import rule of `.importlinter` notices a module that breaks it."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from _venv import tool

from contract_tests.support.checkout import ROOT

RULES = configparser.ConfigParser()
RULES.read(ROOT / ".importlinter", encoding="utf-8")
PREFIX = "importlinter:contract:"
MOCK = "mock_server/cerbo_portal_mock"
FOLDERS = ("generated", "mock_server", "openapi/client")
# Rule, module, and a line that the module must not have.
STRAYS = [
    ("layers", f"{MOCK}/spec/contract.py", "import cerbo_portal_mock.clinic.state"),
    ("layers", f"{MOCK}/conformance/report.py", "import cerbo_portal_mock.clinic.state"),
    ("layers", f"{MOCK}/clinic/mail.py", "if TYPE_CHECKING: import cerbo_portal_mock.testing.page"),
    ("layers", f"{MOCK}/http/app.py", "import cerbo_portal_mock.admin.api"),
    ("layers", f"{MOCK}/admin/api.py", "import cerbo_portal_mock.factory"),
    ("layers", f"{MOCK}/factory.py", "import cerbo_portal_mock.cli.command"),
    ("layers", f"{MOCK}/testing/page.py", "import cerbo_portal_mock.cli.command"),
    ("layers", f"{MOCK}/unlisted.py", ""),
    ("cycles", f"{MOCK}/spec/yaml_document.py", "import cerbo_portal_mock.spec.contract"),
    ("domain", f"{MOCK}/spec/contract.py", "import werkzeug.exceptions"),
    ("domain", f"{MOCK}/clinic/state.py", "import flask"),
    ("mock", f"{MOCK}/http/server.py", "import cerbo_portal_client"),
    ("client", "generated/cerbo_portal_client/errors.py", "import cerbo_portal_mock"),
    ("client", "generated/cerbo_portal_client/errors.py", "import yaml"),
    ("runtime", "openapi/client/cerbo_portal_runtime/core.py", "import cerbo_portal_client"),
]


def test_each_import_rule_has_a_stray() -> None:
    rules = {section.removeprefix(PREFIX) for section in RULES.sections() if section.startswith(PREFIX)}
    assert {rule for rule, _, _ in STRAYS} == rules


@pytest.mark.parametrize(
    ("rule", "path", "line"), STRAYS, ids=[f"{rule}-{Path(path).stem}" for rule, path, _ in STRAYS]
)
def test_the_import_rule_notices_a_stray(rule: str, path: str, line: str, tmp_path: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    with (tmp_path / path).open("a", encoding="utf-8") as module:
        module.write(f"{line}\n")
    run = subprocess.run(
        [tool("lint-imports"), "--no-logo", "--no-cache", "--contract", rule, "--config", str(ROOT / ".importlinter")],
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
    output = run.stdout + run.stderr
    assert run.returncode == 1, output
    assert "unlisted" in output or re.search(
        rf"^{re.escape(RULES[PREFIX + rule]['name'])} +BROKEN", output, re.MULTILINE
    )


def test_the_mock_and_its_plugin_load_no_client() -> None:
    code = (
        "import sys; import cerbo_portal_mock.cli.command, cerbo_portal_mock.testing.mock_portal;"
        "import cerbo_portal_mock.testing.pytest_plugin;"
        "print('cerbo_portal_client' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "False"
