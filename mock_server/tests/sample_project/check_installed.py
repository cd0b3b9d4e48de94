"""What is installed from the wheel: the packages with their data, and every command, which the client then calls."""

import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import pytest
from cerbo_portal_client import Client, __version__

SCRIPTS = Path(sysconfig.get_path("scripts"))
COMMANDS = sorted(entry.name for entry in distribution("cerbo-portal").entry_points if entry.group == "console_scripts")


@pytest.mark.parametrize(
    "resource",
    [
        "cerbo_portal_client/py.typed",
        "cerbo_portal_mock/py.typed",
        "cerbo_portal_mock/spec/cerbo-portal.yaml",
        "cerbo_portal_mock/clinic/default-scenario.yaml",
        "cerbo_portal_mock/admin/templates/join.html",
    ],
)
def test_a_package_brings_its_data(resource):
    package, _, name = resource.partition("/")
    assert files(package).joinpath(name).is_file()
    assert Path(sysconfig.get_path("purelib")) in Path(str(files(package))).parents


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("option", "expected"), [("--version", __version__), ("--help", "sage:")])
def test_a_command_runs(command, option, expected):
    done = subprocess.run([SCRIPTS / command, option], capture_output=True, text=True, timeout=30, check=True)
    assert expected in done.stdout
    assert done.stderr == ""


def test_the_client_calls_the_mock_that_runs_beside_it():
    command = [SCRIPTS / "cerbo-portal-mock", "--port", "0", "--validate", "strict", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split(" on ")[1].split()[0]
            with Client(f"{url}/api/v1", username="ben", password="password") as cerbo:
                assert cerbo.delete_portal_request(pt_id=1, queue_request_id=27).result
                assert 27 not in [request.id for request in cerbo.show_portal_requests(pt_id=1).data]
                assert cerbo.invite_to_portal(pt_id=221).result
        finally:
            process.terminate()
    assert sys.platform == "win32" or process.returncode == 0
