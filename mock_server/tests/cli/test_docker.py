"""The image's files: what they name exists, and the Compose example is one."""

import json
import os
import re
import subprocess
import sys
import tomllib
from urllib.parse import urlsplit

import pytest
import yaml
from cerbo_portal_mock import MockPortal

from contract_tests.support.checkout import ROOT


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def test_everything_that_the_image_copies_exists_and_reaches_the_build() -> None:
    copied = [
        name
        for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(name == path or name.startswith(f"{path}/") for path in let_in), name


def test_the_image_installs_what_the_extra_needs() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split("[>=<]", need)[0] for need in [*extra["dependencies"], *extra["optional-dependencies"]["mock"]]}
    locked = {
        line.split("==")[0].split(";")[0].strip()
        for line in (ROOT / "requirements-mock.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert names <= locked


def test_the_compose_example_waits_for_the_mock_and_sets_up_the_client() -> None:
    (block,) = _blocks("docs/how-to/docker-compose.md", "yaml")
    services = yaml.safe_load(block)["services"]
    assert services["tests"]["depends_on"]["cerbo"]["condition"] == "service_healthy"
    assert services["tests"]["environment"]["CERBO_BASE_URL"] == "http://cerbo:8080/api/v1"


def _pinned(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+==[\w.]+)", text, re.MULTILINE)) | set(re.findall(r"--hash=\S+", text))


@pytest.mark.parametrize("lock", ["requirements-mock.txt", "requirements-build.txt"])
def test_the_images_locks_are_parts_of_the_first(lock: str) -> None:
    assert _pinned(lock) <= _pinned("requirements.txt")


def test_the_image_builds_with_what_is_locked_alone() -> None:
    commands = " ".join(_instructions("RUN"))
    assert "hatchling" in (ROOT / "requirements-build.txt").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements-build.txt" in commands
    for command in re.findall(r"pip (?:--python \S+ )?(?:install|wheel) .*?(?:&&|$)", commands):
        assert "--no-deps" in command
        assert "--require-hashes" in command or "--no-index" in command
        assert "--no-build-isolation" in command or " ." not in command


def _instructions(name: str) -> list[str]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in text.splitlines() if line.strip().startswith(f"{name} ")]


def test_the_health_check_ignores_proxy_variables(portal: MockPortal) -> None:
    (check,) = re.findall(r" CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    command = json.loads(check)
    with portal.server() as url:
        port = str(urlsplit(url).port)
        code = command[2].replace("8080", port)
        proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"), "http://127.0.0.1:1")
        run = [sys.executable, "-c", code]
        assert subprocess.run(run, env={**os.environ, **proxies}, check=False, timeout=60).returncode == 0
    stopped = subprocess.run(run, env={**os.environ, **proxies}, check=False, timeout=60, capture_output=True)
    assert stopped.returncode != 0
