"""The JSON Schemas of scenarios and of the control API's bodies, compiled when they are first needed."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec import schema_description, validation
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.validation import body_path
from cerbo_portal_mock.spec.yaml_document import YamlDocument

SHOWN_PROBLEMS = 10

# Where, and what is wrong there.
Problem = tuple[list[str | int], str]


class SchemaSet:
    """Named JSON Schemas: the `$defs` of a YAML file.

    `x-expected` describes a schema in words where its keywords would not help a reader.

    Args:
        path: the file, read when it is first needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def problems(self, name: str, content: Any) -> Iterator[Problem]:
        """How the content differs from the schema of this name: where, and what was expected there, without values."""
        try:
            for error in validation.errors(self._validator(name), content):
                yield from self._describe(name, error, _keys(error.instance_path, content))
        except ValueError:
            # JSON can spell unpaired surrogates, and no text can hold them.
            yield [], "contains an unpaired surrogate"

    def schema(self, name: str) -> dict[str, Any]:
        """The schema of this name; a `$ref` in it names another schema by its last part."""
        found: dict[str, Any] = self._content["$defs"][name]
        return found

    def resolved(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """A schema merged with its `$ref` and `allOf`; its own keywords have precedence."""
        whole: dict[str, Any] = {}
        parts = [self.schema(node["$ref"].rpartition("/")[2])] if "$ref" in node else []
        for part in [*parts, *node.get("allOf", [])]:
            inner = self.resolved(part)
            properties = dict(whole.get("properties", {}))
            for name, member in inner.get("properties", {}).items():
                properties[name] = {"allOf": [properties[name], member]} if member and name in properties else member
            required = [*whole.get("required", []), *inner.get("required", [])]
            whole |= (
                inner
                | ({"properties": properties} if properties else {})
                | ({"required": required} if required else {})
            )
        own = {name: value for name, value in node.items() if name not in {"$ref", "allOf"}}
        return whole | own

    def _describe(self, name: str, error: jsonschema_rs.ValidationError, keys: list[str | int]) -> Iterator[Problem]:
        failed: Any = self._content
        for key in list(error.schema_path)[:-1]:
            failed = failed[key]
        members = self._at(name, keys).get("properties") or failed.get("properties", {})
        known = ", ".join(member for member, inner in members.items() if inner is not False)
        kind: Any = error.kind
        match kind.name:
            case "required":
                wanted = schema_description.describe(self.resolved(members.get(kind.property, {})))
                yield [*keys, kind.property], f"expected {wanted}, nothing was given"
            case "additionalProperties":
                for member in kind.unexpected:
                    yield [*keys, member], f"expected no such member, only {known}"
            case "falseSchema":
                yield keys, "expected no such member"
            case "minProperties":
                yield keys, f"expected at least one of {known}"
            case _:
                yield keys, f"expected {schema_description.describe(failed)}"

    def _at(self, name: str, keys: Iterable[str | int]) -> dict[str, Any]:
        """The part of the schema of this name that applies at a path of its content."""
        inner = self.resolved(self.schema(name))
        for key in keys:
            named = inner.get("properties", {}).get(key) or inner.get("additionalProperties")
            inner = self.resolved(inner.get("items", {}) if isinstance(key, int) else named or {})
        return inner

    def _validator(self, name: str) -> jsonschema_rs.Validator:
        if name not in self._validators:
            schema = {**self._content, "$ref": f"#/$defs/{name}"}
            self._validators[name] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="the value")
        return self._validators[name]

    @cached_property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = YamlDocument(self._path).content
        return content


def _keys(path: Iterable[str | int], content: Any) -> list[str | int]:
    """The keys of a path into the content: the validator takes a name such as "200" for a number."""
    keys: list[str | int] = []
    for step in path:
        keys.append(str(step) if isinstance(content, dict) else step)
        content = content[keys[-1]]
    return keys


SCHEMAS_PATH = Path(__file__).with_name("schemas.yaml")
_OWN = SchemaSet(SCHEMAS_PATH)
problems, schema, resolved = _OWN.problems, _OWN.schema, _OWN.resolved


def refuse(found: Iterator[Problem]) -> None:
    """Raise for the first problems, if there are any.

    Raises:
        InvalidArgument: the text names each member and what was expected.
    """
    shown = [f"{body_path(keys)}: {what}" for keys, what in islice(found, SHOWN_PROBLEMS)]
    if shown:
        raise InvalidArgument("; ".join(shown))
