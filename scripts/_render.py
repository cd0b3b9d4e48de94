"""Renders the client from the contract, by openapi-python-client with the templates of `openapi/client/`."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import _docs_client
import _docs_contract
from _kinds import RenderError
from _normalise import normalised
from _openapi_upgrade import upgraded
from _operation_context import RUNTIME, SOURCE, template_variables
from _release import SPEC
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from contract_tests.spec_lint.semantics import lint, warnings
from contract_tests.spec_lint.yaml_lines import YamlDocument

REFERENCES = tuple(Path("docs/reference", f"{name}.md") for name in ("client", "contract"))
COMMAND = "./scripts/generate"

_MODULES = {
    "client": "client",
    "commands": "_commands",
    "errors": "errors",
    "known_values": "known_values",
    "main": "__main__",
    "models": "models",
    "operations": "_operations",
    "schemas": "_schemas",
}


class _ClientProject(Project):
    """Renders one client with a method per operation, in place of a module per operation."""

    def _create_package(self) -> None:
        text = self.env.get_template("package_init.py.jinja").render()
        (self.package_dir / "__init__.py").write_text(text, encoding="utf-8")

    def _build_models(self) -> None:
        """Leave them to `_build_api`: all are in one module."""

    def _build_api(self) -> None:
        for template, module in _MODULES.items():
            text = self.env.get_template(f"{template}.py.jinja").render()
            (self.package_dir / f"{module}.py").write_text(text, encoding="utf-8")


class Source(NamedTuple):
    """What a client is made from.

    Attributes:
        root: the checkout that holds the templates and the settings.
        contract: the OpenAPI document.
        package: the name of the package; None for that of this project, with its references and its commands.
    """

    root: Path
    contract: Path
    package: str | None = None


def render(source: Source, output: Path) -> list[str]:
    """Write a client, and the references of this project's, into a directory, and return warnings.

    Args:
        source: what it is made from.
        output: the directory; what is written must not exist yet.

    Raises:
        RenderError: the contract or a setting cannot be used, or the client would not be what the contract says.
        DocumentError: a document cannot be read.
    """
    settings = _settings(source.root)
    package = output / "generated" / (source.package or str(settings.package_name_override))
    package.parent.mkdir(parents=True, exist_ok=True)
    settings.package_name_override = package.name
    config = Config.from_sources(settings, MetaType.NONE, SPEC, "utf-8", overwrite=False, output_path=package)
    contract = YamlDocument(source.contract)
    # Of other versions only the form differs: every object stays where it is, and keeps its line.
    document = upgraded(contract.content)
    variables = template_variables_of(source, contract, document)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _build(source, document, config, variables)
        _finish(source, package)
        references = () if source.package else _references(source.root, package, document)
    except RenderError:
        raise
    except Exception as error:
        # The generator and its templates raise whatever comes.
        raise RenderError(
            f"the generator failed: {type(error).__name__}: {error}; ./scripts/check lists what the contract must have"
        ) from error
    _verify(contract, document, package)
    for path, text in references:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8", newline="\n")
    return warnings(contract, document, own=not source.package)


def template_variables_of(source: Source, contract: YamlDocument, document: dict[str, Any]) -> dict[str, Any]:
    """The variables of the templates, of a contract that a client can be made from.

    Args:
        source: what the client is made from.
        contract: the OpenAPI document.
        document: its content, in the form of OpenAPI 3.1.

    Raises:
        RenderError: no client can be made from it; the text names file and line.
    """
    if problems := lint(contract, generation=True, content=document):
        raise RenderError("\n".join(problems))
    try:
        return template_variables(source.root, normalised(document), source.package)
    except RenderError as error:
        raise RenderError(f"{contract.where(error.keys)}: {error}" if error.keys else str(error)) from None


def _references(root: Path, package: Path, document: dict[str, Any]) -> Iterable[tuple[Path, str]]:
    texts = (_docs_client.render(package, root / RUNTIME), _docs_contract.render(document))
    return [*zip(REFERENCES, texts, strict=True)]


def _verify(contract: YamlDocument, document: dict[str, Any], package: Path) -> None:
    """Raise if the client does not do what the document says; it is called in another process."""
    command = [sys.executable, str(Path(__file__).with_name("_verify.py")), str(package.parent), package.name]
    paths = [str(Path(__file__).parent.parent), *sys.path[1:]]
    done = subprocess.run(
        command,
        check=False,
        input=json.dumps(document, default=str),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines() or ["no word why"]
        raise RenderError(f"{contract.where(())}: the client that was made cannot be used: {reason[-1]}")
    if found := json.loads(done.stdout):
        lines = (f"{contract.where(keys)}: {text}; the client that was made differs" for keys, text in found)
        raise RenderError("\n".join(lines))


def _settings(root: Path) -> ConfigFile:
    document = YamlDocument(root / SOURCE / "config.yaml")
    settings = document.content
    if not isinstance(settings, dict):
        raise RenderError(f"{document.where(())}: expected the settings of openapi-python-client, by name")
    unknown = settings.keys() - ConfigFile.model_fields.keys()
    if unknown:
        raise RenderError(f"{SOURCE}/config.yaml: unknown settings: {', '.join(sorted(unknown))}")
    try:
        return ConfigFile(**settings, post_hooks=[])
    except ValueError as error:
        raise RenderError(f"{SOURCE}/config.yaml: {' '.join(str(error).split())}") from None


def _build(source: Source, document: dict[str, Any], config: Config, variables: dict[str, Any]) -> None:
    # The generator parses nothing: it drops what it cannot read. It names, and renders.
    shell = {"openapi": document["openapi"], "info": document["info"], "paths": {}}
    data = GeneratorData.from_dict(shell, config=config)
    if isinstance(data, GeneratorError):
        raise RenderError(f"{SPEC}: {data.header}: {data.detail}")
    project = _ClientProject(openapi=data, config=config, custom_template_path=source.root / SOURCE / "templates")
    project.env.filters["quoted"] = repr
    project.env.globals.update(variables)
    project.build()


def _finish(source: Source, package: Path) -> None:
    """Format what was rendered, and head every file."""
    for step in (["check", "--select", "F401,I", "--fix-only"], ["format", "--line-length", "120"]):
        command = [sys.executable, "-m", "ruff", *step, "--isolated", "--no-cache", str(package)]
        done = subprocess.run(command, cwd=source.root, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RenderError(f"ruff {step[0]}: {done.stderr.strip() or done.stdout.strip()}")
    marker = package / "py.typed"
    marker.touch()
    made_from = source.contract.name if source.package else SPEC.as_posix()
    header = f"# Made from {made_from} by {COMMAND}; edits are lost.\n"
    for path in (*package.rglob("*.py"), marker):
        content = path.read_text(encoding="utf-8")
        path.write_text(header + content, encoding="utf-8", newline="\n")
