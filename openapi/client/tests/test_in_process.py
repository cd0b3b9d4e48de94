"""Applications in process, behind `transport=`: what fails in them says nothing of the call itself."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import pytest

from contract_tests.support.callers import KINDS, perform

each_kind = pytest.mark.parametrize("kind", KINDS)


def _invite(kind: str, handler: Callable[[httpx.Request], httpx.Response]) -> Any:
    """The outcome of an invitation that this handler carries out."""
    transport = httpx.MockTransport(handler)
    (outcome,) = perform(
        kind, "http://127.0.0.1/api/v1", lambda client: client.invite_to_portal(1), transport=transport
    )
    return outcome


@each_kind
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_an_application_that_cannot_connect_may_have_sent_an_invitation(
    kind: str, error: type[httpx.RequestError]
) -> None:
    attempts = []

    def invites_and_fails(request: httpx.Request) -> httpx.Response:
        attempts.append(request)
        raise error("refused", request=httpx.Request("POST", "http://audit.invalid/"))

    assert type(_invite(kind, invites_and_fails)) is cerbo.OutcomeUnknown
    assert len(attempts) == 1


class _Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends with an error of a connection."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        raise httpx.ConnectError("refused")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


@each_kind
def test_an_invitation_whose_response_breaks_is_not_repeated(kind: str) -> None:
    attempts = []

    def answers_and_fails(request: httpx.Request) -> httpx.Response:
        attempts.append(request)
        return httpx.Response(200, stream=_Broken())

    assert type(_invite(kind, answers_and_fails)) is cerbo.OutcomeUnknown
    assert len(attempts) == 1


@each_kind
def test_a_timeout_within_an_application_is_not_the_call_s(kind: str) -> None:
    def invites_and_fails(_: httpx.Request) -> httpx.Response:
        raise TimeoutError("mail server")

    with pytest.raises(TimeoutError, match="mail server"):
        _invite(kind, invites_and_fails)


@each_kind
@pytest.mark.parametrize("target", ["https://xn--a/", "https://xn--zzzzzz99999/", "https://["])
def test_a_redirect_to_no_host_is_a_response(kind: str, target: str) -> None:
    error = _invite(kind, lambda _: httpx.Response(303, headers={"Location": target}))
    assert type(error) is cerbo.UnexpectedStatus
    assert error.may_have_acted
