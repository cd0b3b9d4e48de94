"""Runs the command `cerbo-portal`: as it is installed, or in this process."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from cerbo_portal_client._commands import GROUP
from cerbo_portal_runtime.cli import main
from click.testing import CliRunner

INSTALLED = str(Path(sys.executable).with_name("cerbo-portal"))
LIMIT = 60


class Case(NamedTuple):
    """One run: the arguments, its environment beyond the usual one, and what its standard input holds."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = {}
    stdin: str | bytes = ""


class Ran(NamedTuple):
    """What came of it."""

    code: int
    out: str
    err: str


def environment(base_url: str, **more: str) -> dict[str, str]:
    """The settings of the API user `un`, and nothing of the `CERBO_` variables that the tests themselves run with."""
    usual = {"CERBO_BASE_URL": base_url, "CERBO_USERNAME": "un", "CERBO_PASSWORD": "pwd", "TERM": "xterm-256color"}
    given = {name: value for name, value in os.environ.items() if not name.startswith(("CERBO_", "COLUMNS", "LINES"))}
    return {name: value for name, value in {**given, **usual, **more}.items() if value}


def run(base_url: str, case: Case) -> Ran:
    """Run the installed command in pipes; a variable that is empty in the case is not set."""
    done = subprocess.run(
        [INSTALLED, *case.arguments],
        check=False,
        capture_output=True,
        input=case.stdin.encode() if isinstance(case.stdin, str) else case.stdin,
        env=environment(base_url, **case.environment),
        timeout=LIMIT,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_here(base_url: str, case: Case, *, on_terminal: bool = False, group: click.Group = GROUP) -> Ran:
    """Do what `run` does in this process, which saves the start of a Python: for tables of cases.

    Args:
        base_url: the server's.
        case: the run.
        on_terminal: whether the outputs say that they are a terminal; what is shown has no colours.
        group: the command, by default that of this project.
    """
    given = {"COLUMNS": "120", **case.environment} if on_terminal else case.environment
    variables = {**dict.fromkeys(os.environ), **environment(base_url, **given)}
    with CliRunner().isolation(case.stdin, variables) as (out, err, _):
        for stream in (sys.stdout, sys.stderr) if on_terminal else ():
            stream.isatty = lambda: True  # type: ignore[method-assign]
        code = main.run(group, case.arguments)
        sys.stderr.flush()
    return Ran(code, *(click.unstyle(stream.getvalue().decode()) for stream in (out, err)))
