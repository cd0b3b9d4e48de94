"""Builds an OpenAPI 3.0 document of 120 operations in the vendor's style, with the faults that such documents have."""

from collections.abc import Iterator
from typing import Any

Json = Any

OPERATIONS = 120
JSON = "application/json"
# Every word is a resource with five operations: list, show, create, update, delete.
_RESOURCES = (
    *("allergies", "appointments", "charges", "contacts", "diagnoses", "encounters", "facilities", "forms", "goals"),
    *("images", "immunizations", "insurances", "labs", "medications", "notes", "orders", "payments", "pharmacies"),
    *("problems", "referrals", "tasks", "vitals"),
)
_NUMBER = {"type": "integer", "example": 12}
_TEXT = {"type": "string"}


def build() -> Json:
    """The document: its first ten operations are the contract's, the others belong to 22 resources."""
    document: Json = {
        "openapi": "3.0.3",
        "info": {"title": "Example EHR API", "version": "2026.11", "contact": {"email": "api@vendor.example"}},
        "servers": [{"url": "https://{subdomain}.vendor.example/api/v1", "variables": {"subdomain": {"default": "a"}}}],
        "security": [{"basic": []}],
        "paths": _portal(),
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            "parameters": {
                "Limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
                "Offset": _query("offset", {"type": "integer", "minimum": 0, "exclusiveMinimum": False, "default": 0}),
                "id": _path("id"),
            },
            "responses": {"Error": _response({"$ref": "#/components/schemas/Error"})},
            "schemas": {
                "Error": _object(error=_object(type=_TEXT, message=_TEXT)),
                "Result": _object(result={"type": "boolean"}, object=_TEXT, id=_NUMBER, message=_TEXT),
            },
        },
    }
    for index, name in enumerate(_RESOURCES):
        _add_resource(document, index, name)
    for place, fault in _faults():
        node = document
        for key in place:
            node[key] = dict(node[key])  # others share it
            node = node[key]
        node.update(fault)
        for name in [name for name, value in fault.items() if value is None]:
            del node[name]
    return document


def _add_resource(document: Json, index: int, name: str) -> None:
    one = name.removesuffix("s")
    model, ref = one.capitalize(), {"$ref": f"#/components/schemas/{one.capitalize()}"}
    date = {"type": "string", "format": "date-time", "nullable": True}
    members = {"name": _TEXT, "notes": {"type": "string", "nullable": True}, "amount": {"type": "number"}}
    document["components"]["schemas"] |= {
        model: _object(["id"], object=_TEXT, id=_NUMBER, created=date, url=_TEXT, **members),
        f"{model}List": _object(
            ["object", "data"],
            object=_TEXT,
            total_count={"type": "integer"},
            has_more={"type": "boolean"},
            data={"type": "array", "items": ref},
        ),
        f"New{model}": _object(["name"], **members),
    }
    pages = [{"$ref": "#/components/parameters/Limit"}, {"$ref": "#/components/parameters/Offset"}]
    body = {"required": True, "content": {JSON: {"schema": {"$ref": f"#/components/schemas/New{model}"}}}}
    result = {"$ref": "#/components/schemas/Result"}
    tag = name.capitalize()
    document["paths"] |= {
        f"/patients/{{id}}/{name}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": _operation(f"list{tag}", tag, {"$ref": f"#/components/schemas/{model}List"}, parameters=pages),
            "post": _operation(f"create{model}", tag, result, requestBody=body),
        },
        f"/{name}/{{{one}_id}}": {
            "parameters": [_path(f"{one}_id")],
            "get": _operation(f"show{model}", tag, ref),
            "put" if index % 2 else "patch": _operation(f"update{model}", tag, result, requestBody=body),
            "delete": _operation(f"delete{model}", tag, result),
        },
    }


