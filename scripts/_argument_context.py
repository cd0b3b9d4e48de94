"""Prepares the arguments of the client's methods: an operation's parameters, and the parts of its body."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from _kinds import Json, Kind, RenderError, kind_of
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint import navigation

# What names a body is sent under, by what the client makes of it; the first that an operation takes is used.
BODIES = {
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/plain": "text",
}
_DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple"}
_OF_METHODS = {"headers", "self", "timeout"}


class Argument(NamedTuple):
    """An argument of a method.

    Attributes:
        name: its name in Python.
        wire: its name in the request.
        location: path, query, header or body.
        kind: the kind of its value.
        required: whether it must be given.
        default: the Python expression of its default; empty if it is required.
        text: what it is.
        schema: its schema.
        style: how an array or an object is written, and whether it is exploded; None for the usual.
    """

    name: str
    wire: str
    location: str
    kind: Kind
    required: bool
    default: str
    text: str
    schema: Json
    style: tuple[str, bool] | None = None

    @property
    def declaration(self) -> str:
        """The argument in the signature of the method."""
        null = " | None" if self.kind.annotation != "Any" else ""
        if self.location in {"path", "body"} or self.required:
            unset = " | Unset" if self.default and self.location == "body" else ""
            annotation = f"{self.kind.argument}{null if self.kind.nullable else ''}{unset}"
        else:
            annotation = f"{self.kind.argument}{null}"
        return f"{self.name}: {annotation}{f' = {self.default}' if self.default else ''}"


class Body(NamedTuple):
    """The body of an operation's request.

    Attributes:
        sent: json, form, multipart, text or bytes.
        media_type: its content type.
        model: the class that it is made from; None if one argument, `body`, is all of it.
        members: its members in their order, without those that repeat an argument of the path.
        repeats: the members that repeat an argument of the path, with its name in Python.
        required: whether a request must have one.
    """

    sent: str
    media_type: str
    model: Mapping[str, Any] | None
    members: list[Argument]
    repeats: Mapping[str, str]
    required: bool


def parameters(document: Mapping[str, Json], operation: Json) -> list[Argument]:
    """The arguments of an operation's parameters.

    Args:
        document: the contract, normalised.
        operation: the operation.

    Raises:
        RenderError: no client can send one.
    """
    return [_parameter(document, operation["operationId"], each) for each in operation["parameters"]]


def body(document: Mapping[str, Json], operation: Json, models: Mapping[str, Any]) -> Body | None:
    """The body of an operation's request, None if it has none.

    Args:
        document: the contract, normalised.
        operation: the operation.
        models: the variables of the models, by the names of their schemas.

    Raises:
        RenderError: no client can send it.
    """
    node = navigation.resolve(document, operation.get("requestBody", {}))
    if not node:
        return None
    content = node["content"]
    media_type = next((name for name in BODIES if name in content), next(iter(content)))
    sent = BODIES.get(media_type, "json" if media_type.endswith("+json") else "bytes")
    schema = content[media_type].get("schema", {})
    _, reference = navigation.follow(document, schema)
    model = models.get(reference.rpartition("/")[2]) if reference else None
    required = bool(node.get("required", False))
    if sent in {"form", "multipart"} and not model:
        raise RenderError(f"{operation['operationId']}: expected an object with members as the body {media_type}")
    if model is None or sent in {"text", "bytes"}:
        return Body(sent, media_type, None, [_whole(document, operation, sent, node, schema)], {}, required)
    repeated = navigation.repeated(document, operation)
    members = [_member(document, each, sent) for each in model["members"] if each["name"] not in repeated]
    names = {each.wire: each.name for each in parameters(document, operation) if each.location == "path"}
    repeats = {member: names[argument] for member, argument in repeated.items()}
    return Body(sent, media_type, model, members, repeats, required)


def in_order(operation_id: str, arguments: list[Argument]) -> list[Argument]:
    """The arguments as a method has them: those of the path, then keywords, required ones first.

    Raises:
        RenderError: two have one name, or one has a name that every method has.
    """
    names = [each.name for each in arguments]
    if len({*names, *_OF_METHODS}) < len(names) + len(_OF_METHODS):
        raise RenderError(f"{operation_id}: expected each name once among {', '.join([*names, *sorted(_OF_METHODS)])}")
    return sorted(arguments, key=lambda each: (each.location != "path", not each.required))


def _parameter(document: Mapping[str, Json], operation_id: str, node: Json) -> Argument:
    location, wire = node["in"], node["name"]
    schema = navigation.resolve(document, node["schema"])
    kind = kind_of(document, node["schema"], f"{operation_id}.{wire}")
    style = node.get("style", _DEFAULT_STYLES[location])
    explode = node.get("explode", style == "form")
    required = location == "path" or node.get("required", False)
    default = repr(schema["default"]) if _has_plain_default(kind, schema) else "None"
    return Argument(
        name=str(PythonIdentifier(wire, "field_")),
        wire=wire,
        location=location,
        kind=kind,
        required=required,
        default="" if required else default,
        text=safe_for_docstring(node.get("description") or f"The parameter `{wire}`."),
        schema=schema,
        style=(style, explode) if kind.name in {"array", "object", "map", "model"} else None,
    )


def _member(document: Mapping[str, Json], member: Mapping[str, Any], sent: str) -> Argument:
    schema = navigation.resolve(document, member["schema"])
    kind = member["kind"]
    if sent == "multipart" and _is_file(schema):
        kind = Kind("file", "bytes | File", kind.code)
    default = repr(schema["default"]) if _has_plain_default(kind, schema) else "UNSET"
    return Argument(
        name=member["attribute"],
        wire=member["name"],
        location="body",
        kind=kind,
        required=member["required"],
        default="" if member["required"] else default,
        text=member["description"] or f"The member `{member['name']}` of the body.",
        schema=schema,
    )


def _whole(document: Mapping[str, Json], operation: Json, sent: str, node: Json, schema: Json) -> Argument:
    """The argument that is a whole body."""
    if sent == "json":
        kind = kind_of(document, schema, f"{operation['operationId']}.body")
    else:
        kind = Kind("text", "str", "kinds.TEXT") if sent == "text" else Kind("file", "bytes", "kinds.ANY")
    required = bool(node.get("required", False))
    text = safe_for_docstring(node.get("description") or "The body of the request.")
    return Argument("body", "body", "body", kind, required, "" if required else "UNSET", text, schema)


def _has_plain_default(kind: Kind, schema: Json) -> bool:
    return kind.name in {"boolean", "integer", "number", "text"} and schema.get("default") is not None


def _is_file(schema: Json) -> bool:
    return "contentMediaType" in schema or schema.get("format") == "binary"
