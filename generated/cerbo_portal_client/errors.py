# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""Every error that a call can raise: one subclass of `ApiError` for each documented status."""

from typing import Final

from ._errors import (
    ApiError,
    CerboError,
    ConnectionFailed,
    MalformedResponse,
    NotDone,
    TimedOut,
    UnexpectedStatus,
)

__all__ = (
    "BY_STATUS",
    "ApiError",
    "CerboError",
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
    "NotDone",
    "TimedOut",
    "UnexpectedStatus",
)


class BadRequest(ApiError):
    """The server answered 400."""


class Unauthorized(ApiError):
    """The server answered 401."""


class Forbidden(ApiError):
    """The server answered 403."""


class NotFound(ApiError):
    """The server answered 404."""


class Unprocessable(ApiError):
    """The server answered 422."""


class RateLimited(ApiError):
    """The server answered 429."""


class ServerError(ApiError):
    """The server answered 500."""


class ServiceUnavailable(ApiError):
    """The server answered 503."""


BY_STATUS: Final[dict[int, type[ApiError]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    422: Unprocessable,
    429: RateLimited,
    500: ServerError,
    503: ServiceUnavailable,
}
