"""The part of the clients that is neither synchronous nor asynchronous: settings, requests, results."""

import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

import httpx

from . import config, errors, failures, response, success, tls, url_encoding
from .body_encoding import body_headers, request_body
from .contract import Contract, Operation
from .events import GuardedObserver, Observer
from .retry import STATE, RetryState, RetryTransport

if TYPE_CHECKING:
    from .connections import Connections

T = TypeVar("T")
TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)
Failure = type[errors.ConnectionFailed] | type[errors.TimedOut]


class CommonClient(ABC, Generic[TransportT]):
    """The part of a client that is neither synchronous nor asynchronous."""

    _contract: ClassVar[Contract]
    _transport_method: ClassVar[str]
    _transport: RetryTransport

    def __init__(  # noqa: PLR0913 (a client has as many settings)
        self,
        base_url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: float = config.DEFAULT_TIMEOUT,
        retries: int = config.DEFAULT_RETRIES,
        read_only: bool = False,
        strict: bool = False,
        allow_http: bool = False,
        max_json_bytes: int = config.DEFAULT_LIMITS.json,
        max_body_bytes: int = config.DEFAULT_LIMITS.other,
        proxy: str | None = None,
        verify: tls.CaFile | None = None,
        transport: TransportT | None = None,
        headers: Mapping[str, str] | None = None,
        observer: Observer | None = None,
    ) -> None:
        """Check the settings; no connection is opened yet.

        Args:
            base_url: The URL of the API, `https://SUBDOMAIN.md-hq.com/api/v1`. Credentials in it, as in the vendor's
                samples, are removed from it and sent in the header.
            username: The API user's name.
            password: The API user's password.
            timeout: The time budget of a call in seconds, at most a day: all its attempts, the waits between them and
                the reading of its response.
            retries: How many times a failed attempt may be repeated, where the contract says that a repeat is safe or
                where the request was never sent. The waits between them grow, are random, and honour `Retry-After`; a
                `Retry-After` of more than 10 seconds ends the call instead.
            read_only: Refuse every operation but GET, before anything is sent. `CERBO_READ_ONLY=1` does the same.
            strict: Raise `MalformedResponse` for every deviation of a response from the contract, as tests should; by
                default a member that deviates reads as None, and the deviation is reported only.
            allow_http: Permit plain HTTP to a host that is not loopback. `CERBO_ALLOW_HTTP=1` does the same.
            max_json_bytes: How many bytes a JSON body of a response may have, as it comes and decoded. A larger one is
                `MalformedResponse`, for a call that writes `OutcomeUnknown`.
            max_body_bytes: The same for any other body.
            proxy: The URL of an HTTP proxy, `http://HOST:PORT`, which may carry credentials. `HTTPS_PROXY` and the like
                are not used.
            verify: A file of CA certificates in PEM, to be trusted in place of the usual ones, or an `ssl.SSLContext`.
            transport: Carries the requests, such as `httpx.WSGITransport` or, asynchronously, `httpx.ASGITransport` for
                an application in process; by default connections of the client's own. Errors that it raises and that
                are not httpx's reach the caller.
            headers: Sent with every request; none that identifies the caller or belongs to the connection.
            observer: A function that is called with each `AttemptFailed`, `CallFinished` and `Deviation`, in the thread
                or task of the call, which waits for it. Its exceptions never reach the call; the logger `cerbo_portal`
                warns of the first one.

        Raises:
            InvalidSettings: A setting is missing, malformed, or contradicts another.

        Warns:
            UserWarning: The path of the base URL does not end in that of the API, or the password begins with `pk_`, as
                names of API users do.
        """
        if transport is not None and (proxy, verify) != (None, None):
            raise errors.InvalidSettings("transport", "expected no proxy and no verify together with it")
        if transport is not None and not hasattr(transport, self._transport_method):
            raise errors.InvalidSettings("transport", f"expected an object with the method {self._transport_method}")
        if observer is not None and not callable(observer):
            raise errors.InvalidSettings("observer", "expected a function that takes an event")
        self._settings = config.check(
            base_url,
            username=username,
            password=password,
            headers=headers,
            timeout=timeout,
            retries=retries,
            read_only=read_only,
            allow_http=allow_http,
            max_json_bytes=max_json_bytes,
            max_body_bytes=max_body_bytes,
            proxy=proxy,
            verify=verify,
            user_agent=self._contract.user_agent,
            base_path=self._contract.base_path,
        )
        for setting, problem in self._settings.unusual.items():
            warnings.warn(f"{setting}: {problem}", UserWarning, stacklevel=2)
        self._base = str(self._settings.base_url).rstrip("/")
        self._observer = None if observer is None else GuardedObserver(observer)
        self._reading = success.Reading(strict, max_json_bytes, self._observer)
        self._has_own_connections = transport is None
        self._open(transport)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        strict: bool | None = None,
    ) -> Self:
        """A client with other settings that shares the connections: closing one closes both.

        Args:
            timeout: The time budget of a call in seconds, at most a day; None keeps it, as for the rest.
            retries: How many times a failed attempt may be repeated.
            headers: Sent with every request, in addition to those of this client.
            strict: Whether every deviation of a response is `MalformedResponse`.

        Raises:
            InvalidSettings: A setting is malformed.
        """
        client = object.__new__(type(self))
        client.__dict__.update(self.__dict__)
        client._settings = config.changed(self._settings, timeout=timeout, retries=retries, headers=headers)
        if strict is not None:
            client._reading = replace(self._reading, strict=strict)
        return client

    @abstractmethod
    def _open(self, transport: TransportT | None) -> None:
        """Create the transport. No httpx client is in between, which tools patch to record URLs, and patients' ids."""

    def _connections(self) -> "Connections":
        from .connections import Connections  # noqa: PLC0415 (slow, and an application in process needs none)

        settings = self._settings
        return Connections(settings.base_url, settings.certificates, settings.limits, settings.proxy)

    @classmethod
    def from_env(  # noqa: PLR0913
        cls,
        *,
        timeout: float = config.DEFAULT_TIMEOUT,
        retries: int = config.DEFAULT_RETRIES,
        read_only: bool = False,
        strict: bool = False,
        allow_http: bool = False,
        max_json_bytes: int = config.DEFAULT_LIMITS.json,
        max_body_bytes: int = config.DEFAULT_LIMITS.other,
        proxy: str | None = None,
        verify: tls.CaFile | None = None,
        transport: TransportT | None = None,
        headers: Mapping[str, str] | None = None,
        observer: Observer | None = None,
    ) -> Self:
        """A client with the settings `CERBO_BASE_URL`, `CERBO_USERNAME` and `CERBO_PASSWORD`.

        Args:
            timeout: As for the class, like the rest.
            proxy: By default `CERBO_PROXY`, unless there is a transport.
            verify: By default `CERBO_CA_FILE`, unless there is a transport.

        Raises:
            InvalidSettings: A variable is missing or malformed.
        """
        given: dict[str, Any] = config.from_environment()
        names = dict(config.VARIABLES)
        for name, value in {"proxy": proxy, "verify": verify}.items():
            if value is not None or transport is not None:
                given[name] = value
                del names[name]
        try:
            return cls(
                **given,
                timeout=timeout,
                retries=retries,
                read_only=read_only,
                strict=strict,
                allow_http=allow_http,
                max_json_bytes=max_json_bytes,
                max_body_bytes=max_body_bytes,
                transport=transport,
                headers=headers,
                observer=observer,
            )
        except errors.InvalidSettings as error:
            raise error.renamed(names) from None

    def __repr__(self) -> str:
        # A constructor that failed leaves an object that a debugger shows.
        settings: config.Settings | None = getattr(self, "_settings", None)
        return f"<{type(self).__name__} of {settings.base_url if settings else 'nothing'}>"

    def _build_request(
        self,
        operation: Operation[Any],
        parts: url_encoding.Parts,
        timeout: float | None,
        headers: Mapping[str, str] | None,
    ) -> tuple[RetryState, httpx.Request]:
        if self._transport.is_closed:
            raise errors.ClientClosed(operation.id)
        state = self._begin(operation, timeout)
        try:
            added = config.checked_headers(headers)
        except errors.InvalidSettings as error:
            raise errors.InvalidArgument(operation.id, "headers", error.reason) from None
        try:
            return state, httpx.Request(
                operation.method,
                # Complete: httpx parses a URL twice that it joins itself.
                self._base + url_encoding.path(operation, parts.path),
                params=url_encoding.query(operation, parts.query) if parts.query else None,
                headers=self._request_headers(operation, parts, added),
                extensions={STATE: state},
                **request_body(operation, parts.body),
            )
        except (ValueError, TypeError, RecursionError, OSError, httpx.InvalidURL):
            name, reason = url_encoding.unencodable(operation, parts)
        # Outside of the handler, whose error quotes the arguments.
        raise errors.InvalidArgument(operation.id, name, reason)

    def _request_headers(
        self, operation: Operation[Any], parts: url_encoding.Parts, added: Mapping[str, str]
    ) -> httpx.Headers:
        own = [body_headers(operation, parts.body), url_encoding.headers(operation, parts.headers), added]
        headers = self._settings.headers
        if any(own) or operation.anonymous:
            headers = config.merged_headers(headers, *own)
        if operation.anonymous:
            del headers["Authorization"]
        return headers

    def _begin(self, operation: Operation[Any], timeout: float | None) -> RetryState:
        if self._settings.read_only and operation.has_side_effects:
            raise errors.ReadOnly(operation.id)
        if timeout is not None and not config.is_timeout(timeout):
            raise errors.InvalidArgument(operation.id, "timeout", config.EXPECTED_TIMEOUT)
        now = time.monotonic()
        return RetryState(
            operation=operation.id,
            started=now,
            idempotent=operation.idempotent,
            has_side_effects=operation.has_side_effects,
            deadline=now + (self._settings.timeout if timeout is None else timeout),
            retries=self._settings.retries,
            observer=self._observer,
        )

    def _describe(self, error: httpx.RequestError) -> str:
        return failures.describe(error, proxied=self._settings.proxy is not None)

    def _take_unforeseen_failure(self, state: RetryState) -> None:
        """Handle an exception that is not httpx's, such as the lack of a thread: nothing is known of the attempt."""
        if not state.attempts:
            # Another thread has closed the client.
            return
        if not self._has_own_connections:
            raise  # noqa: PLE0704 (called by a handler)
        state.may_have_applied |= state.has_side_effects and state.sent is not False

    def _result(
        self,
        operation: Operation[T],
        path: Mapping[str, object],
        state: RetryState,
        received: httpx.Response | None,
        failure: tuple[Failure, str],
    ) -> T:
        # Errors are raised outside of handlers: none has a context that quotes the server.
        attempts = state.attempts
        if not attempts:
            # It was open when the call began.
            raise errors.ClientClosed(operation.id)
        if received is not None and received.status_code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
            # Only a proxy says so, and only without a tunnel.
            received, failure = None, (errors.ConnectionFailed, failures.PROXY_AUTHENTICATION)
        if received is not None:
            applied = state.may_have_applied
            return response.parse(
                self._contract,
                operation,
                received,
                self._reading,
                path=path,
                attempts=attempts,
                may_have_applied=applied,
            )
        if state.may_have_applied:
            raise errors.OutcomeUnknown(operation.id, attempts=attempts)
        error, reason = failure
        raise error(operation.id, reason, attempts=attempts)
