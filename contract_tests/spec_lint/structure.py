"""More rules of the contract: words that would mean nothing where they stand, and parts that nothing leads to."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from jsonschema_rs.canonical import UnsatisfiableReason, find_unsatisfiable

from contract_tests.spec_lint.semantics import METHODS, NAME_MAPS, RULES, nodes, operations, resolve, rule

Json = Any

# The rules of both modules.
__all__ = ["RULES"]

# The extensions, each with a member of the only objects on which it means something; none where it is any object.
EXTENSIONS = {
    "x-any-operation": "openapi",
    "x-coming-soon": "in",
    "x-extensible-enum": "type",
    "x-idempotent": "responses",
    "x-max-body": "content",
    "x-max-decoded": "contentEncoding",
    "x-provenance": None,
    "x-result-false": "responses",
    "x-source": None,
    "x-variants": "anyOf",
}
SCHEMA_KEYWORDS = {
    *("$ref", "$defs", "type", "format", "const", "enum", "default", "description", "title", "deprecated"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"),
    *("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "required"),
    *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "discriminator", "readOnly", "writeOnly"),
}
# The types of what takes anything: objects, and what is none.
OPEN = ["object", ["array", "boolean", "number", "string", "null"]]
SUBSCHEMAS = {"allOf", "anyOf", "oneOf", "prefixItems"}
# OpenAPI has tools ignore header parameters of these names.
IGNORED_HEADERS = {"accept", "content-type", "authorization"}


def schemas(document: Json) -> Iterator[tuple[str, Json]]:
    """Every schema, and every schema within one, with its place."""
    yield from _within("#/components/schemas", {"properties": document["components"]["schemas"]})
    for place, node in nodes(document):
        if isinstance(node.get("schema"), dict) and not place.startswith("#/components/schemas/"):
            yield from _and_within(f"{place}/schema", node["schema"])


def _and_within(place: str, schema: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(schema, dict):
        yield place, schema
        yield from _within(place, schema)


def _within(place: str, schema: Json) -> Iterator[tuple[str, Json]]:
    for keyword, value in schema.items():
        if keyword in NAME_MAPS and isinstance(value, dict):
            for name, child in value.items():
                yield from _and_within(f"{place}/{keyword}/{name}", child)
        elif keyword in SUBSCHEMAS:
            for index, child in enumerate(value):
                yield from _and_within(f"{place}/{keyword}/{index}", child)
        elif keyword not in {"discriminator", "const", "default"} and not keyword.startswith("x-"):
            yield from _and_within(f"{place}/{keyword}", value)


@rule
def extensions_are_known(document: Json) -> Iterator[str]:
    """A misspelt extension, or one out of place, would be read by nobody."""
    for place, node in nodes(document):
        for name in sorted(key for key in node if key.startswith("x-")):
            if name not in EXTENSIONS:
                yield f"{place}: expected one of the extensions {', '.join(EXTENSIONS)}, not {name}"
            elif (beside := EXTENSIONS[name]) and beside not in node:
                yield f"{place}: expected {name} beside {beside}"


@rule
def keywords_are_known(document: Json) -> Iterator[str]:
    """A misspelt keyword of a schema, or one of OpenAPI 3.0, would check nothing."""
    for place, schema in schemas(document):
        unknown = sorted(key for key in schema.keys() - SCHEMA_KEYWORDS if not key.startswith("x-"))
        # `example` and `examples` are another rule's.
        for keyword in (key for key in unknown if key not in {"example", "examples"}):
            yield f"{place}: expected a keyword of JSON Schema, {keyword} is none"


@rule
def schemas_admit_something(document: Json) -> Iterator[str]:
    """A schema that contradicts itself admits no value, and any later one would be compatible with it."""
    components = {"components": {"schemas": document["components"]["schemas"]}}
    for place, schema in schemas(document):
        try:
            found = find_unsatisfiable(
                {**schema, **components}, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True
            )
        except ValueError:
            continue  # the validity of schemas is another test's
        if "" in found and not isinstance(found[""], UnsatisfiableReason.Literal):
            yield f"{place}: expected a schema that some value fits"


@rule
def required_members_are_there(document: Json) -> Iterator[str]:
    """A member that is required is one that the schema names."""
    for place, schema in schemas(document):
        if "properties" in schema:
            for member in schema.get("required", []):
                if member not in schema["properties"]:
                    yield f"{place}: expected the required member {member} among the properties"


@rule
def defaults_fit(document: Json) -> Iterator[str]:
    """A default fits its own schema."""
    components = {"components": {"schemas": document["components"]["schemas"]}}
    for place, schema in schemas(document):
        if "default" in schema:
            validator = jsonschema_rs.Draft202012Validator({**schema, **components}, validate_formats=True)
            yield from (f"{place}/default: {error.message}" for error in validator.iter_errors(schema["default"]))


@rule
def known_values_are_stated_once(document: Json) -> Iterator[str]:
    """The known members of an open set are strings, each stated once."""
    for place, node in nodes(document):
        members = node.get("x-extensible-enum", ["any"])
        if not (isinstance(members, list) and members and all(isinstance(member, str) for member in members)):
            yield f"{place}: expected x-extensible-enum: a list of strings"
        elif repeated := sorted(member for member, times in Counter(members).items() if times > 1):
            yield f"{place}: expected each value once, {', '.join(repeated)} is repeated"


@rule
def variants_are_complete(document: Json) -> Iterator[str]:
    """A union has a form for each known value of the member that chooses, and at its end what takes all others."""
    for name, schema in document["components"]["schemas"].items():
        for member, node in schema.get("properties", {}).items():
            if "anyOf" not in node:
                continue
            place = f"components/schemas/{name}/{member}"
            forms = node.get("x-variants", {}).get("schemas", {})
            chooser = schema["properties"].get(node.get("x-variants", {}).get("member"))
            if sorted(forms) != sorted(resolve(document, chooser).get("x-extensible-enum", [])) or not forms:
                yield f"{place}: expected x-variants with a form for each known value of a member beside it"
            listed = [branch.get("$ref", "").removeprefix("#/components/schemas/") for branch in node["anyOf"]]
            last = [resolve(document, branch) for branch in node["anyOf"][-2:]]
            if listed[:-2] != list(dict.fromkeys(forms.values())):
                yield f"{place}: expected the forms of x-variants, each once, and two for all others"
            elif [schema.get("type") for schema in last] != OPEN or {"properties", "required"} & last[0].keys():
                yield f"{place}: expected the last forms to take any object, and anything else that JSON has"


@rule
def limits_are_stated(document: Json) -> Iterator[str]:
    """The largest body is stated in bytes: of all on the general 413, of one on the body of an operation with a 413."""
    bodies = {"x-any-operation": document["x-any-operation"].get("413", {})}
    if "x-max-body" not in bodies["x-any-operation"]:
        yield "x-any-operation 413: expected x-max-body"
    for operation_id, operation in operations(document):
        bodies[operation_id] = resolve(document, operation.get("requestBody", {}))
        if "x-max-body" in bodies[operation_id] and "413" not in operation["responses"]:
            yield f"{operation_id}: expected the response 413"
    stated = [node for _, node in nodes(document) if "x-max-body" in node]
    if any(node not in bodies.values() for node in stated):
        yield "x-max-body: expected it on the body of an operation, or on the 413 of x-any-operation"
    for place, node in nodes(document):
        for key in sorted({"x-max-body", "x-max-decoded"} & node.keys()):
            if type(node[key]) is not int or node[key] < 1:
                yield f"{place}: expected {key}: a number of bytes"


@rule
def texts_of_bodies_have_a_pattern(document: Json) -> Iterator[str]:
    """A text that is taken says what it is made of: at least, that there is no NUL in it."""
    for operation_id, operation in operations(document):
        content = resolve(document, operation.get("requestBody", {})).get("content", {})
        schema = resolve(document, content.get("application/json", {}).get("schema", {}))
        for name, node in schema.get("properties", {}).items():
            member = resolve(document, node)
            if member.get("type") == "string" and "pattern" not in member:
                yield f"{operation_id}: expected a pattern of {name}"


@rule
def coming_soon_is_optional(document: Json) -> Iterator[str]:
    """What has no effect yet cannot be required; whoever says nothing does not say `x-coming-soon: false`."""
    for place, node in nodes(document):
        if node.get("x-coming-soon", True) is not True:
            yield f"{place}: expected x-coming-soon: true, or nothing"
        elif "x-coming-soon" in node and (node.get("required") or node.get("in") == "path"):
            yield f"{place}: expected what is coming soon to be optional"


@rule
def parameters_are_told_apart(document: Json) -> Iterator[str]:
    """An operation has no two parameters of one name, which become one argument, and none that tools ignore."""
    for operation_id, operation in operations(document):
        parameters = [resolve(document, parameter) for parameter in operation.get("parameters", [])]
        for name, times in Counter(parameter.get("name") for parameter in parameters).items():
            if times > 1:
                yield f"{operation_id}: expected the parameter {name} once"
        for parameter in parameters:
            if parameter.get("in") == "header" and str(parameter.get("name")).lower() in IGNORED_HEADERS:
                yield f"{operation_id}: expected no header parameter {parameter['name']}"


@rule
def paths_hold_operations_alone(document: Json) -> Iterator[str]:
    """A path's own parameters or servers would be overlooked: they are stated with each operation."""
    for path, item in document["paths"].items():
        for key in sorted(item.keys() - METHODS):
            yield f"{path}: expected an operation, {key} is none"


