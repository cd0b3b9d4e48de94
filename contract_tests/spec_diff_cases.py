"""Reads `spec_diff_cases.yaml`: changes of the contract that break callers, and changes that must be no alarm."""

import re
from pathlib import Path
from typing import Any

import yaml

from contract_tests.document_patches import Patch, both, drop, move, put

Json = Any
Case = tuple[Patch, set[tuple[str, ...]]]

QUEUE, INVITE = "/patients/{pt_id}/portal/enqueued", "/patients/{pt_id}/portal/invite"
LIST, POST = ("paths", QUEUE, "get"), ("paths", INVITE, "post")
SCHEMAS, JSON = ("components", "schemas"), ("content", "application/json")
LETTER, OK = (*SCHEMAS, "Letter"), (*LIST, "responses", "200")
TAKEN = (*POST, "requestBody", *JSON, "schema")
PLACES = {
    "": (),
    "DELETE": ("paths", f"{QUEUE}/{{queue_request_id}}", "delete"),
    "ENTRY": (*SCHEMAS, "PortalRequest", "properties"),
    "FILTER": ("components", "parameters", "StatusFilter"),
    "HEADERS": ("components", "responses", "Unauthorized", "headers"),
    "INVITE": POST,
    "LETTER": LETTER,
    "LIST": LIST,
    "PATH": ("paths", INVITE),
    "REQUEST": (*POST, "requestBody"),
    "RESPONSE": (*POST, "responses", "200"),
    "SCHEMAS": SCHEMAS,
}
OPERATIONS = {
    "DELETE": ("deletePortalRequest",),
    "INVITE": ("inviteToPortal",),
    "LIST": ("showPortalRequests",),
    "ALL": ("deletePortalRequest", "inviteToPortal", "showPortalRequests"),
    "ENTRIES": ("deletePortalRequest", "showPortalRequests"),
}

# The released contract takes no bodies: these tests give the invitation one.
BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Letter"}}}}
SCHEMA = {
    "type": "object",
    "required": ["subject"],
    "properties": {
        "subject": {"type": "string", "maxLength": 54},
        "kind": {"enum": ["new", "reset"]},
        "reply": {"anyOf": [{"$ref": "#/components/schemas/Id"}, {"type": "null"}]},
        "tags": {"type": "object"},
    },
}


def _keys(pointer: str) -> tuple[str, ...]:
    first, *rest = pointer.split("/")
    return (*PLACES[first], *(key.replace("~1", "/") for key in rest))


def _pointer(pointer: str) -> str:
    place = re.match("#([A-Z]+)", pointer)
    return f"#/{'/'.join(PLACES[place[1]])}{pointer[place.end() :]}" if place else pointer


def _patch(kind: str, pointer: str, value: Json = None) -> Patch:
    if kind == "put":
        return put(value, *_keys(pointer))
    return drop(*_keys(pointer)) if kind == "drop" else move(_keys(pointer), *_keys(value))


def _cases(kind: str) -> dict[str, Case]:
    cases = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))[kind]
    return {
        name: (
            both(*(_patch(*step) for step in case["steps"])),
            {
                (kind, operation, _pointer(pointer))
                for kind, pointer, *names in case["found"]
                for name in names
                for operation in OPERATIONS.get(name, (name,))
            },
        )
        for name, case in cases.items()
    }


BREAKING, COMPATIBLE = _cases("breaking"), _cases("compatible")
