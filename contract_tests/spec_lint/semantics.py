"""The rules of this project's contract that no linter knows. A rule yields one line for each problem it finds."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

Json = Any
Rule = Callable[[Json], Iterator[str]]
RULES: list[Rule] = []

PROVENANCES = {"documented", "inferred", "assumed"}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
DATA = {"const", "default", "enum", "example", "examples"}
NAME_MAPS = {
    *("$defs", "patternProperties", "properties", "dependentSchemas"),
    *("callbacks", "content", "encoding", "headers", "links", "mapping", "paths", "responses", "variables"),
    *("x-any-operation", "parameters", "pathItems", "requestBodies", "schemas", "securitySchemes"),
}
FORMATS = {"date-time", "int64", "uri-reference", "email", "password"}
EVERY_OPERATION = {"401", "403", "429", "500", "503"}
REQUIRED_HEADERS = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}


def rule(check: Rule) -> Rule:
    """Add a rule."""
    RULES.append(check)
    return check


def resolve(document: Json, node: Json) -> Json:
    """The node itself, or what its `$ref` leads to; an empty object where that is nothing."""
    return follow(document, node) or {}


def follow(document: Json, node: Json) -> Json:
    """The node itself, or what its `$ref` leads to; None where that is nothing."""
    seen = set()
    while isinstance(node, dict) and "$ref" in node:
        if node["$ref"] in seen:
            return None
        seen.add(node["$ref"])
        target = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(key.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
        node = target
    return node


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """Every operation with its id."""
    for path, item in document["paths"].items():
        for method in sorted(METHODS & item.keys()):
            yield item[method].get("operationId", f"{method} {path}"), item[method]


def responses(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every response that belongs to an operation: its place, status and content."""
    for operation_id, operation in operations(document):
        for status, response in operation["responses"].items():
            yield f"{operation_id} {status}", str(status), resolve(document, response)


def nodes(node: Json, place: str = "#", *, names: bool = False) -> Iterator[tuple[str, Json]]:
    """Every object that the contract consists of, with its place.

    What is data is left out: examples, and what `const` and the like hold. So is what only maps the author's own
    names to objects (`names`), where a member that is called `format` is none.
    """
    # Not recursive: each step of a generator within generators costs as much as there are around it.
    ahead = [(place, node, names)]
    while ahead:
        place, node, names = ahead.pop()
        if isinstance(node, dict):
            if not names:
                yield place, node
            children = [
                (f"{place}/{name}", child, not names and name in NAME_MAPS)
                for name, child in node.items()
                if names or name not in DATA
            ]
        elif isinstance(node, list):
            children = [(f"{place}/{index}", child, False) for index, child in enumerate(node)]
        else:
            continue
        ahead += reversed(children)


def elements(document: Json) -> Iterator[tuple[str, Json]]:
    """Everything that must say where it comes from."""
    for operation_id, operation in operations(document):
        yield operation_id, operation
        for parameter in operation.get("parameters", []):
            yield f"{operation_id} parameter", parameter
        yield from _within(f"{operation_id} body", operation.get("requestBody", {}))
        for status, response in operation["responses"].items():
            yield f"{operation_id} {status}", response
            yield from _within(f"{operation_id} {status}", response)
    for kind in ("parameters", "headers", "responses", "schemas", "requestBodies", "securitySchemes"):
        for name, component in document["components"].get(kind, {}).items():
            yield f"components/{kind}/{name}", component
            yield from _within(f"components/{kind}/{name}", component)
    for status, response in document["x-any-operation"].items():
        yield f"x-any-operation {status}", response
        yield from _within(f"x-any-operation {status}", response)


def _within(place: str, element: Json) -> Iterator[tuple[str, Json]]:
    """The headers of a response, and the schemas of a body, that stand in it."""
    for name, header in element.get("headers", {}).items():
        yield f"{place}/headers/{name}", header
    for media, content in element.get("content", {}).items():
        yield f"{place}/content/{media}/schema", content.get("schema", {})


@rule
def provenance_is_stated(document: Json) -> Iterator[str]:
    """Operations, parameters, headers, responses and schemas say how well they are known; no grade is misspelt."""
    obliged = [(place, node) for place, node in elements(document) if "$ref" not in node]
    stated = [(place, node) for place, node in nodes(document) if "x-provenance" in node]
    for place, node in [*obliged, *stated]:
        if node.get("x-provenance") not in PROVENANCES:
            yield f"{place}: expected x-provenance: {' | '.join(sorted(PROVENANCES))}"


@rule
def sources_are_named(document: Json) -> Iterator[str]:
    """What is not assumed names its source; what is assumed can have none."""
    for place, node in nodes(document):
        grade = node.get("x-provenance", "assumed")
        stated = {"x-provenance", "x-source"} & node.keys()
        if stated and grade in PROVENANCES and (grade == "assumed") == ("x-source" in node):
            yield f"{place}: expected x-source exactly where x-provenance is not assumed"


@rule
def references_stand_alone(document: Json) -> Iterator[str]:
    """A `$ref` resolves, and nothing stands beside it: tools disagree on what that would mean."""
    for place, node in nodes(document):
        if "$ref" in node:
            if len(node) > 1:
                yield f"{place}: expected $ref alone"
            if follow(document, node) is None:
                yield f"{place}: $ref leads nowhere"


@rule
def every_operation_documents_its_errors(document: Json) -> Iterator[str]:
    """The errors that any call can meet are documented, 400 where something is validated, 404 where a path has ids."""
    for operation_id, operation in operations(document):
        expected = EVERY_OPERATION | ({"400"} if {"parameters", "requestBody"} & operation.keys() else set())
        expected |= {"404"} if "parameters" in operation else set()
        for status in sorted(expected - operation["responses"].keys()):
            yield f"{operation_id}: expected the response {status}"


