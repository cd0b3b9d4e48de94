"""The body of every error: `{"error": {"type": ..., "message": ...}}` (inferred; which types there are is assumed)."""

import json

_TYPES = {401: "authentication", 403: "permission", 404: "not_found", 409: "refused", 422: "refused", 429: "rate_limit"}
_NOT_IMPLEMENTED = 501


def error_body(status: int, message: str) -> bytes:
    """An error as JSON in the contract's shape.

    Args:
        status: its HTTP status, which decides on its type.
        message: what was wrong, for people.
    """
    fails = status >= 500 and status != _NOT_IMPLEMENTED
    kind = _TYPES.get(status, "server" if fails else "invalid_request")
    return json.dumps({"error": {"type": kind, "message": message}}).encode() + b"\n"
