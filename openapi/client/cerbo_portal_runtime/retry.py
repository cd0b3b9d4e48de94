"""Retries: which attempts may be repeated and after how long, and whether one may have been applied.

The contract says which requests are safe to repeat (`x-idempotent`).
"""

import random
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self, cast

import httpx

from . import deadline, failures, retry_after
from .body import PROBLEM, BodyLimits, BodyReader
from .events import LOGGER, AttemptFailed, CallFinished, Observer

STATE: Final = "cerbo_retry_state"

_CONNECT_TIMEOUT: Final = 10.0
# A connection that cannot be made must fail as such, before the whole budget is spent.
_CONNECT_SHARE: Final = 0.9
_FIRST_BACKOFF: Final = 0.5
_LONGEST_BACKOFF: Final = 10.0
# More are beyond the longest backoff, and at last beyond a float.
_MOST_DOUBLINGS: Final = 10
_TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass
class RetryState:
    """The attempts of one call; a context manager, which reports that the call has ended.

    Attributes:
        operation: the operation's id.
        started: when the call began, on the monotonic clock, in seconds.
        idempotent: whether the contract says that a repeated request is safe.
        has_side_effects: whether a request may change something.
        deadline: when the time budget ends, on the monotonic clock, in seconds.
        retries: how many more attempts are permitted.
        observer: receives the events of the call.
        may_have_applied: whether an attempt that ended without the final response may have changed something.
        attempts: how many attempts were begun.
        sent: whether any of the current attempt's request was sent; None as long as its transport does not say.
        response: the final response.
        backoffs: how many times the call has waited for its next attempt.
        attempt_started: when the current attempt began; None when it has ended.
        pass_pause: passes the seconds until the next attempt, where the application in process has a clock that stands
            still; set by the current attempt's transport.
    """

    operation: str
    started: float
    idempotent: bool
    has_side_effects: bool
    deadline: float
    retries: int
    observer: Observer | None = None
    may_have_applied: bool = False
    attempts: int = 0
    sent: bool | None = None
    response: httpx.Response | None = None
    backoffs: int = 0
    attempt_started: float | None = None
    pass_pause: Callable[[float], None] | None = None

    def begin_attempt(self) -> dict[str, float]:
        """Count an attempt; the result is httpx's timeouts of it."""
        self.attempts += 1
        self.sent = self.pass_pause = None
        self.attempt_started = time.monotonic()
        left = deadline.timeout(self.deadline)
        return {"connect": min(_CONNECT_TIMEOUT, _CONNECT_SHARE * left), "read": left, "write": left, "pool": left}

    def backoff_after_failure(self, error: httpx.RequestError) -> float | None:
        """Seconds to wait before the next attempt, or None if none is permitted."""
        unconnected = isinstance(error, _NEVER_SENT) and _is_of_a_client(error)
        never_sent = unconnected if self.sent is None else not self.sent
        self.may_have_applied |= self.has_side_effects and not never_sent
        return self._backoff(0.0) if self.idempotent or never_sent else None

    def backoff_after(self, response: httpx.Response) -> float | None:
        """Seconds to wait before the next attempt, or None if this is the final response."""
        if not self.idempotent or response.status_code not in _TRANSIENT:
            return None
        backoff = self._backoff(retry_after.seconds(response))
        # A 429 has changed nothing; each of the others may have been sent after the change.
        retried = backoff is not None and response.status_code != httpx.codes.TOO_MANY_REQUESTS
        self.may_have_applied |= self.has_side_effects and retried
        return backoff

    def real_pause(self, backoff: float) -> float:
        """The seconds that are left to wait of those before the next attempt."""
        if self.pass_pause is None:
            return backoff
        self.pass_pause(backoff)
        self.deadline -= backoff
        return 0.0

    def end_attempt(self, *, status: int | None = None, error: str | None = None, pause: float | None = None) -> None:
        """Report how the current attempt ended, unless that is done.

        Args:
            status: the status of the response, or None where there was none.
            error: the kind of the failure, or None where there was a response.
            pause: the seconds until the next attempt, or None if there is none.
        """
        if self.attempt_started is None:
            return
        seconds = time.monotonic() - self.attempt_started
        self.attempt_started = None
        LOGGER.debug(
            "%s: attempt %d: %s after %.0f ms%s",
            self.operation,
            self.attempts,
            error or status,
            1000 * seconds,
            "" if pause is None else f", the next in {1000 * pause:.0f} ms",
        )
        if self.observer is not None and not (status and httpx.codes.is_success(status)):
            self.observer(AttemptFailed(self.operation, self.attempts, status, error, seconds, pause))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self.attempts:
            return
        self.end_attempt(error="other" if isinstance(error, Exception) else "cancelled")
        if self.observer is not None:
            status = None if self.response is None else self.response.status_code
            name = None if kind is None else kind.__name__
            seconds = time.monotonic() - self.started
            self.observer(CallFinished(self.operation, self.attempts, status, name, seconds))

    def _backoff(self, requested: float) -> float | None:
        longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** min(self.backoffs, _MOST_DOUBLINGS))
        backoff = requested + random.uniform(0, longest)  # noqa: S311
        if self.retries <= 0 or requested > _LONGEST_BACKOFF or backoff >= deadline.remaining(self.deadline):
            return None
        self.retries -= 1
        self.backoffs += 1
        return backoff


class RetryTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Makes the attempts of a call through another transport, and reads each response to its end.

    Args:
        inner: carries out one attempt.
        limits: how large bodies may be.

    Attributes:
        is_closed: whether it was closed.
    """

    def __init__(self, inner: Any, limits: BodyLimits) -> None:
        self.is_closed = False
        self._inner = inner
        self._limits = limits

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The final response.

        Raises:
            RequestError: the last attempt failed.
        """
        state: RetryState = request.extensions[STATE]
        while True:
            self._refuse_if_closed()
            request.extensions["timeout"] = state.begin_attempt()
            try:
                response = self._inner.handle_request(request)
                state.sent = True
                response = self._read(request, response, state)
                backoff = state.backoff_after(response)
                state.end_attempt(status=response.status_code, pause=backoff)
                if backoff is None:
                    state.response = response
                    return response
            except httpx.RequestError as error:
                backoff = state.backoff_after_failure(error)
                state.end_attempt(error=failures.kind(error), pause=backoff)
                if backoff is None:
                    raise
            if pause := state.real_pause(backoff):
                time.sleep(pause)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The final response.

        Raises:
            RequestError: the last attempt failed.
        """
        import anyio  # noqa: PLC0415 (slow, and synchronous clients need none)

        state: RetryState = request.extensions[STATE]
        while True:
            self._refuse_if_closed()
            request.extensions["timeout"] = state.begin_attempt()
            try:
                response = await self._inner.handle_async_request(request)
                state.sent = True
                response = await self._read_async(request, response, state)
                backoff = state.backoff_after(response)
                state.end_attempt(status=response.status_code, pause=backoff)
                if backoff is None:
                    state.response = response
                    return response
            except httpx.RequestError as error:
                backoff = state.backoff_after_failure(error)
                state.end_attempt(error=failures.kind(error), pause=backoff)
                if backoff is None:
                    raise
            except anyio.get_cancelled_exc_class():
                state.may_have_applied |= state.has_side_effects and state.sent is not False
                raise
            await anyio.sleep(state.real_pause(backoff))

    def _refuse_if_closed(self) -> None:
        """Raise if another thread has closed the client since the call began: its connections are gone."""
        if self.is_closed:
            raise RuntimeError("the client is closed")

    def close(self) -> None:
        """Close the connections."""
        self.is_closed = True
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connections."""
        self.is_closed = True
        await self._inner.aclose()

    def _read(self, request: httpx.Request, response: httpx.Response, state: RetryState) -> httpx.Response:
        body = BodyReader(response.headers, self._limits)
        try:
            for chunk in cast("httpx.SyncByteStream", response.stream):
                for _ in body.feed(chunk):
                    if deadline.remaining(state.deadline) <= 0:
                        raise httpx.ReadTimeout("")
                if body.problem:
                    break
        finally:
            response.close()
        return _complete(request, response, body, state)

    async def _read_async(self, request: httpx.Request, response: httpx.Response, state: RetryState) -> httpx.Response:
        import anyio.lowlevel  # noqa: PLC0415

        body = BodyReader(response.headers, self._limits)
        chunks = aiter(cast("httpx.AsyncByteStream", response.stream))
        try:
            async for chunk in chunks:
                for _ in body.feed(chunk):
                    await anyio.lowlevel.checkpoint()
                if body.problem:
                    break
        finally:
            # A generator that is left suspended would be closed by the event loop, later.
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
            await response.aclose()
        return _complete(request, response, body, state)


def _is_of_a_client(error: httpx.RequestError) -> bool:
    """Whether it is about a request of a client, and not about one that an application in process makes itself."""
    try:
        return STATE in error.request.extensions
    except RuntimeError:
        # httpx sets the request later.
        return True


def _complete(request: httpx.Request, response: httpx.Response, body: BodyReader, state: RetryState) -> httpx.Response:
    # The reason phrase is free text of the server, and part of the response's `repr`.
    extensions = {name: value for name, value in response.extensions.items() if name != "reason_phrase"}
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)
    content = body.content()
    if body.problem:
        extensions[PROBLEM] = body.problem
    whole = httpx.Response(
        response.status_code,
        headers=headers,
        stream=httpx.ByteStream(content),
        extensions=extensions,
        request=request,
    )
    whole.read()
    # Of the attempt, as httpx counts it.
    began = state.started if state.attempt_started is None else state.attempt_started
    whole.elapsed = timedelta(seconds=time.monotonic() - began)
    return whole
