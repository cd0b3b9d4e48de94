"""The schemas of a vendor's OpenAPI document, of which everything is tolerated."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
from _schema_diff import INNER, LISTED, NAMED, NESTED, PROSE, as_object

from contract_tests.spec_lint.navigation import follow
from contract_tests.spec_lint.structure import is_keyword
from contract_tests.spec_lint.yaml_lines import Keys, YamlDocument

Json = Any
Reader = Callable[[Json, Keys], Json]

# Names of types that vendors write.
_SPELLINGS = {
    "array": {"list"},
    "boolean": {"bool"},
    "integer": {"int", "long"},
    "number": {"double", "float"},
    "object": {"dict", "map"},
    "string": {"date", "datetime", "str", "text"},
}
_IGNORED = PROSE | {"example", "externalDocs", "xml", "deprecated", "readOnly", "writeOnly"}
_FORMATS = {
    *("binary", "byte", "date", "date-time", "double", "duration", "email", "float", "hostname"),
    *("int32", "int64", "ipv4", "ipv6", "password", "regex", "time", "uri", "uri-reference", "uuid"),
}


class SchemaReader:
    """Reads the schemas of a document, and notes whatever is wrong with them.

    Args:
        path: the document.

    Attributes:
        path: the document.
        problems: whatever is wrong with it, as `file:line: place: text`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._yaml = YamlDocument(path, lenient=True)
        self._raw: Json = {}
        self._components: dict[str, Json] = {}
        self._examples: list[tuple[Keys, Json, Json]] = []
        self.problems = list(self._yaml.tolerated)

    def _note(self, keys: Keys, text: str) -> None:
        if (problem := f"{self._yaml.where(keys)}: {text}") not in self.problems:
            self.problems.append(problem)

    def _object(self, node: Json, keys: Keys) -> Json:
        if isinstance(node, Mapping):
            return node
        self._note(keys, "expected an object; it is ignored")
        return {}

    def _map(self, node: Json, keys: Keys, read: Reader) -> dict[str, Json]:
        """What the members of an object are read as; those that are nothing are left out."""
        found = {name: read(child, (*keys, name)) for name, child in self._object(node, keys).items()}
        return {name: value for name, value in found.items() if value is not None}

    def _referred(self, node: Json, keys: Keys, kind: str) -> tuple[Json, Json]:
        """A reference to a component of the kind and None, or None and the object that is meant."""
        node = self._object(node, keys)
        if "$ref" not in node:
            return None, node
        target, reference = follow(self._raw, node)
        first, _, name = str(node["$ref"]).rpartition("/")
        if (
            first == f"#/components/{kind}"
            and isinstance(target, Mapping | bool)
            and name in self._components.get(kind, {})
        ):
            return {"$ref": node["$ref"]}, None
        if not isinstance(target, Mapping) or _is_within(keys, str(reference)):
            self._note((*keys, "$ref"), "expected a reference to something of its kind; it is ignored")
            return None, {}
        return None, target

    def _schema(self, node: Json, keys: Keys) -> Json:
        if isinstance(node, bool):
            return node
        reference, node = self._referred(node, keys, "schemas")
        if reference:
            return reference
        result: dict[str, Json] = {}
        for key, value in node.items():
            place = (*keys, key)
            if key in NAMED:
                result[key] = self._map(value, place, self._schema)
            elif key in LISTED and isinstance(value, list):
                result[key] = [self._schema(child, (*place, index)) for index, child in enumerate(value)]
            elif key in NESTED:
                result[key] = self._schema(value, place)
            elif is_keyword(key) and key not in _IGNORED and not key.startswith(("x-", "$")):
                self._read_leaf(result, key, value, place)
            elif key not in _IGNORED and not key.startswith(("x-", "$")):
                self._note(place, "is no known keyword of a schema; it is ignored")
        self._repair(result, keys)
        examples = node.get("examples", [])
        self._examples += [(keys, result, value) for value in (examples if isinstance(examples, list) else [])]
        return result

    def _repair(self, schema: dict[str, Json], keys: Keys) -> None:
        """Take out of a schema what contradicts the rest of it."""
        if "properties" in schema and not LISTED & schema.keys():
            schema.setdefault("type", "object")
            required = schema.get("required", [])
            if unknown := [name for name in required if name not in schema["properties"]]:
                self._note((*keys, "required"), f"no such properties, they are ignored: {', '.join(unknown)}")
                schema["required"] = [name for name in required if name in schema["properties"]]
        if "array" in schema.get("type", "") and not {"items", "prefixItems"} & schema.keys():
            self._note(keys, "an array without items, which may be anything")
            schema["items"] = {}
        if str(schema.get("format", "int32")) not in _FORMATS:
            self._note((*keys, "format"), "is no known format")
        leaves = {key: value for key, value in schema.items() if key not in INNER}
        if "default" in leaves and not jsonschema_rs.Draft202012Validator(leaves).is_valid(leaves["default"]):
            self._note((*keys, "default"), "does not match the schema; it is ignored")
            del schema["default"]

    def _read_leaf(self, result: dict[str, Json], key: str, value: Json, keys: Keys) -> None:
        """Read a keyword that holds no schema: as it is, else as what is meant."""
        for candidate in _candidates(key, value):
            try:
                jsonschema_rs.Draft202012Validator({key: candidate})
            except ValueError:
                continue
            if candidate != value:
                self._note(keys, f"is read as {json.dumps(candidate)}")
            result[key] = candidate
            return
        self._note(keys, f"is no value of {key}; it is ignored")

    def _media(self, node: Json, keys: Keys) -> Json:
        """What has a schema, and examples: a type of content, a parameter or a header."""
        node = self._object(node, keys)
        place = (*keys, "schema") if "schema" in node else keys
        own = {key: node[key] for key in ("type", "format", "enum", "items") if key in node}
        if own and "schema" not in node:
            self._note(keys, "expected a schema around its keywords")
        schema = as_object(self._schema(node.get("schema", own), place))
        named = self._object(node.get("examples", {}), (*keys, "examples"))
        values = [each["value"] for each in named.values() if isinstance(each, Mapping) and "value" in each]
        values += [node["example"]] if "example" in node else []
        self._examples += [(keys, schema, value) for value in values]
        return {"schema": schema}

    def validator(self, schema: Json) -> jsonschema_rs.Validator:
        """A validator of a schema of `content`."""
        whole = {**as_object(schema), "components": self._components}
        return jsonschema_rs.Draft202012Validator(whole, offline=True, validate_formats=True)

    def _check_examples(self) -> None:
        for keys, schema, value in self._examples:
            with contextlib.suppress(ValueError):  # a schema that cannot be compiled says nothing about examples
                if not self.validator(schema).is_valid(value):
                    self._note(keys, "an example does not match the schema")


def _candidates(key: str, value: Json) -> Iterator[Json]:
    """A keyword's value, and what it may be meant for: another spelling of a type, a number or boolean as text."""
    yield value
    if key == "type":
        named = [str(each).lower() for each in (value if isinstance(value, list) else [value])]
        known = [next((name for name, others in _SPELLINGS.items() if each in others), each) for each in named]
        yield known if isinstance(value, list) else known[0]
    elif isinstance(value, str):
        with contextlib.suppress(ValueError):
            yield json.loads(value)


def _is_within(keys: Keys, reference: str) -> bool:
    """Whether a place is within what a reference leads to."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in reference.removeprefix("#/").split("/")]
    return [str(key) for key in keys[: len(steps)]] == steps