def _portal() -> Json:
    """The contract's operations, some of them in another form."""
    entry = _object(["id"], object=_TEXT, id=_NUMBER, subject=_TEXT, notes=_TEXT, priority=_TEXT)
    queue = _object(["data"], object=_TEXT, has_more={"type": "boolean"}, data={"type": "array", "items": entry})
    created = _object(result={"type": "boolean"}, message=_TEXT, portal_queue_id={"type": "integer"})
    tag, base = "Patient-Portal", "/patients/{pt_id}"
    id_, enqueue = _path("pt_id"), _query("enqueue", {"type": "boolean", "default": True})
    drug = _object(["drug_id"], drug_id=_NUMBER, notes=_TEXT)
    message = _object(["subject", "note"], subject={**_TEXT, "maxLength": 50}, note=_TEXT, urgent={"type": "boolean"})

    def post(name: str, body: Json | None = None, *parameters: Json) -> Json:
        given = {"requestBody": {"required": True, "content": {JSON: {"schema": body}}}} if body else {}
        return {"post": _operation(name, tag, created, parameters=[id_, *parameters], **given)}

    listed = _operation("showPortalRequests", tag, queue, parameters=[id_, _query("status", _TEXT)])
    deleted = _operation("deletePortalRequest", tag, created, parameters=[id_, _path("queue_request_id")])
    login = _object(["username", "password"], username=_TEXT, password=_TEXT)
    paths = {
        f"{base}/portal/enqueued": {"get": listed},
        f"{base}/portal/enqueued/{{queue_request_id}}": {"delete": deleted},
        f"{base}/portal/invite": post("inviteToPortal"),
        f"{base}/questionnaires": post("addQuestionnaire", _object(html_content=_TEXT, raw_data={"type": "object"})),
        f"{base}/rxs": post("queuePatientPrescription", drug, enqueue),
        f"{base}/rxs/refill": post("refillPatientPrescription", _object(original_prescription_id=_NUMBER)),
        f"{base}/supplements": post("queuePatientSupplement", _object(supplement_id=_NUMBER), enqueue),
        f"{base}/portal/secure_messages": post("createSecureMessage", message),
        "/patients/portal/validate_credentials": post("validatePortalCredentials", login),
        "/patients/:id/documents": post("createPatientDocument", _object(name=_TEXT, base64_content=_TEXT), enqueue),
    }
    paths["/patients/portal/validate_credentials"]["post"].pop("parameters")
    paths["/patients/:id/documents"]["post"]["parameters"][0] = _path("id")
    return paths


def _faults() -> Iterator[tuple[tuple[str, ...], Json]]:
    """Mistakes and odd spellings of the vendor: a place, and the members that it has there."""
    schemas, paths = ("components", "schemas"), "paths"
    yield ("paths", "/patients/{id}/charges", "get"), {"operationId": "listAllergies"}
    yield ("paths", "/patients/{id}/contacts", "get"), {"operationId": None}
    yield ("paths", "/patients/{id}/tasks", "get"), {"operationId": "list-tasks"}
    yield ("paths", "/vitals/{vital_id}", "get"), {"summary": None}
    yield (*schemas, "Charge", "properties"), {"amount": {"type": "number", "format": "currency", "example": "12.50"}}
    yield (*schemas, "Contact", "properties"), {"age": {"type": "int"}, "born": {"type": "string", "format": "date"}}
    yield (*schemas, "NewContact", "properties", "name"), {"maxLength": "50", "minlength": 1}
    yield (*schemas, "Diagnose"), {"required": ["id", "code"]}
    yield (*schemas, "Encounter", "properties"), {"kind": {"type": "string", "enum": ["visit", "call"]}}
    yield (*schemas, "Form", "properties"), {"pages": {"type": "array"}, "next": {"$ref": "#/components/schemas/Page"}}
    yield (*schemas, "Goal", "properties"), {"parent": {"$ref": "#/components/schemas/Goal", "nullable": True}}
    yield (*schemas, "NewImage", "properties"), {"content": {"type": "string", "format": "byte"}}
    yield (*schemas, "Lab", "properties"), {"value": {"oneOf": [{"type": "number"}, _TEXT]}}
    yield (paths, "/labs/{lab_id}"), {"parameters": []}
    yield (paths, "/notes/{note_id}", "get", "responses"), {"2xx": {}, "oops": {}}
    yield (paths, "/orders/{order_id}", "get"), {"parameters": [{"name": "X-Trace", "in": "header", "schema": _TEXT}]}
    yield (paths, "/payments/{payment_id}", "get"), {"parameters": [{"name": "format", "in": "body"}]}
    tags = _query("tags", {"type": "array", "items": _TEXT})
    yield (paths, "/patients/{id}/problems", "get"), {"parameters": [tags, tags]}
    form = {"multipart/form-data": {"schema": _object(file={"type": "string", "format": "binary"})}}
    yield (paths, "/patients/{id}/images", "post"), {"requestBody": {"content": form}}
    pdf = {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
    yield (paths, "/referrals/{referral_id}", "get"), {"responses": pdf}
    yield (paths, "/tasks/{task_id}", "delete"), {"responses": {204: {"description": "Gone"}}}


def _operation(name: str, tag: str, schema: Json, **more: Json) -> Json:
    return {
        "operationId": name,
        "tags": [tag],
        "summary": f"{name} of our award-winning platform",
        **more,
        "responses": {200: _response(schema), 404: {"$ref": "#/components/responses/Error"}},
    }


def _response(schema: Json) -> Json:
    return {"description": "OK", "content": {JSON: {"schema": schema}}}


def _object(required: list[str] | None = None, **members: Json) -> Json:
    return {"type": "object", "properties": members, **({"required": required} if required else {})}


def _path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}
