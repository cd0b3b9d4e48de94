"""The pytest plugin, used by a project that has nothing of this one but the built wheel."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.testing import pytest_plugin

from contract_tests.support.checkout import ROOT

SAMPLE = Path(__file__).parents[1] / "sample_project"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is unpacked to, as an installation does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = folder.glob("*.whl")
    shutil.unpack_archive(wheel, folder / "site", "zip")
    return folder / "site"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the sample project, outside of the checkout."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "project"))


@pytest.fixture
def shared() -> Iterator[str]:
    """The URL of a server that many tests share."""
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    yield server.url
    server.stop()
    thread.join()


# Without the plugins of this environment, which a user's would not have either.
PLUGIN = "cerbo_portal_mock.testing.pytest_plugin"
ALONE = ("-p", PLUGIN)
SLOW_TO_LOAD = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:xdist")


def _pytest(project: Path, installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "--rootdir=.", *arguments],
        cwd=project,
        env={
            **environment,
            **({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if PLUGIN in arguments else {}),
            "PYTHONPATH": f"{installed}{os.pathsep}{project}",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_project_with_only_the_wheel_uses_the_fixtures(project: Path, installed: Path) -> None:
    (project / "test_origin.py").write_text(
        "import cerbo_portal_mock, cerbo_portal_client\n"
        "def test_origin():\n"
        f"    assert {str(installed)!r} in cerbo_portal_mock.__file__\n"
        f"    assert {str(installed)!r} in cerbo_portal_client.__file__\n"
    )
    run = _pytest(project, installed, "-q", *SLOW_TO_LOAD)
    assert "10 passed" in run.stdout, run.stdout + run.stderr


def test_pytest_plugins_may_name_the_plugin(project: Path, installed: Path) -> None:
    (project / "conftest.py").write_text(f"pytest_plugins = [{PLUGIN!r}]\n")
    for arguments in (SLOW_TO_LOAD, (*SLOW_TO_LOAD, *ALONE)):
        run = _pytest(project, installed, "-q", *arguments)
        assert "9 passed" in run.stdout, run.stdout + run.stderr


def test_two_workers_share_a_server_without_seeing_each_other(project: Path, installed: Path, shared: str) -> None:
    run = _pytest(
        project, installed, *ALONE, "-p", "xdist", "-q", "-n", "2", "--cerbo-portal-url", shared, "check_isolation.py"
    )
    assert "400 passed" in run.stdout, run.stdout + run.stderr


def test_a_failing_test_shows_its_calls(project: Path, installed: Path) -> None:
    run = _pytest(project, installed, *ALONE, "check_failing.py::test_in_process")
    calls = run.stdout.split("cerbo-portal calls")[1]
    assert "GET /api/v1/patients/1/portal/enqueued -> no response (close)" in calls
    assert "GET /api/v1/patients/1/portal/enqueued -> 200\n" in calls


def test_a_failing_test_on_a_shared_server_shows_its_calls(project: Path, installed: Path, shared: str) -> None:
    run = _pytest(
        project, installed, *ALONE, "--cerbo-portal-url", f"{shared}/api/v1/", "check_failing.py::test_shared"
    )
    assert "GET /api/v1/patients/1/portal/enqueued -> 401" in run.stdout.split("cerbo-portal calls")[1]


def test_a_failing_test_shows_the_calls_of_every_portal(project: Path, installed: Path) -> None:
    run = _pytest(project, installed, *ALONE, "check_failing.py::test_several")
    _, first, second = run.stdout.split("cerbo-portal calls, portal ")
    assert first.splitlines()[1] == "none"
    assert second.splitlines()[1] == "GET /api/v1/patients/2/portal/enqueued -> 200"


@pytest.mark.parametrize("where", ["in process", "shared"])
def test_a_test_fails_if_a_fault_did_not_happen(project: Path, installed: Path, shared: str, where: str) -> None:
    option = ("--cerbo-portal-url", shared) if where == "shared" else ()
    run = _pytest(project, installed, *ALONE, *option, "check_failing.py", "-k", "fault or error")
    assert "2 failed, 5 deselected" in run.stdout
    assert "ZeroDivisionError" in run.stdout
    expected = "a fault did not happen: status (after=1, status=503, must_happen=True): happened 0 of 1 times"
    assert expected in run.stdout
    assert "enqueued -> 200" in run.stdout.split("cerbo-portal calls")[1]
    assert "pytest_plugin.py" not in run.stdout


def test_one_suite_runs_in_process_and_on_a_shared_server(project: Path, installed: Path, shared: str) -> None:
    for option in ((), ("--cerbo-portal-url", shared)):
        run = _pytest(project, installed, *ALONE, *option, "-q")
        assert "9 passed" in run.stdout, run.stdout + run.stderr


def test_a_scenario_that_is_refused_is_one_clear_line(project: Path, installed: Path, shared: str) -> None:
    (project / "test_bad.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def cerbo_portal_scenario(): return {'users': []}\n"
        "def test_bad(cerbo_portal): pass\n"
    )
    for option in ((), ("--cerbo-portal-url", shared)):
        run = _pytest(project, installed, *ALONE, *option, "test_bad.py")
        assert "cerbo_portal_scenario: scenario.clinic: expected " in run.stdout
        assert "Traceback" not in run.stdout


def test_a_shared_server_that_is_not_there_is_one_clear_line(project: Path, installed: Path) -> None:
    run = _pytest(
        project, installed, *ALONE, "--cerbo-portal-url", "http://127.0.0.1:9", "check_failing.py::test_shared"
    )
    assert "--cerbo-portal-url: expected a mock that runs at http://127.0.0.1:9: " in run.stdout
    assert "Traceback" not in run.stdout


def test_a_failing_test_shows_what_grease_varied_and_how_to_repeat_it(project: Path, installed: Path) -> None:
    run = _pytest(project, installed, *ALONE, "check_failing.py::test_varied")
    assert "GET /api/v1/patients/1/portal/enqueued -> 200 (grease: dates: data[].created)" in run.stdout
    assert "to repeat: pytest 'check_failing.py::test_varied' --cerbo-portal-grease=7,dates\n" in run.stdout
    run = _pytest(project, installed, *ALONE, "--cerbo-portal-grease=off", "check_failing.py::test_varied")
    assert "-> 200\n" in run.stdout
    assert "to repeat" not in run.stdout


def test_grease_draws_and_prints_a_seed_for_the_run(project: Path, installed: Path, shared: str) -> None:
    test = "check_failing.py::test_in_process"
    run = _pytest(project, installed, *ALONE, test, "--cerbo-portal-grease")
    repeat = run.stdout.split("cerbo-portal: responses vary; to repeat: ")[1].splitlines()[0]
    assert f"to repeat: pytest '{test}' {repeat}\n" in run.stdout
    again = _pytest(project, installed, *ALONE, test, repeat)
    assert _calls(again.stdout) == _calls(run.stdout)
    workers = _pytest(project, installed, *ALONE, "-p", "xdist", "-n", "1", test, repeat)
    assert _calls(workers.stdout) == _calls(run.stdout)
    on_server = ("--cerbo-portal-url", shared, "check_failing.py::test_shared", "--cerbo-portal-grease=7")
    runs = [_pytest(project, installed, *ALONE, *on_server).stdout for _ in range(2)]
    assert "-> 401 (grease: " in _calls(runs[0])
    assert _calls(runs[0]) == _calls(runs[1])


def _calls(output: str) -> str:
    return output.split("cerbo-portal calls")[1].split("=====", maxsplit=1)[0]


def test_an_unknown_kind_of_grease_is_one_line(project: Path, installed: Path) -> None:
    run = _pytest(project, installed, *ALONE, "--cerbo-portal-grease=colours")
    assert "ERROR: --cerbo-portal-grease: expected off, or a seed from 0 to 4294967295 and kinds" in run.stderr
    run = _pytest(project, installed, *ALONE, "check_failing.py::test_unknown_kind")
    assert "the marker cerbo_portal: --cerbo-portal-grease: expected off, or a seed" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_without_the_extra_the_plugin_is_silent_until_it_is_used(project: Path, installed: Path) -> None:
    (project / "flask.py").write_text("raise ImportError('no flask here')\n")
    (project / "test_other.py").write_text("def test_other(): pass\n")
    run = _pytest(project, installed, *ALONE, "test_other.py", "test_triage.py::test_requests_are_dismissed")
    assert "1 passed, 1 error" in run.stdout
    assert "cerbo_portal: expected the extra [mock] of cerbo-portal: no flask here" in run.stdout


def test_grease_without_the_extra_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cerbo_portal_mock.clinic.grease", None)
    with pytest.raises(pytest.UsageError, match=r"--cerbo-portal-grease: expected the extra \[mock\]"):
        pytest_plugin._read("7")


def test_a_report_survives_a_mock_that_has_gone(project: Path, installed: Path) -> None:
    app = create_app()
    server = Server(app, "127.0.0.1", 0, app.extensions["cerbo_portal"].end_delays)
    thread = Thread(target=server.run)
    thread.start()
    (project / "test_gone.py").write_text(
        "def test_gone(cerbo_portal, request):\n"
        "    request.getfixturevalue('_cerbo_portal_admin').close()\n"
        "    assert False, 'the reason'\n"
    )
    try:
        run = _pytest(project, installed, *ALONE, "--cerbo-portal-url", server.url, "test_gone.py")
    finally:
        server.stop()
        thread.join()
    assert "the reason" in run.stdout
    assert "not available: " in run.stdout
    assert "INTERNALERROR" not in run.stdout + run.stderr
