"""A vendor's OpenAPI document, reduced to the structure that it states; whatever is wrong with it is reported."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
from _openapi_upgrade import upgraded
from _schema_diff import INNER, LISTED, NAMED, NESTED, PROSE

from contract_tests.spec_lint.navigation import METHODS, follow, nodes
from contract_tests.spec_lint.structure import is_keyword
from contract_tests.spec_lint.yaml_lines import Keys, YamlDocument

Json = Any
Reader = Callable[[Json, Keys], Json]

NO_NUL = r"^[^\u0000]*$"
PATH_PARAMETER = re.compile(r"{([^{}]*)}")

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
_STATUS = re.compile(r"[1-5](?:\d\d|XX)|DEFAULT")


class VendorError(Exception):
    """A document cannot be adopted; the text names file and line, and what was expected."""


class VendorDocument:
    """What a vendor's OpenAPI document states, as OpenAPI 3.1 without texts, examples and extensions.

    Paths have the parameter names that the contract gives them. Operation ids are names of letters and digits, each
    once. Every reference leads somewhere, and every schema can be read.

    Args:
        path: the document, OpenAPI 3.0 or 3.1 as YAML or JSON.
        contract: the contract.

    Attributes:
        content: the document.
        title: its title and version.
        source: the `x-source` of what it documents.
        problems: whatever is wrong with it, as `file:line: place: text`.
        ids: the operation ids of `content` by those of the document.

    Raises:
        DocumentError: the file cannot be read.
        VendorError: it is no OpenAPI document, or refers to other files.
    """

    def __init__(self, path: Path, contract: Json) -> None:
        self.path = path
        self._yaml = YamlDocument(path, lenient=True)
        self._origins: dict[Keys, Keys] = {}
        self._examples: list[tuple[Keys, Json, Json]] = []
        self.problems = list(self._yaml.tolerated)
        self.ids: dict[str, str] = {}
        raw = self._yaml.content
        if not isinstance(raw, Mapping) or not re.match(r"3\.[01]\.", str(raw.get("openapi"))):
            raise VendorError(f"{path}:1: expected an OpenAPI document of version 3.0 or 3.1")
        external = [
            f"{self.where((*keys, '$ref'))}: expected a reference within the document; bundle its files into one"
            for keys, node in nodes(raw)
            if isinstance(node.get("$ref"), str) and not node["$ref"].startswith("#")
        ]
        if external:
            raise VendorError("\n".join(external))
        # As it is written: YAML takes a version such as 2026.10 for a number.
        words = [getattr(self._yaml.node(("info", key)), "value", "") for key in ("title", "version")]
        self.title = " ".join([str(words[0]) or path.name, *str(words[1]).split()])
        self.source = f"the vendor's OpenAPI document {self.title}"
        components = self._map(raw.get("components", {}), ("components",), self._object)
        paths = self._map(raw.get("paths", {}), ("paths",), self._object)
        self._raw = upgraded({**raw, "components": components, "paths": paths})
        self.content: Json = {"openapi": self._raw["openapi"], "security": _security(raw), "paths": {}}
        self._components: dict[str, Json] = {"securitySchemes": components.get("securitySchemes", {})}
        self.content["components"] = self._components
        readers: dict[str, Reader] = {
            "schemas": self._schema,
            "headers": self._header,
            "parameters": self._parameter,
            "requestBodies": self._body,
            "responses": self._response,
        }
        for kind, read in readers.items():
            given = self._raw["components"].get(kind, {})
            self._components[kind] = {name: {} for name in given}  # one may refer to any other of its kind
            self._components[kind] = self._map(given, ("components", kind), read)
        self._read_paths(contract)
        self._check_examples()
        self.problems.sort(key=lambda problem: int(problem.removeprefix(f"{path}:").partition(":")[0]))

    def where(self, keys: Keys) -> str:
        """`file:line: place` of what the keys lead to in `content`."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self._origins:
                return self._yaml.where((*self._origins[keys[:length]], *keys[length:]))
        return self._yaml.where(keys)

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
        if first == f"#/components/{kind}" and isinstance(target, Mapping) and name in self._components.get(kind, {}):
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

    def _parameter(self, node: Json, keys: Keys) -> Json:
        reference, node = self._referred(node, keys, "parameters")
        if reference:
            return reference
        if not isinstance(node.get("name"), str) or node.get("in") not in ("path", "query", "header", "cookie"):
            self._note(keys, "expected name, and in: path, query, header or cookie; the parameter is ignored")
            return None
        required = node.get("required") is True
        if node["in"] == "path" and not required:
            self._note(keys, f"the path parameter {node['name']} is required")
        result = {"name": node["name"], "in": node["in"], "required": required or node["in"] == "path"}
        result |= {key: node[key] for key in ("style", "explode", "allowReserved", "deprecated") if key in node}
        if "content" in node:
            return {**result, "content": self._map(node["content"], (*keys, "content"), self._media)}
        return {**result, **self._media(node, keys)}

    def _header(self, node: Json, keys: Keys) -> Json:
        reference, node = self._referred(node, keys, "headers")
        return reference or {"required": node.get("required") is True, **self._media(node, keys)}

    def _body(self, node: Json, keys: Keys) -> Json:
        reference, node = self._referred(node, keys, "requestBodies")
        if reference:
            return reference
        content = self._map(node.get("content", {}), (*keys, "content"), self._media)
        return {"required": node.get("required") is True, "content": content}

    def _response(self, node: Json, keys: Keys) -> Json:
        reference, node = self._referred(node, keys, "responses")
        if reference:
            return reference
        readers: dict[str, Reader] = {"headers": self._header, "content": self._media}
        return {key: self._map(node[key], (*keys, key), read) for key, read in readers.items() if key in node}

    def _media(self, node: Json, keys: Keys) -> Json:
        """What has a schema, and examples: a type of content, a parameter or a header."""
        node = self._object(node, keys)
        place = (*keys, "schema") if "schema" in node else keys
        own = {key: node[key] for key in ("type", "format", "enum", "items") if key in node}
        if own and "schema" not in node:
            self._note(keys, "expected a schema around its keywords")
        schema = self._schema(node.get("schema", own), place)
        named = self._object(node.get("examples", {}), (*keys, "examples"))
        values = [each["value"] for each in named.values() if isinstance(each, Mapping) and "value" in each]
        values += [node["example"]] if "example" in node else []
        self._examples += [(keys, schema, value) for value in values]
        return {"schema": schema}

    def validator(self, schema: Json) -> jsonschema_rs.Validator:
        """A validator of a schema of `content`."""
        whole = {**schema, "components": self._components} if isinstance(schema, dict) else schema
        return jsonschema_rs.Draft202012Validator(whole, offline=True, validate_formats=True)

    def _check_examples(self) -> None:
        for keys, schema, value in self._examples:
            with contextlib.suppress(ValueError):  # a schema that cannot be compiled says nothing about examples
                if not self.validator(schema).is_valid(value):
                    self._note(keys, "an example does not match the schema")

    def _read_paths(self, contract: Json) -> None:
        base = urlsplit(contract["servers"][0]["url"]).path.rstrip("/")
        known = {skeleton(path): path for path in contract["paths"]}
        found = []
        for given, raw in self._raw["paths"].items():
            keys: Keys = ("paths", given)
            item = self._object(follow(self._raw, raw)[0], keys)
            path = "/" + re.sub(r":(\w+)", r"{\1}", given.partition("?")[0]).strip().lstrip("/")
            if path != given:
                self._note(keys, f"is read as {path}")
            path = path.removeprefix(base) if path.startswith(f"{base}/") else path
            named = known.get(skeleton(path), path)
            methods = [(each, each.lower()) for each in item if each.lower() in METHODS]
            found += [((*keys, each), path, named, method, item) for each, method in methods]
        ids: set[str] = set()
        # One that has an operation's path keeps the id that others have, too.
        for keys, path, named, method, item in sorted(
            found, key=lambda each: each[3] not in contract["paths"].get(each[2], ())
        ):
            node = self._object(item[keys[-1]], keys)
            if method in self.content["paths"].get(named, ()):
                self._note(keys, "the path is there with this method already; it is ignored")
                continue
            self._origins["paths", named, method] = keys
            operation = {"operationId": self._id(node, keys, ids), **self._operation(node, keys, item, path, named)}
            self.content["paths"].setdefault(named, {})[method] = operation

    def _id(self, node: Json, keys: Keys, ids: set[str]) -> str:
        given = node.get("operationId")
        if not isinstance(given, str) or not re.search("[A-Za-z]", given):
            self._note(keys, "has no operationId")
            given = " ".join(map(str, keys[1:][::-1]))
        first, *rest = re.findall("[A-Za-z0-9]+", given)
        name: str = first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in rest)
        base, number = name, 1
        while name.lower() in ids:
            name = f"{base}{(number := number + 1)}"
        ids.add(name.lower())
        self.ids.setdefault(given, name)
        if name != given:
            self._note((*keys, "operationId"), f"the operation is called {name} here")
        return name

    def _operation(self, node: Json, keys: Keys, item: Json, path: str, named: str) -> Json:
        tags = node.get("tags")
        result: Json = {"tags": [str(tag) for tag in tags[:1]]} if isinstance(tags, list) else {}
        result["parameters"] = self._parameters(node, keys, item, path, named)
        if "requestBody" in node:
            result["requestBody"] = self._body(node["requestBody"], (*keys, "requestBody"))
        responses = self._map(node.get("responses", {}), (*keys, "responses"), self._response)
        result["responses"] = {}
        for status, response in responses.items():
            if not (match := _STATUS.match(status.upper())):
                self._note((*keys, "responses", status), "expected a status; it is ignored")
            else:
                result["responses"][match[0].replace("DEFAULT", "default")] = response
        return result | ({"security": _security(node)} if "security" in node else {})

    def _parameters(self, node: Json, keys: Keys, item: Json, path: str, named: str) -> list[Json]:
        names = dict(zip(PATH_PARAMETER.findall(path), PATH_PARAMETER.findall(named), strict=True))
        found: dict[tuple[str, str], Json] = {}
        for place, given in ((keys, node), (keys[:-1], item)):
            before = set(found)
            listed = given.get("parameters", [])
            for index, each in enumerate(listed if isinstance(listed, list) else []):
                at = (*place, "parameters", index)
                parameter = self._parameter(each, at)
                plain = follow(self.content, parameter)[0]
                if not plain:
                    continue
                kind, name = plain["in"], plain["name"]
                if (kind, name) in found:
                    if (kind, name) not in before:
                        self._note(at, f"the parameter {name} is there twice")
                    continue
                if kind == "path" and name not in names:
                    self._note(at, f"{name} is not in the path; the parameter is ignored")
                    continue
                is_renamed = kind == "path" and names[name] != name
                self._origins["paths", named, str(keys[-1]).lower(), "parameters", len(found)] = at
                found[kind, name] = {**plain, "name": names[name]} if is_renamed else parameter
        for name, alias in names.items():
            if ("path", name) not in found:
                self._note(keys, f"the path parameter {name} is not described; it may be any text")
                found["path", name] = {"name": alias, "in": "path", "required": True, "schema": {"type": "string"}}
        return list(found.values())


def skeleton(path: str) -> str:
    """A path without the names of its parameters."""
    return PATH_PARAMETER.sub("{}", path).rstrip("/")


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


def _security(node: Json) -> list[dict[str, list[Json]]]:
    """The requirements of credentials of a document or operation that are well-formed."""
    listed = node.get("security")
    return [
        {name: scopes if isinstance(scopes, list) else [] for name, scopes in each.items()}
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, Mapping)
    ]


def _is_within(keys: Keys, reference: str) -> bool:
    """Whether a place is within what a reference leads to."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in reference.removeprefix("#/").split("/")]
    return [str(key) for key in keys[: len(steps)]] == steps
