"""The environment of the scripts, `.venv`: found complete, or not made where it cannot be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.support.checkout import ROOT

SCRIPT = """\
import os, sys
from _venv import enter, _source
if sys.argv[1:] == ["source"]:
    print(_source(), end="")
else:
    enter()
    print(sys.prefix, *sorted(name for name in os.environ if name.startswith("PIP_")))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one script, and without the right to write to it."""
    for name in ("pyproject.toml", "requirements.txt", "scripts/_venv.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "scripts" / "script").write_text(SCRIPT)
    # Permissions do not stop root: a folder takes the place of the file.
    (tmp_path / ".venv.lock").mkdir()
    return tmp_path


def _script(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts" / "script"), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)


def test_a_complete_environment_needs_no_right_to_write(checkout: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")], check=True, timeout=60)
    (checkout / ".venv" / "made-from").write_text(_script(checkout, "source").stdout)
    ran = _script(checkout, PIP_USER="1", PIP_TARGET="elsewhere", PIP_INDEX_URL="http://127.0.0.1:9")
    assert (ran.returncode, ran.stderr) == (0, "")
    prefix, *variables = ran.stdout.split()
    assert prefix == str(checkout / ".venv")
    assert {"PIP_USER", "PIP_TARGET", "PIP_INDEX_URL"} & set(variables) == {"PIP_INDEX_URL"}


def test_an_environment_that_cannot_be_made_is_one_line(checkout: Path) -> None:
    ran = _script(checkout)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"script: cannot make .venv in {checkout}: ")
    assert ran.stderr.count("\n") == 1
