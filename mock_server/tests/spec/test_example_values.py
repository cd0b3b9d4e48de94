"""Values made from schemas: valid, repeatable, and none where none exists."""

import json
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from cerbo_portal_mock.spec.example_patterns import PatternText, UnknownPattern
from cerbo_portal_mock.spec.example_scalars import NoExample
from cerbo_portal_mock.spec.example_values import ExampleValues

Json = Any
COMPONENTS: Json = {
    "Id": {"type": "integer", "minimum": 1},
    "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"const": 9}}},
    "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
    "Node": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"$ref": "#/components/schemas/Id"},
            "parent": {"$ref": "#/components/schemas/Node"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    },
    "Endless": {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/components/schemas/Endless"}}},
    "Ended": {
        "type": "object",
        "required": ["x"],
        "properties": {"x": {"anyOf": [{"$ref": "#/components/schemas/Ended"}, {"type": "null"}]}},
    },
}


def ref(name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def _validator(schema: Json) -> jsonschema_rs.Validator:
    whole = schema if isinstance(schema, bool) else {**schema, "components": {"schemas": COMPONENTS}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _value(schema: Json, seed: str = "seed") -> Json:
    return ExampleValues({"components": {"schemas": COMPONENTS}}, _validator, seed).value(schema)


@pytest.mark.parametrize(
    "schema",
    [
        *({"type": kind} for kind in ("string", "integer", "number", "boolean", "null", "object", "array")),
        {},
        True,
        {"const": {"a": [1]}},
        {"enum": [None, "a", "b"]},
        {"enum": [None]},
        {"type": ["null", "integer"]},
        *(
            {"type": "string", "format": name}
            for name in (
                *("date", "date-time", "time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6"),
                *("uri", "uri-reference", "json-pointer", "regex", "byte", "binary", "password", "unheard-of"),
            )
        ),
        {"type": "string", "contentEncoding": "base64"},
        {"type": "string", "minLength": 40},
        {"type": "string", "minLength": 3, "maxLength": 3},
        {"type": "string", "maxLength": 0},
        {"type": "string", "pattern": r"^[^\u0000]*$", "minLength": 1},
        {"type": "string", "pattern": r"^[1-9][0-9]{0,18}$"},
        {"type": "string", "pattern": r"^\d{3}-\d{4}$"},
        {"type": "string", "pattern": r"^(?:[A-Z]{2}|\+[0-9]+)x?$"},
        {"type": "string", "pattern": r"^[a-z]*$", "minLength": 30},
        {"type": "string", "pattern": r"^v[0-9]+\.[0-9]+(-\w+)?$"},
        {"type": "string", "format": "date", "pattern": "^2026"},
        {"type": "integer", "minimum": 5, "maximum": 5},
        {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
        {"type": "integer", "maximum": -10},
        {"type": "integer", "multipleOf": 7, "minimum": 1},
        {"type": "integer", "multipleOf": 0.5},
        {"type": "number", "minimum": 0.001, "maximum": 0.002},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 0.01},
        {"type": "number", "multipleOf": 0.25, "minimum": 1.1},
        {"minimum": 5},
        {"minItems": 2},
        {"required": ["a"]},
        {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}}},
        {"type": "object", "required": ["b"], "additionalProperties": {"type": "integer"}},
        {"type": "object", "minProperties": 2},
        {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["b"], "maxProperties": 1},
        {"type": "object", "properties": {"a": False}},
        {"type": "object", "additionalProperties": False},
        {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True},
        {"type": "array", "items": False},
        {"type": "array", "items": ref("Id"), "maxItems": 0},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": False},
        {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 3},
        ref("Node"),
        ref("Ended"),
        {"$ref": "#/components/schemas/Id", "maximum": 3},
        {"allOf": [ref("Cat"), {"required": ["age"], "properties": {"age": ref("Id"), "lives": {"type": "integer"}}}]},
        {"allOf": [{"type": ["integer", "null"]}, {"type": "number", "minimum": 3}, {"minimum": 7, "maximum": 7}]},
        {"allOf": [{"type": "number"}, {"type": "integer"}]},
        {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
        {"allOf": [{"allOf": [{"type": "integer"}]}, {"allOf": [{"minimum": 9}]}]},
        {"anyOf": [{"type": "null"}, ref("Id")]},
        {"anyOf": [False, {"type": "integer"}]},
        {"oneOf": [{"type": "integer"}, {"type": "number", "multipleOf": 0.5}]},
        {"type": "string", "examples": ["no", "fit"], "minLength": 3},
        {"type": "string", "example": "an example"},
        {"type": "string", "default": "the default"},
        {"type": "integer", "examples": ["wrong"]},
        {"type": "integer", "not": {"multipleOf": 2}},
    ],
    ids=json.dumps,
)
def test_a_value_fits_its_schema_and_is_repeatable(schema: Json) -> None:
    value = _value(schema)
    assert _validator(schema).is_valid(value)
    assert _value(schema) == value


@pytest.mark.parametrize(
    "schema",
    [
        False,
        ref("Endless"),
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"type": "object", "required": ["a"], "additionalProperties": False},
        {"type": "array", "items": False, "minItems": 1},
        {"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": True},
        {"type": "array", "items": ref("Endless"), "minItems": 1},
        {"type": "integer", "minimum": 2, "maximum": 1},
        {"type": "number", "minimum": 1.1, "maximum": 1.2, "multipleOf": 1},
        {"type": "string", "pattern": "^a$", "minLength": 2},
        {"type": "string", "pattern": r"^(?=a)b$"},
        {"anyOf": [{"type": "integer", "minimum": 2, "maximum": 1}, False]},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "integer", "not": {"type": "integer"}},
    ],
    ids=json.dumps,
)
def test_a_schema_without_a_value_is_an_error(schema: Json) -> None:
    with pytest.raises(NoExample):
        _value(schema)


