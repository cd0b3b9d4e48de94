# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""Every error that a call can raise: one subclass of `ApiError` for each documented status."""

from typing import Final

from cerbo_portal_runtime.errors import (
    ApiError,
    CallError,
    CerboError,
    ClientClosed,
    ConnectionFailed,
    IncompleteList,
    InvalidArgument,
    InvalidSettings,
    MalformedResponse,
    OperationFailed,
    OutcomeUnknown,
    PagingFailed,
    ReadOnly,
    TimedOut,
    UnexpectedStatus,
)

__all__ = (
    "AlreadyGone",
    "ApiError",
    "BadRequest",
    "CallError",
    "CerboError",
    "ClientClosed",
    "ConnectionFailed",
    "Forbidden",
    "IncompleteList",
    "InvalidArgument",
    "InvalidSettings",
    "MalformedResponse",
    "NotFound",
    "OperationFailed",
    "OutcomeUnknown",
    "PagingFailed",
    "PayloadTooLarge",
    "RateLimited",
    "ReadOnly",
    "ServerError",
    "ServiceUnavailable",
    "TimedOut",
    "Unauthorized",
    "UnexpectedStatus",
    "Unprocessable",
    "BY_STATUS",
    "GONE",
)


class BadRequest(ApiError):
    """The server answered 400."""


class Unauthorized(ApiError):
    """The server answered 401."""


class Forbidden(ApiError):
    """The server answered 403."""


class NotFound(ApiError):
    """The server answered 404."""


class PayloadTooLarge(ApiError):
    """The server answered 413."""


class Unprocessable(ApiError):
    """The server answered 422."""


class RateLimited(ApiError):
    """The server answered 429."""


class ServerError(ApiError):
    """The server answered 500: the call failed there, and may have acted."""


class ServiceUnavailable(ApiError):
    """The server answered 503: the call failed there, and may have acted."""


class AlreadyGone(NotFound):
    """The server answered 404 to a repeated delete: an earlier attempt of the call may have deleted the entry, or another caller."""


BY_STATUS: Final[dict[int, type[ApiError]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    413: PayloadTooLarge,
    422: Unprocessable,
    429: RateLimited,
    500: ServerError,
    503: ServiceUnavailable,
}
GONE: Final[dict[int, type[ApiError]]] = {404: AlreadyGone}
