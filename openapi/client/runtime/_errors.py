"""What can go wrong with a call, whatever the contract.

The texts name the operation, the status and the member that is wrong; never an id, a value, a credential or a body.
Bodies, which may hold patient data, stay on the exception object.
"""

from typing import Any

import httpx


class CerboError(Exception):
    """Base of every error of this package."""


class InvalidSettings(CerboError, ValueError):
    """A setting is missing, malformed, or contradicts another; the text names it and never its value."""


class CallError(CerboError):
    """A call did not succeed.

    Attributes:
        operation: the operation's id in the contract.
    """

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(f"{operation}: {reason}")
        self.operation = operation


class InvalidArgument(CallError, ValueError):
    """No request can hold an argument of the call; the text names it and never its value. Nothing was sent.

    Attributes:
        argument: the argument's name, in a body the member's.
    """

    def __init__(self, operation: str, argument: str, expected: str) -> None:
        super().__init__(operation, f"{argument}: expected {expected}")
        self.argument = argument


class ReadOnly(CallError):
    """The client is read-only and the operation is not; nothing was sent."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation, "refused, this client is read-only")


class ConnectionFailed(CallError):
    """There was no answer, and nothing can have been done: the request never left, or it only reads."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation, "the connection failed")


class TimedOut(CallError):
    """There was no answer within the timeout, and nothing can have been done."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation, "no answer within the timeout")


class OutcomeUnknown(CallError):
    """The call did not succeed, and one of its attempts may have acted all the same.

    Attributes:
        response: the answer to the last attempt, or None where there was none.
    """

    def __init__(self, operation: str, response: httpx.Response | None = None) -> None:
        super().__init__(operation, "the outcome is unknown, an attempt may have acted")
        self.response = response


class ApiError(CallError):
    """The server answered, but not with what the call is for.

    Attributes:
        operation: the operation's id in the contract.
        response: the answer.
        status_code: the answer's status.
        body: the answer's body as the contract's model, or None where it is not what the contract documents.
    """

    def __init__(self, operation: str, response: httpx.Response, reason: str = "", body: Any = None) -> None:
        super().__init__(operation, f"{reason or 'the server refused'} (status {response.status_code})")
        self.response = response
        self.status_code: int = response.status_code
        self.body = body


class UnexpectedStatus(ApiError):
    """The contract does not know this status for this operation."""

    def __init__(self, operation: str, response: httpx.Response) -> None:
        super().__init__(operation, response, "the contract does not know this answer")


class MalformedResponse(ApiError):
    """The server answered with a success whose body does not fit the contract."""


class NotDone(ApiError):
    """The server answered that it did not do it: a 2xx with `result: false`; `body` is the model of the success."""


class IncompleteList(ApiError):
    """The server has more than it listed, and the contract knows no paging here; `body` is what it listed."""
