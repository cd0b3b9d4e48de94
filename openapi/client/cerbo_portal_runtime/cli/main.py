"""Runs the command line: every error becomes one line and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import click
from click.shell_completion import shell_complete

from ..errors import InvalidArgument
from .batch import NOT_SENT, UNKNOWN, interruptible
from .output import complain


def run(group: click.Group, arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        group: the command and its sub-commands.
        arguments: the command line without the program's name.

    Returns:
        The exit code; its message has been printed.
    """
    program = str(group.name)
    # The variable that click's scripts for shells set.
    variable = f"_{program}_COMPLETE".replace("-", "_").upper()
    if variable in os.environ:
        return shell_complete(group, {}, program, variable, os.environ[variable])
    has_output = sys.stdout is not None
    _open_streams()
    try:
        # Click's own `main` has other exit codes.
        with interruptible(), group.make_context(program, list(arguments)) as context:
            code: int = group.invoke(context)
            sys.stdout.flush()
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        complain(_text(error), program)
        code = NOT_SENT
    except InvalidArgument as error:
        complain(str(error), program)
        code = NOT_SENT
    except click.Abort:
        complain("not confirmed, nothing was sent", program)
        code = NOT_SENT
    except KeyboardInterrupt:
        complain("interrupted", program)
        code = UNKNOWN
    except OSError as error:
        if error.errno != errno.EPIPE:
            complain(f"cannot write the output: {error.strerror}", program)
        # Otherwise the interpreter flushes once more at its end, and prints an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = UNKNOWN
    except Exception as error:
        # A traceback ends with the error's text, which may hold patient data.
        place = traceback.extract_tb(error.__traceback__)[-1]
        complain(
            f"this is a defect, {type(error).__name__} at {Path(place.filename).name}:{place.lineno}", str(group.name)
        )
        code = UNKNOWN
    if not has_output and code != NOT_SENT:
        complain("cannot write the output: it is closed", program)
        code = UNKNOWN
    return code


def _open_streams() -> None:
    """Replace standard streams that the caller has closed, and escape text that they cannot encode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (as long as the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _text(error: click.ClickException) -> str:
    """One line that names the argument and says what was expected."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    help_of = f" (see {context.command_path} --help)" if context else ""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        parameter = error.param
        name = parameter.opts[0] if isinstance(parameter, click.Option) else parameter and parameter.metavar
        return f"{name}: {error.message}{help_of}"
    return error.format_message().removesuffix(".") + help_of
