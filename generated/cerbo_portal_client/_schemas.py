# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The contract's schemas of answers, as JSON Schema, for strict parsing."""

from typing import Any, Final

SCHEMAS: Final[dict[str, Any]] = {
    "Id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
    "RequestType": {"type": "string"},
    "RequestStatus": {"type": "string"},
    "PortalRequest": {
        "type": "object",
        "required": ["object", "id", "created", "addedby"],
        "properties": {
            "object": {"type": "string"},
            "id": {"$ref": "#/components/schemas/Id"},
            "pt_id": {"$ref": "#/components/schemas/Id"},
            "request_type": {"$ref": "#/components/schemas/RequestType"},
            "status": {"$ref": "#/components/schemas/RequestStatus"},
            "created": {"type": "string", "format": "date-time"},
            "addedby": {"type": ["integer", "null"], "format": "int64"},
            "subject": {"type": ["string", "null"]},
            "notes": {"type": ["string", "null"]},
            "url_patient_details": {"type": "string", "format": "uri-reference"},
            "details": {"$ref": "#/components/schemas/RequestDetails"},
        },
    },
    "RequestDetails": {"type": "object", "additionalProperties": True},
    "PortalRequestList": {
        "type": "object",
        "required": ["object", "data", "has_more", "total_count"],
        "properties": {
            "object": {"type": "string", "const": "list"},
            "data": {"type": "array", "items": {"$ref": "#/components/schemas/PortalRequest"}},
            "has_more": {"type": "boolean"},
            "total_count": {"type": "integer", "format": "int64", "minimum": 0},
        },
    },
    "DeletionResult": {
        "type": "object",
        "required": ["result", "message"],
        "properties": {
            "result": {"type": "boolean"},
            "message": {"type": "string"},
            "action": {"type": "string"},
            "object": {"type": "string"},
            "id": {"$ref": "#/components/schemas/Id"},
            "data": {"$ref": "#/components/schemas/PortalRequest"},
        },
    },
    "InvitationResult": {
        "type": "object",
        "required": ["result", "message"],
        "properties": {"result": {"type": "boolean"}, "message": {"type": "string"}},
    },
    "PortalCredentials": {
        "type": "object",
        "required": ["username", "password"],
        "properties": {
            "username": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"},
            "password": {"type": "string", "format": "password", "minLength": 1, "pattern": "^[^\\u0000]*$"},
        },
    },
    "CredentialsResult": {
        "type": "object",
        "required": ["result", "message"],
        "properties": {
            "result": {"type": "boolean"},
            "message": {"type": "string"},
            "patient_details": {"$ref": "#/components/schemas/PatientDetails"},
        },
    },
    "PatientDetails": {
        "type": "object",
        "properties": {
            "id": {"$ref": "#/components/schemas/Id"},
            "first_name": {"type": "string"},
            "last_name": {"type": "string"},
            "email_address": {"type": ["string", "null"]},
            "status": {"type": "string"},
        },
    },
    "Error": {
        "type": "object",
        "required": ["result", "message"],
        "properties": {"result": {"type": "boolean", "const": False}, "message": {"type": "string", "minLength": 1}},
    },
}
