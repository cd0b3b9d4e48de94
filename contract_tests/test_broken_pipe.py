"""A command whose output nobody reads any more, as in `... | head -1`, ends at once and without a word."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from _venv import tool
from cerbo_portal_mock.cli.broken_pipe import EXIT_CODE

from contract_tests.support.checkout import ROOT

COMMANDS = {
    "demo": [sys.executable, "scripts/demo"],
    "compat": [sys.executable, "scripts/compat"],
    "bench": [sys.executable, "scripts/bench", "in-process", "--quick"],
    "the mock": [tool("cerbo-portal-mock"), "--port", "0"],
    "python -m": [sys.executable, "-m", "cerbo_portal_mock", "--port", "0", "--host", "0.0.0.0"],
}
IMPORTS = "import sys; from cerbo_portal_mock.cli import broken_pipe"
# They do nothing but run other programs, which print.
RUNNERS = {"build", "lock", "serve", "test"}


def _unread(command: list[str]) -> subprocess.CompletedProcess[str]:
    read, write = os.pipe()
    os.close(read)
    try:
        return subprocess.run(
            command, check=False, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(write)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_nobody_reads_ends_quietly(command: list[str]) -> None:
    run = _unread(command)
    assert (run.returncode, run.stderr) == (EXIT_CODE, "")


def test_what_is_still_to_be_written_at_the_end_counts_too() -> None:
    program = f"{IMPORTS}; sys.exit(broken_pipe.run(lambda: print('a') or 0))"
    run = _unread([sys.executable, "-c", program])
    assert (run.returncode, run.stderr) == (EXIT_CODE, "")


def test_a_closed_standard_output_is_no_pipe() -> None:
    program = f"{IMPORTS}; sys.stdout = None; sys.exit(broken_pipe.run(lambda: 5))"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 5


def test_every_script_that_prints_ends_so() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file() and path.name[0] not in "._"]
    loud = [path.name for path in scripts if not _ends_quietly(path)]
    assert sorted(loud) == sorted(RUNNERS)


def _ends_quietly(script: Path) -> bool:
    return script.read_text(encoding="utf-8").endswith("    run(main)\n")
