"""One call: from an operation and its arguments to a typed answer or one clear error."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Generic, NoReturn, TypeVar

import httpx
from attrs import frozen

from . import _arguments, _privacy, _values, errors
from ._settings import TIMES, Settings, is_time
from ._transport import CALL, AttemptsTransport, Call, tls_trouble, trusted
from ._validation import Model, validator
from .models import Error
from .types import Unset

_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})

Path = Mapping[str, object]
Query = Mapping[str, str | int | float | bool | Unset]
Body = Mapping[str, Any] | None


T = TypeVar("T", bound=Model)
_Failure = type[errors.ConnectionFailed] | type[errors.TimedOut]

_captured: ContextVar[list[httpx.Response] | None] = ContextVar("cerbo_portal_client_captured", default=None)


@contextmanager
def capture_responses() -> Iterator[list[httpx.Response]]:
    """Collect the final `httpx.Response` of each call that this context makes.

    They hold what the server sent, patient data included.
    """
    responses: list[httpx.Response] = []
    token = _captured.set(responses)
    try:
        yield responses
    finally:
        _captured.reset(token)


@frozen
class Operation(Generic[T]):
    """An operation of the contract."""

    id: str
    method: str
    path: str
    idempotent: bool
    result_false_is_error: bool
    success: Mapping[int, type[T]]
    schema: str
    body: type[Model] | None = None

    @property
    def label(self) -> str:
        """What logs may say of a call."""
        return f"{self.method} {self.path}"


class _Calls:
    """What the calls of both clients have in common."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._base = str(settings.base_url).rstrip("/")

    def _begin(self, operation: Operation[Any], timeout: float | None) -> Call:
        safe = operation.method in _SAFE_METHODS
        if self.settings.read_only and not safe:
            raise errors.ReadOnly(operation.id)
        if timeout is not None and not is_time(timeout):
            raise errors.InvalidArgument(operation.id, "timeout", TIMES)
        return Call(
            repeatable=operation.idempotent,
            acts=not safe,
            deadline=time.monotonic() + (self.settings.timeout if timeout is None else timeout),
            retries=self.settings.retries,
        )

    def _prepare(
        self,
        http: httpx.Client | httpx.AsyncClient,
        operation: Operation[Any],
        arguments: tuple[Path, Query, Body],
        timeout: float | None,
    ) -> tuple[Call, httpx.Request]:
        call = self._begin(operation, timeout)
        path, query, body = arguments
        given = {name: value for name, value in query.items() if not isinstance(value, Unset)}
        try:
            below = operation.path.format_map({name: _arguments.in_path(value) for name, value in path.items()})
            return call, httpx.Request(
                operation.method,
                # Whole: what is joined by httpx is parsed twice.
                self._base + below,
                params=given or None,
                headers=http.headers,
                json=body,
                extensions={CALL: call},
            )
        except (ValueError, TypeError, RecursionError, httpx.InvalidURL):
            name, expected = _arguments.problem(path, given, body)
        # Not within the handler, whose error quotes the arguments.
        raise errors.InvalidArgument(operation.id, name, expected)


class _NoCookies(httpx.Cookies):
    """Keeps none: each call carries its own credentials, and nothing of an earlier one. Saves a tenth of a call."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are."""


class _Http(httpx.Client):
    cookies = _NoCookies()  # type: ignore[override]  # (httpx has no setting for it)


class _AsyncHttp(httpx.AsyncClient):
    cookies = _NoCookies()  # type: ignore[override]


