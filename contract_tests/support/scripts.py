"""The commands in `scripts/`, for tests: run as their users do, or loaded into this process."""

import subprocess
import sys
from collections.abc import Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from contract_tests.support.checkout import ROOT

Run = subprocess.CompletedProcess[str]


def run_script(name: str, *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Run:
    """Run a script and capture what it prints.

    Args:
        name: its file in `scripts/`.
        arguments: its arguments.
        cwd: the folder that it runs in.
        env: its variables; those of this process if not given.
    """
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / name), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env=env,
    )


def load_script(name: str) -> ModuleType:
    """Import a script, which has no ending, as a module; `main()` reads `sys.argv`."""
    loader = SourceFileLoader(f"scripts_{name}", str(ROOT / "scripts" / name))
    module = ModuleType(loader.name)
    loader.exec_module(module)
    return module
