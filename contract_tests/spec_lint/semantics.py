"""The rules of a valid contract: one list, for `./scripts/generate` and for `./scripts/check`."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import jsonschema_rs
from jsonschema_rs.canonical import UnsatisfiableReason, find_unsatisfiable

from contract_tests.spec_lint import navigation, structure
from contract_tests.spec_lint.navigation import (
    follow,
    located_operations,
    nodes,
    operations,
    pointed,
    resolve,
    responses,
    schemas,
)
from contract_tests.spec_lint.yaml_lines import Keys, YamlDocument

Json = Any
Findings = Iterator[tuple[Keys, str]]

PROVENANCES = ("documented", "inferred", "assumed")
REQUIRED_HEADERS = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
# A part of what was asked for, or a refusal after which a client proceeds differently.
_DISTINCT = frozenset({206, 207, 401, 405, 408, 413, 425, 429, 431})
_DISTINCT_TEXT = ", ".join(map(str, sorted(_DISTINCT)))
# What is missing of these keeps no client from being generated.
_WARNED = {"description", "summary", "x-idempotent", "x-provenance"}


class Rule(NamedTuple):
    """A rule of the contract.

    Attributes:
        check: yields the keys of each place that breaks the rule, and what was expected there.
        generation: whether the client cannot be generated from a contract that breaks it.
    """

    check: Callable[[Json], Findings]
    generation: bool

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.check.__name__


class Finding(NamedTuple):
    """A place that breaks a rule."""

    rule: str
    keys: Keys
    expected: str


# Each rule relies on the structure, and on references that lead somewhere.
RULES: list[Rule] = []


def findings(content: Json, *, generation: bool = False) -> list[Finding]:
    """What breaks the rules.

    Where the structure is broken, or a reference leads nowhere, the other rules are left out.

    Args:
        content: the contract.
        generation: only what keeps the client from being generated.
    """
    if broken := [*dict.fromkeys(structure.differences(content, generation=generation))]:
        return [Finding("structure", *finding) for finding in broken]
    if broken := [*references(content)]:
        return [Finding("references", *finding) for finding in broken]
    rules = [each for each in RULES if each.generation or not generation]
    return [Finding(each.name, *finding) for each in rules for finding in each.check(content)]


def lint(document: YamlDocument, *, generation: bool = False, content: Json = None) -> list[str]:
    """What breaks the rules, as `file:line: place: expected ...`.

    Args:
        document: the contract.
        generation: only what keeps the client from being generated.
        content: the contract in the form of OpenAPI 3.1, if the document has another.
    """
    found = findings(document.content if content is None else content, generation=generation)
    return [f"{document.where(finding.keys)}: {finding.expected}" for finding in found]


def warnings(document: YamlDocument, content: Json, *, own: bool) -> list[str]:
    """What the contract should say and does not, as `file:line: warning: place: expected ...`.

    Args:
        document: the contract.
        content: the contract in the form of OpenAPI 3.1.
        own: whether the contract is this project's, which also grades what it says.
    """
    wanted = {name for name in _WARNED if own or not name.startswith("x-")}
    found = dict.fromkeys(structure.differences(content))
    missing = [each for each in found if each[0][-1:] and each[0][-1] in wanted and each[1].endswith(structure.MISSING)]
    return [document.where(keys, "warning: ") + f": {expected}" for keys, expected in missing]


def rule(check: Callable[[Json], Findings], *, generation: bool = False) -> Callable[[Json], Findings]:
    """Register a rule."""
    RULES.append(Rule(check, generation))
    return check


needed_to_generate = partial(rule, generation=True)


def references(document: Json) -> Findings:
    """A `$ref` leads to something in the document."""
    for keys, node in nodes(document):
        if "$ref" in node and follow(document, node)[0] is None:
            where = "the place of something in this document, such as '#/components/schemas/Error'"
            yield (*keys, "$ref"), f"expected {where}"


@needed_to_generate
def operation_ids_are_unique(document: Json) -> Findings:
    """No two operations have one id."""
    seen: dict[str, str] = {}
    for keys, operation in located_operations(document):
        name = operation.get("operationId")
        if name in seen:
            yield (*keys, "operationId"), f"expected each operation id once, {name} is that of {seen[name]}"
        if name:
            seen.setdefault(name, f"{keys[2]} {keys[1]}")


@needed_to_generate
def path_parameters_are_those_of_the_path(document: Json) -> Findings:
    """The path parameters of an operation are those that its path names."""
    for keys, operation in located_operations(document):
        known = [*_parameters(document, document["paths"][keys[1]]), *_parameters(document, operation)]
        given = {parameter["name"] for parameter in known if parameter["in"] == "path"}
        named = set(re.findall(r"{([^{}]*)}", str(keys[1])))
        if given != named:
            expected, found = (", ".join(sorted(names)) or "none" for names in (named, given))
            yield (*keys, "parameters"), f"expected the path parameters {expected}, found {found}"


@needed_to_generate
def paths_differ(document: Json) -> Findings:
    """No two paths differ in the names of their parameters only."""
    seen: dict[str, str] = {}
    for path in document["paths"]:
        template = re.sub(r"{[^{}]*}", "{}", path)
        if template in seen:
            yield ("paths", path), f"expected no path that only names the parameters of {seen[template]} differently"
        seen.setdefault(template, path)


@needed_to_generate
def operations_have_a_success(document: Json) -> Findings:
    """An operation says what it answers when it succeeds."""
    for keys, operation in located_operations(document):
        if not any(status.startswith("2") or status == "default" for status in operation["responses"]):
            yield (*keys, "responses"), "expected a success, such as 200, 2XX or default"


@needed_to_generate
def content_is_of_a_known_kind(document: Json) -> Findings:
    """Content that is XML has another media type as well, and a form is an object."""
    places = [
        (keys, "requestBody", operation.get("requestBody", {})) for keys, operation in located_operations(document)
    ]
    places += [(keys[:-1], status, node) for keys, status, node in responses(document)]
    for keys, name, node in places:
        content = resolve(document, node).get("content", {})
        if content and all("xml" in media_type for media_type in content):
            yield (*keys, name, "content"), "expected a media type other than XML, such as application/json"


@needed_to_generate
def discriminators_choose_components(document: Json) -> Findings:
    """Where a discriminator chooses among schemas, they are components with members, and its mapping names them."""
    for keys, schema in schemas(document):
        branches = [each for keyword in ("anyOf", "oneOf") for each in schema.get(keyword, ())]
        if "discriminator" not in schema or not branches:
            continue
        chosen = [each for each in branches if resolve(document, each).get("type") != "null"]
        names = {each.get("$ref", "").rpartition("/")[2] for each in chosen}
        if not all("$ref" in each and {"allOf", "properties"} & resolve(document, each).keys() for each in chosen):
            yield keys, "expected component schemas with members, by their $ref, as a discriminator needs them"
        for value, target in schema["discriminator"].get("mapping", {}).items():
            if target.rpartition("/")[2] not in names:
                yield (*keys, "discriminator", "mapping", value), f"expected one of {', '.join(sorted(names))}"


@rule
def errors_have_one_schema(document: Json) -> Findings:
    """Every error body is `Error`, and 401, 429 and 503 carry their header."""
    for keys, status, response in responses(document):
        if status < "400":
            continue
        bodies = {media: content["schema"] for media, content in response.get("content", {}).items()}
        if bodies != {"application/json": {"$ref": "#/components/schemas/Error"}}:
            yield keys, "expected the schema Error, as JSON alone"
        header = REQUIRED_HEADERS.get(status)
        if header and not resolve(document, response.get("headers", {}).get(header, {})).get("required"):
            yield keys, f"expected the required header {header}"


@rule
def alternatives_mean_the_same(document: Json) -> Findings:
    """The alternatives of a status have its class, and say as much of what was done."""
    for keys, status, response in responses(document):
        for other in response.get("x-alternatives", []):
            if str(other)[0] != status[0] or str(other) == status or other in _DISTINCT:
                yield (*keys, "x-alternatives"), f"expected other statuses of {status[0]}XX, none of {_DISTINCT_TEXT}"


@rule
def assumed_members_are_optional(document: Json) -> Findings:
    """A success must not fail a client for want of a member that is only assumed."""
    for name, schema in document["components"]["schemas"].items():
        for member in schema.get("required", []) if name != "Error" else ():
            known = resolve(document, schema.get("properties", {}).get(member))
            if known.get("x-provenance", "assumed") == "assumed":
                yield (
                    ("components", "schemas", name, "required"),
                    f"expected the assumed member {member} to be optional",
                )


@rule
def examples_fit(document: Json) -> Findings:
    """Every example fits its schema."""
    for keys, node in nodes(document):
        if "schema" in node and keys[:2] != ("components", "schemas"):
            for name, example in node["examples"].items():
                for message in _misfits(document, node["schema"], example["value"]):
                    yield (*keys, "examples", name), message


@rule
def defaults_fit(document: Json) -> Findings:
    """A default fits its own schema."""
    for keys, schema in schemas(document):
        for message in _misfits(document, schema, schema["default"]) if "default" in schema else ():
            yield (*keys, "default"), message


@rule
def schemas_admit_something(document: Json) -> Findings:
    """A schema that contradicts itself admits no value, and any later one would be compatible with it."""
    named = document["components"]["schemas"]
    components = {"components": {"schemas": {name: _unconditional(schema) for name, schema in named.items()}}}
    for keys, schema in schemas(document):
        try:
            found = find_unsatisfiable(
                {**_unconditional(schema), **components},
                draft=jsonschema_rs.Draft202012,
                validate_formats=True,
                offline=True,
            )
        except ValueError:
            continue  # openapi-spec-validator reports it
        if "" in found and not isinstance(found[""], UnsatisfiableReason.Literal):
            yield keys, "expected a schema that some value fits"


def _unconditional(schema: Json) -> Json:
    """A schema without conditions: each multiplies the time that the check takes."""
    parts = [part for part in schema.get("allOf", ()) if "if" not in part]
    rest = {keyword: value for keyword, value in schema.items() if keyword != "allOf"}
    return {**rest, "allOf": parts} if parts else rest


@rule
def required_members_are_described(document: Json) -> Findings:
    """A member that is required is one that the schema names."""
    for keys, schema in schemas(document):
        for member in schema.get("required", []) if "properties" in schema else ():
            if member not in schema["properties"]:
                yield (*keys, "required"), f"expected the required member {member} among the properties"


@rule
def links_lead_somewhere(document: Json) -> Findings:
    """A link names an operation, gives it the parameters that it requires and no others, and reads what is there."""
    known = dict(operations(document))
    for keys, operation in located_operations(document):
        own = {parameter["name"] for parameter in _parameters(document, operation)}
        for status, node in operation["responses"].items():
            response = resolve(document, node)
            for name, link in response.get("links", {}).items():
                place = (*keys, "responses", status, "links", name)
                yield from ((place, text) for text in _link_problems(document, link, known, own, response))


def _link_problems(document: Json, link: Json, known: dict[str, Json], own: set[str], response: Json) -> Iterator[str]:
    if link["operationId"] not in known:
        yield f"expected the id of an operation, not {link['operationId']}"
        return
    given = link.get("parameters", {})
    parameters = _parameters(document, known[link["operationId"]])
    if missing := {parameter["name"] for parameter in parameters if parameter.get("required")} - given.keys():
        yield f"expected the parameters {', '.join(sorted(missing))}"
    if unknown := given.keys() - {parameter["name"] for parameter in parameters}:
        yield f"expected only parameters of {link['operationId']}, not {', '.join(sorted(unknown))}"
    for expression in given.values():
        source, _, pointer = expression.partition("#/")
        if source.startswith("$request.path."):
            if source.removeprefix("$request.path.") not in own:
                yield f"{expression}: expected a parameter of the operation"
        elif source == "$response.body":
            examples = response["content"]["application/json"]["examples"].values()
            if not any(pointed(example["value"], pointer) for example in examples):
                yield f"{expression}: expected a member that an example has"
        else:
            yield f"{expression}: expected $request.path or $response.body"


@needed_to_generate
def variants_have_a_form(document: Json) -> Findings:
    """A condition in a schema gives a free object its schema, by a known value of another member."""
    for keys, schema in schemas(document):
        known = navigation.variants(schema)
        for index, part in enumerate(schema.get("allOf", [])):
            if "if" not in part:
                continue
            name, member, value = next((found[:3] for found in known if found.place == index), ("", "", ""))
            free = schema.get("properties", {}).get(name, {})
            values = resolve(document, schema.get("properties", {}).get(member, {})).get("x-extensible-enum", [])
            if "properties" in free or not free.get("additionalProperties") or value not in values:
                yield (*keys, "allOf", index), "expected a schema for a free object, by a known value of another member"


@rule
def compared_members_have_an_argument(document: Json) -> Findings:
    """A member with `x-equals` is in the successful response, or the body, of an operation with the path parameter."""
    compared = {
        name for _, operation in operations(document) for _, name, _ in navigation.compared(document, operation)
    }
    for keys, operation in located_operations(document):
        known = {parameter["name"] for parameter in _parameters(document, operation) if parameter["in"] == "path"}
        repeated = set(navigation.repeated(document, operation).values())
        compared |= known & repeated
        for name in repeated - known:
            yield (*keys, "requestBody"), f"expected {name}, which a member of the body equals, as a path parameter"
    for keys, node in nodes(document):
        name = node.get("x-equals", "").removeprefix("$request.path.")
        if name and name not in compared:
            yield (*keys, "x-equals"), f"expected {name} to be a path parameter of an operation that returns the member"


@rule
def conditions_name_a_parameter(document: Json) -> Findings:
    """A member with `x-only-with` is in the body of operations with that query parameter, which has the value."""
    for keys, operation in located_operations(document):
        parameters = {each["name"]: each for each in _parameters(document, operation) if each["in"] == "query"}
        for member, arguments in navigation.needed(document, operation).items():
            for name, value in arguments.items():
                schema = parameters.get(name, {}).get("schema", {"not": {}})
                if any(_misfits(document, schema, value)):
                    yield (
                        (*keys, "requestBody"),
                        f"expected a query parameter {name} with the value that {member} needs",
                    )


@rule
def body_limits_are_in_place(document: Json) -> Findings:
    """`x-max-body` is on the body of an operation, which has a 413, or on the 413 of `x-any-operation`."""
    for keys, operation in located_operations(document):
        body = resolve(document, operation.get("requestBody", {}))
        if "x-max-body" in body and "413" not in operation["responses"]:
            yield (*keys, "responses"), "expected the response 413"
    for keys, node in nodes(document):
        in_place = {"requestBody", "requestBodies"} & {*keys[-2:]} or keys == ("x-any-operation", "413")
        if "x-max-body" in node and not in_place:
            yield (*keys, "x-max-body"), "expected it on the body of an operation, or on the 413 of x-any-operation"


@rule
def body_texts_have_a_pattern(document: Json) -> Findings:
    """A text that a request carries says what it consists of: at least, that there is no NUL in it."""
    for keys, operation in located_operations(document):
        content = resolve(document, operation.get("requestBody", {})).get("content", {})
        schema = resolve(document, content.get("application/json", {}).get("schema", {}))
        for name, node in schema.get("properties", {}).items():
            member = resolve(document, node)
            if member.get("type") == "string" and "pattern" not in member:
                yield (*keys, "requestBody"), f"expected a pattern of {name}"


@rule
def parameters_have_distinct_names(document: Json) -> Findings:
    """An operation has no two parameters of one name, which become one argument."""
    for keys, operation in located_operations(document):
        parameters = _parameters(document, operation)
        for name, times in Counter(parameter["name"] for parameter in parameters).items():
            if times > 1:
                yield (*keys, "parameters"), f"expected the parameter {name} once"


@rule
def tags_are_described_and_used(document: Json) -> Findings:
    """The document describes each tag of an operation, and every such tag has an operation."""
    described = {tag["name"] for tag in document.get("tags", [])}
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    yield from ((("tags",), f"expected {tag} to be described and used") for tag in sorted(used ^ described))


@rule
def components_are_used(document: Json) -> Findings:
    """A reference from outside of a component leads to it, or a requirement of credentials names it."""
    found = list(nodes(document))
    credentials = {name for _, node in found for requirement in node.get("security", []) for name in requirement}
    leading = {(node["$ref"], keys[:3]) for keys, node in found if "$ref" in node}
    for kind, components in document["components"].items():
        for name in components:
            keys = ("components", kind, name)
            from_outside = any(target == f"#/{'/'.join(keys)}" and origin != keys for target, origin in leading)
            if not (name in credentials if kind == "securitySchemes" else from_outside):
                yield keys, "expected a use"


def _parameters(document: Json, operation: Json) -> list[Json]:
    return [resolve(document, parameter) for parameter in operation.get("parameters", [])]


def _misfits(document: Json, schema: Json, value: Json) -> Iterator[str]:
    try:
        validator = jsonschema_rs.Draft202012Validator(
            {**schema, "components": document["components"]}, validate_formats=True, offline=True
        )
    except ValueError:
        return  # openapi-spec-validator reports it
    yield from (f"expected what the schema admits: {error.message}" for error in validator.iter_errors(value))
