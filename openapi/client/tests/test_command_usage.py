"""What the command refuses before it sends anything: one line that says what was expected, and exit code 2."""

import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import cerbo_portal_client
import pytest
from cerbo_portal_client._commands import GROUP
from cerbo_portal_mock import MockPortal
from cerbo_portal_runtime.cli import main

from contract_tests.support.commands import INSTALLED, Case, Ran, environment, run, run_here

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "command-line.md"
HUSH = "hush-hush"
VALIDATE = "validate-portal-credentials"
ROBIN = ["--username", "robin"]

REFUSED: dict[str, tuple[Case, str]] = {
    "no command": (Case([]), "Missing command (see cerbo-portal --help)"),
    "an unknown command": (Case(["enqueue"]), "No such command 'enqueue'"),
    "no id": (Case(["enqueued"]), "Missing argument 'PT_ID...' (see cerbo-portal enqueued --help)"),
    "an id of other digits": (Case(["invite", "²"]), "PT_ID...: expected a whole number from 1 to 9223372036854775807"),
    "an id that is too large": (Case(["enqueued", "1", str(2**63)]), "PT_ID...: expected a whole number from 1 to"),
    "a password as an option": (Case(["enqueued", "1", f"--password={HUSH}"]), "No such option '--password'"),
    "a password in the URL of an option": (
        Case(["enqueued", "1", "--base-url", f"http://un:{HUSH}@127.0.0.1/api/v1"]),
        "--base-url: expected no password",
    ),
    "no base URL": (Case(["enqueued", "1"], {"CERBO_BASE_URL": ""}), "expected CERBO_BASE_URL or --base-url"),
    "no URL": (Case(["enqueued", "1", "--base-url", "sandbox"]), "--base-url: expected a URL such as https://"),
    "no URL in the environment": (
        Case(["enqueued", "1"], {"CERBO_BASE_URL": HUSH}),
        "CERBO_BASE_URL: expected a URL such as https://",
    ),
    "plain HTTP": (Case(["enqueued", "1", "--base-url", "http://example.com"]), "--base-url: expected https; "),
    "plain HTTP in the environment": (
        Case(["enqueued", "1"], {"CERBO_BASE_URL": "http://example.com"}),
        "CERBO_BASE_URL: expected https; ",
    ),
    "a user with a colon": (Case(["enqueued", "1", "--user", "un:pwd"]), "--user: expected no colon"),
    "a user with a colon in the environment": (
        Case(["enqueued", "1"], {"CERBO_USERNAME": "un:pwd"}),
        "CERBO_USERNAME: expected no colon",
    ),
    "a user twice": (
        Case(
            ["enqueued", "1", "--user", "un"], {"CERBO_BASE_URL": f"http://un:{HUSH}@127.0.0.1", "CERBO_PASSWORD": ""}
        ),
        "--user: expected once, it is given in the URL and separately",
    ),
    "a password that is not printable": (
        Case(["enqueued", "1"], {"CERBO_PASSWORD": f"{HUSH}\x01"}),
        "CERBO_PASSWORD: expected printable characters only",
    ),
    "a password of a file that is not printable": (
        Case(["enqueued", "1", "--password-file", "-"], stdin=f"{HUSH}\x01"),
        "--password-file: expected printable characters only",
    ),
    "more time than a call can have": (
        Case(["enqueued", "1", "--timeout", "1e300"]),
        "--timeout: expected a positive number of seconds, at most 86400",
    ),
    "an id below the first": (Case(["enqueued", "-1"]), "PT_ID...: expected a whole number from 1 to"),
    "an id below the first among others": (
        Case(["enqueued", "1", "-23", "--timeout", "5"]),
        "PT_ID...: expected a whole number from 1 to",
    ),
    "a second id below the first": (
        Case(["delete", "1", "-27", "--yes"]),
        "QUEUE_REQUEST_ID...: expected a whole number from 1 to",
    ),
    "an id that looks like options": (Case(["invite", "-1y"]), "PT_ID...: expected a whole number from 1 to"),
    "a query that no URL can hold": (
        Case(["enqueued", "1", "--status", HUSH * 8000]),
        "showPortalRequests: status: too long: the URL would exceed 65,536 characters",
    ),
    "no user": (Case(["enqueued", "1"], {"CERBO_USERNAME": ""}), "expected CERBO_USERNAME or --user"),
    "no password": (Case(["enqueued", "1"], {"CERBO_PASSWORD": ""}), "expected CERBO_PASSWORD or --password-file"),
    "no password file": (
        Case(["enqueued", "1", "--password-file", "/nowhere"]),
        "--password-file: '/nowhere': No such",
    ),
    "an empty password file": (
        Case(["enqueued", "1", "--password-file", "-"]),
        "--password-file: expected the password",
    ),
    "a password file that is no text": (
        Case(["enqueued", "1", "--password-file", "-"], stdin=b"\xff\xfe"),
        "--password-file: expected the password in the first line, in UTF-8",
    ),
    "no certificates": (
        Case(["enqueued", "1", "--base-url", "https://127.0.0.1:9/api/v1"], {"SSL_CERT_FILE": "/nowhere"}),
        "SSL_CERT_FILE, SSL_CERT_DIR: expected",
    ),
    "a host with an empty label": (
        Case(["enqueued", "1", "--base-url", "https://.md-hq.com"]),
        "--base-url: expected a",
    ),
    "a host of the environment with an empty label": (
        Case(["enqueued", "1"], {"CERBO_BASE_URL": "https://.md-hq.com"}),
        "CERBO_BASE_URL: expected a URL",
    ),
    "no proxy": (Case(["enqueued", "1", "--proxy", HUSH]), "--proxy: expected a URL such as http://"),
    "no proxy in the environment": (Case(["enqueued", "1"], {"CERBO_PROXY": HUSH}), "CERBO_PROXY: expected a URL"),
    "a proxy with a password on the command line": (
        Case(["enqueued", "1", "--proxy", f"http://ben:{HUSH}@127.0.0.1:9"]),
        "--proxy: expected no credentials, everybody sees a command line",
    ),
    "no CA file": (Case(["enqueued", "1", "--ca-file", f"/{HUSH}"]), "--ca-file: expected a file of CA certificates"),
    "no CA file in the environment": (
        Case(["enqueued", "1"], {"CERBO_CA_FILE": f"/{HUSH}"}),
        "CERBO_CA_FILE: expected a file of CA certificates",
    ),
    "no time": (Case(["enqueued", "1", "--timeout", "0"]), "--timeout: expected a positive number of seconds"),
    "a time that is no number": (Case(["enqueued", "1", "--timeout", "nan"]), "--timeout: expected a number"),
    "a time that is a word": (Case(["enqueued", "1", "--timeout", "soon"]), "--timeout: expected a number"),
    "bytes that are no text": (
        Case(["enqueued", "1", "--status", b"\xff".decode(errors="surrogateescape")]),
        "--status: expected UTF-8",
    ),
    "nobody to ask": (Case(["delete", "1", "27"]), "expected --yes, there is no terminal to ask on"),
    "nobody to ask, with an answer in the pipe": (Case(["invite", "221"], stdin="y\n"), "expected --yes"),
    "read-only": (
        Case(["invite", "221", "--yes"], {"CERBO_READ_ONLY": "1"}),
        "CERBO_READ_ONLY is set: refusing",
    ),
    "no secret": (Case([VALIDATE, *ROBIN]), "expected CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD, or a --body"),
    "a secret as an option": (Case([VALIDATE, *ROBIN, "--password", HUSH]), "No such option '--password'"),
    "nothing of a body": (Case([VALIDATE]), "expected --username, CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD, or a"),
    "a body that is no JSON": (Case([VALIDATE, "--body", "-"], stdin=f"{{{HUSH}"), "--body: expected a JSON object"),
    "a body with a number that is none": (
        Case([VALIDATE, "--body", "-"], stdin=f'{{"username": 1e400, "password": "{HUSH}"}}'),
        "--body: expected a JSON object",
    ),
    "a body of other members": (
        Case([VALIDATE, *ROBIN, "--body", "-"], stdin=json.dumps({"password": HUSH, HUSH: 1})),
        "--body: expected no members but username, password",
    ),
    "a body that names another patient": (
        Case(["create-patient-document", "1", "--yes", "--body", "-"], stdin=json.dumps({"pt_id": 2, "name": HUSH})),
        "--body: pt_id: expected the pt_id of the command",
    ),
    "a body that does not fit": (
        Case([VALIDATE, "--body", "-"], stdin=json.dumps({"username": [HUSH], "password": HUSH})),
        'the body does not fit the contract at username: the value is not of type "string"',
    ),
}


