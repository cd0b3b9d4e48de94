"""Changes of the contract, and where each is found: those that break, and those that must be no alarm."""

from typing import Any

from contract_tests.document_patches import Patch, both, drop, move, put

Json = Any

QUEUE, INVITE = "/patients/{pt_id}/portal/enqueued", "/patients/{pt_id}/portal/invite"
LIST, POST = ("paths", QUEUE, "get"), ("paths", INVITE, "post")
DELETE = ("paths", f"{QUEUE}/{{queue_request_id}}", "delete")
PARAMETERS, SCHEMAS = ("components", "parameters"), ("components", "schemas")
ENTRY, LETTER = (*SCHEMAS, "PortalRequest", "properties"), (*SCHEMAS, "Letter")
TAKEN = (*POST, "requestBody", "content", "application/json", "schema")
OK, JSON = (*LIST, "responses", "200"), ("content", "application/json")
ALL = ("deletePortalRequest", "inviteToPortal", "showPortalRequests")
ANSWER_ENTRIES = ("deletePortalRequest", "showPortalRequests")

# The contract takes no bodies yet: these tests give the invitation one.
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


def _everywhere(pointer: str) -> set[tuple[str, str]]:
    return {(operation, pointer) for operation in ALL}


def _of_entries(pointer: str) -> set[tuple[str, str]]:
    return {(operation, f"#/components/schemas/PortalRequest{pointer}") for operation in ANSWER_ENTRIES}


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


COMPATIBLE: dict[str, tuple[Patch, set[tuple[str, str, str]]]] = {
    "other texts": (
        both(
            put("Else.", *LIST, "description"),
            put("Else.", *SCHEMAS, "Error", "description"),
            drop(*OK, *JSON, "examples", "patient1"),
            put("elsewhere", *LIST, "x-source"),
            put("Else.", "info", "description"),
        ),
        set(),
    ),
    "another grade": (put("inferred", *LIST, "x-provenance"), {("changed", "showPortalRequests", "")}),
    "another grade of a component": (
        put("documented", *SCHEMAS, "InvitationResult", "x-provenance"),
        {("changed", "inviteToPortal", "#/components/schemas/InvitationResult")},
    ),
    "a new operation": (
        put({**BODY, "operationId": "ping", "responses": {}}, *POST[:2], "get"),
        {("added", "ping", "")},
    ),
    "a new optional parameter": (
        put({"name": "limit", "in": "query", "schema": {}}, *LIST, "parameters", 0),
        {("added", "showPortalRequests", "/parameters/0")},
    ),
    "parameters in another order": (
        both(drop(*LIST, "parameters", 0), put({"$ref": "#/components/parameters/PatientId"}, *LIST, "parameters", 2)),
        set(),
    ),
    "a parameter that says how it is written anyway": (
        both(put("form", *FILTER, "style"), put(True, *FILTER, "explode")),
        set(),
    ),
    "a parameter takes effect": (
        drop(*FILTER, "x-coming-soon"),
        {("changed", "showPortalRequests", "#/components/parameters/StatusFilter")},
    ),
    "a parameter takes more": (
        put({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, *FILTER, "schema"),
        {("changed", "showPortalRequests", "#/components/parameters/StatusFilter/schema")},
    ),
    "an open set has another known member": (
        put("closed", *SCHEMAS, "RequestStatus", "x-extensible-enum", 0),
        {("changed", operation, "#/components/schemas/RequestStatus") for operation in ANSWER_ENTRIES},
    ),
    "a body takes another member": (
        put({"type": "string"}, *LETTER, "properties", "notes"),
        {("added", "inviteToPortal", "#/components/schemas/Letter/properties/notes")},
    ),
    "a member of a body becomes optional": (
        drop(*LETTER, "required"),
        {("changed", "inviteToPortal", "#/components/schemas/Letter")},
    ),
    "a body takes another media type": (
        put({}, *POST, "requestBody", "content", "text/plain"),
        {("added", "inviteToPortal", "/requestBody/content/text~1plain")},
    ),
    "a new optional body": (put(BODY, *DELETE, "requestBody"), {("added", "deletePortalRequest", "/requestBody")}),
    "an answer has another member": (
        put({"type": "string"}, *ENTRY, "priority"),
        {("added", *place) for place in _of_entries("/properties/priority")},
    ),
    "a member of an answer is never absent": (
        put(["result", "message", "action"], *SCHEMAS, "DeletionResult", "required"),
        {("changed", "deletePortalRequest", "#/components/schemas/DeletionResult")},
    ),
    "a member of an answer is never null": (
        put("integer", *ENTRY, "addedby", "type"),
        {("changed", *place) for place in _of_entries("/properties/addedby")},
    ),
    "a component is named otherwise": (
        both(
            move((*SCHEMAS, "InvitationResult"), *SCHEMAS, "Invitation"),
            put({"$ref": "#/components/schemas/Invitation"}, *POST, "responses", "200", *JSON, "schema"),
        ),
        set(),
    ),
    "a new error": (
        put({"$ref": "#/components/responses/BadRequest"}, *LIST, "responses", "409"),
        {("added", "showPortalRequests", "/responses/409")},
    ),
    "an error is gone": (drop(*POST, "responses", "422"), {("changed", "inviteToPortal", "/responses/422")}),
    "a new header": (
        put({"schema": {}}, *HEADERS, "Retry-After"),
        {("added", name, "#/components/responses/Unauthorized/headers/Retry-After") for name in ALL},
    ),
    "a repeat becomes safe": (put(True, *POST, "x-idempotent"), {("changed", "inviteToPortal", "/x-idempotent")}),
    "the default is stated": (put("error", *POST, "x-result-false"), set()),
    "other credentials are enough too": (
        both(
            put({"type": "http", "scheme": "bearer"}, "components", "securitySchemes", "token"),
            put([{"basicAuth": []}, {"token": []}], *LIST, "security"),
        ),
        {("changed", "showPortalRequests", "/security")},
    ),
    "no credentials are needed": (put([], *LIST, "security"), {("changed", "showPortalRequests", "/security")}),
    "a scheme is named otherwise": (
        both(
            move(("components", "securitySchemes", "basicAuth"), "components", "securitySchemes", "user"),
            put([{"user": []}], "security"),
        ),
        set(),
    ),
    "a new server": (put({"url": "https://example.org"}, "servers", 0), {("added", "servers", "https://example.org")}),
}
