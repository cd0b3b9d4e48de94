"""Renders the client from the contract, by openapi-python-client with the templates of `openapi/client/`."""

import ast
import contextlib
import io
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import _docs_admin
import _docs_client
import _docs_contract
from _release import SPEC
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint.navigation import compared
from contract_tests.spec_lint.semantics import lint
from contract_tests.spec_lint.yaml_lines import YamlDocument

SOURCE = Path("openapi/client")
RUNTIME = SOURCE / "cerbo_portal_runtime"
PACKAGE = "cerbo_portal_client"
REFERENCES = tuple(Path("docs/reference", f"{name}.md") for name in ("client", "admin", "contract"))
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


_MODULES = {
    "client": "client",
    "errors": "errors",
    "main": "__main__",
    "operations": "_operations",
    "schemas": "_schemas",
}
# What a schema says to people, which a validator has no use for.
_PROSE = {"description", "examples", "title"}


class _ClientProject(Project):
    """Renders one client with a method per operation, in place of a module per operation."""

    def _create_package(self) -> None:
        text = self.env.get_template("package_init.py.jinja").render()
        (self.package_dir / "__init__.py").write_text(text, encoding="utf-8")

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
    package = output / "generated" / PACKAGE
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
            _refuse(_build(root, document, config))
        _finish(root, package)
        references = (
            _docs_client.render(package, root / RUNTIME),
            _docs_admin.render(),
            _docs_contract.render(document),
        )
    except RenderError:
        raise
    except Exception as error:
        # The generator and its templates raise whatever comes.
        raise RenderError(
            f"the generator failed: {type(error).__name__}: {error}; ./scripts/check tells what the contract must have"
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


def _build(root: Path, document: dict[str, Any], config: Config) -> Sequence[GeneratorError]:
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        return [data]
    project = _ClientProject(openapi=data, config=config, custom_template_path=root / SOURCE / "templates")
    project.env.globals.update(_template_variables(root, data, document))
    return project.build()


def _refuse(warnings: Sequence[GeneratorError]) -> None:
    """Raise for warnings: the generator leaves out what it warns of."""
    texts = [" ".join(f"{warning.header}: {warning.detail or ''}".split()) for warning in warnings]
    if texts:
        raise RenderError("\n".join(f"{SPEC}: the generator warns: {text}" for text in texts))


def _template_variables(root: Path, data: GeneratorData, document: Mapping[str, Any]) -> dict[str, Any]:
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
    runtime_errors = _classes(root / RUNTIME / "errors.py")
    error_classes = sorted({*runtime_errors, "AlreadyGone", *(ERROR_NAMES[status] for status in documented_errors)})
    models = [model.class_info.name for model in data.models]
    variants = _variants(document["components"]["schemas"])
    if not_there := {name for name in _forms(variants) if name not in models}:
        raise RenderError(f"x-variants: expected component schemas, {', '.join(sorted(not_there))} is none")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    others = ["AsyncClient", "Client", "UNSET", "Unset", "__version__", "capture_responses"]
    return {
        "calls": calls,
        "documented_errors": documented_errors,
        "error_names": ERROR_NAMES,
        "runtime_errors": runtime_errors,
        "error_classes": error_classes,
        "public_names": sorted([*error_classes, *models, *others]),
        "all_variants": variants,
        "read_by_name": _forms(variants),
        "base_path": urlsplit(document["servers"][0]["url"]).path.rstrip("/"),
        "schemas": repr(_without_prose(document["components"]["schemas"])),
        "project": project["name"],
        "version": project["version"],
        "fail": _fail,
    }


def _variants(schemas: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """By class and member, how the form of an object is chosen that may have several: `x-variants`."""
    return {
        name: {
            member: {
                "constant": f"_{member.upper()}",
                "member": node["x-variants"]["member"],
                "forms": node["x-variants"]["schemas"],
                "other": names[-2],
                "classes": names[:-1],
            }
            for member, node in schema.get("properties", {}).items()
            if "x-variants" in node
            for names in [[branch["$ref"].rsplit("/", 1)[1] for branch in node["anyOf"]]]
        }
        for name, schema in schemas.items()
    }


def _forms(variants: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> set[str]:
    """The names of all forms that an object may have."""
    chosen = [each for members in variants.values() for each in members.values()]
    return {name for each in chosen for name in [*each["forms"].values(), each["other"]]}


def _classes(module: Path) -> list[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"), str(module))
    return sorted(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _without_prose(node: Any, *, names: bool = True) -> Any:
    """A schema without what is for people; `names` tells that the keys of a node are a user's, not JSON Schema's."""
    if isinstance(node, dict):
        if not names and "x-variants" in node:
            # A validator tries them in turn: what takes anything comes first, and nothing odd within is looked at.
            node = {**node, "anyOf": node["anyOf"][::-1]}
        return {
            name: _without_prose(child, names=not names and name in {"properties", "$defs"})
            for name, child in node.items()
            if names or not (name in _PROSE or name.startswith("x-"))
        }
    return [_without_prose(child, names=False) for child in node] if isinstance(node, list) else node


def _fail(reason: str) -> NoReturn:
    raise RenderError(reason)


def _call(endpoint: Endpoint, operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    ranges = [(response.status_code.range, response.prop) for response in endpoint.responses.patterns]
    successes = {
        statuses[0]: prop.get_type_string().as_unembedded_code()
        for statuses, prop in ranges
        if statuses and 200 <= statuses[0] < 300
    }
    models = sorted(set(successes.values()))
    schema = str(_success_schema(operation, min(successes))["$ref"]).rsplit("/", 1)[1]
    body, members = _body(endpoint)
    keywords = sorted([*members, *endpoint.query_parameters], key=lambda parameter: not parameter.required)
    names = [parameter.python_name for parameter in [*endpoint.path_parameters, *keywords]]
    if len({*names, "timeout"}) <= len(names):
        raise RenderError(f"{operation['operationId']}: expected each name once among {', '.join(names)}, timeout")
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
        "schema": schema,
        "is_list": "has_more" in document["components"]["schemas"][schema]["properties"],
        "statuses": sorted(successes),
        "idempotent": operation["x-idempotent"],
        "error_names": [ERROR_NAMES[int(status)] for status in operation["responses"] if int(status) >= 400],
        "result_false_is_error": operation.get("x-result-false", "error") == "error",
        "summary": operation["summary"],
        "description": operation["description"].strip(),
        "source": f"{operation['x-provenance']} ({operation.get('x-source', 'no source')})",
        "body": body,
        "body_members": members,
        "equalities": [
            # Once something may have been changed, a difference is no error: it would hide that the call was confirmed.
            (way, argument, member["x-on-mismatch"] == "error" and endpoint.method.upper() in {"GET", "HEAD"})
            for way, argument, member in compared(document, operation)
        ],
        "keywords": keywords,
        "docs": {parameter["name"]: parameter["description"] for parameter in parameters}
        | {member.name.get_untrusted_value(): safe_for_docstring(member.description or "") for member in members},
    }


def _body(endpoint: Endpoint) -> tuple[ModelProperty | None, list[Property]]:
    """The model of an operation's body, and its members, which become arguments of the method."""
    if not endpoint.bodies:
        return None, []
    body = endpoint.bodies[0].prop
    if len(endpoint.bodies) > 1 or not isinstance(body, ModelProperty):
        raise RenderError(f"{endpoint.name}: expected one kind of body, a component schema")
    return body, [*(body.required_properties or ()), *(body.optional_properties or ())]


def _success_schema(operation: Mapping[str, Any], status: int) -> Mapping[str, Any]:
    content: Mapping[str, Any] = operation["responses"][str(status)].get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


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
