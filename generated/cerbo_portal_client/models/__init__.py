# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The models of the contract's schemas."""

from .appointment_details import AppointmentDetails
from .creation_result import CreationResult
from .credentials_result import CredentialsResult
from .deletion_result import DeletionResult
from .document_details import DocumentDetails
from .error import Error
from .invitation_result import InvitationResult
from .new_document import NewDocument
from .new_prescription import NewPrescription
from .new_questionnaire import NewQuestionnaire
from .new_refill import NewRefill
from .new_secure_message import NewSecureMessage
from .new_supplement import NewSupplement
from .patient_details import PatientDetails
from .portal_credentials import PortalCredentials
from .portal_request import PortalRequest
from .portal_request_list import PortalRequestList
from .prescription_details import PrescriptionDetails
from .questionnaire_details import QuestionnaireDetails
from .request_details import RequestDetails
from .secure_message import SecureMessage
from .secure_message_details import SecureMessageDetails
from .secure_message_list import SecureMessageList
from .secure_message_result import SecureMessageResult
from .supplement_details import SupplementDetails

__all__ = (
    "AppointmentDetails",
    "CreationResult",
    "CredentialsResult",
    "DeletionResult",
    "DocumentDetails",
    "Error",
    "InvitationResult",
    "NewDocument",
    "NewPrescription",
    "NewQuestionnaire",
    "NewRefill",
    "NewSecureMessage",
    "NewSupplement",
    "PatientDetails",
    "PortalCredentials",
    "PortalRequest",
    "PortalRequestList",
    "PrescriptionDetails",
    "QuestionnaireDetails",
    "RequestDetails",
    "SecureMessage",
    "SecureMessageDetails",
    "SecureMessageList",
    "SecureMessageResult",
    "SupplementDetails",
)
