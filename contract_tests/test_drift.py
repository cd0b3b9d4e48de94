"""`generated/` is what the contract and the templates produce, and `scripts/generate` notices when it is not."""

import inspect
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import _render
import cerbo_portal_runtime
import pytest
from cerbo_portal_client import Client

from contract_tests.support.checkout import ROOT

SCRIPT = str(ROOT / "scripts" / "generate")
Run = subprocess.CompletedProcess[str]
Generate = Callable[..., Run]


def _generate(*arguments: str, **environment: str) -> Run:
    """Run the script as its users do."""
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Generate:
    """Runs the script in this process, which costs a third: most of a short run is the imports."""
    main = runpy.run_path(SCRIPT)["main"]

    def run(*arguments: str) -> Run:
        monkeypatch.setattr(sys, "argv", [SCRIPT, *arguments])
        code = main()
        return subprocess.CompletedProcess([SCRIPT, *arguments], code, *capsys.readouterr())

    return run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `scripts/generate` reads and writes, in a temporary directory."""
    for name in ("openapi", "generated", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _tree(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def test_the_generated_client_is_what_the_contract_produces() -> None:
    run = _generate("--check")
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_generated_file_names_the_command_that_makes_it() -> None:
    for name, content in _tree(ROOT / "generated").items():
        if "__pycache__" not in name:
            assert b"by ./scripts/generate" in content.splitlines()[0], name


def test_the_imported_runtime_is_the_source_itself() -> None:
    runtime = ROOT / "openapi" / "client" / "cerbo_portal_runtime"
    assert Path(str(cerbo_portal_runtime.__file__)) == runtime / "__init__.py"
    assert Path(inspect.getfile(Client._request)) == runtime / "core.py"


def test_no_generated_file_is_a_copy_of_another_file() -> None:
    """The first line names the generator, so it does not count."""
    written = {path.read_text(encoding="utf-8").partition("\n")[2]: path for path in (ROOT / "generated").rglob("*.py")}
    for path in (ROOT / "openapi").rglob("*.py"):
        content = path.read_text(encoding="utf-8")
        assert content not in written, path
        assert content.partition("\n")[2] not in written, path


def test_generating_is_repeatable(checkout: Path) -> None:
    before = _tree(checkout)
    for seed in ("1", "2"):
        run = _generate("--root", str(checkout), PYTHONHASHSEED=seed)
        assert run.returncode == 0, run.stderr
        assert _tree(checkout) == before


def _edit(package: Path) -> None:
    (package / "client.py").write_text((package / "client.py").read_text() + "\n# a quick fix\n")


def _other_line_ends(package: Path) -> None:
    (package / "client.py").write_bytes((package / "client.py").read_bytes().replace(b"\n", b"\r\n"))


def _add_to_a_cache(package: Path) -> None:
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.py").touch()


def _replace_by_a_link(package: Path) -> None:
    (package / "errors.py").rename(package / "errors.pyc")
    (package / "errors.py").symlink_to("errors.pyc")


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (_edit, "-# a quick fix"),
    "missing": (lambda package: (package / "py.typed").unlink(), "py.typed: is missing"),
    "added": (lambda package: (package / "extra.py").touch(), "extra.py: expected no such file"),
    "added next to the package": (
        lambda package: (package.parent / "note").touch(),
        "generated/note: expected no such file",
    ),
    "added link": (lambda package: (package / "extra").symlink_to("/"), "extra: expected no such file"),
    "added to a cache": (_add_to_a_cache, "__pycache__/x.py: expected no such file"),
    "replaced by a link": (_replace_by_a_link, "-a symbolic link"),
    "line ends": (_other_line_ends, "client.py: line ends differ"),
    "edited reference": (
        lambda package: (package.parents[1] / "docs/reference/client.md").write_text("mine"),
        "docs/reference/client.md (is)",
    ),
    "not text": (lambda package: (package / "client.py").write_bytes(b"\xff\n"), "\\xff"),
}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sources produce, made once: no tampering changes the sources."""
    output = tmp_path_factory.mktemp("rendered")
    _render.render(_render.Source(ROOT, ROOT / SPEC), output)
    return output