@pytest.fixture(scope="module")
def refused(served: tuple[MockPortal, str]) -> dict[str, Ran]:
    """What came of the runs, in pipes."""
    return {name: run_here(served[1], case) for name, (case, _) in REFUSED.items()}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_one_line_and_nothing_is_sent(
    name: str, refused: dict[str, Ran], served: tuple[MockPortal, str]
) -> None:
    code, out, err = refused[name]
    assert (code, out) == (2, "")
    assert err.startswith(f"cerbo-portal: {REFUSED[name][1]}")
    assert err.count("\n") == 1
    assert HUSH not in err
    assert not list(served[0].outbox)


@pytest.mark.parametrize("name", REFUSED)
def test_a_terminal_shows_the_same_line(name: str, refused: dict[str, Ran], base_url: str) -> None:
    assert run_here(base_url, REFUSED[name][0], on_terminal=True) == refused[name]


def test_the_commands_of_the_how_to_work(
    base_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(base_url).items():
        monkeypatch.setenv(name, value)
    lines = re.findall(
        r"^(?:echo '(.*)' \| )?cerbo-portal ([^|>#\n]*)", HOW_TO.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(lines) == 10
    for stdin, arguments in lines:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        given = shlex.split(arguments)
        asks = given[0] in {"delete", "invite"} and "--yes" not in given
        assert main.run(GROUP, [*given, "--yes"] if asks else given) == 0, capsys.readouterr().err


def test_help_reads_like_documentation() -> None:
    case = Case(["--help"])
    code, out, err = run("", case)
    assert (code, err) == (0, "")
    for expected in ("delete 1 27", "--yes", "Exit codes", "0  done", "1  refused", "2  nothing was sent", "3  cannot"):
        assert expected in out
    for variable in ("BASE_URL", "USERNAME", "PASSWORD", "READ_ONLY", "ALLOW_HTTP"):
        assert f"CERBO_{variable}" in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_the_help_of_a_command_has_the_words_of_the_contract() -> None:
    code, out, _ = run("", Case([VALIDATE, "-h"]))
    text = " ".join(out.split())
    assert code == 0
    assert "Whether a user name and a password are those of a patient's portal account." in text
    assert "--username TEXT The user name." in text
    assert "CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD The password." in text
    assert "Where this is known from: inferred (vendor reference)" in text
    assert "--password " not in text
    assert "--yes" not in text


def test_the_version_is_told() -> None:
    assert run("", Case(["--version"])) == (0, f"cerbo-portal, version {cerbo_portal_client.__version__}\n", "")


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_what_to_install(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None; from cerbo_portal_client.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cerbo-portal: expected the extra [cli] of this package, which brings click and rich\n"


def test_a_module_that_should_be_there_is_not_taken_for_the_extra() -> None:
    module = "cerbo_portal_runtime.cli.batch"
    code = f"import sys; sys.modules[{module!r}] = None; from cerbo_portal_client.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert "[cli]" not in done.stderr
    assert f"import of {module} halted" in done.stderr


def test_importing_the_client_imports_nothing_of_the_command() -> None:
    code = "import sys; sys.modules['httpx._main'] = None; import cerbo_portal_client; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert not {"click", "rich", "cerbo_portal_runtime.cli"} & set(done.stdout.split())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_closed_streams_have_their_exit_code(base_url: str) -> None:
    script = f"'{INSTALLED}' enqueued 1 <&- >&-; echo $?; '{INSTALLED}' invite <&- 2>&-; echo $?"
    done = subprocess.run(
        ["/bin/sh", "-c", script], check=True, capture_output=True, text=True, env=environment(base_url), timeout=60
    )
    assert (done.stdout, done.stderr) == ("3\n2\n", "cerbo-portal: cannot write the output: it is closed\n")


@pytest.mark.parametrize("columns", ["0", "1", "20", "-1", "x"])
def test_a_table_is_readable_whatever_columns_says(columns: str, base_url: str) -> None:
    ran = run(base_url, Case(["enqueued", "1", "--table"], {"COLUMNS": columns}))
    assert ran.code == 0
    for text in ("21", "27", "28", "30", "33"):
        assert text in ran.out


def test_a_base_url_of_another_path_is_noted(base_url: str) -> None:
    other = base_url.removesuffix("/api/v1")
    for case, name in (
        (Case(["enqueued", "1", "--base-url", other]), "--base-url"),
        (Case(["enqueued", "1"], {"CERBO_BASE_URL": other, "PYTHONWARNINGS": "error"}), "CERBO_BASE_URL"),
    ):
        ran = run(base_url, case)
        assert (ran.code, ran.err.splitlines()[0]) == (3, f"cerbo-portal: {name}: its path does not end in /api/v1")


def test_a_password_that_begins_as_a_user_name_is_noted(base_url: str) -> None:
    swapped = {"CERBO_USERNAME": f"sk_{HUSH}", "CERBO_PASSWORD": f"pk_{HUSH}"}
    ran = run(base_url, Case(["enqueued", "1"], swapped))
    expected = "cerbo-portal: CERBO_PASSWORD: the password begins with pk_, as names of API users do"
    assert (ran.code, ran.err.splitlines()[0]) == (1, expected)
    assert HUSH not in ran.err


def test_credentials_come_from_the_environment_a_file_or_the_url(base_url: str, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("password\r\nanother line\n")
    (tmp_path / "marked").write_text("password\r\n", encoding="utf-8-sig")
    of_ben = {"CERBO_USERNAME": "ben", "CERBO_PASSWORD": "wrong"}
    in_url = base_url.replace("://", "://un:pwd@")
    cases = {
        "file": Case(["enqueued", "221", "--password-file", str(tmp_path / "password")], of_ben),
        "file with a byte order mark": Case(["enqueued", "221", "--password-file", str(tmp_path / "marked")], of_ben),
        "standard input": Case(["enqueued", "221", "--user", "ben", "--password-file", "-"], stdin="password\n"),
        "URL": Case(["enqueued", "221"], {"CERBO_BASE_URL": in_url, "CERBO_USERNAME": "", "CERBO_PASSWORD": ""}),
    }
    assert {name: run(base_url, case).code for name, case in cases.items()} == dict.fromkeys(cases, 0)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script_and_completions(shell: str) -> None:
    words = {"COMP_WORDS": "cerbo-portal enq", "COMP_CWORD": "enq" if shell == "fish" else "1"}

    def shown(instruction: str) -> str:
        case = Case([], {"_CERBO_PORTAL_COMPLETE": f"{shell}_{instruction}", **words})
        return run("http://127.0.0.1:9/api/v1", case).out

    assert "_CERBO_PORTAL_COMPLETE" in shown("source")
    assert "enqueued" in shown("complete")
