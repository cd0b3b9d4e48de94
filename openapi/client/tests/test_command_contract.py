"""A sub-command needs nothing but the operation: here of a second contract, whose client shares the runtime."""

import base64
import importlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import _render
import cerbo_portal_client
import click
import httpx
import pytest
from cerbo_portal_client._commands import GROUP
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_runtime.cli import client_options, main

from contract_tests.support.checkout import ROOT

Json = Any
Run = Callable[..., tuple[int, str, str]]

ADD_NOTE = """
  /patients/{pt_id}/notes:
    post:
      operationId: addNote
      tags: [Patient-Portal]
      summary: Add a note
      description: A note for the chart.
      x-provenance: assumed
      x-idempotent: false
      parameters:
        - $ref: '#/components/parameters/PatientId'
        - name: enqueue
          in: query
          description: Whether it goes to the queue.
          x-provenance: assumed
          schema: {type: boolean}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/NewNote'
      responses:
        '200':
          description: It was added.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/InvitationResult'
        '403':
          $ref: '#/components/responses/Forbidden'
components:
"""
NEW_NOTE = """
  schemas:
    NewNote:
      type: object
      description: A note.
      required: [text, api_password]
      properties:
        text: {type: string, maxLength: 20, description: "What it says,\\n in a few words."}
        api_password: {type: string, description: The password.}
        at: {type: string, format: date-time, description: When.}
        pages: {type: integer, description: How many pages.}
        type: {type: [string, 'null'], description: Its type.}
        user: {type: string, description: Who wrote it.}
        base64_content: {type: string, contentEncoding: base64, description: The content.}
        tags: {type: array, items: {type: string}, description: Its tags.}
"""


@pytest.fixture(scope="module")
def notes_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The client of a contract with one more operation, which `commands.yaml` does not name."""
    root = tmp_path_factory.mktemp("notes")
    text = (ROOT / "openapi" / "cerbo-portal.yaml").read_text(encoding="utf-8")
    for old, new in (("\ncomponents:\n", ADD_NOTE), ("\n  schemas:\n", NEW_NOTE)):
        assert text.count(old) == 1
        text = text.replace(old, new)
    contract = root / "notes.yaml"
    contract.write_text(text, encoding="utf-8")
    _render.render(_render.Source(ROOT, contract, "notes_client"), root)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "generated"))
        yield importlib.import_module("notes_client")


@pytest.fixture
def calls(notes_client: Any, monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """The calls of that operation, which a recorder takes."""
    seen: list[Json] = []

    def add_note(_: object, pt_id: int, **arguments: Any) -> Any:
        seen.append({"pt_id": pt_id, **arguments})
        if arguments["text"] == "broken":
            raise KeyError("Robin Sample")
        return notes_client.InvitationResult(True, "added")

    monkeypatch.setattr(notes_client.Client, "add_note", add_note)
    monkeypatch.setenv("CERBO_BASE_URL", "http://127.0.0.1:1/api/v1")
    monkeypatch.setenv("CERBO_USERNAME", "un")
    monkeypatch.setenv("CERBO_PASSWORD", "pwd")
    monkeypatch.setenv("CERBO_ADD_NOTE_API_PASSWORD", "hush")
    return seen


@pytest.fixture
def group(notes_client: Any) -> click.Group:
    """The command of that client."""
    group: click.Group = importlib.import_module("notes_client._commands").GROUP
    return group


@pytest.fixture
def run(
    calls: list[Json], group: click.Group, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs the command in process, with a text as its standard input."""

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main.run(group, ["add-note", *arguments])
        return (code, *capsys.readouterr())

    return run


def test_each_kind_of_argument_is_an_option(calls: list[Json], run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF \xff")
    options = [
        "--text=Hello",
        "--at=2026-11-24 10:00:00",
        "--pages=2",
        "--type=letter",
        "--request-user=ann",
        "--no-enqueue",
    ]
    code, out, err = run("7", *options, "--base64-content", str(tmp_path / "letter.pdf"), "--yes")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"pt_id": 7, "exit_code": 0, "answer": {"result": True, "message": "added"}}
    assert calls == [
        {
            "pt_id": 7,
            "text": "Hello",
            "api_password": "hush",
            "enqueue": False,
            "at": datetime(2026, 11, 24, 10, tzinfo=UTC),
            "pages": 2,
            "type_": "letter",
            "user": "ann",
            "base64_content": base64.b64encode(b"%PDF \xff").decode(),
        }
    ]


