"""A valid call of each operation, from the contract's own examples: a new operation needs no new line here."""

import re
from dataclasses import dataclass
from typing import Any

from contract_tests.spec_lint import navigation

Json = Any


@dataclass(frozen=True)
class Sample:
    """A call: the values of the path parameters by name, and what the contract shows of its body and its query.

    `bodies` are JSON objects by the names of their examples; `queries` are the texts of query parameters that
    have an effect, with their names. `repeated` are the members of the body that repeat a path parameter, with its
    name; `needed` are the query parameters, with their values, with which alone a member may be sent.
    """

    method: str
    path: str
    values: dict[str, Any]
    bodies: dict[str, dict[str, Json]]
    queries: list[tuple[str, str]]
    repeated: dict[str, str]
    needed: dict[str, dict[str, Json]]

    def query(self, body: dict[str, Json]) -> dict[str, Json]:
        """The query without which this body is refused."""
        return {name: value for member in body for name, value in self.needed.get(member, {}).items()}

    def fitting(self, body: dict[str, Json], values: dict[str, Any], query: dict[str, Json]) -> dict[str, Json]:
        """The body with what the path says where it repeats that, and without members that the query rules out."""
        body = body | {name: values[argument] for name, argument in self.repeated.items() if name in body}
        return {name: value for name, value in body.items() if self.needed.get(name, {}).items() <= query.items()}

    @property
    def body(self) -> dict[str, Json] | None:
        """The JSON body, None if there is none."""
        return next(iter(self.bodies.values()), None)

    @property
    def arguments(self) -> dict[str, Any]:
        """The same for the method of the client."""
        return {**self.values, **(self.body or {})}


def sample(document: Json, operation_id: str) -> Sample:
    """The sample call of an operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                declared = [*item.get("parameters", []), *operation.get("parameters", [])]
                parameters = [navigation.resolve(document, parameter) for parameter in declared]
                values = {each["name"]: _examples(each)[0] for each in parameters if each["in"] == "path"}
                queries = [
                    (each["name"], str(value).lower())
                    for each in parameters
                    if each["in"] == "query" and "x-coming-soon" not in each
                    for value in _examples(each)
                ]
                content = navigation.resolve(document, operation.get("requestBody", {})).get("content", {})
                examples = content.get("application/json", {}).get("examples", {})
                bodies = {name: example["value"] for name, example in examples.items()}
                return Sample(
                    method.upper(),
                    path,
                    values,
                    bodies,
                    queries,
                    repeated=navigation.repeated(document, operation),
                    needed=navigation.needed(document, operation),
                )
    raise LookupError(operation_id)


def method_name(operation_id: str) -> str:
    """The client's name of an operation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation_id).lower()


def _examples(node: Json) -> list[Any]:
    return [example["value"] for example in node["examples"].values()]