@rule
def operations_are_tagged(document: Json) -> Iterator[str]:
    """Every operation has one tag, which the document describes, and every such tag has an operation."""
    declared = {tag["name"] for tag in document.get("tags", [])}
    used = set()
    for operation_id, operation in operations(document):
        tags = operation.get("tags", [])
        if len(tags) != 1:
            yield f"{operation_id}: expected one tag"
        used.update(tags)
    for tag in sorted(used ^ declared):
        yield f"tags: expected {tag} to be described and used"


@rule
def reads_are_idempotent(document: Json) -> Iterator[str]:
    """A GET changes nothing (RFC 9110, section 9.2), so a repeat is safe."""
    for path, item in document["paths"].items():
        if item.get("get", {}).get("x-idempotent", True) is not True:
            yield f"{path}: expected x-idempotent: true of a GET"


@rule
def components_are_used(document: Json) -> Iterator[str]:
    """Something leads to every component: a reference from outside of itself, or a requirement of credentials."""
    used = {name for _, node in nodes(document) for requirement in node.get("security", []) for name in requirement}
    references = [(place, node["$ref"]) for place, node in nodes(document) if "$ref" in node]
    for kind, components in document["components"].items():
        for name in components:
            place = f"#/components/{kind}/{name}"
            from_outside = (
                origin for origin, target in references if target == place and not f"{origin}/".startswith(f"{place}/")
            )
            if not (name in used if kind == "securitySchemes" else any(from_outside)):
                yield f"components/{kind}/{name}: expected a use"
