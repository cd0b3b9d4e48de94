"""Renders the client from the contract, by openapi-python-client with the templates of `openapi/client/`."""

import contextlib
import io
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier

SPEC = Path("openapi/cerbo-portal.yaml")
SOURCE = Path("openapi/client")
PACKAGE = "cerbo_portal_client"
COMMAND = "./scripts/generate"

# Python's own phrases differ between its versions; the names are part of the client's face.
ERROR_NAMES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Gone",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    422: "Unprocessable",
    429: "RateLimited",
    500: "ServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}


class RenderError(Exception):
    """The client cannot be rendered; the text says what stands in the way."""


class _ClientProject(Project):
    """Renders one client with a method per operation, in place of a module per operation."""

    def _build_api(self) -> None:
        for template, module in (("client", "client"), ("errors", "errors"), ("operations", "_operations")):
            text = self.env.get_template(f"{template}.py.jinja").render()
            (self.package_dir / f"{module}.py").write_text(text, encoding="utf-8")


def render(root: Path, output: Path) -> None:
    """Write the client package into a directory.

    Args:
        root: the checkout that holds the contract, the templates and the runtime.
        output: where the package goes; its files must not exist yet.

    Raises:
        RenderError: the contract or a setting cannot be used, or the generator warns.
    """
    settings = yaml.safe_load((root / SOURCE / "config.yaml").read_text(encoding="utf-8"))
    unknown = settings.keys() - ConfigFile.model_fields.keys()
    if unknown:
        raise RenderError(f"{SOURCE}/config.yaml: unknown settings: {', '.join(sorted(unknown))}")
    package = output / PACKAGE
    package.parent.mkdir(parents=True, exist_ok=True)
    config = Config.from_sources(
        ConfigFile(**settings, post_hooks=[]),
        MetaType.NONE,
        SPEC,
        "utf-8",
        overwrite=False,
        output_path=package,
    )
    try:
        document = yaml.safe_load((root / SPEC).read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise RenderError(f"{SPEC}: {error}") from None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            problems = _build(document, config, root / SOURCE / "templates")
    except RenderError:
        raise
    except Exception as error:
        # The generator and its templates raise whatever comes.
        raise RenderError(f"the generator failed: {type(error).__name__}: {error}") from error
    if problems:
        texts = [f"{problem.header}: {problem.detail or ''}".strip() for problem in problems]
        raise RenderError("the generator warns:\n" + "\n".join(texts))
    _finish(root, package)


def _build(document: dict[str, Any], config: Config, templates: Path) -> Sequence[GeneratorError]:
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        return [data]
    project = _ClientProject(openapi=data, config=config, custom_template_path=templates)
    project.env.globals.update(_template_variables(data, document))
    return project.build()


def _template_variables(data: GeneratorData, document: Mapping[str, Any]) -> dict[str, Any]:
    raw = {
        PythonIdentifier(operation["operationId"], ""): operation
        for item in document["paths"].values()
        for operation in item.values()
        if "operationId" in operation
    }
    endpoints = [
        endpoint for collection in data.endpoint_collections_by_tag.values() for endpoint in collection.endpoints
    ]
    statuses = sorted({int(status) for operation in raw.values() for status in operation["responses"]})
    documented_errors = [status for status in statuses if status >= 400]
    nameless = [str(status) for status in documented_errors if status not in ERROR_NAMES]
    if nameless:
        raise RenderError(f"expected a name in ERROR_NAMES for the status {', '.join(nameless)}")
    calls = [_call(endpoint, raw[endpoint.name], document) for endpoint in endpoints]
    return {
        "calls": calls,
        "success_models": sorted({call["model"] for call in calls}),
        "documented_errors": documented_errors,
        "error_names": ERROR_NAMES,
    }


def _call(endpoint: Endpoint, operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    ranges = [(response.status_code.range, response.prop) for response in endpoint.responses.patterns]
    successes = {
        statuses[0]: prop.get_type_string().as_unembedded_code()
        for statuses, prop in ranges
        if statuses and 200 <= statuses[0] < 300
    }
    models = sorted(set(successes.values()))
    if len(models) != 1:
        raise RenderError(f"{operation['operationId']}: expected one model for its success, found {models}")
    parameters = [
        document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]] if "$ref" in parameter else parameter
        for parameter in operation.get("parameters", [])
    ]
    return {
        "endpoint": endpoint,
        "id": operation["operationId"],
        "name": str(endpoint.name),
        "constant": str(endpoint.name).upper(),
        "method": endpoint.method.upper(),
        "path": endpoint.path.get_untrusted_value(),
        "model": models[0],
        "statuses": sorted(successes),
        "error_names": [ERROR_NAMES[int(status)] for status in operation["responses"] if int(status) >= 400],
        "result_false_is_error": operation.get("x-result-false", "error") == "error",
        "summary": operation["summary"],
        "description": operation["description"].strip(),
        "source": f"{operation['x-provenance']} ({operation.get('x-source', 'no source')})",
        "parameter_docs": {parameter["name"]: parameter["description"] for parameter in parameters},
    }


def _finish(root: Path, package: Path) -> None:
    """Format what was rendered, add the modules that do not depend on the contract, and head every file."""
    for step in (["check", "--select", "F401,I", "--fix-only"], ["format", "--line-length", "120"]):
        command = [sys.executable, "-m", "ruff", *step, "--isolated", "--no-cache", str(package)]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RenderError(f"ruff {step[0]}: {done.stderr.strip() or done.stdout.strip()}")
    sources = dict.fromkeys(sorted(package.rglob("*.py")), SPEC.as_posix())
    for module in sorted((root / SOURCE / "runtime").glob("*.py")):
        copy = package / module.name
        if copy in sources:
            raise RenderError(f"{SOURCE}/runtime/{module.name} has the name of a rendered module")
        shutil.copyfile(module, copy)
        sources[copy] = f"{SOURCE.as_posix()}/runtime/{module.name}"
    marker = package / "py.typed"
    marker.touch()
    sources[marker] = SPEC.as_posix()
    for path, source in sources.items():
        content = path.read_text(encoding="utf-8")
        header = f"# Made from {source} by {COMMAND}; edits are lost.\n"
        path.write_text(header + content, encoding="utf-8", newline="\n")