def test_a_body_holds_what_no_option_can_and_options_go_before_it(calls: list[Json], run: Run) -> None:
    body = {"text": "from the body", "pages": 1, "tags": ["a", "b"], "api_password": "of the body"}
    assert run("7", "--pages", "3", "--body", "-", "-y", stdin=json.dumps(body))[0] == 0
    assert calls == [{"pt_id": 7, **body, "pages": 3}]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["7", "--text=x", "--pages=1_0"], "--pages: expected a whole number of at most 19 digits"),
        (["7", "--text=x", "--at=today"], "--at: expected a date and time such as 2026-11-24T10:00:00Z"),
        (["7", "--text=x", "--base64-content=/nowhere"], "--base64-content: '/nowhere': No such file"),
        (["7", "--text=more than it can take"], "the body does not fit the contract at text: "),
        (["7"], "expected --text, or a --body that holds as much"),
        (["7", "8", "--text=x"], "Got unexpected extra argument"),
    ],
)
def test_what_does_not_fit_is_told(arguments: list[str], expected: str, calls: list[Json], run: Run) -> None:
    code, out, err = run(*arguments, "--yes")
    assert (code, out, calls) == (2, "", [])
    assert err.startswith(f"notes-client: {expected}")
    assert "more than it" not in err


def test_the_help_has_the_words_of_the_contract(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "Usage: notes-client add-note [OPTIONS] PT_ID\n" in out
    assert "What it says, in a few words. Needed, here or in the body." in " ".join(out.split())
    assert "--enqueue / --no-enqueue  Whether it goes to the queue." in out
    assert "Where this is known from: assumed (no source)\n" in out
    assert "--tags" not in out


def test_its_table_has_all_that_was_answered(run: Run) -> None:
    code, out, _ = run("7", "--text=Hello", "--table", "--yes")
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["pt_id", "result", "message"],
        [ANY],
        ["7", "true", "added"],
    ]


def test_a_question_names_ten_ids_and_counts_the_others(calls: list[Json], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def decline(text: str, **_: Any) -> None:
        asked.append(text)
        raise click.Abort

    monkeypatch.setattr("click.confirm", decline)
    monkeypatch.setattr(client_options, "interactive", lambda: True)
    assert main.run(GROUP, ["invite", *map(str, range(1, 13))]) == 2
    ids = "pt_id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"
    assert asked == [f"E-mail a patient an invitation to the portal ({ids}; 127.0.0.1). Go on?"]


def test_a_defect_is_one_line_without_what_it_is_about(run: Run) -> None:
    code, out, err = run("7", "--text=broken", "--yes")
    assert (code, out) == (3, "")
    assert err.startswith("notes-client: this is a defect, KeyError at test_command_contract.py:")
    assert "Robin" not in err


def test_an_interruption_before_the_first_call_is_told(
    calls: list[Json], group: click.Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> Any:
        raise KeyboardInterrupt

    # No standard stream has to be one that can be told how to write what it cannot encode.
    streams = {name: io.StringIO() for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setattr(client_options, "connect", interrupt)
    assert main.run(group, ["add-note", "7", "--text=a", "--yes"]) == 3
    assert [stream.getvalue() for stream in streams.values()] == ["", "notes-client: interrupted\n"]
    assert not calls


def test_two_contracts_share_one_runtime_and_no_schemas(notes_client: Any) -> None:
    schemas = notes_client.Client._contract.schemas
    assert schemas.problem("NewNote", {"text": "x", "api_password": "y"}) == ""
    assert schemas.problem("NewRefill", {}) != ""
    assert CONTRACT.schemas.problem("NewNote", {}) != ""
    assert not issubclass(notes_client.Client, cerbo_portal_client.Client)
    assert notes_client.NotFound is not cerbo_portal_client.NotFound
    assert notes_client.OutcomeUnknown is cerbo_portal_client.OutcomeUnknown
    refuse = httpx.MockTransport(lambda _: httpx.Response(403))
    for package in (notes_client, cerbo_portal_client):
        client = package.Client("http://127.0.0.1/api/v1", username="u", password="p", transport=refuse)
        with client, pytest.raises(package.Forbidden):
            client.invite_to_portal(1)


def test_every_name_of_a_command_is_of_one_operation() -> None:
    assert len(GROUP.commands) == len(CONTRACT.operations)
