"""The command on a terminal: tables, questions, the prompt for a password, the bar, and nothing that a server sends."""

import io
import json
import re
import shlex
import socketserver
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

import click
import pexpect
import pytest
from cerbo_portal_mock import MockPortal

from contract_tests.support.commands import INSTALLED, LIMIT, environment
from contract_tests.support.doubles import Peer

pytest.importorskip("pty", reason="needs a pseudo-terminal, which Windows lacks")
# The threads of this process keep nothing that the command, which takes its place in the fork, would wait for.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")

DELETE = ("delete", "1", "27")


class Screen:
    """The command on a terminal."""

    def __init__(self, base_url: str, *arguments: str, stdout: Path | None = None, **more: str) -> None:
        self._read = io.StringIO()
        command = shlex.join([INSTALLED, *arguments]) + (f" > {stdout}" if stdout else "")
        self.keys = pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {command}"],
            env=environment(base_url, **more),
            dimensions=(40, 120),
            encoding="utf-8",
            timeout=LIMIT,
        )
        self.keys.logfile_read = self._read

    def end(self) -> int:
        """Wait for its end, and return the exit code."""
        self.keys.expect(pexpect.EOF)
        return self.keys.wait()

    @property
    def shown(self) -> str:
        """What it has shown, without colours, with the line ends of a file."""
        return click.unstyle(self._read.getvalue()).replace("\r\n", "\n")


def test_the_queue_is_a_table_and_its_texts_are_only_texts(portal: MockPortal, base_url: str) -> None:
    portal.state.enqueue(221, "secure_message", subject="\x1b]0;owned\x07[red]hot[/red]\x9b2J\u202e:smile:")
    screen = Screen(base_url, "enqueued", "1", "221")
    assert screen.end() == 0
    assert "request_type" in screen.shown
    assert "27   prescription_refill   2026-11-03 16:40 UTC   Refill of a current prescription" in screen.shown
    assert "\\x1b]0;owned\\x07[red]hot[/red]\\x9b2J\\u202e:smile:" in screen.shown
    # What is left of control characters are Rich's own: the bar, before the table.
    table = screen.shown[screen.shown.rindex("pt_id") :]
    assert re.sub(r"[\n\x20-\x7e\u2500-\u257f]", "", table) == ""


def test_a_deletion_asks_first(portal: MockPortal, base_url: str) -> None:
    screen = Screen(base_url, *DELETE, "28")
    screen.keys.expect_exact(
        "Remove one portal request from the queue (pt_id 1; queue_request_id 27, 28; 127.0.0.1). Go on? [y/N]:"
    )
    assert not portal.state.hidden_entries(1)
    screen.keys.send("y\n")
    assert screen.end() == 0
    assert "28                 Portal request removed from the queue" in screen.shown
    assert [entry.id for entry in portal.state.hidden_entries(1)] == [27, 28]


@pytest.mark.parametrize("keys", ["\n", "\x03", "\x04"], ids=["enter", "control-c", "control-d"])
def test_without_a_yes_nothing_is_sent(keys: str, portal: MockPortal, base_url: str) -> None:
    screen = Screen(base_url, *DELETE)
    screen.keys.expect_exact("[y/N]")
    screen.keys.send(keys)
    # Ctrl-C that comes just before Python begins to wait for a line has it go on waiting.
    for _ in range(10 if keys == "\x03" else 0):
        with suppress(pexpect.TIMEOUT):
            screen.keys.expect(pexpect.EOF, timeout=1)
            break
        screen.keys.send(keys)
    assert screen.end() == 2
    assert screen.shown.endswith("cerbo-portal: not confirmed, nothing was sent\n")
    assert not list(portal.journal)


def test_the_question_is_not_a_part_of_the_output(base_url: str, tmp_path: Path) -> None:
    screen = Screen(base_url, *DELETE, stdout=tmp_path / "out")
    screen.keys.expect_exact("[y/N]")
    screen.keys.send("y\n")
    assert screen.end() == 0
    assert json.loads((tmp_path / "out").read_text())["answer"]["id"] == 27


