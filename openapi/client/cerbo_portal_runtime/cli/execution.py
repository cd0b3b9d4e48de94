"""Runs one sub-command: from its arguments to its calls, their output and the exit code."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import click

from . import client_options, request_body
from .batch import NOT_TRIED, Outcome, call_each, exit_code
from .command import Command
from .output import Output, complain, escape

_SHOWN_IDS: Final = 9

Values = Mapping[str, Any]


def execute(command: Command, path: Values, arguments: Values, shared: Values) -> int:
    """Run a sub-command and return its exit code.

    Args:
        command: the sub-command.
        path: the arguments of the operation's path, by name; of the last one several, if the command takes several.
        arguments: the values of the operation's other options, by the argument of the client's method.
        shared: the values of the shared options.

    Raises:
        ClickException, Abort: nothing was sent.
    """
    interactive = client_options.interactive()
    ask = command.confirm and not shared["yes"]
    if ask and not interactive:
        raise click.UsageError("expected --yes, there is no terminal to ask on")
    targets = _targets(command, path)
    keywords = request_body.keywords(command, path, arguments, shared.get("body"), interactive=interactive)
    with client_options.connect(command.client_class, click.get_current_context(), shared) as client:
        settings = client._settings
        if command.operation.has_side_effects and settings.read_only:
            raise click.UsageError("CERBO_READ_ONLY is set: refusing to modify data")
        if ask:
            click.confirm(_question(command, targets, settings.base_url.host), abort=True, err=True)
        as_json = not sys.stdout.isatty() if shared["as_json"] is None else shared["as_json"]
        output = Output(command, as_json, shared["local_time"], shared.get("summary", False))
        # A progress bar and lines of JSON on one terminal would mix.
        visible = len(targets) > 1 and sys.stderr.isatty() and not (as_json and sys.stdout.isatty())
        with _progress(len(targets), command.title) if visible else nullcontext(lambda: None) as advance:
            for outcome in call_each(command, getattr(client, command.method), targets, keywords):
                output.add(outcome)
                advance()
    for line in _complaints(output.outcomes):
        complain(line)
    output.close()
    return exit_code(output.outcomes)


def _targets(command: Command, path: Values) -> list[Values]:
    """The path arguments of each call; an id that is given twice makes one call."""
    if not command.takes_several:
        return [path]
    *_, several = path
    return [{**path, several: value} for value in dict.fromkeys(path[several])]


def _progress(total: int, text: str) -> AbstractContextManager[Callable[[], None]]:
    from . import tables  # noqa: PLC0415 (Rich, which most runs need not load)

    return tables.progress(total, text)


def _question(command: Command, targets: Sequence[Values], host: str) -> str:
    ids = [f"{name} {value}" for name, value in targets[0].items()]
    if len(targets) > 1:
        *_, several = targets[0]
        more = [str(target[several]) for target in targets[1:]]
        ids[-1] += ", ".join(["", *more[:_SHOWN_IDS]])
        ids[-1] += f" and {len(more) - _SHOWN_IDS} more" if len(more) > _SHOWN_IDS else ""
    return escape(f"{command.title} ({'; '.join([*ids, host])}). Go on?")


def _complaints(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each failed call, by its position: ids and texts of the server are patient data."""
    failures = [(position, outcome.failure) for position, outcome in enumerate(outcomes, start=1) if outcome.failure]
    not_tried = sum(failure.kind == NOT_TRIED for _, failure in failures)
    for position, failure in failures:
        if failure.kind != NOT_TRIED:
            yield f"{position} of {len(outcomes)}: {failure.text}" if len(outcomes) > 1 else failure.text
    if not_tried:
        yield f"{not_tried} of {len(outcomes)}: not tried"
