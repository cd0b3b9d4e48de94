"""The command line: its help, its options, and the way from them to calls and an exit code."""

import errno
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

import click

from ..errors import InvalidArgument
from . import client_options, options
from .batch import NOT_SENT, NOT_TRIED, UNKNOWN, Outcome, calls, exit_code, interruptible
from .commands import Subcommand, subcommands
from .output import Output, complain, safe

_NAME: Final = "cerbo-portal"
_SHOWN_IDS: Final = 9
_NUMBER: Final = re.compile(r"-[0-9]")
_HELP: Final = """\
The patient portal of a clinic that uses Cerbo: its queue of requests, and invitations to it.

Unofficial: neither made nor approved by Cerbo's vendor.

\b
  cerbo-portal enqueued 1               the requests in the queue of patient 1
  cerbo-portal enqueued 1 2 --summary   how many of each type, and the oldest
  cerbo-portal delete 1 27              take request 27 out of the queue
  cerbo-portal invite 221               e-mail patient 221 an invitation

On a terminal the answer is a table; into a pipe or a file it is JSON, one line for each id: its "answer" or its
"error", and the "exit_code" that belongs to it.

What changes something asks first. Without a terminal there is nobody to ask: it needs --yes then, and does nothing
without. Several ids are called one after the other, and each is called once. One that fails does not keep the others,
unless the credentials are wrong (401), three in a row get no answer, or the run is interrupted: the rest is not tried
then. An invitation is never sent again on its own.
"""
_EPILOG: Final = """\
\b
Exit codes, of several ids the highest of those that were tried:
  0  done: the server has confirmed every call
  1  refused: the server has answered that it does not do it, or not all of it
  2  nothing was sent: usage, settings, or not confirmed
  3  cannot reach the server, or the outcome is unknown; also a run that
     was interrupted, and an output that could not be written

\b
Environment:
  CERBO_BASE_URL    where the API is: https://SUBDOMAIN.md-hq.com/api/v1;
                    here it may carry user and password
  CERBO_USERNAME    the API user
  CERBO_PASSWORD    its password; without, --password-file or a prompt
  CERBO_READ_ONLY   1 refuses whatever may change something
  CERBO_ALLOW_HTTP  1 permits plain HTTP to a host that is not loopback
  CERBO_PROXY       an HTTP proxy; HTTPS_PROXY and the like are not used
  CERBO_CA_FILE     CA certificates to trust in place of the usual ones
  NO_COLOR          tables without colours
"""


def run(client_class: type[Any], given: Sequence[str]) -> int:
    """Run the command.

    Args:
        client_class: the generated client.
        given: the command line without the program's name.

    Returns:
        The exit code; every text that goes with it has been printed.
    """
    _open_streams()
    group = _group(client_class)
    try:
        # Not click's own `main`, which has exit codes of its own.
        with interruptible(), group.make_context(_NAME, list(given)) as context:
            code: int = group.invoke(context)
            sys.stdout.flush()
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        complain(_text(error))
        code = NOT_SENT
    except InvalidArgument as error:
        complain(str(error))
        code = NOT_SENT
    except click.Abort:
        complain("not confirmed, nothing was sent")
        code = NOT_SENT
    except KeyboardInterrupt:
        complain("interrupted")
        code = UNKNOWN
    except OSError as error:
        if error.errno != errno.EPIPE:
            complain(f"cannot write the output: {error.strerror}")
        # Or the interpreter would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = UNKNOWN
    except Exception as error:
        # A traceback ends with the error's text, which may hold patient data.
        place = traceback.extract_tb(error.__traceback__)[-1]
        complain(f"this is a defect, {type(error).__name__} at {Path(place.filename).name}:{place.lineno}")
        code = UNKNOWN
    return code


def _open_streams() -> None:
    """Have standard streams, those that the caller has closed too, and take whatever text they cannot encode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (as long as the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _text(error: click.ClickException) -> str:
    """What is wrong, in one line that names the argument and says what was expected."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    help_of = f" (see {context.command_path} --help)" if context else ""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        parameter = error.param
        name = parameter.opts[0] if isinstance(parameter, click.Option) else parameter and parameter.metavar
        return f"{name}: {error.message}{help_of}"
    return error.format_message().removesuffix(".") + help_of


