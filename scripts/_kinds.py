"""What the values of a schema are in Python, and how the client reads them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from _error_names import ERROR_NAMES
from cerbo_portal_runtime import errors
from openapi_python_client.strings import ClassName

from contract_tests.spec_lint import navigation

Json = Any

_NULL = "null"


class RenderError(Exception):
    """The client cannot be rendered; the text says why.

    Attributes:
        keys: lead to the place in the contract, if it has one.
    """

    def __init__(self, text: str, keys: tuple[str | int, ...] = ()) -> None:
        super().__init__(text)
        self.keys = keys


@contextmanager
def placed(*keys: str | int) -> Iterator[None]:
    """Give the place to each `RenderError` of the block that has none.

    Args:
        keys: lead to the place.
    """
    try:
        yield
    except RenderError as error:
        raise RenderError(str(error), error.keys or keys) from None


# By format; the formats of texts that are not here are texts.
_TEXTS = {
    "date-time": ("instant", "datetime.datetime", "kinds.INSTANT"),
    "date": ("day", "datetime.date", "kinds.DAY"),
    "uuid": ("uuid", "uuid.UUID", "kinds.UUID_TEXT"),
}
# Names of classes and constants that the client has.
TAKEN = {
    *("Any", "AsyncClient", "AsyncIterator", "BaseAsyncClient", "BaseClient", "CONTRACT", "ClassVar", "Client"),
    *("Contract", "Equality", "File", "Final", "Iterator", "Literal", "Member", "Model", "Operation", "Paging"),
    *("RequestModel", "Result", "SCHEMAS", "UNSET", "Unset", *errors.__dict__, *ERROR_NAMES.values(), "AlreadyGone"),
}
_SCALARS = {"any", "base64", "boolean", "day", "instant", "integer", "number", "text", "uuid"}
_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): _NULL}


class Kind(NamedTuple):
    """A kind of value.

    Attributes:
        name: any, array, boolean, day, instant, integer, map, model, number, object, text, union or uuid.
        annotation: its type in Python.
        code: the expression of its `cerbo_portal_runtime.kinds.Kind`.
        nullable: whether it may be null.
        known: the values of an enum.
        parts: of an array or a map the kind of its values, of a union its kinds.
    """

    name: str
    annotation: str
    code: str
    nullable: bool = False
    known: tuple[Json, ...] = ()
    parts: tuple["Kind", ...] = ()

    @property
    def is_scalar(self) -> bool:
        """Whether all its values have a text in URLs, headers and forms."""
        return all(each.is_scalar for each in self.parts) if self.name == "union" else self.name in _SCALARS

    @property
    def argument(self) -> str:
        """Its type as an argument: only the known values of an enum."""
        if self.name == "base64":
            return "str | bytes | os.PathLike[str]"
        known = [repr(each) for each in self.known if each is not None]
        return f"Literal[{', '.join(known)}]" if known else self.annotation


def kind_of(document: Mapping[str, Json], node: Json, within: tuple[str, ...] = ()) -> Kind:
    """The kind of the values that a schema admits.

    Args:
        document: the contract, normalised.
        node: the schema.
        within: the references that led to it: of a schema without members that contains itself the inner values are
            any.

    Raises:
        RenderError: there is no such kind.
    """
    schema, reference = navigation.follow(document, node) if isinstance(node, dict) else ({}, None)
    if reference and "properties" not in schema:
        if reference in within:
            return Kind("any", "Any", "kinds.ANY")
        within = (*within, reference)
    branches = [each for keyword in ("anyOf", "oneOf") for each in schema.get(keyword, ())]
    resolved = [navigation.resolve(document, each) for each in branches]
    nullable = _NULL in types(schema) or any(_NULL in types(each) for each in resolved)
    others = [each for each, inner in zip(branches, resolved, strict=True) if types(inner) != [_NULL]]
    if not others:
        kind = _single(document, node, schema, within)
    elif len(others) == 1:
        kind = kind_of(document, others[0], within)
    elif any(each.get("format") == "date-time" for each in resolved) and _only_texts(resolved):
        kind = Kind(*_TEXTS["date-time"])
    else:
        kind = _union(document, schema, others, within)
    return kind._replace(nullable=nullable or kind.nullable)


def variants_of(chosen: list[navigation.Variant]) -> Kind:
    """The kind of a free object that has a schema by the value of another member."""
    classes = [*dict.fromkeys(class_name(each.schema) for each in chosen)]
    by_value = ", ".join(f"{each.value!r}: {class_name(each.schema)}" for each in chosen)
    code = f"composites.Variants({chosen[0].chooser!r}, lambda: {{{by_value}}})"
    return Kind("object", " | ".join([*classes, "dict[str, Any]"]), code, nullable=True)


def types(schema: Json) -> list[str]:
    """The JSON types that a schema names, or those of its values."""
    if not isinstance(schema, dict):
        return []
    if "type" in schema:
        named = schema["type"]
        return named if isinstance(named, list) else [named]
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [*dict.fromkeys(_JSON_TYPES.get(type(each), "object") for each in values)]


def _single(  # noqa: PLR0911 (one for each type)
    document: Mapping[str, Json], node: Json, schema: Json, within: tuple[str, ...]
) -> Kind:
    """The kind of a schema without branches."""
    named = [each for each in types(schema) if each != _NULL]
    match named or (["object"] if "properties" in schema else ["array"] if "items" in schema else []):
        case []:
            return Kind("any", "Any", "kinds.ANY")
        case ["string"]:
            return _text(schema)
        case ["boolean"]:
            return Kind("boolean", "bool", "kinds.BOOLEAN")
        case ["integer"]:
            return _integer(schema)
        case ["integer", "string"] | ["string", "integer"] if schema.get("format") in {"int32", "int64"}:
            return _integer(schema, ", text=True")
        case ["number"]:
            return Kind("number", "float", "kinds.Number()")
        case ["number", "string"] | ["string", "number"]:
            return Kind("number", "float", "kinds.Number(text=True)")
        case ["array"]:
            item = kind_of(document, schema.get("items", {}), within)
            null = " | None" if item.nullable and item.name != "any" else ""
            nulls = ", nulls=True" if item.nullable or item.name == "any" else ""
            code = f"composites.List({item.code}{nulls})"
            return Kind("array", f"list[{item.annotation}{null}]", code, parts=(item,))
        case ["object"]:
            return _object(document, node, schema, within)
        case several:
            return _union(document, schema, [{**schema, "type": each} for each in several], within)


def _text(schema: Json) -> Kind:
    if schema.get("contentEncoding") == "base64":
        return Kind("base64", "str", "kinds.BASE64")
    if schema.get("format") in _TEXTS:
        return Kind(*_TEXTS[schema["format"]])
    enum = schema.get("enum", [schema["const"]] if "const" in schema else [])
    known = [each for each in [*schema.get("x-extensible-enum", ()), *enum] if isinstance(each, str)]
    return Kind(
        "text", "str", f"kinds.Text({', '.join(map(repr, known))})" if known else "kinds.TEXT", known=tuple(enum)
    )


def _integer(schema: Json, text: str = "") -> Kind:
    limits = [schema.get(limit) for limit in ("minimum", "maximum")]
    enum = schema.get("enum", [schema["const"]] if "const" in schema else [])
    known = tuple(each for each in enum if type(each) is int)
    text += f", known={known}" if known else ""
    code = f"kinds.Integer({limits[0]!r}, {limits[1]!r}{text})" if limits != [None, None] or text else "kinds.Integer()"
    return Kind("integer", "int", code, known=known)


def _object(document: Mapping[str, Json], node: Json, schema: Json, within: tuple[str, ...]) -> Kind:
    """A model, if the schema is a component that has members; a map, or a free object."""
    if "properties" in schema:
        _, reference = navigation.follow(document, node)
        if reference is None:
            raise RenderError("expected a component schema for an object with members, by its $ref")
        name = class_name(reference.rpartition("/")[2])
        return Kind("model", name, f"composites.Entity(lambda: {name})")
    values = schema.get("additionalProperties")
    if isinstance(values, dict) and values:
        value = kind_of(document, values, within)
        null = "" if value.annotation == "Any" else " | None"
        return Kind("map", f"dict[str, {value.annotation}{null}]", f"composites.Map({value.code})", parts=(value,))
    return Kind("object", "dict[str, Any]", "kinds.OBJECT")


def _union(document: Mapping[str, Json], schema: Json, branches: list[Json], within: tuple[str, ...]) -> Kind:
    """Several kinds; with a discriminator, models by the value of a member."""
    found = [kind_of(document, each, within) for each in branches]
    annotations = [*dict.fromkeys(each.annotation for each in found)]
    if "discriminator" in schema and all(each.name == "model" for each in found):
        by_value = ", ".join(f"{value!r}: {name}" for value, name in _mapping(schema["discriminator"], branches))
        member = schema["discriminator"]["propertyName"]
        code = f"composites.Discriminated({member!r}, lambda: {{{by_value}}})"
        return Kind("union", " | ".join([*annotations, "dict[str, Any]"]), code, parts=tuple(found))
    annotation = "Any" if "Any" in annotations else " | ".join(annotations)
    code = f"composites.Union({', '.join(each.code for each in found)})"
    return Kind("union", annotation, code, parts=tuple(found))


def _mapping(discriminator: Json, branches: list[Json]) -> Iterator[tuple[str, str]]:
    """The values of a discriminator with their classes: as it says, else by the names of the schemas."""
    named = {each["$ref"].rpartition("/")[2]: each["$ref"] for each in branches}
    mapping = discriminator.get("mapping", {})
    mapped = {reference.rpartition("/")[2] for reference in mapping.values()}
    for value, reference in {**{name: name for name in named if name not in mapped}, **mapping}.items():
        yield value, class_name(reference.rpartition("/")[2])


def _only_texts(branches: list[Json]) -> bool:
    return {each for branch in branches for each in types(branch)} <= {"string", _NULL}


def class_name(schema: str) -> str:
    """The name of the class of a component schema; one that the client has itself gets an ending."""
    name = str(ClassName(schema, "Model"))
    return f"{name}Model" if name in TAKEN else name
