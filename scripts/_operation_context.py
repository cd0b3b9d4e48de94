"""Prepares the contract for the templates of the client."""

import ast
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import _command_context
import _model_context
from _command_context import RenderError
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.strings import ClassName, PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint.navigation import compared, repeated, resolve

SOURCE = Path("openapi/client")
RUNTIME = SOURCE / "cerbo_portal_runtime"

# Python's own phrases differ between its versions; the names are part of the client's interface.
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


# Descriptions, which a validator ignores.
_PROSE = {"description", "examples", "title"}


def template_variables(root: Path, data: GeneratorData, document: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of the templates.

    Args:
        root: the checkout that holds the settings and the runtime.
        data: the contract, as openapi-python-client reads it.
        document: the contract.

    Raises:
        RenderError: the contract has something that the templates cannot express.
    """
    raw = {
        PythonIdentifier(operation["operationId"], ""): operation
        for item in document["paths"].values()
        for operation in item.values()
        if "operationId" in operation
    }
    endpoints = [
        endpoint for collection in data.endpoint_collections_by_tag.values() for endpoint in collection.endpoints
    ]
    statuses = sorted({status for operation in raw.values() for status in _statuses(operation)})
    documented_errors = [status for status in statuses if status >= 400]
    nameless = [str(status) for status in documented_errors if status not in ERROR_NAMES]
    if nameless:
        raise RenderError(f"expected a name in ERROR_NAMES for the status {', '.join(nameless)}")
    calls = [_call(endpoint, raw[endpoint.name], document) for endpoint in endpoints]
    runtime_errors = _classes(root / RUNTIME / "errors.py")
    error_classes = sorted({*runtime_errors, "AlreadyGone", *(ERROR_NAMES[status] for status in documented_errors)})
    models = _model_context.models(document)
    schemas = document["components"]["schemas"]
    presentations = _command_context.read(
        root / SOURCE / "commands.yaml", [operation["operationId"] for operation in raw.values()]
    )
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    others = ["AsyncClient", "Client", "UNSET", "Unset", "__version__", "capture_responses"]
    return {
        "calls": calls,
        "documented_errors": documented_errors,
        "error_names": ERROR_NAMES,
        "runtime_errors": runtime_errors,
        "error_classes": error_classes,
        "models": models,
        "public_names": sorted([*error_classes, *(model["name"] for model in models), *others]),
        "base_path": urlsplit(document["servers"][0]["url"]).path.rstrip("/"),
        "schemas": repr(_without_prose(_model_context.sent_schemas(document))),
        "project": project["name"],
        "version": project["version"],
        "commands": [
            _command_context.command(call, presentations.operations.get(call["id"]), schemas) for call in calls
        ],
        "commands_help": presentations.help.strip(),
    }


def _classes(module: Path) -> list[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"), str(module))
    return sorted(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _without_prose(node: Any, *, names: bool = True) -> Any:
    """A schema without what is for people; with `names` the keys of a node are a user's, not JSON Schema's."""
    if isinstance(node, dict):
        return {
            name: _without_prose(child, names=not names and name in {"properties", "$defs"})
            for name, child in node.items()
            if names or not (name in _PROSE or name.startswith("x-"))
        }
    return [_without_prose(child, names=False) for child in node] if isinstance(node, list) else node


def _statuses(operation: Mapping[str, Any]) -> list[int]:
    """The statuses that an operation names; ranges such as 2XX are none."""
    return [int(status) for status in operation["responses"] if status.isdecimal()]


def _call(endpoint: Endpoint, operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    successes = [status for status in _statuses(operation) if 200 <= status < 300]
    model = _success_model(document, operation)
    body, members = _body(endpoint)
    repeats = _repeats(endpoint, repeated(document, operation))
    own = [member for member in members if member.name.get_untrusted_value() not in repeats]
    keywords = sorted([*own, *endpoint.query_parameters], key=lambda parameter: not parameter.required)
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
        "model": str(ClassName(model, "")),
        "list_member": _list_member(document["components"]["schemas"][model]),
        "statuses": sorted(successes),
        "idempotent": operation["x-idempotent"],
        "errors": (errors := [status for status in _statuses(operation) if status >= 400]),
        "error_names": [ERROR_NAMES[status] for status in errors],
        "result_false_is_error": operation.get("x-result-false", "error") == "error",
        "summary": operation["summary"],
        "description": operation["description"].strip(),
        "source": f"{operation['x-provenance']} ({operation.get('x-source', 'no source')})",
        "body": body,
        "body_members": members,
        "repeated": repeats,
        # Once, although several statuses may have the same schema.
        "equalities": dict.fromkeys(
            # Once something may have been changed, a difference is no error: it would hide that the call was confirmed.
            (way, argument, member["x-on-mismatch"] == "error" and endpoint.method.upper() in {"GET", "HEAD"})
            for way, argument, member in compared(document, operation)
        ),
        "keywords": keywords,
        "schemas": {parameter["name"]: parameter["schema"] for parameter in parameters},
        "docs": {parameter["name"]: parameter["description"] for parameter in parameters}
        | {member.name.get_untrusted_value(): safe_for_docstring(member.description or "") for member in own},
    }


def _repeats(endpoint: Endpoint, members: Mapping[str, str]) -> dict[str, str]:
    """The members of the body that repeat an argument in the path, with its Python name: the caller gives it once."""
    names = {each.name.get_untrusted_value(): str(each.python_name) for each in endpoint.path_parameters}
    return {member: names[argument] for member, argument in members.items()}


def _body(endpoint: Endpoint) -> tuple[ModelProperty | None, list[Property]]:
    """The model of an operation's body, and its members, which become arguments of the method."""
    if not endpoint.bodies:
        return None, []
    body = endpoint.bodies[0].prop
    if len(endpoint.bodies) > 1 or not isinstance(body, ModelProperty):
        raise RenderError(f"{endpoint.name}: expected one kind of body, a component schema")
    return body, [*(body.required_properties or ()), *(body.optional_properties or ())]


def _success_model(document: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    """The name of the component schema that the successes of an operation have."""
    (name, *_) = (
        resolve(document, node)["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for status, node in operation["responses"].items()
        if status.startswith("2")
    )
    return str(name)


def _list_member(schema: Mapping[str, Any]) -> str | None:
    """The member that holds the entries of a list, if the schema is one: it requires it, and may have more."""
    arrays = [name for name in schema.get("required", ()) if schema["properties"][name].get("type") == "array"]
    return arrays[0] if len(arrays) == 1 and "has_more" in schema["properties"] else None
