# Made from openapi/client/runtime/_calls.py by ./scripts/generate; edits are lost.
"""One call: from an operation and its arguments to a typed answer or one clear error."""

from collections.abc import Mapping
from typing import Any, Final, Generic, Protocol, Self, TypeVar
from urllib.parse import quote

import httpx
from attrs import frozen

from . import errors
from .types import Unset

DEFAULT_TIMEOUT: Final = 30.0


class Model(Protocol):
    """What the models of the contract have in common."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object."""


T = TypeVar("T", bound=Model)
Arguments = Mapping[str, object]


@frozen
class Operation(Generic[T]):
    """An operation of the contract, and the model of its answer by status."""

    id: str
    method: str
    path: str
    success: Mapping[int, type[T]]
    result_false_is_error: bool

    def request(self, path: Arguments, query: Arguments) -> dict[str, Any]:
        """The arguments of httpx's `request`."""
        return {
            "method": self.method,
            "url": self.path.format_map({name: quote(str(value), safe="") for name, value in path.items()}),
            "params": {name: value for name, value in query.items() if not isinstance(value, Unset)},
        }

    def answer(self, response: httpx.Response) -> T:
        """The typed answer.

        Raises:
            ApiError: the response is not a success.
        """
        model = self.success.get(response.status_code)
        if model is None:
            error = errors.BY_STATUS.get(response.status_code, errors.UnexpectedStatus)
            raise error(self.id, response)
        try:
            content = response.json()
            answer = model.from_dict(content)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise errors.MalformedResponse(self.id, response, "the answer is not of the contract") from None
        if self.result_false_is_error and content.get("result") is False:
            raise errors.NotDone(self.id, response, "the server did not do it")
        return answer


class Calls:
    """Makes calls through a synchronous httpx client."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def make(self, operation: Operation[T], path: Arguments, query: Arguments) -> T:
        """The answer to one call; see `Operation.answer`."""
        try:
            response = self._http.request(**operation.request(path, query))
        except httpx.TimeoutException:
            raise errors.TimedOut(operation.id) from None
        except httpx.RequestError:
            raise errors.ConnectionFailed(operation.id) from None
        return operation.answer(response)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncCalls:
    """Makes calls through an asynchronous httpx client."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def make(self, operation: Operation[T], path: Arguments, query: Arguments) -> T:
        """The answer to one call; see `Operation.answer`."""
        try:
            response = await self._http.request(**operation.request(path, query))
        except httpx.TimeoutException:
            raise errors.TimedOut(operation.id) from None
        except httpx.RequestError:
            raise errors.ConnectionFailed(operation.id) from None
        return operation.answer(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
