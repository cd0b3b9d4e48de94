# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The contract's component schemas, as JSON Schema."""

from typing import Final

from cerbo_portal_runtime.validation import SchemaValidator

SCHEMAS: Final = SchemaValidator(
    {
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
        "NewPrescription": {
            "type": "object",
            "required": ["drug_id"],
            "properties": {
                "drug_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
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
        "NewSupplement": {
            "type": "object",
            "required": ["supplement_id"],
            "properties": {
                "supplement_id": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807},
                "notes": {"type": "string", "pattern": "^[^\\u0000]*$"},
            },
        },
        "PortalCredentials": {
            "type": "object",
            "required": ["username", "password"],
            "properties": {
                "username": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"},
                "password": {"type": "string", "format": "password", "minLength": 1, "pattern": "^[^\\u0000]*$"},
            },
        },
    }
)
