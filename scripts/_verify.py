"""Compares a generated client with the document that it is made from, by calling each of its methods.

It reads the document on its own: what the generator overlooks in a document, it must not overlook here. It runs in a
separate process, `python scripts/_verify.py DIRECTORY PACKAGE`, with the document as JSON on the standard input, and
prints what differs as JSON: pairs of the keys that lead to the place and what was expected there.
"""

import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
from cerbo_portal_runtime import serialization
from cerbo_portal_runtime.errors import CallError
from openapi_python_client.strings import PythonIdentifier

from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.navigation import located_operations, resolve

Json = Any

_TEXTS = {
    "date-time": "2026-11-03T16:40:12Z",
    "date": "2026-11-03",
    "uuid": "00000000-0000-4000-8000-000000000001",
}
_DEEPEST = 6


def differences(package: str, document: Json) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Where the client differs from the document: the keys of the place, and what was expected there.

    Args:
        package: the name of the client's package.
        document: the document.
    """
    module = importlib.import_module(package)
    importlib.import_module(f"{package}.models")
    contract = importlib.import_module(f"{package}._operations").CONTRACT
    found = {(each.method, each.path): (name, each) for name, each in contract.operations.items()}
    for keys, node in located_operations(document):
        _, path, method = keys
        name, operation = found.pop((str(method).upper(), path), ("", None))
        if operation is None:
            yield keys, "expected a method of the client"
            continue
        known = parameters(document, document["paths"][path], node)
        given, sent = arguments(document, node, known, operation)
        for client in (module.Client, module.AsyncClient):
            missing = given.keys() - inspect.signature(getattr(client, name)).parameters.keys()
            if missing:
                yield keys, f"expected the arguments {', '.join(sorted(missing))} of {client.__name__}.{name}"
                continue
            request = _request(client, name, given)
            yield from ((keys, text) for text in _request_differences(request, str(path), known, given, sent))
        yield from ((keys, text) for text in _result_differences(document, node, operation))
    yield from ((("paths",), f"expected no method for {name}") for name, _ in found.values())


def parameters(document: Json, item: Json, node: Json) -> list[Json]:
    """The parameters of an operation, its own in place of those of its path.

    Args:
        document: the document.
        item: the path.
        node: the operation.
    """
    every = [resolve(document, each) for each in (*item.get("parameters", ()), *node.get("parameters", ()))]
    return list({(each["in"], each["name"]): each for each in every}.values())


def arguments(document: Json, node: Json, parameters: list[Json], operation: Any) -> tuple[dict[str, Any], Json]:
    """The arguments of a call that uses all that the operation takes, and the body that it must send.

    Args:
        document: the document.
        node: the operation.
        parameters: its parameters.
        operation: the same, as the client has it.
    """
    given: dict[str, Any] = {}
    for index, each in enumerate(parameters):
        value = _sample(document, each["schema"], index + 1)
        given[str(PythonIdentifier(each["name"], "field_"))] = _python(document, each["schema"], value)
    body = resolve(document, node.get("requestBody", {}))
    if not body:
        return given, None
    schema = next(iter(body["content"].values())).get("schema", {})
    if operation.sends in {"text", "bytes"}:
        given["body"] = "text" if operation.sends == "text" else b"bytes"
        return given, given["body"]
    sample = _sample(document, body["content"][operation.media_type].get("schema", schema), 1)
    if operation.body is None:
        return given | {"body": sample}, sample
    repeated = navigation.repeated(document, node)
    model = operation.body.from_dict(sample)
    names = {name: attribute for attribute in given for name in repeated if repeated[name] == attribute}
    taken = {*given, "headers", "timeout"}
    for member in operation.body.MEMBERS:
        if member.name in names:
            sample[member.name] = given[names[member.name]]
        elif member.name in sample:
            name = f"body_{member.attribute}" if member.attribute in taken else member.attribute
            given[name] = getattr(model, member.attribute)
    return given, sample


def _sample(  # noqa: PLR0911 (one for each type)
    document: Json, node: Json, number: int, depth: int = 0
) -> Json:
    """A JSON value of a schema, as far as its type goes: a client checks no more."""
    schema = resolve(document, node) if isinstance(node, dict) else {}
    for keyword in ("allOf", "oneOf", "anyOf"):
        parts = [each for each in schema.get(keyword, ()) if each.get("type") != "null" and "if" not in each]
        if parts:
            samples = [_sample(document, each, number, depth) for each in (parts if keyword == "allOf" else parts[:1])]
            own = _sample(document, {**schema, keyword: []}, number, depth) if "properties" in schema else None
            objects = [each for each in [*samples, own] if isinstance(each, dict)]
            return {name: value for each in objects for name, value in each.items()} if objects else samples[0]
    if schema.get("enum") or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    types = schema.get("type", "object" if "properties" in schema else [])
    kind = next((each for each in ([types] if isinstance(types, str) else types) if each != "null"), "")
    match kind:
        case "integer" | "number":
            return number
        case "boolean":
            return True
        case "string":
            return _TEXTS.get(schema.get("format", ""), f"text{number}")
        case "array":
            return [_sample(document, schema.get("items", {}), number + each, depth + 1) for each in (0, 1)]
        case "object":
            members = schema.get("properties", {}) if depth < _DEEPEST else {}
            free = (
                {}
                if "properties" in schema
                else {"name": _sample(document, schema.get("additionalProperties", {}), 1, depth + 1)}
            )
            return free | {name: _sample(document, each, number, depth + 1) for name, each in members.items()}
    return f"any{number}"


def _python(document: Json, node: Json, value: Json) -> Any:
    """The argument that is sent as this value: dates and the like are no texts in Python."""
    schema = resolve(document, node)
    if isinstance(value, list):
        return [_python(document, schema.get("items", {}), each) for each in value]
    match schema.get("format") if isinstance(value, str) else None:
        case "date-time":
            return serialization.parse_instant(value)
        case "date":
            return serialization.parse_instant(f"{value}T00:00:00Z").date()
    return value


def _request(client: Any, name: str, arguments: dict[str, Any]) -> httpx.Request | None:
    """The request that a method sends."""
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(418)

    settings = {"username": "name", "password": "word", "transport": httpx.MockTransport(handle), "retries": 0}
    made = client("http://127.0.0.1/base", **settings)
    try:
        result = getattr(made, name)(**arguments)
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except CallError:
        pass
    return sent[0] if sent else None


def _request_differences(
    request: httpx.Request | None, path: str, parameters: list[Json], arguments: dict[str, Any], body: Json
) -> Iterator[str]:
    if request is None:
        yield "expected a request that can be sent"
        return
    query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
    expected = path
    for each in parameters:
        value = arguments[str(PythonIdentifier(each["name"], "field_"))]
        if each["in"] == "path":
            expected = expected.replace("{" + each["name"] + "}", _segment(value, explode=each.get("explode", False)))
        elif each["in"] == "query":
            names = value if isinstance(value, dict) and each.get("explode", True) else {each["name"]: None}
            if missing := names.keys() - {name for name, _ in query}:
                yield f"expected {', '.join(missing)} in the query"
            joined = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(each.get("style", "form"), ",")
            explode = each.get("explode", each.get("style", "form") == "form")
            if isinstance(value, list) and not explode and joined not in dict(query)[each["name"]]:
                yield f"expected {each['name']} in the style {each.get('style', 'form')}"
            if isinstance(value, list) and explode and [name for name, _ in query].count(each["name"]) != len(value):
                yield f"expected {each['name']} once for each value"
        elif each["name"] not in request.headers:
            yield f"expected the header {each['name']}"
    if not unquote(request.url.path).endswith(expected):
        yield f"expected the path {path}"
    yield from _body_differences(request, body)


def _segment(value: Any, *, explode: bool) -> str:
    if isinstance(value, dict):
        pairs = [(name, str(each)) for name, each in value.items()]
        return ",".join("=".join(pair) if explode else ",".join(pair) for pair in pairs)
    texts = value if isinstance(value, list) else [value]
    return ",".join(str(each).lower() if isinstance(each, bool) else str(each) for each in texts)


def _body_differences(request: httpx.Request, body: Json) -> Iterator[str]:
    media_type = request.headers.get("Content-Type", "").partition(";")[0]
    if body is None and request.content:
        yield "expected no body"
    elif "json" in media_type and json.loads(request.content) != body:
        yield "expected the members of the body as JSON"
    elif media_type == "application/x-www-form-urlencoded":
        if {name for name, _ in parse_qsl(request.content.decode(), keep_blank_values=True)} != body.keys():
            yield "expected the members of the body as a form"
    elif media_type == "multipart/form-data":
        yield from (f"expected the part {name}" for name in body if f'name="{name}"'.encode() not in request.content)
    elif body is not None and "json" not in media_type and not request.content:
        yield "expected a body"


def _result_differences(document: Json, node: Json, operation: Any) -> Iterator[str]:
    responses = {status: resolve(document, each) for status, each in node["responses"].items()}
    for status, response in responses.items():
        if status.isdecimal() and status.startswith("2"):
            media = " ".join(response.get("content", {}))
            result = operation.results.get(int(status), operation.result)
            kinds = ("json", "text/", "/") if media else ("",)
            expected = {"json": "json", "text/": "text", "/": "bytes", "": "nothing"}[
                next(each for each in kinds if each in media)
            ]
            if int(status) not in operation.success or result.media != expected:
                yield f"expected the response {status} to hold {expected}"
        elif status.isdecimal() and int(status) >= httpx.codes.BAD_REQUEST and int(status) not in operation.errors:
            yield f"expected the error {status}"


if __name__ == "__main__":
    directory, name = sys.argv[1:]
    sys.path.insert(0, directory)
    json.dump([*differences(name, json.load(sys.stdin))], sys.stdout)
