# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""A typed client of Cerbo's patient-portal API (unofficial)."""

from .client import AsyncClient, Client
from .errors import (
    ApiError,
    BadRequest,
    CerboError,
    ConnectionFailed,
    Forbidden,
    MalformedResponse,
    NotDone,
    NotFound,
    RateLimited,
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

__all__ = (
    "UNSET",
    "ApiError",
    "AsyncClient",
    "CerboError",
    "Client",
    "ConnectionFailed",
    "BadRequest",
    "Unauthorized",
    "Forbidden",
    "NotFound",
    "Unprocessable",
    "RateLimited",
    "ServerError",
    "ServiceUnavailable",
    "MalformedResponse",
    "PortalRequest",
    "RequestDetails",
    "PortalRequestList",
    "DeletionResult",
    "InvitationResult",
    "Error",
    "NotDone",
    "TimedOut",
    "UnexpectedStatus",
    "Unset",
)
