"""Renders the client from the contract, by openapi-python-client with the templates of `openapi/client/`."""

import contextlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import _docs_client
import _docs_contract
from _kinds import RenderError
from _normalise import normalised
from _operation_context import RUNTIME, SOURCE, template_variables
from _release import SPEC
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from contract_tests.spec_lint.semantics import lint
from contract_tests.spec_lint.yaml_lines import YamlDocument

REFERENCES = tuple(Path("docs/reference", f"{name}.md") for name in ("client", "contract"))
COMMAND = "./scripts/generate"

_MODULES = {
    "client": "client",
    "commands": "_commands",
    "errors": "errors",
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


def render(root: Path, output: Path) -> None:
    """Write `generated/` and the references into a directory.

    Args:
        root: the checkout that holds the contract and the templates.
        output: the directory; what is written must not exist yet.

    Raises:
        RenderError: the contract or a setting cannot be used, or the generator warns.
        DocumentError: a document cannot be read.
    """
    settings = _settings(root)
    package = output / "generated" / str(settings.package_name_override)
    package.parent.mkdir(parents=True, exist_ok=True)
    config = Config.from_sources(
        settings,
        MetaType.NONE,
        SPEC,
        "utf-8",
        overwrite=False,
        output_path=package,
    )
    contract = YamlDocument(root / SPEC)
    if problems := lint(contract, generation=True):
        raise RenderError("\n".join(problems))
    document = contract.content
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _build(root, document, config)
        _finish(root, package)
        references = (
            _docs_client.render(package, root / RUNTIME),
            _docs_contract.render(document),
        )
    except RenderError:
        raise
    except Exception as error:
        # The generator and its templates raise whatever comes.
        raise RenderError(
            f"the generator failed: {type(error).__name__}: {error}; ./scripts/check lists what the contract must have"
        ) from error
    for path, text in zip(REFERENCES, references, strict=True):
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8", newline="\n")


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


def _build(root: Path, document: dict[str, Any], config: Config) -> None:
    # The generator parses nothing: it drops what it cannot read. It names, and renders.
    shell = {"openapi": document["openapi"], "info": document["info"], "paths": {}}
    data = GeneratorData.from_dict(shell, config=config)
    if isinstance(data, GeneratorError):
        raise RenderError(f"{SPEC}: {data.header}: {data.detail}")
    project = _ClientProject(openapi=data, config=config, custom_template_path=root / SOURCE / "templates")
    project.env.filters["quoted"] = repr
    project.env.globals.update(template_variables(root, normalised(document)))
    project.build()


def _finish(root: Path, package: Path) -> None:
    """Format what was rendered, and head every file."""
    for step in (["check", "--select", "F401,I", "--fix-only"], ["format", "--line-length", "120"]):
        command = [sys.executable, "-m", "ruff", *step, "--isolated", "--no-cache", str(package)]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RenderError(f"ruff {step[0]}: {done.stderr.strip() or done.stdout.strip()}")
    marker = package / "py.typed"
    marker.touch()
    header = f"# Made from {SPEC.as_posix()} by {COMMAND}; edits are lost.\n"
    for path in (*package.rglob("*.py"), marker):
        content = path.read_text(encoding="utf-8")
        path.write_text(header + content, encoding="utf-8", newline="\n")
