"""Calls each operation of a contract once, as its examples have it, with a client and a mock that were made from it.

`python call_each.py CONTRACT` prints how many operations there are, and exits with 1 at the first call that fails.
"""

import sys
from pathlib import Path
from typing import Any

import yaml
from cerbo_portal_client import Client
from cerbo_portal_mock import MockPortal

Json = Any


def main() -> None:
    """Run the calls."""
    document = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    with MockPortal().server() as url, Client(url, username="un", password="pwd") as client:
        methods = {name.replace("_", ""): getattr(client, name) for name in dir(client) if name[0] != "_"}
        adopted = [operation for operation in operations if operation["tags"] != ["Patient-Portal"]]
        for operation in adopted:
            methods[operation["operationId"].lower()](**_arguments(document, operation))
    sys.stdout.write(f"{len(adopted)}\n")


def _arguments(document: Json, operation: Json) -> dict[str, Json]:
    given = [_resolved(document, each) for each in operation.get("parameters", ())]
    arguments = {each["name"]: _example(each) for each in given if each["required"]}
    body = operation.get("requestBody", {"required": False})
    if body["required"]:
        arguments |= _example(body["content"]["application/json"])
    return arguments


def _resolved(document: Json, node: Json) -> Json:
    kind, name = node["$ref"].split("/")[-2:] if "$ref" in node else ("", "")
    return document["components"][kind][name] if kind else node


def _example(node: Json) -> Json:
    return next(iter(node["examples"].values()))["value"]


if __name__ == "__main__":
    main()
