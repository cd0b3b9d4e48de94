"""A vendor's OpenAPI document, reduced to the structure that it states; whatever is wrong with it is reported."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _openapi_upgrade import upgraded
from _schema_diff import as_object
from _vendor_schema import Reader, SchemaReader

from contract_tests.spec_lint.navigation import METHODS, follow, nodes
from contract_tests.spec_lint.yaml_lines import Keys

Json = Any

NO_NUL = r"^[^\u0000]*$"
PATH_PARAMETER = re.compile(r"{([^{}]*)}")

_STATUS = re.compile(r"[1-5](?:\d\d|XX)|DEFAULT")


class VendorError(Exception):
    """A document cannot be adopted; the text names file and line, and what was expected."""


class VendorDocument(SchemaReader):
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
        super().__init__(path)
        self._origins: dict[Keys, Keys] = {}
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
        self._components["securitySchemes"] = components.get("securitySchemes", {})
        self.content["components"] = self._components
        readers: dict[str, Reader] = {
            "schemas": lambda node, keys: as_object(self._schema(node, keys)),
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
        silent = sum(not {"summary", "description"} & as_object(item[keys[-1]]).keys() for keys, *_, item in found)
        if silent:
            self._note(("paths",), f"{silent} of {len(found)} operations have no summary and no description")
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


def _security(node: Json) -> list[dict[str, list[Json]]]:
    """The requirements of credentials of a document or operation that are well-formed."""
    listed = node.get("security")
    return [
        {name: scopes if isinstance(scopes, list) else [] for name, scopes in each.items()}
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, Mapping)
    ]