@rule
def errors_have_one_shape(document: Json) -> Iterator[str]:
    """Every error body is `Error`, and 401, 429 and 503 carry their header."""
    anywhere = [(f"x-any-operation {status}", status, node) for status, node in document["x-any-operation"].items()]
    for place, status, response in [*responses(document), *anywhere]:
        if status < "400":
            continue
        bodies = {media: content.get("schema") for media, content in response.get("content", {}).items()}
        if bodies != {"application/json": {"$ref": "#/components/schemas/Error"}}:
            yield f"{place}: expected the schema Error, as JSON alone"
        header = REQUIRED_HEADERS.get(status)
        if header and not resolve(document, response.get("headers", {}).get(header, {})).get("required"):
            yield f"{place}: expected the required header {header}"


@rule
def operations_are_complete(document: Json) -> Iterator[str]:
    """Ids are there and unique, `x-idempotent` is stated, `x-result-false` is known, and security is global only."""
    seen = set()
    for operation_id, operation in operations(document):
        if operation_id in seen or "operationId" not in operation:
            yield f"{operation_id}: expected an operation id, each once"
        seen.add(operation_id)
        if not isinstance(operation.get("x-idempotent"), bool):
            yield f"{operation_id}: expected x-idempotent: true | false"
        if operation.get("x-result-false", "error") not in {"error", "answer"}:
            yield f"{operation_id}: expected x-result-false: error | answer"
        if "security" in operation:
            yield f"{operation_id}: expected the global security alone"
    if document.get("security") != [{"basicAuth": []}]:
        yield "security: expected basicAuth, declared once"


@rule
def formats_are_known(document: Json) -> Iterator[str]:
    """A misspelt format would check nothing."""
    for place, node in nodes(document):
        if "format" in node and node["format"] not in FORMATS:
            yield f"{place}: expected one of the formats {', '.join(sorted(FORMATS))}"


@rule
def guesses_are_not_required(document: Json) -> Iterator[str]:
    """A success must not fail a client for want of a member that is only assumed."""
    for name, schema in document["components"]["schemas"].items():
        if name == "Error":
            continue
        for member in schema.get("required", []):
            known = resolve(document, schema.get("properties", {}).get(member))
            if known.get("x-provenance", "assumed") == "assumed":
                yield f"components/schemas/{name}: expected the assumed member {member} to be optional"


@rule
def members_are_described(document: Json) -> Iterator[str]:
    """The reference and the docs page show a description of every schema and member."""
    for name, schema in document["components"]["schemas"].items():
        for member, node in {"": schema, **schema.get("properties", {})}.items():
            known = follow(document, node)
            if known is not None and not known.get("description"):
                yield f"components/schemas/{name}/{member}: expected a description"


@rule
def sets_are_open(document: Json) -> Iterator[str]:
    """The vendor may extend its sets: `x-extensible-enum` in place of `enum`."""
    for place, node in nodes(document):
        if "enum" in node:
            yield f"{place}: expected x-extensible-enum"


@rule
def examples_fit(document: Json) -> Iterator[str]:
    """Every body, parameter and header has named examples, and each of them fits its schema."""
    for place, node in nodes(document):
        if "example" in node:
            yield f"{place}: expected named examples"
        if not place.startswith("#/components/schemas") and "schema" in node:
            if not node.get("examples"):
                yield f"{place}: expected examples"
            schema = {**node["schema"], "components": document["components"]}
            try:
                validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
            except ValueError:
                continue  # the validity of schemas is another test's
            for name, example in node.get("examples", {}).items():
                if "value" not in example:
                    yield f"{place}/examples/{name}: expected a value"
                    continue
                for error in validator.iter_errors(example["value"]):
                    yield f"{place}/examples/{name}: {error.message}"


@rule
def links_lead_somewhere(document: Json) -> Iterator[str]:
    """A link names an operation, gives it all that it requires and nothing strange, and reads what is there."""
    known = dict(operations(document))
    for operation_id, operation in known.items():
        own = {resolve(document, parameter).get("name") for parameter in operation.get("parameters", [])}
        for response in operation["responses"].values():
            for name, link in resolve(document, response).get("links", {}).items():
                yield from (
                    f"{operation_id} link {name}: {problem}"
                    for problem in _link_problems(document, link, known, own, resolve(document, response))
                )


def _link_problems(document: Json, link: Json, known: dict[str, Json], own: set[str], response: Json) -> Iterator[str]:
    target = known.get(link.get("operationId"))
    if target is None:
        yield f"expected an operation, {link.get('operationId')} is none"
        return
    given = link.get("parameters", {})
    parameters = [resolve(document, parameter) for parameter in target.get("parameters", [])]
    if missing := {parameter.get("name") for parameter in parameters if parameter.get("required")} - given.keys():
        yield f"expected the parameters {', '.join(sorted(missing))}"
    if strange := given.keys() - {parameter.get("name") for parameter in parameters}:
        yield f"expected parameters of {link['operationId']}, {', '.join(sorted(strange))} is none"
    for expression in given.values():
        source, _, pointer = expression.partition("#/")
        if source.startswith("$request.path."):
            if source.removeprefix("$request.path.") not in own:
                yield f"{expression}: expected a parameter of the operation"
        elif source == "$response.body":
            examples = response["content"]["application/json"]["examples"].values()
            if not any(_has(example["value"], pointer.split("/")) for example in examples):
                yield f"{expression}: expected what an example has"
        else:
            yield f"{expression}: expected $request.path or $response.body"


def _has(value: Json, keys: list[str]) -> bool:
    for key in keys:
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return False
    return True
