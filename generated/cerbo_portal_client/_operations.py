# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The contract as data: its operations, schemas and error classes."""

from typing import Final

from cerbo_portal_runtime import composites
from cerbo_portal_runtime.contract import Contract, Equality, Operation, Result

from . import errors
from ._schemas import SCHEMAS
from .models import (
    CreationResult,
    CredentialsResult,
    DeletionResult,
    Error,
    InvitationResult,
    NewDocument,
    NewPrescription,
    NewQuestionnaire,
    NewRefill,
    NewSecureMessage,
    NewSupplement,
    PortalCredentials,
    PortalRequestList,
    SecureMessageList,
    SecureMessageResult,
)

SHOW_PORTAL_REQUESTS: Final[Operation[PortalRequestList]] = Operation(
    id="showPortalRequests",
    method="GET",
    path="/patients/{pt_id}/portal/enqueued",
    idempotent=True,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: PortalRequestList)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    list_member="data",
    equalities=(Equality(("data", "[]", "pt_id"), "pt_id", is_error=True),),
)
DELETE_PORTAL_REQUEST: Final[Operation[DeletionResult]] = Operation(
    id="deletePortalRequest",
    method="DELETE",
    path="/patients/{pt_id}/portal/enqueued/{queue_request_id}",
    idempotent=True,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: DeletionResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    equalities=(Equality(("id",), "queue_request_id", is_error=False),),
)
INVITE_TO_PORTAL: Final[Operation[InvitationResult]] = Operation(
    id="inviteToPortal",
    method="POST",
    path="/patients/{pt_id}/portal/invite",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: InvitationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 422, 429, 500, 503}),
)
VALIDATE_PORTAL_CREDENTIALS: Final[Operation[CredentialsResult]] = Operation(
    id="validatePortalCredentials",
    method="POST",
    path="/patients/portal/validate_credentials",
    idempotent=True,
    result_false_is_error=False,
    result=Result("json", composites.Entity(lambda: CredentialsResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 429, 500, 503}),
    body=PortalCredentials,
)
CREATE_PATIENT_QUESTIONNAIRE: Final[Operation[CreationResult]] = Operation(
    id="createPatientQuestionnaire",
    method="POST",
    path="/patients/{pt_id}/questionnaires",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: CreationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    body=NewQuestionnaire,
)
QUEUE_PATIENT_PRESCRIPTION: Final[Operation[CreationResult]] = Operation(
    id="queuePatientPrescription",
    method="POST",
    path="/patients/{pt_id}/rxs",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: CreationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    body=NewPrescription,
)
REFILL_PATIENT_PRESCRIPTION: Final[Operation[CreationResult]] = Operation(
    id="refillPatientPrescription",
    method="POST",
    path="/patients/{pt_id}/rxs/refill",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: CreationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    body=NewRefill,
)
QUEUE_PATIENT_SUPPLEMENT: Final[Operation[CreationResult]] = Operation(
    id="queuePatientSupplement",
    method="POST",
    path="/patients/{pt_id}/supplements",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: CreationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    body=NewSupplement,
)
CREATE_PATIENT_DOCUMENT: Final[Operation[CreationResult]] = Operation(
    id="createPatientDocument",
    method="POST",
    path="/patients/{pt_id}/documents",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: CreationResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 413, 429, 500, 503}),
    body=NewDocument,
)
LIST_SECURE_MESSAGES: Final[Operation[SecureMessageList]] = Operation(
    id="listSecureMessages",
    method="GET",
    path="/patients/{pt_id}/portal/secure_messages",
    idempotent=True,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: SecureMessageList)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    list_member="data",
    equalities=(Equality(("data", "[]", "pt_id"), "pt_id", is_error=True),),
)
CREATE_SECURE_MESSAGE: Final[Operation[SecureMessageResult]] = Operation(
    id="createSecureMessage",
    method="POST",
    path="/patients/{pt_id}/portal/secure_messages",
    idempotent=False,
    result_false_is_error=True,
    result=Result("json", composites.Entity(lambda: SecureMessageResult)),
    success=frozenset({200}),
    errors=frozenset({400, 401, 403, 404, 429, 500, 503}),
    body=NewSecureMessage,
)
CONTRACT: Final = Contract(
    operations={
        "show_portal_requests": SHOW_PORTAL_REQUESTS,
        "delete_portal_request": DELETE_PORTAL_REQUEST,
        "invite_to_portal": INVITE_TO_PORTAL,
        "validate_portal_credentials": VALIDATE_PORTAL_CREDENTIALS,
        "create_patient_questionnaire": CREATE_PATIENT_QUESTIONNAIRE,
        "queue_patient_prescription": QUEUE_PATIENT_PRESCRIPTION,
        "refill_patient_prescription": REFILL_PATIENT_PRESCRIPTION,
        "queue_patient_supplement": QUEUE_PATIENT_SUPPLEMENT,
        "create_patient_document": CREATE_PATIENT_DOCUMENT,
        "list_secure_messages": LIST_SECURE_MESSAGES,
        "create_secure_message": CREATE_SECURE_MESSAGE,
    },
    schemas=SCHEMAS,
    errors=errors.BY_STATUS,
    gone_errors=errors.GONE,
    error_model=Error,
    base_path="/api/v1",
    user_agent="cerbo-portal/0.2.0",
)
