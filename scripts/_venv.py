"""The project's own environment, `.venv`, made from the lock. Runs on the standard library alone."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_STAMP = VENV / "made-from"
# Have pip install to another place, or nothing.
_ELSEWHERE = ("PIP_DRY_RUN", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET", "PIP_USER")
_OLDEST = (3, 11)
# Seconds in which another script has made the environment.
_PATIENCE = 600


def enter() -> None:
    """Return within the project's environment, made first where it is missing or not what the lock says.

    The packages of the checkout can be imported there, too. Runs the calling script again by the environment's own
    Python, so call it before any import of what is installed there. Exits with a line that says what is missing
    when the environment cannot be made.
    """
    if sys.version_info < _OLDEST:
        sys.exit(f"{Path(sys.argv[0]).name}: expected Python 3.11 or newer, this is {sys.version.split()[0]}")
    # What is compiled once is kept: without that, each process that a script starts would compile the project again.
    for variable in ("PYTHONDONTWRITEBYTECODE", *_ELSEWHERE):
        os.environ.pop(variable, None)
    sys.dont_write_bytecode = False
    # A checkout that cannot be written to may have a complete environment.
    if not _is_current():
        with _alone():
            if not _is_current():
                _make()
    if Path(sys.prefix) == VENV:
        sys.path.insert(0, str(ROOT))
        # A shell has SIGINT ignored in the background of a script.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return
    command = [str(_PYTHON), *sys.argv]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def run(main: Callable[[], int]) -> NoReturn:
    """Run a command within the project's environment, and exit with the code that it returns."""
    enter()
    from cerbo_portal_mock.cli import broken_pipe

    sys.exit(broken_pipe.run(main))


def tool(name: str) -> str:
    """The path of a command of the environment that this runs in, with the ending that the system gives it."""
    return str(Path(sysconfig.get_path("scripts"), f"{name}{sysconfig.get_config_var('EXE')}"))


def _source() -> str:
    """Stands for all that the environment is made from: the lock, and what an installed project shows of itself."""
    import tomllib  # not in the older Pythons that `enter` turns away

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shown = json.dumps([settings["project"], settings["build-system"], settings["tool"]["hatch"]])
    return hashlib.sha256(LOCK.read_bytes() + shown.encode()).hexdigest()


def _is_current() -> bool:
    return _PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == _source()


def _make() -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    print(f"Making {VENV.name} from {LOCK.name} (once, about a minute) ...", file=sys.stderr, flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    _step([base, "-m", "venv", str(VENV)], "make a virtual environment (does this Python have venv and ensurepip?)")
    pip = [str(_PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    _step([*pip, "--require-hashes", "--requirement", str(LOCK)], "install the locked requirements")
    _step([*pip, "--no-build-isolation", "--editable", str(ROOT)], "install the project")
    _STAMP.write_text(_source())


def _step(command: list[str], purpose: str) -> None:
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        last_lines = "\n".join(done.stdout.splitlines()[-15:])
        sys.exit(f"{last_lines}\n{Path(sys.argv[0]).name}: could not {purpose}")


def _alone() -> contextlib.closing[Any]:
    """Keep scripts that start at the same time from making the environment twice: SQLite locks files on all systems."""
    import sqlite3  # only where there is something to make

    try:
        lock = sqlite3.connect(ROOT / ".venv.lock", timeout=_PATIENCE)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        sys.exit(f"{Path(sys.argv[0]).name}: cannot make {VENV.name} in {ROOT}: {error}")
    return contextlib.closing(lock)