class Calls(_Calls):
    """Makes calls through httpx, synchronously."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None) -> None:
        super().__init__(settings)
        self._http = _Http(
            auth=settings.auth,
            headers=settings.headers,
            transport=AttemptsTransport(transport or httpx.HTTPTransport(verify=trusted(settings.base_url))),
        )

    def make(self, operation: Operation[T], path: Path, query: Query, body: Body, timeout: float | None) -> T:
        """The answer to one call, or one error of `errors`."""
        call, request = self._prepare(self._http, operation, (path, query, body), timeout)
        response: httpx.Response | None = None
        failure: _Failure = errors.ConnectionFailed
        why = ""
        with _privacy.masked(operation.label):
            try:
                response = self._http.send(request, stream=True)
                response.read()
            except httpx.TimeoutException as error:
                failure, why = errors.TimedOut, tls_trouble(error)
            except httpx.RequestError as error:
                why = tls_trouble(error)
        return _answer(operation, call, response, (failure, why))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncCalls(_Calls):
    """Makes calls through httpx, asynchronously."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None) -> None:
        super().__init__(settings)
        self._http = _AsyncHttp(
            auth=settings.auth,
            headers=settings.headers,
            transport=AttemptsTransport(transport or httpx.AsyncHTTPTransport(verify=trusted(settings.base_url))),
        )

    async def make(self, operation: Operation[T], path: Path, query: Query, body: Body, timeout: float | None) -> T:
        """The answer to one call, or one error of `errors`."""
        import anyio  # noqa: PLC0415 (an expense that synchronous clients are spared)

        call, request = self._prepare(self._http, operation, (path, query, body), timeout)
        response: httpx.Response | None = None
        failure: _Failure = errors.ConnectionFailed
        why = ""
        with _privacy.masked(operation.label):
            try:
                with anyio.fail_after(call.remaining()):
                    response = await self._http.send(request, stream=True)
                    await response.aread()
            except httpx.TimeoutException as error:
                failure, why = errors.TimedOut, tls_trouble(error)
            except TimeoutError:
                failure = errors.TimedOut
            except httpx.RequestError as error:
                why = tls_trouble(error)
        return _answer(operation, call, response, (failure, why))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _answer(
    operation: Operation[T],
    call: Call,
    response: httpx.Response | None,
    failure: tuple[_Failure, str],
) -> T:
    """The typed answer. Errors are raised outside of handlers: none carries another one that quotes the server."""
    if response is None:
        kind, why = failure
        raise errors.OutcomeUnknown(operation.id) if call.acted else kind(operation.id, why)
    captured = _captured.get()
    if captured is not None:
        captured.append(response)
    model = operation.success.get(response.status_code)
    if model is None:
        _refused(operation, call, response)
    content = _json(response)
    wrong = problem(operation.schema, content)
    if wrong:
        raise errors.MalformedResponse(operation.id, response, wrong)
    answer = model.from_dict(content)
    if operation.result_false_is_error and content.get("result") is False:
        raise errors.NotDone(operation.id, response, "the server did not do it", answer)
    if content.get("has_more") is True:
        raise errors.IncompleteList(operation.id, response, "the server has more than it listed", answer)
    return answer


def _refused(operation: Operation[Any], call: Call, response: httpx.Response) -> NoReturn:
    if call.acted and not (response.status_code in errors.GONE and operation.method == "DELETE"):
        raise errors.OutcomeUnknown(operation.id, response)
    error = (errors.GONE if call.acted else errors.BY_STATUS).get(response.status_code)
    if error is None:
        raise errors.UnexpectedStatus(operation.id, response)
    content = _json(response)
    body = None if problem("Error", content) else Error.from_dict(content)
    raise error(operation.id, response, body=body)


def _json(response: httpx.Response) -> Any:
    """The body's JSON, or None where there is none that can be read."""
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return None
    try:
        return _values.read(response.content)
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        return None


def problem(schema: str, content: Any) -> str:
    """What about the content does not fit the schema, without its values; empty where it fits.

    Args:
        schema: the schema's name in the contract.
        content: JSON as Python's values, None where there is none.
    """
    if content is None:
        return "the body is not JSON that can be read"
    try:
        if validator(schema).is_valid(content):
            return ""
        error = next(iter(validator(schema).iter_errors(content)))
    except (ValueError, RecursionError):
        return "the body is nested too deeply, or holds halves of characters"
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.instance_path).lstrip(".")
    return f"the body does not fit the contract at {place or 'its top'}: {error.message}"
