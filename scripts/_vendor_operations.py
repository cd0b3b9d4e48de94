"""Operations of a vendor's document as the contract has them: graded, with texts and examples of this project."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from _schema_diff import INNER, LISTED, NAMED
from _vendor_document import NO_NUL, VendorDocument
from cerbo_portal_mock.spec.example_values import ExampleValues

from contract_tests.spec_lint.navigation import follow, located_operations, nodes
from contract_tests.spec_lint.structure import formats
from contract_tests.spec_lint.yaml_lines import Keys

Json = Any

_DESCRIPTION = "As the vendor's document has it."
_JSON = "application/json"
# Keywords that are written in another way, or not at all.
_REPLACED = {"enum", "format", "required", "discriminator"}
# What a response is useless without. The client must not rely on whatever else the vendor requires.
_RELIED_ON = {"id", "data"}
# Headers that the client itself sends.
_HTTP_HEADERS = {"accept", "authorization", "content-type", "cookie", "host"}
_SUCCESS = {"has_more": False, "result": True}


class VendorOperations:
    """Turns operations of a vendor's document into additions to the contract.

    Args:
        contract: the contract.
        vendor: the document.

    Attributes:
        additions: what the contract gets, by keys.
        notes: what is left out, as `file:line: place: text`.
    """

    def __init__(self, contract: Json, vendor: VendorDocument) -> None:
        self._contract, self._vendor = contract, vendor
        self._grade = {"x-provenance": "documented", "x-source": vendor.source}
        self._names: dict[str, str] = {}
        self._sent: set[str] = set()
        self.additions: dict[Keys, Json] = {}
        self.notes: list[str] = []

    def add(self, operations: Iterable[Keys]) -> None:
        """Add operations, and the components that they need.

        Args:
            operations: the keys of the operations in the vendor's document.
        """
        found = {keys: self._vendor.content["paths"][keys[1]][keys[2]] for keys in operations}
        for operation in found.values():
            self._mark_as_sent(operation.get("requestBody", {}))
        for keys, operation in found.items():
            self.additions[keys] = self._operation(keys, operation)
        described = {tag["name"] for tag in self._contract.get("tags", [])}
        for name in dict.fromkeys(self.additions[keys]["tags"][0] for keys in found):
            if name not in described:
                text = "Operations adopted from the vendor's document."
                self.additions["tags", name] = {"name": name, "description": text}

    def _mark_as_sent(self, node: Json) -> None:
        for _, child in [*nodes(follow(self._vendor.content, node)[0])]:
            if (reference := child.get("$ref")) and reference not in self._sent:
                self._sent.add(reference)
                self._mark_as_sent(child)

    def _resolved(self, node: Json, keys: Keys) -> tuple[Json, Keys]:
        node, reference = follow(self._vendor.content, node)
        return node, tuple(reference.removeprefix("#/").split("/")) if reference else keys

    def _note(self, keys: Keys, text: str) -> None:
        self.notes.append(f"{self._vendor.where(keys)}: {text}")

    def _operation(self, keys: Keys, operation: Json) -> Json:
        _, path, method = keys
        name: str = operation["operationId"]
        result: Json = {
            "operationId": name,
            "tags": operation.get("tags") or ["Adopted"],
            "summary": f"{str(method).upper()} {path}",
            "description": "Adopted from the vendor's document.",
            **self._grade,
            "x-idempotent": method in {"get", "head"},
        }
        if parameters := self._parameters(keys, operation):
            result["parameters"] = parameters
        if "requestBody" in operation:
            body, place = self._resolved(operation["requestBody"], (*keys, "requestBody"))
            content = self._content(body, place, f"{name[0].upper()}{name[1:]}Body", is_sent=True)
            result["requestBody"] = {**self._grade, "required": body["required"], "content": content}
        successes = {}
        for status, each in operation["responses"].items():
            response, place = self._resolved(each, (*keys, "responses", status))
            if status.startswith("2"):
                content = self._content(response, place, f"{name[0].upper()}{name[1:]}Response", is_sent=False)
                successes[status] = {
                    "description": "Success.",
                    **self._grade,
                    **({"content": content} if content else {}),
                }
        others = [status for status in operation["responses"] if status.isdecimal() and status >= "400"]
        result["responses"] = dict(sorted({**successes, **self._errors(result, others)}.items()))
        return result

    def _errors(self, operation: Json, documented: list[str]) -> Json:
        """The errors that the contract's operations have, and those that the vendor documents."""
        usual: dict[str, Counter[str]] = {}
        for _, other in located_operations(self._contract):
            if ("requestBody" in other) == ("requestBody" in operation):
                for status, response in other["responses"].items():
                    usual.setdefault(status, Counter())[response.get("$ref", "")] += 1
        statuses = {*documented, "401", "403", "429", "500", "503"}
        statuses |= {"400"} if {"requestBody", "parameters"} & operation.keys() else set()
        statuses |= {"404"} if "parameters" in operation else set()
        return {status: self._error(status, usual.get(status, Counter())) for status in statuses}

    def _error(self, status: str, usual: Counter[str]) -> Json:
        reference = next((reference for reference, _ in usual.most_common() if reference), "")
        if reference and status != "404":
            return {"$ref": reference}
        text = "There is nothing with this id." if status == "404" else f"The error {status}."
        known = self._contract["components"]["responses"].values()
        example = next(each for response in known for each in response["content"][_JSON]["examples"].values())
        media = {
            "schema": {"$ref": "#/components/schemas/Error"},
            "examples": {"error": {"value": _with_message(example["value"], text)}},
        }
        grade = {"x-provenance": "assumed"} if status == "404" else self._grade
        response = {"description": text, **grade, "content": {_JSON: media}}
        if status != "404":
            return response
        if "NotFound" not in self._contract["components"]["responses"]:
            self.additions["components", "responses", "NotFound"] = response
        return {"$ref": "#/components/responses/NotFound"}

    def _parameters(self, keys: Keys, operation: Json) -> list[Json]:
        ours = {(each["in"], each["name"]): name for name, each in self._contract["components"]["parameters"].items()}
        found: dict[str, tuple[str, Json]] = {}
        for index, each in enumerate(operation["parameters"]):
            parameter, place = self._resolved(each, (*keys, "parameters", index))
            name, kind = parameter["name"], parameter["in"]
            if name in found or "schema" not in parameter or (kind == "header" and name.lower() in _HTTP_HEADERS):
                text = "expected a schema, a name that no other parameter has, and none of HTTP's own headers"
                self._note(place, f"the parameter {name} is left out: {text}")
            elif kind == "path" and (kind, name) in ours:
                found[name] = kind, {"$ref": f"#/components/parameters/{ours[kind, name]}"}
            elif "$ref" in each:
                write = partial(self._parameter, parameter, place)
                found[name] = kind, self._component(each["$ref"], "parameters", str(place[-1]), parameter, write)
            else:
                found[name] = kind, self._parameter(parameter, place)
        return [written for _, written in sorted(found.values(), key=lambda each: each[0] != "path")]

    def _parameter(self, parameter: Json, keys: Keys) -> Json:
        kept = ("name", "in", "required", "style", "explode", "deprecated")
        return {
            **{key: parameter[key] for key in kept if key in parameter},
            "description": _DESCRIPTION,
            **self._grade,
            "schema": self._written(parameter["schema"], (*keys, "schema"), is_sent=True),
            **self._examples(parameter["schema"], keys),
        }

    def _content(self, node: Json, keys: Keys, name: str, *, is_sent: bool) -> Json:
        """The types of content of a body; a JSON object becomes a component of this name, if it is not one yet."""
        content = {}
        for media, each in node.get("content", {}).items():
            schema, place = each["schema"], (*keys, "content", media, "schema")
            if media == _JSON and schema and "$ref" not in schema:
                write = partial(self._written, schema, place, is_sent=is_sent, described=_DESCRIPTION)
                written = self._component("/".join(map(str, place)), "schemas", name, schema, write)
            else:
                written = self._written(schema, place, is_sent=is_sent)
            graded = written if "$ref" in written else {**written, **self._grade}
            content[media] = {"schema": graded, **self._examples(schema, place)}
        return content

    def _examples(self, schema: Json, keys: Keys) -> Json:
        """A made example, by which a list is complete and a call successful; none where none is found."""
        try:
            value = ExampleValues(self._vendor.content, self._vendor.validator, "adopt").value(schema)
        except ValueError:  # also of a schema that cannot be compiled
            self._note(keys, "expected a schema of which an example can be made")
            return {}
        if isinstance(value, dict):
            value |= {name: known for name, known in _SUCCESS.items() if isinstance(value.get(name), bool)}
            if isinstance(value.get("data"), list) and isinstance(value.get("total_count"), int):
                value["total_count"] = len(value["data"])
        return {"examples": {"made": {"value": value}}}

    def _component(self, pointer: str, kind: str, name: str, node: Json, write: Callable[[], Json]) -> Json:
        """A reference to a component, which is written under a free name unless it is there from this document."""
        if pointer not in self._names:
            known = self._contract["components"][kind]
            name = free = re.sub(r"\W", "", name)
            number = 1
            # An object becomes a class, which may not have a member of the same name.
            taken = {
                *self._names.values(),
                *(each for each in known if known[each].get("x-source") != self._vendor.source),
            }
            while free in taken or _snake(free) in node.get("properties", ()):
                free = f"{name}{(number := number + 1)}"
            self._names[pointer] = free
            if free not in known:
                self.additions["components", kind, free] = {}  # keeps its place; a recursive schema refers to it
                self.additions["components", kind, free] = write()
        return {"$ref": f"#/components/{kind}/{self._names[pointer]}"}

    def _written(self, schema: Json, keys: Keys, *, is_sent: bool, described: str = "") -> Json:
        """A schema as the contract has it; with a description, it is graded."""
        if isinstance(schema, bool):
            return schema
        if reference := schema.get("$ref"):
            target, place = self._resolved(schema, keys)
            write = partial(self._written, target, place, is_sent=reference in self._sent, described=_DESCRIPTION)
            return self._component(reference, "schemas", str(place[-1]), target, write)
        result = self._keywords(schema, keys, is_sent=is_sent)
        if described:
            result |= {"description": described, **self._grade}
        if required := [name for name in schema.get("required", ()) if is_sent or name in _RELIED_ON]:
            result["required"] = required
        for key in sorted(INNER & schema.keys(), key="properties".__ne__):
            value, place = schema[key], (*keys, key)
            if key in NAMED:
                result[key] = {
                    name: self._written(child, (*place, name), is_sent=is_sent, described=_DESCRIPTION)
                    for name, child in value.items()
                }
            elif key in LISTED:
                result[key] = [self._written(child, (*place, at), is_sent=is_sent) for at, child in enumerate(value)]
            else:
                result[key] = self._written(value, place, is_sent=is_sent)
        return result

    def _keywords(self, schema: Json, keys: Keys, *, is_sent: bool) -> Json:
        """The keywords of a schema that hold none."""
        result = {key: value for key, value in schema.items() if key not in INNER | _REPLACED}
        if "format" in schema:
            if schema["format"] in formats():
                result["format"] = schema["format"]
            else:
                self._note((*keys, "format"), "this format is left out")
        if "enum" in schema:
            texts = [value for value in schema["enum"] if isinstance(value, str)]
            if len(texts) == sum(value is not None for value in schema["enum"]) > 0:
                result = {"type": "string", **result, "x-extensible-enum": list(dict.fromkeys(texts))}
            else:
                self._note((*keys, "enum"), "these values are left out: expected texts")
        if is_sent and result.get("type") == "string":
            result.setdefault("pattern", NO_NUL)
        return result


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _with_message(value: Json, text: str) -> Json:
    """The example of an error with another message."""
    if isinstance(value, dict):
        return {key: text if key == "message" else _with_message(child, text) for key, child in value.items()}
    return value
