"""The image's files: what they name exists, and the Compose example is one."""

import re
import tomllib

import yaml

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
