"""A valid call of each operation, from the contract's own examples: a new operation needs no new line here."""

import re
from dataclasses import dataclass
from typing import Any

from contract_tests import spec_rules

Json = Any


@dataclass(frozen=True)
class Sample:
    """A call: the values of the path parameters by name, and the JSON body, None if there is none."""

    method: str
    path: str
    values: dict[str, Any]
    body: dict[str, Json] | None

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
                parameters = [spec_rules.resolve(document, parameter) for parameter in declared]
                values = {each["name"]: _example(each) for each in parameters if each["in"] == "path"}
                body = spec_rules.resolve(document, operation.get("requestBody", {})).get("content")
                return Sample(method.upper(), path, values, body and _example(body["application/json"]))
    raise LookupError(operation_id)


def method_name(operation_id: str) -> str:
    """The client's name of an operation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation_id).lower()


def _example(node: Json) -> Any:
    return next(iter(node["examples"].values()))["value"]
