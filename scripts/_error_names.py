"""The names of the error classes, by status. Python's own phrases differ between its versions."""

ERROR_NAMES = {
    400: "BadRequest",
    401: "Unauthorized",
    402: "PaymentRequired",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    408: "RequestTimeout",
    409: "Conflict",
    410: "Gone",
    412: "PreconditionFailed",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    422: "Unprocessable",
    423: "Locked",
    428: "PreconditionRequired",
    429: "RateLimited",
    500: "ServerError",
    501: "NotImplemented_",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}


def error_name(status: int) -> str:
    """The name of the class of a status."""
    return ERROR_NAMES.get(status, f"Status{status}")