def _group(client_class: type[Any]) -> click.Group:
    group = click.Group(
        help=_HELP,
        epilog=_EPILOG,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    click.version_option(client_class._contract.user_agent.partition("/")[2], prog_name=_NAME)(group)
    for subcommand in subcommands(client_class):
        group.add_command(_command(subcommand))
    return group


class _Command(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a negative number for an id, which its type refuses, and not for options."""
        try:
            return super().parse_args(ctx, [*args])
        except click.NoSuchOption as error:
            if not _NUMBER.match(error.option_name):
                raise
        ctx.ignore_unknown_options = True
        return super().parse_args(ctx, args)


def _command(subcommand: Subcommand) -> click.Command:
    shared = [*_presentation(subcommand), *client_options.options()]
    taken = {name for option in shared for name in [*option.opts, *option.secondary_opts]}
    secrets = [(options.variable(subcommand, member), member.text) for member in subcommand.others if member.secret]
    lines = [f"  {variable}  {text}" for variable, text in secrets]
    environment = ["\b", "Environment, or a prompt on a terminal, or the body:", *lines, ""] if lines else []
    source = [f"Where this is known from: {subcommand.source}", ""] if subcommand.source else []
    return _Command(
        subcommand.name,
        params=[*options.parameters(subcommand, taken), *shared],
        callback=click.pass_context(partial(_invoke, subcommand)),
        help=subcommand.text,
        short_help=subcommand.summary,
        epilog="\n".join([*environment, *source, f"Exit codes and environment variables: {_NAME} --help"]),
    )


def _presentation(subcommand: Subcommand) -> Iterator[click.Option]:
    if subcommand.face.summary:
        text = "How many entries of each type there are in all the lists, and which is the oldest."
        yield click.Option(["--summary"], is_flag=True, help=text)
    if _asks(subcommand):
        yield click.Option(["-y", "--yes"], is_flag=True, help="Do not ask; needed where there is no terminal.")
    text = "The form of the answer; by default a table on a terminal, JSON elsewhere."
    yield click.Option(["as_json", "--json/--table"], default=None, help=text)
    yield click.Option(["--local-time"], is_flag=True, help="Dates of this machine's zone, in place of UTC.")


def _asks(subcommand: Subcommand) -> bool:
    return subcommand.acts and subcommand.face.asks


def _invoke(subcommand: Subcommand, ctx: click.Context, **values: Any) -> int:
    someone = client_options.interactive()
    ask = _asks(subcommand) and not values["yes"]
    if ask and not someone:
        raise click.UsageError("expected --yes, there is no terminal to ask on")
    targets = options.targets(subcommand, values)
    keywords = options.keywords(subcommand, values, interactive=someone)
    with client_options.connect(subcommand.client_class, ctx, values) as client:
        settings = client._settings
        if subcommand.acts and settings.read_only:
            raise click.UsageError("CERBO_READ_ONLY: expected 0 for what may change something")
        if ask:
            click.confirm(_question(subcommand, targets, settings.base_url.host), abort=True, err=True)
        as_json = not sys.stdout.isatty() if values["as_json"] is None else values["as_json"]
        output = Output(subcommand, as_json, values["local_time"], values.get("summary", False))
        # A bar and lines of JSON on one terminal would mix.
        visible = len(targets) > 1 and sys.stderr.isatty() and not (as_json and sys.stdout.isatty())
        with _progress(len(targets), subcommand.summary) if visible else nullcontext(lambda: None) as advance:
            for outcome in calls(subcommand, getattr(client, subcommand.method), targets, keywords):
                output.add(outcome)
                advance()
    for line in _complaints(output.outcomes):
        complain(line)
    output.close()
    return exit_code(output.outcomes)


def _progress(total: int, text: str) -> AbstractContextManager[Callable[[], None]]:
    from . import tables  # noqa: PLC0415 (Rich, which most runs can do without)

    return tables.progress(total, text)


def _question(subcommand: Subcommand, targets: Sequence[options.Target], host: str) -> str:
    ids = [f"{name} {value}" for name, value in targets[0].items()]
    if len(targets) > 1:
        more = [str(target[subcommand.path[-1].name]) for target in targets[1:]]
        ids[-1] += ", ".join(["", *more[:_SHOWN_IDS]])
        ids[-1] += f" and {len(more) - _SHOWN_IDS} more" if len(more) > _SHOWN_IDS else ""
    return safe(f"{subcommand.summary} ({'; '.join([*ids, host])}). Go on?")


def _complaints(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each call that failed, by its place among the calls: ids and texts of the server are patient data."""
    failures = [(place, outcome.failure) for place, outcome in enumerate(outcomes, start=1) if outcome.failure]
    untried = sum(failure.kind == NOT_TRIED for _, failure in failures)
    for place, failure in failures:
        if failure.kind != NOT_TRIED:
            yield f"{place} of {len(outcomes)}: {failure.text}" if len(outcomes) > 1 else failure.text
    if untried:
        yield f"{untried} of {len(outcomes)}: not tried"