@pytest.mark.parametrize(("tamper", "expected"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_difference_is_shown(
    tamper: Callable[[Path], object],
    expected: str,
    checkout: Path,
    generate: Generate,
    rendered: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def copy(_: object, output: Path) -> list[str]:
        shutil.copytree(rendered, output, symlinks=True, dirs_exist_ok=True)
        return []

    monkeypatch.setattr(_render, "render", copy)
    tamper(checkout / "generated" / "cerbo_portal_client")
    tampered = _tree(checkout)
    run = generate("--check", "--root", str(checkout))
    assert run.returncode == 1
    assert expected in run.stdout
    assert "run ./scripts/generate" in run.stderr
    assert _tree(checkout) == tampered


def test_generating_replaces_what_was_there_whole(checkout: Path, generate: Generate) -> None:
    before = _tree(checkout)
    for tamper, _ in TAMPERINGS.values():
        tamper(checkout / "generated" / "cerbo_portal_client")
        (checkout / "generated" / "cerbo_portal_client" / "py.typed").touch()
    assert generate("--root", str(checkout)).returncode == 0
    assert _tree(checkout) == before


NEW_OPERATION = """\
  /patients/portal/lookup:
    post:
      operationId: lookUpPortalAccount
      tags: [Patient-Portal]
      summary: Look a portal account up
      description: Whether there is a portal account of this name.
      x-provenance: assumed
      x-idempotent: true
      x-result-false: answer
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Account'
      responses:
        '200':
          description: Whether there is.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/InvitationResult'
components:
  schemas:
    Account:
      type: object
      description: A portal account.
      required: [username]
      properties:
        username: {type: string, description: The user name.}
        clinic: {type: string, description: The clinic.}
"""


def test_a_new_operation_is_a_new_method_of_both_clients_a_command_and_in_the_reference(
    checkout: Path, generate: Generate
) -> None:
    spec = checkout / "openapi" / "cerbo-portal.yaml"
    paths, components = spec.read_text().split("components:\n", 1)
    head, schemas = components.split("  schemas:\n", 1)
    addition = NEW_OPERATION.replace("components:\n", f"components:\n{head}")
    spec.write_text(f"{paths}{addition}{schemas}")
    run = generate("--root", str(checkout))
    assert run.returncode == 0, run.stderr
    client = (checkout / "generated" / "cerbo_portal_client" / "client.py").read_text()
    for prefix in ("", "async "):
        assert f"    {prefix}def look_up_portal_account(\n        self,\n        *,\n        username: str,\n" in client
    reference = (checkout / "docs" / "reference" / "client.md").read_text()
    assert "### look_up_portal_account" in reference
    assert "added     lookUpPortalAccount: a new operation (POST /patients/portal/lookup)" in run.stdout
    command = "import sys; from cerbo_portal_client.__main__ import main; sys.exit(main())"
    shown = subprocess.run(
        [sys.executable, "-c", command, "look-up-portal-account", "--help"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(checkout / "generated")},
    )
    assert "Whether there is a portal account of this name." in shown.stdout
    assert "--clinic TEXT" in shown.stdout


def test_what_breaks_since_the_last_release_is_told(checkout: Path, generate: Generate) -> None:
    _replace(SPEC, "x-idempotent: true", "x-idempotent: false")(checkout)
    run = generate("--root", str(checkout))
    assert run.returncode == 0, run.stderr
    assert "breaking  deletePortalRequest, showPortalRequests /x-idempotent: whether a repeat is safe" in run.stdout


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def replace(checkout: Path) -> None:
        content = (checkout / path).read_text()
        assert old in content
        (checkout / path).write_text(content.replace(old, new))

    return replace


def test_the_reference_of_the_control_api_is_what_its_routes_give(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main = runpy.run_path(str(ROOT / "scripts" / "docs"))["main"]

    def run(option: str) -> int:
        monkeypatch.setattr(sys, "argv", ["docs", option])
        code: int = main()
        return code

    assert run("--check") == 0
    monkeypatch.setitem(main.__globals__, "ROOT", checkout)
    page = checkout / "docs" / "reference" / "admin.md"
    original = page.read_bytes()
    page.write_bytes(original.replace(b"### DELETE", b"### GET"))
    assert run("--check") == 1
    assert "run ./scripts/docs --write" in capsys.readouterr().err
    assert run("--write") == 0
    assert page.read_bytes() == original
    page.write_bytes(original.replace(b"<!-- journal -->", b""))
    for option in ("--check", "--write"):
        assert run(option) == 1
        assert "expected the comment <!-- journal -->" in capsys.readouterr().err


SPEC = "openapi/cerbo-portal.yaml"
FAILURES: dict[str, tuple[Callable[[Path], object], str]] = {
    "not YAML": (_replace(SPEC, "openapi: 3.1.1", "openapi: ["), "openapi/cerbo-portal.yaml"),
    "not an OpenAPI document": (
        lambda checkout: (checkout / SPEC).write_text("hello: 1\n"),
        "cerbo-portal.yaml:1: openapi: expected a version of OpenAPI 3.1, such as 3.1.1, nothing was given\n",
    ),
    "a key given twice": (
        _replace(SPEC, "x-idempotent: false", "x-idempotent: false\n      x-idempotent: true"),
        "expected each key once, 'x-idempotent' is repeated",
    ),
    "no release to compare with": (
        lambda checkout: shutil.rmtree(checkout / "openapi/released"),
        "openapi/released: expected released documents",
    ),
    "a limit that is no number": (
        _replace(SPEC, "format: int64\n      minimum: 1\n", "format: int64\n      minimum: many\n"),
        "minimum: expected a number",
    ),
    "an unknown setting": (
        _replace("openapi/client/config.yaml", "package_name", "packet_name"),
        "unknown settings: packet_name_override",
    ),
    "settings that are none": (
        lambda checkout: (checkout / "openapi/client/config.yaml").write_text("[]"),
        "config.yaml:1: the document: expected the settings of openapi-python-client, by name",
    ),
    "a setting of a wrong type": (
        _replace("openapi/client/config.yaml", "_override: cerbo_portal_client", "_override: [1]"),
        "openapi/client/config.yaml: 1 validation error for ConfigFile package_name_override Input should be a valid",
    ),
    "a misspelt key of a presentation": (
        _replace("openapi/client/commands.yaml", "    columns: [pt_id, message]", "    colums: [pt_id, message]"),
        "commands.yaml:31: operations.inviteToPortal.colums: Extra inputs are not permitted",
    ),
    "a presentation of no operation": (
        _replace("openapi/client/commands.yaml", "  inviteToPortal:", "  inviteToPortall:"),
        "commands.yaml:30: operations.inviteToPortall: expected an operation of the contract",
    ),
    "options of one name": (
        lambda checkout: [
            _replace(SPEC, f"name: {old}\n", f"name: {new}\n")(checkout)
            for old, new in (("request_type", "request_user"), ("status", "user"))
        ],
        "showPortalRequests: expected each option once among pt_id, request_user, request_user",
    ),
    "a template that is missing": (
        lambda checkout: (checkout / "openapi/client/templates/client.py.jinja").unlink(),
        "the generator failed: AliasResolutionError: Could not resolve alias",
    ),
    "a broken template": (
        _replace("openapi/client/templates/operations.py.jinja", "{% endfor %}", "{% endfr %}"),
        "the generator failed: TemplateSyntaxError",
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), FAILURES.values(), ids=FAILURES)
def test_a_failed_run_says_why_and_leaves_the_old_client(
    spoil: Callable[[Path], object], expected: str, checkout: Path, generate: Generate
) -> None:
    spoil(checkout)
    before = _tree(checkout)
    run = generate("--root", str(checkout))
    assert run.returncode == 2
    assert expected in run.stderr
    assert "Traceback" not in run.stderr
    assert all(line.startswith("generate: ") for line in run.stderr.splitlines())
    assert _tree(checkout) == before
