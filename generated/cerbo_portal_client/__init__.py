# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""A typed client of Cerbo's patient-portal API (unofficial)."""

from ._calls import capture_responses
from .client import AsyncClient, Client
from .errors import (
    AlreadyGone,
    ApiError,
    BadRequest,
    CallError,
    CerboError,
    ConnectionFailed,
    Forbidden,
    IncompleteList,
    InvalidSettings,
    MalformedResponse,
    NotDone,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ReadOnly,
    ServerError,
    ServiceUnavailable,
    TimedOut,
    Unauthorized,
    UnexpectedStatus,
    Unprocessable,
)
from .models import (
    DeletionResult,
    Error,
    InvitationResult,
    PortalRequest,
    PortalRequestList,
    RequestDetails,
)
from .types import UNSET, Unset

__version__ = "0.1.0"

__all__ = (
    "AlreadyGone",
    "ApiError",
    "AsyncClient",
    "BadRequest",
    "CallError",
    "CerboError",
    "Client",
    "ConnectionFailed",
    "DeletionResult",
    "Error",
    "Forbidden",
    "IncompleteList",
    "InvalidSettings",
    "InvitationResult",
    "MalformedResponse",
    "NotDone",
    "NotFound",
    "OutcomeUnknown",
    "PortalRequest",
    "PortalRequestList",
    "RateLimited",
    "ReadOnly",
    "RequestDetails",
    "ServerError",
    "ServiceUnavailable",
    "TimedOut",
    "UNSET",
    "Unauthorized",
    "UnexpectedStatus",
    "Unprocessable",
    "Unset",
    "__version__",
    "capture_responses",
)
