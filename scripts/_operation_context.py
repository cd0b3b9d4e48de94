"""Prepares the contract for the templates of the client."""

import inspect
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import _argument_context
import _command_context
import _model_context
from _error_names import error_name
from _kinds import Json, RenderError, class_name, kind_of, placed
from cerbo_portal_runtime import errors
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint.navigation import compared, located_operations, resolve

SOURCE = Path("openapi/client")
RUNTIME = SOURCE / "cerbo_portal_runtime"

# Descriptions, which a validator ignores.
_PROSE = {"description", "examples", "title"}
_SAFE = {"GET", "HEAD"}
# Of the client, and names that its annotations refer to.
_METHODS = {"aclose", "close", "from_env", "os", "uuid"}
# Of the modules that have a name for each operation.
_CONSTANTS = {"CONTRACT", "SCHEMAS", "CLICK", "EPILOG", "EXECUTE", "GROUP", "OPTIONS", "PARAM_TYPES"}


class _Result(NamedTuple):
    """What a successful response holds: its code in `_operations`, its type in Python, its component schema."""

    code: str
    annotation: str
    schema: str | None = None


def template_variables(root: Path, document: Mapping[str, Json], package: str | None = None) -> dict[str, Any]:
    """The variables of the templates.

    Args:
        root: the checkout that holds the settings.
        document: the contract, normalised.
        package: the name of the package, if the contract is not this project's: its command line has no presentation.

    Raises:
        RenderError: the contract has something that the templates cannot express.
    """
    models = {model["schema"]: model for model in _model_context.models(document)}
    open_sets = _model_context.open_sets(document)
    classes = [each["name"] for each in (*models.values(), *open_sets)]
    calls = []
    names: dict[str, str] = {}
    for keys, operation in located_operations(document):
        with placed(*keys):
            calls.append(_call(document, keys, operation, models))
            _expect_new_names(calls[-1], names)
    documented_errors = sorted({status for call in calls for status in call["errors"]})
    runtime_errors = sorted(name for name, _ in inspect.getmembers(errors, inspect.isclass) if _is_public(name))
    gone = ["AlreadyGone"] if 404 in documented_errors else []
    error_classes = sorted({*runtime_errors, *gone, *(error_name(status) for status in documented_errors)})
    presentations = _command_context.Presentations(help=safe_for_docstring(document["info"]["title"]))
    if package is None:
        presentations = _command_context.read(root / SOURCE / "commands.yaml", [call["id"] for call in calls])
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kinds = {member.kind.name for call in calls if call["body"] for member in call["body"].members}
    files = ["File"] if {"file", "files"} & kinds else []
    others = ["AsyncClient", "Client", "RawResponse", "UNSET", "Unset", "__version__", "capture_responses", *files]
    others.append("show_values")
    events = ["AttemptFailed", "CallFinished", "Deviation"]
    return {
        "calls": calls,
        "documented_errors": documented_errors,
        "error_name": error_name,
        "runtime_errors": runtime_errors,
        "error_classes": error_classes,
        "error_model": class_name("Error") if "Error" in models else None,
        "models": list(models.values()),
        "open_sets": open_sets,
        "public_names": sorted([*error_classes, *events, *classes, *others]),
        "base_path": urlsplit(document.get("servers", [{"url": ""}])[0]["url"]).path.rstrip("/"),
        "schemas": repr(_without_prose(_model_context.sent_schemas(document))),
        "project": project["name"],
        "program": package.replace("_", "-") if package else project["name"],
        "version": project["version"],
        "commands": [_command_context.command(call, presentations.operations.get(call["id"])) for call in calls],
        "commands_help": presentations.help.strip(),
    }


def _expect_new_names(call: Mapping[str, Any], names: dict[str, str]) -> None:
    for name in [call["name"], *([f"iterate_{call['name']}"] if call["paging"] else [])]:
        other = names.setdefault(name, call["id"])
        if other != call["id"]:
            raise RenderError(f"expected an operation id that makes another method than {other}, both are {name}")


def _is_public(name: str) -> bool:
    kind = getattr(errors, name)
    return issubclass(kind, Exception) and kind.__module__ == errors.__name__


def _without_prose(node: Any, *, names: bool = True) -> Any:
    """A schema without what is for people; with `names` the keys of a node are a user's, not JSON Schema's."""
    if isinstance(node, dict):
        return {
            name: _without_prose(child, names=not names and name in {"properties", "$defs"})
            for name, child in node.items()
            if names or not (name in _PROSE or name.startswith("x-"))
        }
    return [_without_prose(child, names=False) for child in node] if isinstance(node, list) else node


