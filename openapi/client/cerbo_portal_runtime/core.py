"""The base classes of the generated clients, synchronous and asynchronous: one call, from arguments to result."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, ParamSpec, Self, TypeVar

import httpx

from . import errors
from .common import CommonClient, Failure
from .contract import Operation
from .deadline import remaining
from .log_redaction import redacted
from .response import RawResponse, capture_responses, raw_response
from .retry import RetryTransport
from .types import UNSET
from .url_encoding import Arguments, Parts

T = TypeVar("T")
P = ParamSpec("P")

_NO_ARGUMENTS: Final[Arguments] = {}


def _parts(path: Arguments, query: Arguments, headers: Arguments, body: Any) -> Parts:
    return Parts(path, _given(query), _given(headers), None if body is UNSET else body)


def _given(arguments: Arguments) -> Arguments:
    return {name: value for name, value in arguments.items() if value is not None} if arguments else arguments


class BaseClient(CommonClient[httpx.BaseTransport]):
    """Makes synchronous calls. A generated client adds a method for each operation."""

    _transport_method = "handle_request"

    def _open(self, transport: httpx.BaseTransport | None) -> None:
        self._transport = RetryTransport(transport or self._connections(), self._settings.limits)

    def with_raw_response(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call one of this client's methods, and return the HTTP response next to the result.

        Args:
            method: The method, such as `client.delete_portal_request`.
            args: Its arguments.
            kwargs: Its arguments by name.

        Raises:
            CallError: As the method does; the error has the response.
            TypeError: The method makes no call, such as an iterator of pages before its first entry.
        """
        with capture_responses() as responses:
            result = method(*args, **kwargs)
        return raw_response(result, responses)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _request(  # noqa: PLR0913, PLR0917 (the parts of a request)
        self,
        operation: Operation[T],
        path: Arguments,
        query: Arguments,
        body: Any,
        timeout: float | None,
        headers: Mapping[str, str] | None,
        in_headers: Arguments = _NO_ARGUMENTS,
    ) -> T:
        """Call an operation.

        Raises:
            CallError: the call did not succeed.
        """
        parts = _parts(path, query, in_headers, body)
        state, request = self._build_request(operation, parts, timeout, headers)
        received: httpx.Response | None = None
        failure: Failure = errors.ConnectionFailed
        reason = ""
        with state, redacted(operation.label):
            try:
                received = self._transport.handle_request(request)
            except httpx.TimeoutException as error:
                failure, reason = errors.TimedOut, self._describe(error)
            except httpx.RequestError as error:
                reason = self._describe(error)
            except Exception:
                self._take_unforeseen_failure(state)
            return self._result(operation, path, state, received, (failure, reason))


class BaseAsyncClient(CommonClient[httpx.AsyncBaseTransport]):
    """Makes asynchronous calls, on asyncio or trio. A generated client adds a method for each operation."""

    _transport_method = "handle_async_request"

    def _open(self, transport: httpx.AsyncBaseTransport | None) -> None:
        self._transport = RetryTransport(transport or self._connections(), self._settings.limits)

    async def with_raw_response(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> RawResponse[T]:
        """Call one of this client's methods, and return the HTTP response next to the result.

        Args:
            method: The method, such as `client.delete_portal_request`.
            args: Its arguments.
            kwargs: Its arguments by name.

        Raises:
            CallError: As the method does; the error has the response.
            TypeError: The method makes no call, such as an iterator of pages before its first entry.
        """
        with capture_responses() as responses:
            result = await method(*args, **kwargs)
        return raw_response(result, responses)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _request(  # noqa: PLR0913, PLR0917
        self,
        operation: Operation[T],
        path: Arguments,
        query: Arguments,
        body: Any,
        timeout: float | None,
        headers: Mapping[str, str] | None,
        in_headers: Arguments = _NO_ARGUMENTS,
    ) -> T:
        """Call an operation.

        Raises:
            CallError: the call did not succeed.
        """
        import anyio  # noqa: PLC0415 (slow, and synchronous clients need none)

        parts = _parts(path, query, in_headers, body)
        state, request = self._build_request(operation, parts, timeout, headers)
        received: httpx.Response | None = None
        failure: Failure = errors.ConnectionFailed
        reason = ""
        with state, redacted(operation.label):
            try:
                with anyio.move_on_after(remaining(state.deadline)) as budget:
                    received = await self._transport.handle_async_request(request)
                # An application in process may raise a TimeoutError, as `fail_after` does.
                if budget.cancelled_caught:
                    failure = errors.TimedOut
                    state.end_attempt(error="timeout")
            except httpx.TimeoutException as error:
                failure, reason = errors.TimedOut, self._describe(error)
            except httpx.RequestError as error:
                reason = self._describe(error)
            except Exception:
                self._take_unforeseen_failure(state)
            return self._result(operation, path, state, received, (failure, reason))
