"""Nothing tells its reader to install this project by a bare name, which somebody else could claim on an index."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from contract_tests.support.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMES = {canonicalize_name(name) for name in (PROJECT["name"], *PROJECT["scripts"], "cerbo-portal-client")}
# Commands that fetch what they are given by name, and the rest of their line.
_FETCH = re.compile(
    r"""\b(?:
        pip[\d.]*\s+(?:install|download|wheel)
        | pipx\s+(?:install|run|inject)
        | uvx | uv\s+(?:add|pip\s+install|tool\s+(?:install|run)) | uv\s+run\s[^\n`]*--with
        | (?:poetry|pdm|rye|pixi)\s+add
        | (?:conda|mamba)\s+install
        | npm\s+(?:i|install|add) | npx | (?:pnpm|yarn)\s+(?:add|dlx)
    )\b([^\n`]*)""",
    re.VERBOSE,
)
# Ends a word within a text of a program, too.
_QUOTES = re.compile(r"""["'`)\\]""")
_FENCE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_FOLDERS = ("docs", "generated", "mock_server", "openapi", "scripts", ".github", ".ci")
_KINDS = {".jinja", ".md", ".py", ".toml", ".yaml", ".yml", ""}


def _bare_installs(text: str) -> list[str]:
    """What a text has its reader install by this project's name alone: in commands and in lists of requirements."""
    words = [word for rest in _FETCH.findall(re.sub(r"\\\n\s*", " ", text)) for word in _words(rest)]
    for kind, block in _FENCE.findall(text):
        if kind == "toml":
            words += _strings_in_lists(tomllib.loads(block))
        elif kind in {"", "text", "txt"}:
            words += block.splitlines()
    return [word for word in words if _is_bare(word)]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # prose, with an apostrophe
        return command.split()


def _strings_in_lists(node: Any) -> Iterator[str]:
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from _strings_in_lists(child)
        elif isinstance(node, list) and isinstance(child, str):
            yield child


def _is_bare(word: str) -> bool:
    try:
        requirement = Requirement(_QUOTES.split(word.lstrip(" \"'(").rstrip(" .,;:"))[0])
    except InvalidRequirement:
        return False
    return canonicalize_name(requirement.name) in NAMES and requirement.url is None


def _documents() -> Iterator[Path]:
    yield from (path for path in ROOT.glob("*") if path.suffix == ".md" or path.name == "Dockerfile")
    for folder in _FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in _KINDS and "__pycache__" not in path.parts:
                yield path


def test_nothing_installs_by_a_bare_name() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): _bare_installs(path.read_text(encoding="utf-8")) for path in _documents()
    }
    assert {"README.md", "Dockerfile", ".ci/run", "docs/reference/client.md"} <= found.keys()
    assert {name: installs for name, installs in found.items() if installs} == {}


@pytest.mark.parametrize(
    "text",
    [
        "pip install cerbo-portal",
        "python -m pip install --upgrade 'cerbo_portal[mock]'",
        "`pip install -q pytest cerbo-portal[mock]==0.1.0`",
        "pip install \\\n    cerbo-portal",
        "pipx run cerbo-portal queue",
        "uvx cerbo-portal-mock",
        "uv tool install Cerbo.Portal",
        "uv run --with cerbo-portal python",
        "uv add --dev cerbo-portal[mock]",
        "npx cerbo-portal-mock",
        """write("install it by: pip install 'cerbo-portal[mock]'\\n")""",
        "RUN pip3 install cerbo-portal-client",
        '```toml\ndev = ["pytest", "cerbo-portal[mock]>=0.1"]\n```\n',
        "```toml\ndependencies = [\n    'cerbo-portal',\n]\n```\n",
        "```text\npytest\ncerbo-portal[mock] ~= 0.1\n```\n",
    ],
)
def test_a_bare_name_is_noticed(text: str) -> None:
    assert _bare_installs(text)


@pytest.mark.parametrize(
    "text",
    [
        "pip install .",
        "pip install 'dist/cerbo_portal-0.1.0-py3-none-any.whl[mock]'",
        "pip install cerbo_portal-0.1.0-py3-none-any.whl",
        "pip install 'cerbo-portal[mock] @ git+https://host.example/cerbo-portal@v0.1.0'",
        "pip install ./cerbo-portal",
        "pip install '../cerbo-portal[mock]'",
        "uv run cerbo-portal-mock --port 0",
        "the extra [mock] of cerbo-portal",
        '```toml\ndev = ["cerbo-portal[mock] @ file:vendor/cerbo_portal-0.1.0-py3-none-any.whl"]\n```\n',
        '```toml\nname = "cerbo-portal"\n```\n',
        "```text\n./vendor/cerbo_portal-0.1.0-py3-none-any.whl\n```\n",
    ],
)
def test_a_path_a_file_and_a_url_are_none(text: str) -> None:
    assert _bare_installs(text) == []
