# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The contract's component schemas, as JSON Schema."""

from typing import Final

from cerbo_portal_runtime.validation import SchemaValidator

SCHEMAS: Final = SchemaValidator(
    {
        "Id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
        "RequestType": {"type": "string"},
        "RequestStatus": {"type": "string"},
        "PortalRequest": {
            "type": "object",
            "required": ["object", "id", "created", "addedby"],
            "properties": {
                "object": {"type": "string"},
                "id": {"$ref": "#/components/schemas/Id"},
                "pt_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "request_type": {"$ref": "#/components/schemas/RequestType"},
                "status": {"$ref": "#/components/schemas/RequestStatus"},
                "created": {"type": "string", "format": "date-time"},
                "addedby": {"type": ["integer", "null"], "format": "int64"},
                "subject": {"type": ["string", "null"]},
                "notes": {"type": ["string", "null"]},
                "url_patient_details": {"type": "string", "format": "uri-reference"},
                "details": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/RawDetails"},
                        {"$ref": "#/components/schemas/RequestDetails"},
                        {"$ref": "#/components/schemas/QuestionnaireDetails"},
                        {"$ref": "#/components/schemas/DocumentDetails"},
                        {"$ref": "#/components/schemas/SupplementDetails"},
                        {"$ref": "#/components/schemas/PrescriptionDetails"},
                        {"$ref": "#/components/schemas/AppointmentDetails"},
                        {"$ref": "#/components/schemas/SecureMessageDetails"},
                    ]
                },
            },
        },
        "RequestDetails": {"type": "object", "additionalProperties": True},
        "RawDetails": {"type": ["array", "boolean", "number", "string", "null"], "items": {}},
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
                "id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
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
        "NewQuestionnaire": {
            "type": "object",
            "required": ["html_content", "raw_data"],
            "properties": {
                "html_content": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"},
                "raw_data": {"type": "object", "additionalProperties": True},
                "questionnaire_type": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "questionnaire_name": {"type": "string", "pattern": "^[^\\u0000]*$"},
            },
        },
        "NewPrescription": {
            "type": "object",
            "required": ["drug_id"],
            "properties": {
                "drug_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
            },
        },
        "NewRefill": {
            "type": "object",
            "required": ["original_prescription_id"],
            "properties": {
                "original_prescription_id": {
                    "type": "integer",
                    "format": "int64",
                    "minimum": 1,
                    "maximum": 9223372036854775807,
                },
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "agreed_to_terms": {"type": "string", "pattern": "^[^\\u0000]*$", "default": "No terms agreed to"},
            },
        },
        "NewSupplement": {
            "type": "object",
            "required": ["supplement_id"],
            "properties": {
                "supplement_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
            },
        },
        "NewDocument": {
            "type": "object",
            "required": ["pt_id", "name", "mime_type", "base64_content"],
            "properties": {
                "pt_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "name": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"},
                "mime_type": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"},
                "base64_content": {
                    "type": "string",
                    "contentEncoding": "base64",
                    "minLength": 4,
                    "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
                },
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "content": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "folder": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "subfolder": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "flag": {"type": "string", "pattern": "^[^\\u0000]*$"},
                "requires_review": {"type": "boolean"},
            },
        },
        "NewSecureMessage": {
            "type": "object",
            "required": ["subject", "note"],
            "properties": {
                "subject": {"type": "string", "minLength": 1, "maxLength": 54, "pattern": "^[^\\u0000]*$"},
                "note": {"type": "string", "minLength": 10, "pattern": "^[^\\u0000]*$"},
                "dr_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "reply": {"type": "string", "pattern": "^[^\\u0000]*$"},
            },
        },
        "CreationResult": {
            "type": "object",
            "required": ["result", "message"],
            "properties": {
                "result": {"type": "boolean"},
                "message": {"type": "string"},
                "portal_queue_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "object": {"type": "string"},
                "id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
            },
        },
        "SecureMessageResult": {
            "type": "object",
            "required": ["result", "message"],
            "properties": {
                "result": {"type": "boolean"},
                "message": {"type": "string"},
                "portal_queue_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
            },
        },
        "SecureMessageList": {
            "type": "object",
            "required": ["data"],
            "properties": {
                "object": {"type": "string"},
                "data": {"type": "array", "items": {"$ref": "#/components/schemas/SecureMessage"}},
                "has_more": {"type": "boolean"},
                "total_count": {"type": "integer", "format": "int64", "minimum": 0},
            },
        },
        "SecureMessage": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "object": {"type": "string"},
                "id": {"$ref": "#/components/schemas/Id"},
                "pt_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "sent_by": {"type": "string"},
                "created": {"type": "string", "format": "date-time"},
                "subject": {"type": ["string", "null"]},
                "note": {"type": ["string", "null"]},
                "dr_id": {"type": ["integer", "null"], "format": "int64"},
                "reply": {"type": ["string", "null"]},
            },
        },
        "SecureMessageDetails": {
            "type": "object",
            "properties": {
                "thread_id": {"type": "integer", "format": "int64"},
                "has_attachment": {"type": "boolean"},
                "dr_id": {"type": "integer", "format": "int64"},
                "reply": {"type": "string"},
            },
        },
        "AppointmentDetails": {
            "type": "object",
            "properties": {
                "preferred_date": {"type": "string"},
                "duration_minutes": {"type": "integer", "format": "int64"},
            },
        },
        "PrescriptionDetails": {
            "type": "object",
            "properties": {
                "drug_id": {"type": "integer", "format": "int64"},
                "quantity": {"type": "number"},
                "refills": {"type": "integer", "format": "int64"},
                "original_prescription_id": {"type": "integer", "format": "int64"},
                "agreed_to_terms": {"type": "string"},
            },
        },
        "SupplementDetails": {
            "type": "object",
            "properties": {"supplement_id": {"type": "integer", "format": "int64"}, "quantity": {"type": "number"}},
        },
        "DocumentDetails": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "mime_type": {"type": "string"},
                "size": {"type": "integer", "format": "int64"},
            },
        },
        "QuestionnaireDetails": {
            "type": "object",
            "properties": {
                "questionnaire_name": {"type": "string"},
                "questionnaire_type": {"type": "string"},
                "html_content": {"type": "string"},
                "raw_data": {"type": "object", "additionalProperties": True},
            },
        },
        "Error": {
            "type": "object",
            "required": ["result", "message"],
            "properties": {
                "result": {"type": "boolean", "const": False},
                "message": {"type": "string", "minLength": 1},
            },
        },
    }
)
