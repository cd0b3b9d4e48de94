"""Errors that do not depend on the contract.

The texts name the operation, the status and the member that is wrong; never an id, a value, a credential or a body.
Bodies, which may hold patient data, stay on the exception object, and do not go with it to another process: pickled, an
error keeps its type, its text, its operation, its status, its attempts and whether one of them may have acted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self, TypeVar

import httpx

from . import json_reader

Failed = TypeVar("Failed", bound="CallError")

_MOST_MESSAGE_BYTES: Final = 1_000_000


class CerboError(Exception):
    """Base of every error of this package."""


class InvalidSettings(CerboError, ValueError):
    """A setting is missing, malformed, or contradicts another; the text names it and never its value.

    Attributes:
        setting: the name under which it was given: an argument, an environment variable or an option.
        reason: what is wrong with it.
    """

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(setting, reason)
        self.setting = setting
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.setting}: {self.reason}"

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same error of the setting under another name.

        Args:
            names: the new names, by the old ones; a setting that is missing here keeps its name.
        """
        return type(self)(names.get(self.setting, self.setting), self.reason)


class CallError(CerboError):
    """A call did not succeed.

    Attributes:
        operation: the operation's id in the contract.
        attempts: how many attempts the call made; 0 if nothing was sent.
        may_have_acted: whether one of them may have changed something at the server; always false for a read.
    """

    def __init__(self, operation: str, reason: str, *, attempts: int = 0, may_have_acted: bool = False) -> None:
        super().__init__(f"{operation}: {reason}{', it may have acted' if may_have_acted else ''}")
        self.operation = operation
        self.attempts = attempts
        self.may_have_acted = may_have_acted

    @property
    def server_message(self) -> str | None:
        """What the server said was wrong, which may be patient data; None where it said nothing, or did not answer.

        It is read from any of the three forms of an error's body. It is no part of the error's text.
        """
        response: httpx.Response | None = getattr(self, "response", None)
        try:
            content = b"" if response is None else response.content
            return message_of(json_reader.read(content)) if len(content) <= _MOST_MESSAGE_BYTES else None
        except (json_reader.InvalidJson, httpx.ResponseNotRead):
            return None

    def _portable(self) -> dict[str, Any]:
        """The attributes that a pickled error keeps."""
        return {"operation": self.operation, "attempts": self.attempts, "may_have_acted": self.may_have_acted}

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self._portable())

    def __copy__(self) -> Self:
        return _restore(type(self), self.args, vars(self))


class InvalidArgument(CallError, ValueError):
    """No request can hold an argument of the call; the text names it and never its value. Nothing was sent.

    Attributes:
        argument: the argument's name, in a body the member's.
    """

    def __init__(self, operation: str, argument: str, reason: str) -> None:
        super().__init__(operation, f"{argument}: {reason}")
        self.argument = argument

    def _portable(self) -> dict[str, Any]:
        return {**super()._portable(), "argument": self.argument}


class ReadOnly(CallError):
    """The client is read-only and the operation is not; nothing was sent."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation, "refused, this client is read-only")


class ClientClosed(CallError):
    """The client was closed before the call; nothing was sent."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation, "refused, this client is closed")


class ConnectionFailed(CallError):
    """There was no response, and nothing can have been done: the request never left, or it only reads."""

    def __init__(self, operation: str, why: str = "", *, attempts: int = 0) -> None:
        super().__init__(operation, f"the connection failed{why and ', '}{why}", attempts=attempts)


class TimedOut(CallError):
    """There was no response within the timeout, and nothing can have been done."""

    def __init__(self, operation: str, why: str = "", *, attempts: int = 0) -> None:
        super().__init__(operation, f"no response within the timeout{why and ', '}{why}", attempts=attempts)


class OutcomeUnknown(CallError):
    """The call did not succeed, and one of its attempts may have acted.

    Attributes:
        response: the response to the last attempt, or None where there was none; of a pickled error its status only.
    """

    def __init__(
        self, operation: str, response: httpx.Response | None = None, why: str = "", *, attempts: int = 0
    ) -> None:
        reason = f"the outcome is unknown{why and ', '}{why}"
        super().__init__(operation, reason, attempts=attempts, may_have_acted=True)
        self.response = response

    def _portable(self) -> dict[str, Any]:
        response = None if self.response is None else httpx.Response(self.response.status_code)
        return {**super()._portable(), "response": response}


class ApiError(CallError):
    """The server's response is not a success that fits the contract.

    Attributes:
        response: the response; of a pickled error its status only, without headers and content.
        status_code: the response's status.
        body: the response's body as the contract's model, or None where it is not what the contract documents, and in
            an error that was pickled.
        entries: the entries of a list that could be read, as models; empty for any other response, and in an error
            that was pickled.
    """

    def __init__(  # noqa: PLR0913 (attributes of the error)
        self,
        operation: str,
        response: httpx.Response,
        reason: str = "",
        body: Any = None,
        *,
        attempts: int = 0,
        may_have_acted: bool = False,
    ) -> None:
        status = response.status_code
        reason = reason or (
            "the server failed" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "the server refused"
        )
        super().__init__(operation, f"{reason} (status {status})", attempts=attempts, may_have_acted=may_have_acted)
        self.response = response
        self.status_code: int = status
        self.body = body
        self.entries: Sequence[Any] = ()

    def _portable(self) -> dict[str, Any]:
        response = httpx.Response(self.status_code)
        return {
            **super()._portable(),
            "response": response,
            "status_code": self.status_code,
            "body": None,
            "entries": (),
        }


def message_of(content: Any) -> str | None:
    """The message of an error's body: `{"error": {"message"}}`, `{"message"}` or `{"result": false, "message"}`.

    Args:
        content: the body's JSON.
    """
    if not isinstance(content, dict):
        return None
    for holder in (content.get("error"), content):
        if isinstance(holder, dict) and isinstance(holder.get("message"), str):
            return str(holder["message"])
    return None


def _restore(kind: type[Failed], args: tuple[Any, ...], attributes: Mapping[str, Any]) -> Failed:
    """An error with these attributes, without a call of its constructor."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class UnexpectedStatus(ApiError):
    """The contract does not document this status for this operation, or the response is not the API's."""


class MalformedResponse(ApiError):
    """The server answered with a success that lacks what the caller cannot do without, or is about another patient.

    `body` has the readable entries of a list, if there are any. With a strict client: the success deviates from the
    contract in any way; `body` is its model.
    """


class OperationFailed(ApiError):
    """The server answered a 2xx with `result: false` or an `error`: it did not do it.

    `body` is the model of the success.
    """


class IncompleteList(ApiError):
    """The server has more than it listed, and the contract knows no paging here; `body` is what it listed."""


class PagingFailed(CallError):
    """The pages of a list lead nowhere: one repeats, or is empty although the server has more."""
