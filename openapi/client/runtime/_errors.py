"""What can go wrong with a call. The texts name the operation, never an id, a value or a body."""

import httpx


class CerboError(Exception):
    """Base of every error of this package."""


class ConnectionFailed(CerboError):
    """The server could not be reached, or closed the connection before it had answered."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation}: the connection failed")
        self.operation = operation


class TimedOut(CerboError):
    """The answer took longer than the client's timeout."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation}: timed out")
        self.operation = operation


class ApiError(CerboError):
    """The server answered, but not with what the call is for.

    Attributes:
        operation: the operation's id in the contract.
        response: the answer; its body may hold patient data.
        status_code: the answer's status.
    """

    def __init__(self, operation: str, response: httpx.Response, reason: str = "") -> None:
        super().__init__(f"{operation}: {reason or 'the server answered'} (status {response.status_code})")
        self.operation = operation
        self.response = response
        self.status_code = response.status_code


class UnexpectedStatus(ApiError):
    """The contract does not know this status for this operation."""


class MalformedResponse(ApiError):
    """The body is not what the contract promises."""


class NotDone(ApiError):
    """The server answered that it did not do it: a 2xx with `result: false`."""