def _call(
    document: Mapping[str, Json], keys: tuple[Any, ...], operation: Json, models: Mapping[str, Any]
) -> dict[str, Any]:
    _, path, method = (str(key) for key in keys)
    name = str(PythonIdentifier(operation["operationId"], "call_"))
    name += "_" if name in _METHODS or name.upper() in _CONSTANTS else ""
    parameters = _argument_context.parameters(document, operation)
    with placed(*keys, "requestBody"):
        body = _argument_context.body(document, operation, models, parameters)
    arguments = _argument_context.in_order([*(body.members if body else ()), *parameters])
    responses = {status: resolve(document, node) for status, node in operation["responses"].items()}
    results = {status: _result(document, node) for status, node in responses.items() if _succeeds(status, responses)}
    result = next(iter(results.values()))
    statuses = sorted(int(status) for status in results if status.isdecimal())
    failed = [status for status in responses if status not in results]
    annotations = [each.annotation for each in results.values()]
    parts = [each.removesuffix(" | None") for each in annotations if each != "None"]
    null = ["None"] if any(each.endswith("None") for each in annotations) else []
    member = _list_member(document, result)
    return {
        "id": operation["operationId"],
        "name": name,
        "constant": name.upper(),
        "method": method.upper(),
        "path": path,
        "returns": " | ".join(dict.fromkeys([*parts, *null])),
        "result": result,
        "results": {status: each for status in statuses if (each := results[str(status)]) != result},
        "list_member": member,
        "item": _item(document, result, member),
        "paging": _paging(operation, arguments, member),
        "statuses": statuses,
        "idempotent": operation["x-idempotent"],
        "errors": (codes := sorted(int(status) for status in failed if status.isdecimal())),
        "error_ranges": sorted({digit for status in failed for digit in _ranges(status)}),
        "error_names": [error_name(status) for status in codes],
        "result_false_is_error": operation.get("x-result-false", "error") == "error",
        "summary": safe_for_docstring(operation["summary"]),
        "description": safe_for_docstring(operation["description"].strip()),
        "source": f"{operation['x-provenance']} ({operation.get('x-source', 'no source')})",
        "deprecated": operation.get("deprecated", False),
        "anonymous": operation.get("security") == [],
        "body": body,
        "arguments": arguments,
        "by_location": {
            location: [each for each in parameters if each.location == location]
            for location in ("path", "query", "header")
        },
        "styles": {each.wire: each.style for each in parameters if each.style},
        # Once, although several statuses may have the same schema.
        "equalities": dict.fromkeys(
            # Once something may have been changed, a difference is no error: it would hide that the call was confirmed.
            (way, argument, each["x-on-mismatch"] == "error" and method.upper() in _SAFE)
            for way, argument, each in compared(document, operation)
        ),
    }


def _succeeds(status: str, responses: Mapping[str, Json]) -> bool:
    """Whether a response is a success: a 2xx, or the default where there is none."""
    return status.startswith("2") or (status == "default" and not any(each.startswith("2") for each in responses))


def _ranges(status: str) -> list[int]:
    if status == "default":
        return [4, 5]
    return [int(status[0])] if status.upper().endswith("XX") else []


def _result(document: Mapping[str, Json], response: Json) -> _Result:
    content = response.get("content", {})
    media_type = next((each for each in content if "json" in each), next(iter(content), None))
    if media_type is None:
        return _Result('Result("nothing")', "None")
    schema = content[media_type].get("schema", {})
    if "json" in media_type:
        kind = kind_of(document, schema)
        null = " | None" if kind.nullable and kind.annotation != "Any" else ""
        reference = schema.get("$ref") if kind.name == "model" else None
        model = reference.rpartition("/")[2] if reference else None
        essence = media_type.partition(";")[0].strip().lower()
        own = f', "{essence}"' if "*" not in essence and essence != "application/json" else ""
        return _Result(f'Result("json", {kind.code}{own})', f"{kind.annotation}{null}", model)
    if media_type.startswith("text/"):
        return _Result('Result("text")', "str")
    return _Result('Result("bytes")', "bytes")


def _list_member(document: Mapping[str, Json], result: _Result) -> str | None:
    """The member that holds the entries of a list, if the result is one: it has an array, and `has_more`."""
    schema = document["components"]["schemas"][result.schema] if result.schema else {}
    members = {name: resolve(document, node) for name, node in schema.get("properties", {}).items()}
    arrays = [name for name, node in members.items() if "array" in (node.get("type"), *_listed(node.get("type")))]
    required = [name for name in arrays if name in schema.get("required", ())]
    chosen = required if len(required) == 1 else arrays
    return chosen[0] if len(chosen) == 1 and "has_more" in members else None


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _item(document: Mapping[str, Json], result: _Result, member: str | None) -> str | None:
    """The type of the entries of a list."""
    if member is None:
        return None
    node = document["components"]["schemas"][result.schema]["properties"][member]
    return kind_of(document, resolve(document, node).get("items", {})).annotation


def _paging(operation: Json, arguments: list[_argument_context.Argument], member: str | None) -> dict[str, str] | None:
    """The arguments by which a list comes in pages: those that `x-paging` names, else `limit` and `offset`."""
    names = operation.get("x-paging", {"limit": "limit", "offset": "offset"})
    found = {each.wire: each for each in arguments if each.location == "query" and each.kind.name == "integer"}
    if member is None or not {names["limit"], names["offset"]} <= found.keys():
        return None
    return {key: found[names[key]].name for key in ("limit", "offset")}