def test_deep_inside_only_what_is_required_is_made() -> None:
    names = "ABCDEFG"
    schemas = {
        name: {"type": "object", "properties": {"next": ref(after), "all": {"type": "array", "items": ref(after)}}}
        for name, after in zip(names, f"{names[1:]}A", strict=True)
    }
    document = {"components": {"schemas": schemas}}

    def validator(schema: Json) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator({**schema, **document})

    value = ExampleValues(document, validator, "seed").value(ref("A"))
    for _ in range(3):
        assert value.keys() == {"next", "all"}
        value = value["next"]
    assert value == {}


def test_other_seeds_give_other_values() -> None:
    assert len({json.dumps(_value(ref("Node"), seed)) for seed in "abcdefgh"}) > 1


def test_what_the_schema_gives_is_taken() -> None:
    assert _value({"type": "string", "examples": ["no", "fit"], "minLength": 3}) == "fit"
    assert _value({"type": "string", "example": "an example", "default": "x"}) == "an example"
    assert _value({"enum": [None, "a"]}) == "a"
    assert _value({"type": "object", "additionalProperties": {"const": 1}}) == {"key1": 1}


def test_members_are_in_the_order_of_the_schema_without_those_that_are_only_written() -> None:
    secret = {"type": "string", "writeOnly": True}
    properties = {"a": secret, "b": {"const": 1}, "c": {"const": 2}, "d": secret}
    assert list(_value({"type": "object", "properties": properties, "required": ["c", "d"]})) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("mapping", "kind"),
    [({}, "Cat"), ({"a cat": "#/components/schemas/Cat"}, "a cat"), ({"dog": "Dog", "cat": "Cat"}, "cat")],
)
def test_a_discriminator_names_its_option(mapping: Json, kind: str) -> None:
    discriminator = {"propertyName": "kind", "mapping": mapping} if mapping else {"propertyName": "kind"}
    assert _value({"oneOf": [ref("Cat")], "discriminator": discriminator})["kind"] == kind
    inline = {"type": "object", "properties": {"kind": {"const": "inline"}}}
    assert _value({"oneOf": [inline], "discriminator": discriminator})["kind"] == "inline"
    assert _value({"oneOf": [{"type": "integer"}], "discriminator": discriminator}) > 0


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", ""),
        ("^a$", "a"),
        ("a{2}b{1,3}c{0,}d?", "aabbcd"),
        ("a{2}?b+?", "aabb"),
        (r"\x41\u0042\.\t\-\/", "AB.\t-/"),
        (r"[\]]", "]"),
        (r"[\u00e9]", "é"),
        (r"[é]", "é"),
        ("[ ]", " "),
        (r"\s", " "),
        ("(?:x|x)(y)", "xy"),
        ("a{", None),
        (r"\bx", None),
        (r"(a)\1", None),
        ("(?!a)b", None),
        ("(a", None),
        ("a)", None),
        ("[a", None),
        ("[b-a]", None),
        ("*", None),
        ("a\\", None),
        (r"[^\s\S]", None),
    ],
)
def test_a_text_is_made_of_a_simple_pattern(pattern: str, text: str | None) -> None:
    maker = PatternText(pattern, Random(1), 1)
    if text is None:
        with pytest.raises(UnknownPattern):
            maker.make()
    else:
        assert maker.make() == text


@pytest.mark.parametrize("pattern", [r"\d", r"\D", r"\w", r"\W", r"\S", ".", "[^a-z0-9]", "[A-F]"])
def test_a_class_gives_one_of_its_characters(pattern: str) -> None:
    texts = {PatternText(pattern, Random(seed), 1).make() for seed in range(20)}
    assert all(jsonschema_rs.is_valid({"pattern": f"^{pattern}$"}, text) for text in texts)