def test_the_password_is_asked_for_and_not_shown(base_url: str) -> None:
    screen = Screen(base_url, *DELETE, "--json", "--yes", CERBO_PASSWORD="")
    screen.keys.expect_exact("Password of the API user:")
    screen.keys.send("pwd\n")
    assert screen.end() == 0
    assert '"exit_code": 0' in screen.shown
    assert "pwd" not in screen.shown


def test_no_password_is_no_call(portal: MockPortal, base_url: str) -> None:
    screen = Screen(base_url, "enqueued", "1", CERBO_PASSWORD="")
    screen.keys.expect_exact("Password of the API user:")
    screen.keys.send("\x04")
    assert screen.end() == 2
    assert "nothing was sent" in screen.shown
    assert not list(portal.journal)


def test_a_secret_of_a_body_is_asked_for_too_and_checking_it_asks_nothing_else(base_url: str) -> None:
    screen = Screen(base_url, "validate-portal-credentials", "--username", "robin")
    screen.keys.expect_exact("The password to send with validate-portal-credentials:")
    screen.keys.send("hush-hush\n")
    assert screen.end() == 0
    assert "The user name or the password is not valid" in screen.shown
    assert "hush" not in screen.shown


def test_what_was_not_confirmed_is_a_table_of_its_own_after_the_bar(base_url: str) -> None:
    screen = Screen(base_url, "invite", "221", "3", "--yes")
    assert screen.end() == 1
    assert re.search(r"E-mail a patient an invitation to the portal [━╸╺ ]+ [012]/2", screen.shown)
    assert "cerbo-portal: 2 of 2: inviteToPortal: the server refused (status 422)\n" in screen.shown
    assert "221     Invitation sent to the patient's primary e-mail address" in screen.shown
    assert "3       Unprocessable   422      The patient has no primary e-mail address" in screen.shown


def test_json_on_a_terminal_is_json_only(base_url: str) -> None:
    screen = Screen(base_url, "enqueued", "221", "2", "--json", "--summary")
    assert screen.end() == 0
    assert json.loads(screen.shown)["summary"]["entries"] == 2


def test_the_summary_is_a_table(base_url: str) -> None:
    screen = Screen(base_url, "enqueued", "1", "--summary", "--local-time", TZ="IST-5:30")
    assert screen.end() == 0
    assert "prescription_refill   1" in screen.shown
    assert "all                   5" in screen.shown
    assert "1       21   secure_message   2026-11-02 14:45 IST" in screen.shown


@pytest.mark.parametrize("more", [(), ("--summary",)], ids=["list", "summary"])
def test_an_empty_queue_is_told(more: tuple[str, ...], base_url: str) -> None:
    screen = Screen(base_url, "enqueued", "221", *more)
    assert screen.end() == 0
    assert screen.shown == "Nothing.\n"


def test_usage_and_a_server_that_is_not_there(base_url: str) -> None:
    screen = Screen(base_url, "enqueued", "one")
    assert screen.end() == 2
    assert screen.shown.startswith("cerbo-portal: PT_ID...: expected a whole number")
    screen = Screen("http://127.0.0.1:1/api/v1", "enqueued", "1", "--timeout", "1")
    assert screen.end() == 3
    assert "cerbo-portal: showPortalRequests: the connection failed, refused\n" in screen.shown
    assert "ConnectionFailed" in screen.shown


def test_control_c_ends_the_run_and_says_what_may_have_been_done(make_peer: Callable[..., Peer]) -> None:
    arrived = Event()

    def step(peer: Peer, _: socketserver.StreamRequestHandler) -> None:
        arrived.set()
        peer.released.wait(60)

    screen = Screen(make_peer(step).url, "invite", "221", "222", "--yes")
    assert arrived.wait(60)
    screen.keys.send("\x03")
    assert screen.end() == 3
    assert "1 of 2: inviteToPortal: interrupted, it may have acted\n" in screen.shown
    assert "221     Interrupted" in screen.shown
    assert "222     NotTried" in screen.shown
