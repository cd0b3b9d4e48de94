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


<<<<<<< HEAD
def _patch(kind: str, pointer: str, value: Json = None) -> Patch:
    if kind == "put":
        return put(value, *_keys(pointer))
    return drop(*_keys(pointer)) if kind == "drop" else move(_keys(pointer), *_keys(value))
=======
FILTER = (*PARAMETERS, "StatusFilter")
AT_FILTER = {("showPortalRequests", "#/components/parameters/StatusFilter")}
ERRORS = {*_everywhere("#/components/schemas/Error"), ("x-any-operation", "#/components/schemas/Error")}
HEADERS = ("components", "responses", "Unauthorized", "headers")
BREAKING: dict[str, tuple[Patch, set[tuple[str, str]]]] = {
    "an operation is gone": (drop(*POST), {("inviteToPortal", "")}),
    "an operation is renamed": (put("invite", *POST, "operationId"), {("inviteToPortal", "/operationId")}),
    "a path is moved": (move(("paths", INVITE), "paths", "/patients/{pt_id}/invite"), {("inviteToPortal", "")}),
    "a method is another": (move(POST, *POST[:2], "put"), {("inviteToPortal", "")}),
    "a server is gone": (drop("servers", 0), {("servers", "https://{subdomain}.md-hq.com/api/v1")}),
    "a parameter is gone": (drop(*LIST, "parameters", 2), AT_FILTER),
    "a parameter is new and required": (
        put({"name": "limit", "in": "query", "required": True, "schema": {}}, *LIST, "parameters", 3),
        {("showPortalRequests", "/parameters/3")},
    ),
    "a parameter becomes required": (put(True, *FILTER, "required"), AT_FILTER),
    "a parameter is written otherwise": (put(False, *FILTER, "explode"), AT_FILTER),
    "a parameter stands elsewhere": (put("header", *FILTER, "in"), AT_FILTER),
    "a parameter has a default": (put({"type": "string", "default": "open"}, *FILTER, "schema"), AT_FILTER),
    "a parameter has a default beside a reference": (put("open", *FILTER, "schema", "default"), AT_FILTER),
    "a parameter takes a smaller range": (put(10, *SCHEMAS, "Id", "maximum"), _everywhere("#/components/schemas/Id")),
    "a parameter takes fewer bits": (
        both(put("int32", *SCHEMAS, "Id", "format"), drop(*SCHEMAS, "Id", "maximum")),
        _everywhere("#/components/schemas/Id"),
    ),
    "a parameter takes a set that was open": (
        put(["open"], *SCHEMAS, "RequestStatus", "enum"),
        {("showPortalRequests", "#/components/schemas/RequestStatus")},
    ),
    "a body is gone": (drop(*POST, "requestBody"), {("inviteToPortal", "/requestBody")}),
    "a body is new and required": (
        put({**BODY, "required": True}, *DELETE, "requestBody"),
        {("deletePortalRequest", "/requestBody")},
    ),
    "a body becomes required": (put(True, *POST, "requestBody", "required"), {("inviteToPortal", "/requestBody")}),
    "a media type is no longer taken": (
        move((*POST, "requestBody", *JSON), *POST, "requestBody", "content", "text/plain"),
        {("inviteToPortal", "/requestBody/content/application~1json")},
    ),
    "a member of a body becomes required": (
        put(["subject", "kind"], *LETTER, "required"),
        {("inviteToPortal", "#/components/schemas/Letter")},
    ),
    "a member of a body is gone": (
        drop(*LETTER, "properties", "kind"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/kind")},
    ),
    "a member of a body is shorter": (
        put(50, *LETTER, "properties", "subject", "maxLength"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/subject")},
    ),
    "a member of a body takes fewer values": (
        put(["new"], *LETTER, "properties", "kind", "enum"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/kind")},
    ),
    "a member of a body must equal an argument": (
        put("$request.path.pt_id", *LETTER, "properties", "kind", "x-equals"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/kind")},
    ),
    "a member of a body is taken with one argument only": (
        put({"$request.query.enqueue": True}, *LETTER, "properties", "kind", "x-only-with"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/kind")},
    ),
    "a free object in a body is named": (
        put({"color": {"type": "string"}}, *LETTER, "properties", "tags", "properties"),
        {("inviteToPortal", "#/components/schemas/Letter/properties/tags/properties/color")},
    ),
    "a body is composed otherwise": (
        put(
            {"allOf": [{"$ref": "#/components/schemas/Letter"}, {"required": ["kind"]}]},
            *POST,
            "requestBody",
            *JSON,
            "schema",
        ),
        {("inviteToPortal", "/requestBody/content/application~1json/schema")},
    ),
    "a success is new": (
        put({"description": "Queued."}, *POST, "responses", "202"),
        {("inviteToPortal", "/responses/202")},
    ),
    "a success is gone": (
        move((*POST, "responses", "200"), *POST, "responses", "201"),
        {("inviteToPortal", "/responses/200"), ("inviteToPortal", "/responses/201")},
    ),
    "an answer has another media type": (
        put({}, *OK, "content", "text/html"),
        {("showPortalRequests", "/responses/200/content/text~1html")},
    ),
    "an answer has no body": (
        drop(*OK, "content"),
        {("showPortalRequests", "/responses/200/content/application~1json")},
    ),
    "a member of an answer may be absent": (
        put(["object", "id", "created"], *SCHEMAS, "PortalRequest", "required"),
        _of_entries(""),
    ),
    "a member of an answer may be null": (
        put(["string", "null"], *SCHEMAS, "InvitationResult", "properties", "message", "type"),
        {("inviteToPortal", "#/components/schemas/InvitationResult/properties/message")},
    ),
    "a member of an answer is gone": (drop(*ENTRY, "notes"), _of_entries("/properties/notes")),
    "a member of an answer loses its format": (drop(*ENTRY, "created", "format"), _of_entries("/properties/created")),
    "a member of an answer is no constant": (
        drop(*SCHEMAS, "PortalRequestList", "properties", "object", "const"),
        {("showPortalRequests", "#/components/schemas/PortalRequestList/properties/object")},
    ),
    "a list of an answer holds another thing": (
        put({"type": "integer"}, *SCHEMAS, "PortalRequestList", "properties", "data", "items"),
        {("showPortalRequests", "#/components/schemas/PortalRequestList/properties/data/items")},
    ),
    "an error has another body": (put([], *SCHEMAS, "Error", "required"), ERRORS),
    "a required header is gone": (
        drop(*HEADERS, "WWW-Authenticate"),
        {(name, "#/components/responses/Unauthorized/headers/WWW-Authenticate") for name in ALL},
    ),
    "a header may be absent": (
        put(False, "components", "headers", "WWW-Authenticate", "required"),
        _everywhere("#/components/headers/WWW-Authenticate"),
    ),
    "a header may be anything": (
        drop("components", "headers", "WWW-Authenticate", "schema", "pattern"),
        _everywhere("#/components/headers/WWW-Authenticate/schema"),
    ),
    "a header that no operation has is gone": (
        drop("x-any-operation", "405", "headers", "Allow"),
        {("x-any-operation", "#/x-any-operation/405/headers/Allow")},
    ),
    "a repeat is no longer safe": (put(False, *DELETE, "x-idempotent"), {("deletePortalRequest", "/x-idempotent")}),
    "a false result is an answer": (put("answer", *POST, "x-result-false"), {("inviteToPortal", "/x-result-false")}),
    "other credentials are asked for": (
        put({"type": "http", "scheme": "bearer"}, "components", "securitySchemes", "basicAuth"),
        _everywhere("/security"),
    ),
    "more credentials are asked for": (
        both(
            put({"type": "apiKey", "in": "header", "name": "X-Key"}, "components", "securitySchemes", "key"),
            put([{"basicAuth": [], "key": []}], *LIST, "security"),
        ),
        {("showPortalRequests", "/security")},
    ),
}
>>>>>>> next


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
