# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The models of the contract's schemas."""

from .credentials_result import CredentialsResult
from .deletion_result import DeletionResult
from .error import Error
from .invitation_result import InvitationResult
from .patient_details import PatientDetails
from .portal_credentials import PortalCredentials
from .portal_request import PortalRequest
from .portal_request_list import PortalRequestList
from .request_details import RequestDetails

__all__ = (
    "CredentialsResult",
    "DeletionResult",
    "Error",
    "InvitationResult",
    "PatientDetails",
    "PortalCredentials",
    "PortalRequest",
    "PortalRequestList",
    "RequestDetails",
)
