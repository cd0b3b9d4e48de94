"""A sub-command needs nothing but the operation: here one with all kinds of arguments, which no hand has presented."""

import base64
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from unittest.mock import ANY

import click
import pytest
from attrs import define, evolve, field
from cerbo_portal_client import UNSET, Client, InvitationResult, Unset, _operations
from cerbo_portal_client._schemas import SCHEMAS
from cerbo_portal_runtime.cli import client_options as connection
from cerbo_portal_runtime.cli import commands as subcommands
from cerbo_portal_runtime.cli import main as line
from cerbo_portal_runtime.cli.presentation import FACES
from cerbo_portal_runtime.contract import Operation
from cerbo_portal_runtime.validation import SchemaValidator

Json = Any
Run = Callable[..., tuple[int, str, str]]


@define
class NewNote:
    """A model as the generator makes them."""

    text: str
    api_password: str
    at: datetime | Unset = UNSET
    pages: int | Unset = UNSET
    type_: str | Unset | None = UNSET
    user: str | Unset = UNSET
    base64_content: str | Unset = UNSET
    tags: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = field(factory=dict)

    @classmethod
    def from_dict(cls, members: Any) -> Self:
        at = {"at": datetime.fromisoformat(members["at"])} if "at" in members else {}
        type_ = {"type_": members["type"]} if "type" in members else {}
        return cls(**{name: value for name, value in members.items() if name != "type"} | at | type_)


SCHEMA = {
    "type": "object",
    "required": ["text", "api_password"],
    "properties": {
        "text": {"type": "string", "maxLength": 20},
        "api_password": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "pages": {"type": "integer"},
        "type": {"type": ["string", "null"]},
        "user": {"type": "string"},
        "base64_content": {"type": "string", "contentEncoding": "base64"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
OPERATION = Operation(
    id="addNote",
    method="POST",
    path="/patients/{pt_id}/notes",
    idempotent=False,
    result_false_is_error=True,
    success={200: InvitationResult},
    schema="InvitationResult",
    body=NewNote,
)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """A client with one more operation, and the calls of it."""
    seen: list[Json] = []

    def add_note(
        self: Client,
        pt_id: int,
        *,
        text: str,
        api_password: str,
        enqueue: bool | Unset = True,
        at: datetime | Unset = UNSET,
        pages: int | Unset = UNSET,
        type_: str | Unset | None = UNSET,
        user: str | Unset = UNSET,
        base64_content: str | Unset = UNSET,
        tags: list[str] | Unset = UNSET,
        timeout: float | None = None,
    ) -> InvitationResult:
        """Add a note.

        Args:
            text: What it says,
                in a few words.
            enqueue: Whether it goes to the queue.

        Source: assumed (no source).
        """
        given = {**locals(), "tags": tags}
        seen.append(
            {name: value for name, value in given.items() if value is not UNSET and name not in ("self", "seen")}
        )
        if text == "broken":
            raise KeyError("Robin Sample")
        return InvitationResult(True, "added")

    operations = {**_operations.CONTRACT.operations, "add_note": OPERATION}
    schemas = SchemaValidator({**SCHEMAS.schemas, "NewNote": SCHEMA})
    monkeypatch.setattr(Client, "_contract", evolve(_operations.CONTRACT, operations=operations, schemas=schemas))
    monkeypatch.setattr(Client, "add_note", add_note, raising=False)
    monkeypatch.setenv("CERBO_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CERBO_USERNAME", "un")
    monkeypatch.setenv("CERBO_PASSWORD", "pwd")
    monkeypatch.setenv("CERBO_ADD_NOTE_API_PASSWORD", "hush")
    return seen


@pytest.fixture
def run(calls: list[Json], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in process, with a text as its standard input."""

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = line.run(Client, ["add-note", *arguments])
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
            "timeout": None,
        }
    ]


def test_a_body_holds_what_no_option_can_and_options_go_before_it(calls: list[Json], run: Run) -> None:
    body = {"text": "from the body", "pages": 1, "tags": ["a", "b"], "api_password": "of the body"}
    assert run("7", "--pages", "3", "--body", "-", "-y", stdin=json.dumps(body))[0] == 0
    assert calls == [{"pt_id": 7, **body, "pages": 3, "enqueue": True, "timeout": None}]


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
    assert err.startswith(f"cerbo-portal: {expected}")
    assert "more than it" not in err


def test_the_help_is_the_docstring(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "Usage: cerbo-portal add-note [OPTIONS] PT_ID\n" in out
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
    monkeypatch.setattr(connection, "interactive", lambda: True)
    assert line.run(Client, ["invite", *map(str, range(1, 13))]) == 2
    ids = "pt_id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"
    assert asked == [f"E-mail a patient an invitation to the portal ({ids}; 127.0.0.1). Go on?"]


def test_a_defect_is_one_line_without_what_it_is_about(run: Run) -> None:
    code, out, err = run("7", "--text=broken", "--yes")
    assert (code, out) == (3, "")
    assert err.startswith("cerbo-portal: this is a defect, KeyError at test_command_contract.py:")
    assert "Robin" not in err


def test_an_interruption_before_the_first_call_is_told(calls: list[Json], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> Any:
        raise KeyboardInterrupt

    # No standard stream has to be one that can be told how to write what it cannot encode.
    streams = {name: io.StringIO() for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setattr(connection, "connect", interrupt)
    assert line.run(Client, ["add-note", "7", "--text=a", "--yes"]) == 3
    assert [stream.getvalue() for stream in streams.values()] == ["", "cerbo-portal: interrupted\n"]
    assert not calls


def test_every_presentation_is_of_an_operation_and_every_name_is_its_own() -> None:
    known = list(subcommands.subcommands(Client))
    assert FACES.keys() <= {subcommand.operation.id for subcommand in known}
    assert len({subcommand.name for subcommand in known}) == len(known)
