# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The operations of the contract, as data."""

from typing import Final

from ._calls import Operation
from .models import (
    CredentialsResult,
    DeletionResult,
    InvitationResult,
    PortalCredentials,
    PortalRequestList,
)

SHOW_PORTAL_REQUESTS: Final = Operation(
    id="showPortalRequests",
    method="GET",
    path="/patients/{pt_id}/portal/enqueued",
    idempotent=True,
    result_false_is_error=True,
    success={
        200: PortalRequestList,
    },
    schema="PortalRequestList",
)
DELETE_PORTAL_REQUEST: Final = Operation(
    id="deletePortalRequest",
    method="DELETE",
    path="/patients/{pt_id}/portal/enqueued/{queue_request_id}",
    idempotent=True,
    result_false_is_error=True,
    success={
        200: DeletionResult,
    },
    schema="DeletionResult",
)
INVITE_TO_PORTAL: Final = Operation(
    id="inviteToPortal",
    method="POST",
    path="/patients/{pt_id}/portal/invite",
    idempotent=False,
    result_false_is_error=True,
    success={
        200: InvitationResult,
    },
    schema="InvitationResult",
)
VALIDATE_PORTAL_CREDENTIALS: Final = Operation(
    id="validatePortalCredentials",
    method="POST",
    path="/patients/portal/validate_credentials",
    idempotent=True,
    result_false_is_error=False,
    success={
        200: CredentialsResult,
    },
    schema="CredentialsResult",
    body=PortalCredentials,
)
