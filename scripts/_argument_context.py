"""Prepares the arguments of the client's methods: an operation's parameters, and the parts of its body."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from _kinds import Json, Kind, RenderError, kind_of, placed
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from contract_tests.spec_lint import navigation

# What is sent, by its media type; of those that an operation takes, the first of these, else its own first.
BODIES = {
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/plain": "text",
}
_PLAIN = "a text, a number, a boolean, or an array"
_OBJECTS = {"map", "model", "object"}
_DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple"}
_DEFAULTS = {"boolean": (bool,), "integer": (int,), "number": (float, int), "text": (str,)}
_OF_METHODS = {"headers", "timeout"}


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
        arguments: the arguments that its members are made from, by their names in the request.
        required: whether a request must have one.
    """

    sent: str
    media_type: str
    model: Mapping[str, Any] | None
    members: list[Argument]
    repeats: Mapping[str, str]
    arguments: Mapping[str, str]
    required: bool


def parameters(document: Mapping[str, Json], operation: Json) -> list[Argument]:
    """The arguments of an operation's parameters.

    Args:
        document: the contract, normalised.
        operation: the operation.

    Raises:
        RenderError: no client can send one.
    """
    found = []
    for each in operation["parameters"]:
        with placed(*each["x-keys"]):
            found.append(_parameter(document, each))
    return found


def body(
    document: Mapping[str, Json], operation: Json, models: Mapping[str, Any], others: list[Argument]
) -> Body | None:
    """The body of an operation's request, None if it has none.

    Args:
        document: the contract, normalised.
        operation: the operation.
        models: the variables of the models, by the names of their schemas.
        others: the arguments of the operation's parameters; a member with the name of one gets another name.

    Raises:
        RenderError: no client can send it.
    """
    node = navigation.resolve(document, operation.get("requestBody", {}))
    if not node:
        return None
    content = node["content"]
    kinds = {name: _sent(name) for name in content}
    media_type = next(
        (name for sent in BODIES.values() for name in content if kinds[name] == sent), next(iter(content))
    )
    sent = kinds[media_type]
    schema = content[media_type].get("schema", {})
    _, reference = navigation.follow(document, schema)
    model = models.get(reference.rpartition("/")[2]) if reference else None
    required = bool(node.get("required", False))
    if sent in {"form", "multipart"} and not model:
        raise RenderError(f"expected an object with members as the body {media_type}")
    if model is None or sent in {"text", "bytes"}:
        return Body(sent, media_type, None, [_whole(document, sent, node, schema)], {}, {}, required)
    repeated = navigation.repeated(document, operation)
    taken = {each.name for each in others} | _OF_METHODS
    members = [_member(document, each, sent, taken) for each in model["members"] if each["name"] not in repeated]
    names = {each.wire: each.name for each in others if each.location == "path"}
    repeats = {member: names[argument] for member, argument in repeated.items()}
    arguments = repeats | {each.wire: each.name for each in members}
    return Body(sent, media_type, model, members, repeats, arguments, required)


def _sent(media_type: str) -> str:
    """What is sent under a media type."""
    essence = media_type.partition(";")[0].strip().lower()
    kind = "json" if essence.endswith("+json") else "text" if essence.startswith("text/") else "bytes"
    return BODIES.get(essence, kind)


def in_order(arguments: list[Argument]) -> list[Argument]:
    """The arguments as a method has them: those of the path, then keywords, required ones first.

    Raises:
        RenderError: two have one name, or one has a name that every method has.
    """
    names: dict[str, str] = {}
    for each in arguments:
        if each.name in names:
            raise RenderError(f"expected names that differ in Python, not {names[each.name]} and {each.wire}")
        if each.name in _OF_METHODS:
            raise RenderError(f"expected another name than {each.wire}, which every method has")
        names[each.name] = each.wire
    return sorted(arguments, key=lambda each: (each.location != "path", not each.required))


def _parameter(document: Mapping[str, Json], node: Json) -> Argument:
    location, wire = node["in"], node["name"]
    schema = navigation.resolve(document, node["schema"])
    kind = kind_of(document, node["schema"])
    if kind.name == "base64":
        # Only a body takes files.
        kind = kind._replace(name="text", code="kinds.TEXT")
    style = node.get("style", _DEFAULT_STYLES[location])
    if not (kind.is_scalar or _has_scalar_parts(document, kind, schema)):
        raise RenderError(f"{wire}: expected {_PLAIN} or an object of these")
    if style.endswith("Delimited") and kind.name in _OBJECTS:
        raise RenderError(f"{wire}: expected an array, or the style form")
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
        style=(style, explode) if _has_style(kind, location) else None,
    )


def _has_scalar_parts(document: Mapping[str, Json], kind: Kind, schema: Json) -> bool:
    if kind.name == "model":
        return all(kind_of(document, each).is_scalar for each in schema["properties"].values())
    return kind.name == "object" or (kind.name != "union" and all(each.is_scalar for each in kind.parts))


def _has_style(kind: Kind, location: str) -> bool:
    """Whether the client must know the style: also of scalars which are no segment of a path by accident."""
    unusual = location == "path" and kind.name not in {"day", "integer", "text", "uuid"}
    return kind.name in {"array", *_OBJECTS} or unusual


def _member(document: Mapping[str, Json], member: Mapping[str, Any], sent: str, taken: set[str]) -> Argument:
    schema = navigation.resolve(document, member["schema"])
    kind = member["kind"]
    is_list = kind.name == "files" or (kind.name == "array" and kind.parts[0].is_scalar)
    if sent in {"form", "multipart"} and not (kind.is_scalar or kind.name == "file" or is_list):
        raise RenderError(f"{member['name']}: expected {_PLAIN} of these")
    attribute = member["attribute"]
    default = repr(schema["default"]) if _has_plain_default(kind, schema) else "UNSET"
    return Argument(
        name=f"body_{attribute}" if attribute in taken else attribute,
        wire=member["name"],
        location="body",
        kind=kind,
        required=member["required"],
        default="" if member["required"] else default,
        text=member["description"] or f"The member `{member['name']}` of the body.",
        schema=schema,
    )


def _whole(document: Mapping[str, Json], sent: str, node: Json, schema: Json) -> Argument:
    """The argument that is a whole body."""
    if sent == "json":
        kind = kind_of(document, schema)
    else:
        kind = Kind("text", "str", "kinds.TEXT") if sent == "text" else Kind("file", "bytes", "kinds.ANY")
    required = bool(node.get("required", False))
    text = safe_for_docstring(node.get("description") or "The body of the request.")
    return Argument("body", "body", "body", kind, required, "" if required else "UNSET", text, schema)


def _has_plain_default(kind: Kind, schema: Json) -> bool:
    default = schema.get("default")
    is_of_kind = type(default) in _DEFAULTS.get(kind.name, ())
    return is_of_kind and (not kind.known or default in kind.known)
