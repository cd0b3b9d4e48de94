"""The command `cerbo-portal-mock`: one ready line, one clear line for what is wrong, and a stop that drops nothing."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from _venv import tool
from cerbo_portal_mock.__main__ import main

from contract_tests.support.http_client import AUTHORIZATION
from contract_tests.support.smtp_server import Mailbox, mail_server_of

COMMAND = [sys.executable, "-m", "cerbo_portal_mock"]
INSTALLED = [tool("cerbo-portal-mock")]
if sys.platform == "win32":
    STOPS, GROUP = [signal.CTRL_BREAK_EVENT], subprocess.CREATE_NEW_PROCESS_GROUP
    IN_USE = "Only one usage of each socket address (protocol/network address/port) is normally permitted"
else:
    STOPS, GROUP = [signal.SIGTERM, signal.SIGINT], 0
    IN_USE = "Address already in use"
STOP = STOPS[0]
NOWHERE = str(Path("/nowhere/s.yaml"))


@contextmanager
def _running(*arguments: str, command: list[str] = COMMAND) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process of a mock that is ready, its ready line and its URL."""
    process = subprocess.Popen(
        [*command, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        creationflags=GROUP,
    )
    try:
        assert process.stdout
        ready = process.stdout.readline()
        url = re.search(r"http://[^ ]+:\d+(?= )", ready)
        assert url, process.communicate()[1] if process.poll() is not None else ready
        yield process, ready, url[0]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _failing(*arguments: str, command: list[str] = COMMAND, **environment: str) -> str:
    """The only line of a command that exits with 2."""
    run = subprocess.run(
        [*command, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, **environment},
    )
    assert run.returncode == 2
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    return line


@pytest.mark.parametrize("command", [COMMAND, INSTALLED], ids=["python -m", "installed"])
def test_the_ready_line_has_url_users_and_a_curl_line_that_works(command: list[str]) -> None:
    with _running(command=command) as (_, ready, url):
        assert ready.count("\n") == 1
        assert "un, ben, reader, labs" in ready
        curl = ready.split("try: ")[1].split()
        assert curl[:3] == ["curl", "-u", "un:pwd"]
        assert curl[3].startswith(url)
        request = urllib.request.Request(curl[3], headers={"Authorization": AUTHORIZATION})
        with urllib.request.urlopen(request, timeout=10) as response:
            assert 27 in [entry["id"] for entry in json.load(response)["data"]]


def test_the_ready_line_keeps_the_passwords_of_a_scenario_of_ones_own(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "clinic: {name: Mine, invitation: {subject: Hello, text: $link}}\n"
        "users: [{id: 1, username: ann, password: hush-hush}]\n"
        "patients: []\n"
    )
    with _running("--scenario", str(scenario)) as (_, ready, _url):
        assert "curl -u ann http" in ready
        assert "hush" not in ready


def _get(url: str, **headers: str) -> tuple[int, str]:
    """Status and body of a GET request as the user un."""
    request = urllib.request.Request(url, headers={"Authorization": AUTHORIZATION, **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_access_log_goes_to_the_standard_error_with_patients_only_when_told_to() -> None:
    seen = []
    for options in ([], ["--log-phi"], ["--quiet"]):
        with _running(*options) as (process, _, url):
            _get(f"{url}/api/v1/patients/221/portal/enqueued")
            process.send_signal(STOP)
            seen.append(process.communicate(timeout=20)[1])
    assert "GET /api/v1/patients/<pt_id>/portal/enqueued 200" in seen[0]
    assert "221" not in seen[0]
    assert "GET /api/v1/patients/221/portal/enqueued 200" in seen[1]
    assert seen[2] == ""


def test_the_options_reach_the_instances() -> None:
    with _running("--validate", "strict", "--preview", "coming-soon") as (_, _, url):
        settings = json.loads(_get(f"{url}/__admin/settings")[1])
        assert (settings["validate"], settings["preview_coming_soon"]) == ("strict", True)
        assert json.loads(_get(f"{url}/api/v1/patients/1/portal/enqueued?request_type=document")[1])["total_count"] == 1


def test_grease_prints_the_seed_to_repeat_it() -> None:
    with _running("--grease") as (process, _, _url):
        assert process.stdout
        line = process.stdout.readline()
    seed = line.rpartition("=")[2].strip()
    kinds = "ids, dates, routes, members, text, errors, status"
    assert line == f"Responses vary ({kinds}); to repeat: --grease={seed}\n"
    for given in ("7,dates", "7"):
        with _running(f"--grease={given}") as (_, _, url), urllib.request.urlopen(f"{url}/__admin/settings") as answer:
            assert json.load(answer)["grease"] == given


def test_mails_go_to_the_mail_server_of_the_command_line() -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server, _running("--smtp", f"{mail_server.host}:{mail_server.port}") as mock:
        invite = urllib.request.Request(
            f"{mock[2]}/api/v1/patients/221/portal/invite", method="POST", headers={"Authorization": AUTHORIZATION}
        )
        with urllib.request.urlopen(invite, timeout=10) as response:
            assert json.load(response)["result"] is True
    assert mailbox.recipients == ["toni.invited@example.com"]


def test_links_begin_with_the_public_url_of_the_command_line() -> None:
    with _running("--public-url", "https://mock.example/") as (_, _, url):
        invite = urllib.request.Request(
            f"{url}/api/v1/patients/221/portal/invite", method="POST", headers={"Authorization": AUTHORIZATION}
        )
        with urllib.request.urlopen(invite, timeout=10):
            link = json.loads(_get(f"{url}/__admin/outbox/last")[1])["link"]
    assert link.startswith("https://mock.example/portal/join?token=")


def test_off_loopback_a_token_is_made_up_and_printed() -> None:
    with _running("--host", "0.0.0.0") as (process, _, url):
        assert process.stdout
        token = process.stdout.readline().split()[-1]
        here = url.replace("0.0.0.0", "127.0.0.1")
        assert _get(f"{here}/__admin/state", Host="mock:8080")[0] == 403
        assert _get(f"{here}/__admin/state", Host="mock:8080", Authorization=f"Bearer {token}")[0] == 200
        assert len(token) >= 32


def test_the_token_of_the_environment_is_taken_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERBO_MOCK_ADMIN_TOKEN", "from-the-environment")
    with _running("--host", "0.0.0.0") as (process, ready, url):
        here = url.replace("0.0.0.0", "127.0.0.1")
        bearer = "Bearer from-the-environment"
        assert _get(f"{here}/__admin/state", Host="mock:8080", Authorization=bearer)[0] == 200
        process.send_signal(STOP)
        assert "from-the-environment" not in ready + "".join(process.communicate(timeout=20))


NONSENSE = {
    "url": b"GET http://[abc]/x HTTP/1.1",
    "length": b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000,
    "number": b"GET / HTTP/1.1\r\nContent-Length: x",
    "line": b"NONSENSE",
}


@pytest.fixture(scope="module")
def refusals() -> tuple[dict[str, tuple[bytes, bytes]], str]:
    """Head and body of the answer to each, of one server, and what this one said on its standard error."""
    answers = {}
    with _running() as (process, _, url):
        host, port = url.removeprefix("http://").split(":")
        for name, request_line in NONSENSE.items():
            with socket.create_connection((host, int(port)), timeout=10) as connection:
                connection.sendall(request_line + b"\r\n\r\n")
                head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
            answers[name] = head, body
        process.send_signal(STOP)
        return answers, process.communicate(timeout=20)[1]


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_no_http_request_is_refused_in_json_and_not_logged(
    name: str, refusals: tuple[dict[str, tuple[bytes, bytes]], str]
) -> None:
    answers, log = refusals
    head, body = answers[name]
    assert head.startswith((b"HTTP/1.0 400 ", b"HTTP/1.1 400 "))
    assert json.loads(body)["error"]["type"] == "invalid_request"
    assert log == ""


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_finishes_the_requests_in_flight_and_exits_with_0(number: int) -> None:
    with _running("--quiet") as (process, _, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            # Half a request: the server has begun to read it when the signal arrives.
            connection.sendall(b"POST /__admin/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n")
            connection.sendall(b"Content-Type: application/json\r\nX-Slow: ")
            _wait_until_read(url)
            process.send_signal(number)
            # The server waits only for callers that go on sending.
            _wait_until_closed(host, int(port), meanwhile=lambda: connection.sendall(b"."))
            connection.sendall(b"\r\n\r\n{}")
            answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.rstrip().endswith(b'{"status":"reset"}')
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "", "")


def test_an_operation_without_a_handler_is_a_warning_or_an_error_at_the_start() -> None:
    lacking = "from cerbo_portal_mock.http.handlers import HANDLERS; del HANDLERS['inviteToPortal']"
    command = [
        sys.executable,
        "-c",
        f"{lacking}; from cerbo_portal_mock.__main__ import main; raise SystemExit(main())",
    ]
    with _running("--quiet", command=command) as (process, _, url):
        assert _get(f"{url}/__admin/health")[0] == 200
        process.send_signal(STOP)
        _, err = process.communicate(timeout=20)
    assert (
        err == "cerbo_portal_mock.http.app: operations without a handler are answered with examples: inviteToPortal\n"
    )
    line = _failing("--port", "0", "--no-stubs", command=command)
    assert line == "cerbo-portal-mock: operations of the contract without a handler: inviteToPortal"


@pytest.mark.parametrize("number", STOPS)
def test_a_log_that_nobody_reads_does_not_keep_the_server(number: int) -> None:
    with _running("--log-phi") as (process, _, url):
        for _ in range(20):
            # More than any pipe holds.
            assert _get(f"{url}/api/v1/{'x' * 8_000}")[0] == 404
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        lines = process.communicate()[1].splitlines()
    assert lines[0].startswith("cerbo_portal_mock.access: 'un' GET /api/v1/xxx")
    assert {line[:1] for line in lines} == {"c"}


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the standard error")
def test_a_mock_without_a_standard_error_answers_and_ends() -> None:
    with _running(command=["sh", "-c", 'exec "$0" "$@" 2>&-', *COMMAND]) as (process, _, url):
        assert _get(f"{url}/__admin/health")[0] == 200
        process.send_signal(STOP)
        assert process.wait(timeout=5) == 0


def test_connections_kept_alive_do_not_keep_the_server() -> None:
    with _running() as (process, _, url):
        host, port = url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request("GET", "/__admin/health")
        assert connection.getresponse().read()
        process.send_signal(STOP)
        assert connection.sock.recv(1) == b""
        assert process.wait(timeout=5) == 0
        connection.close()


def test_what_was_sent_before_the_signal_is_answered() -> None:
    with _running() as (process, _, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            process.send_signal(STOP)
            assert b"healthy" in connection.makefile("rb").read()


def _wait_until_read(url: str) -> None:
    """A whole other exchange: afterwards the server's loop has seen what was sent before."""
    with urllib.request.urlopen(f"{url}/__admin/health", timeout=10) as response:
        assert response.status == 200


def _wait_until_closed(host: str, port: int, meanwhile: Callable[[], None]) -> None:
    for _ in range(10_000):
        meanwhile()
        # More often, it would send more than a head may have while a busy machine delays the signal.
        time.sleep(0.002)
        try:
            socket.create_connection((host, port), timeout=10).close()
        except ConnectionError:
            return
    pytest.fail("the server still listens after the signal")


@pytest.mark.parametrize("command", [COMMAND, INSTALLED], ids=["python -m", "installed"])
def test_without_the_extra_the_line_names_it(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "flask.py").write_text("raise ImportError('no flask here')\n")
    line = _failing(command=command, PYTHONPATH=str(tmp_path))
    assert line == "cerbo-portal-mock: expected the extra [mock] of cerbo-portal: no flask here"


def test_a_busy_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert _failing("--port", port) == f"cerbo-portal-mock: cannot listen on 127.0.0.1 port {port}: {IN_USE}"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--port", "http"], "argument --port: expected a port from 0 to 65535"),
        (["--port", "65536"], "argument --port: expected a port from 0 to 65535"),
        (["--port", "0000000070000"], "argument --port: expected a port from 0 to 65535"),
        (["--host", ""], "argument --host: expected an address"),
        (["--smtp", "1025"], "argument --smtp: expected HOST:PORT, such as 127.0.0.1:1025"),
        (["--smtp", "127.0.0.1:smtp"], "argument --smtp: expected a port from 0 to 65535"),
        (["--smtp", "[]:25"], "argument --smtp: expected an address"),
        (["--public-url", "mock.example"], "argument --public-url: expected http or https, a host"),
        (["--grease", "colours"], "argument --grease: expected off, or a seed from 0 to 4294967295 and kinds"),
        (["--host", "é.example"], "argument --host: expected an address"),
        (["--port", "-1"], "argument --port: expected a port from 0 to 65535"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--scen", "x"], "unrecognized arguments: --scen x"),
        (["--host", "no such host"], "cannot listen on no such host port 8080: "),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1 port 8080: "),
        (["--scenario", NOWHERE], f"{NOWHERE}: cannot be read: No such file or directory"),
    ],
)
def test_a_bad_option_is_one_clear_line(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # The loggers belong to all tests of this process.
        patch.setattr("logging.Logger.setLevel", lambda *_: None)
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
    out, err = capsys.readouterr()
    assert (stopped.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cerbo-portal-mock: {expected}")


def test_each_problem_of_a_scenario_is_a_whole_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("clinic: {}\nusers:\n  - {id: 0, username: ann, password: hush-hush}\n")
    with pytest.raises(SystemExit) as stopped:
        main(["--scenario", str(scenario)])
    out, err = capsys.readouterr()
    assert (stopped.value.code, out) == (2, "")
    assert sorted(err.splitlines()) == [
        f"cerbo-portal-mock: {scenario}:1: clinic.invitation: expected an object, nothing was given",
        f"cerbo-portal-mock: {scenario}:1: clinic.name: expected one line of 1 to 1000 characters, nothing was given",
        f"cerbo-portal-mock: {scenario}:1: patients: expected a list, nothing was given",
        f"cerbo-portal-mock: {scenario}:3: users[0].id: expected an integer from 1 to 9223372036854775807",
    ]


def test_the_mock_listens_on_ipv6_too() -> None:
    with _running("--host", "::1") as (_, _ready, url):
        assert url.startswith("http://[::1]:")
        with urllib.request.urlopen(f"{url}/__admin/health", timeout=10) as response:
            assert json.load(response) == {"status": "healthy"}


def test_help_and_version_exit_with_0() -> None:
    for option, expected in (
        ("--help", "--scenario FILE"),
        ("--version", f"cerbo-portal-mock {version('cerbo-portal')}"),
    ):
        run = subprocess.run([*COMMAND, option], check=False, capture_output=True, text=True, timeout=20)
        assert run.returncode == 0
        assert expected in run.stdout


def test_the_ready_file_says_where_the_mock_is_as_long_as_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text("old")
    with _running("--ready-file", str(file)) as (process, _, url):
        assert json.loads(file.read_text()) == {"url": url, "port": urlsplit(url).port, "pid": process.pid}
        assert [each.name for each in tmp_path.iterdir()] == ["ready.json"]
    assert not file.exists()


def test_a_ready_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    line = _failing("--port", "0", "--ready-file", str(tmp_path / "missing" / "ready.json"))
    assert line == "cerbo-portal-mock: --ready-file: cannot be written: No such file or directory"


def test_what_is_no_origin_is_refused_on_the_command_line() -> None:
    line = _failing("--cors", "*")
    assert line.endswith("argument --cors: expected an origin without a path, such as http://localhost:5173")


@pytest.mark.parametrize("file", ["", "."])
def test_a_ready_file_without_a_name_is_refused(file: str) -> None:
    assert _failing("--port", "0", "--ready-file", file).endswith("--ready-file: expected the name of a file")


def test_a_ready_file_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = _failing("--port", "0", "--ready-file", str(tmp_path / "file" / "ready.json"))
    assert line == "cerbo-portal-mock: --ready-file: cannot be written: Not a directory"


def test_origins_of_the_command_line_add_up() -> None:
    with _running("--cors", "http://a.example", "--cors", "http://b.example", "http://c.example") as (_, _ready, url):
        for origin in ("http://a.example", "http://b.example", "http://c.example"):
            status, _body = _get(f"{url}/openapi.json", Origin=origin, **{"Sec-Fetch-Site": "cross-site"})
            assert status == 200
