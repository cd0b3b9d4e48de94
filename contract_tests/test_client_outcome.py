"""What a caller may conclude from a call, against a server that misbehaves in any order that hypothesis finds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.probes.requests import method_name, sample
from contract_tests.spec_lint import navigation

Json = Any
GARBAGE = (b"<html>", b"[]", b'{"result": "yes"}', b'{"result": tru')


@dataclass
class Server:
    """Sends mails and deletes one entry; remembers what it really did, and what it confirmed."""

    exists: bool = True
    mails: int = 0
    deletions: int = 0
    arrivals: int = 0
    behaviours: list["Behaviour"] = field(default_factory=list)

    def act(self, request: httpx.Request) -> httpx.Response:
        """Do what the request asks for, and give the documented answer."""
        if request.method == "POST":
            self.mails += 1
        elif not self.exists:
            return _refusal(404)
        else:
            self.exists = False
            self.deletions += 1
        return httpx.Response(200, json={"result": True, "message": "done"})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        behaviour = self.behaviours.pop(0) if self.behaviours else ANSWERS
        self.arrivals += behaviour.arrives
        return behaviour.answer(self, request)


@dataclass(frozen=True)
class Behaviour:
    """What becomes of one attempt; `arrives` tells whether the request reaches the server at all."""

    name: str
    answer: Callable[[Server, httpx.Request], httpx.Response]
    arrives: bool = True


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"result": False, "message": "no"})


def _fails(error: httpx.TransportError, *, acts: bool, arrives: bool = True) -> Behaviour:
    def answer(server: Server, request: httpx.Request) -> httpx.Response:
        if acts:
            server.act(request)
        raise error

    return Behaviour(f"{type(error).__name__}, {'after' if acts else 'before'} acting", answer, arrives)


def _refuses(status: int, *, acts: bool) -> Behaviour:
    def answer(server: Server, request: httpx.Request) -> httpx.Response:
        if acts:
            server.act(request)
        return _refusal(status)

    return Behaviour(f"{status}, {'after' if acts else 'before'} acting", answer)


def _garbage(content: bytes, *, acts: bool) -> Behaviour:
    def answer(server: Server, request: httpx.Request) -> httpx.Response:
        if acts:
            server.act(request)
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)

    return Behaviour(f"{content!r}, {'after' if acts else 'before'} acting", answer)


class _Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends before its time."""

    def __iter__(self) -> Any:
        yield b'{"result'
        raise httpx.RemoteProtocolError("closed within the body")

    async def __aiter__(self) -> Any:
        for part in self:
            yield part


def _truncates(*, acts: bool) -> Behaviour:
    def answer(server: Server, request: httpx.Request) -> httpx.Response:
        if acts:
            server.act(request)
        return httpx.Response(200, headers={"Content-Type": "application/json"}, stream=_Breaking())

    return Behaviour(f"truncates, {'after' if acts else 'before'} acting", answer)


def _loses_to_another(server: Server, request: httpx.Request) -> httpx.Response:
    """Somebody else deletes the entry first."""
    server.exists = False
    return server.act(request)


ANSWERS = Behaviour("answers", Server.act)
BEHAVIOURS = [
    ANSWERS,
    Behaviour("is overtaken", _loses_to_another),
    *(_fails(error("no"), acts=False, arrives=False) for error in (httpx.ConnectError, httpx.ConnectTimeout)),
    *(
        _fails(error("no"), acts=acts)
        for error in (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadTimeout)
        for acts in (False, True)
    ),
    *(_refuses(status, acts=False) for status in (400, 401, 403, 404, 422, 429)),
    *(_refuses(status, acts=acts) for status in (500, 502, 503, 504) for acts in (False, True)),
    *(_garbage(content, acts=acts) for content in GARBAGE for acts in (False, True)),
    *(_truncates(acts=acts) for acts in (False, True)),
]

Outcome = Any


def _sync(server: Server, method: str, arguments: tuple[int, ...], retries: int) -> Outcome:
    transport = httpx.MockTransport(server)
    with Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport, retries=retries) as client:
        try:
            return getattr(client, method)(*arguments)
        except cerbo.CerboError as error:
            return error


def _async(server: Server, method: str, arguments: tuple[int, ...], retries: int) -> Outcome:
    async def call() -> Outcome:
        transport = httpx.MockTransport(server)
        settings: dict[str, Any] = {"username": "u", "password": "p", "transport": transport, "retries": retries}
        async with AsyncClient("http://127.0.0.1/api/v1", **settings) as client:
            try:
                return await getattr(client, method)(*arguments)
            except cerbo.CerboError as error:
                return error

    return anyio.run(call)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda shortest, _: shortest)


SERVERS = st.builds(Server, exists=st.booleans(), behaviours=st.lists(st.sampled_from(BEHAVIOURS), max_size=5))


@pytest.mark.parametrize("make_call", [_sync, _async])
@settings(max_examples=max(500, settings().max_examples))
@given(server=SERVERS, retries=st.integers(0, 4))
def test_one_invitation_is_never_two_mails(make_call: Callable[..., Outcome], server: Server, retries: int) -> None:
    outcome = make_call(server, "invite_to_portal", (1,), retries)
    assert server.mails <= 1
    assert server.arrivals <= 1
    if isinstance(outcome, cerbo.InvitationResult):
        assert server.mails == 1
    if isinstance(outcome, cerbo.ConnectionFailed | cerbo.TimedOut | cerbo.RateLimited | cerbo.NotFound):
        assert server.mails == 0


@pytest.mark.parametrize("make_call", [_sync, _async])
@settings(max_examples=max(500, settings().max_examples))
@given(server=SERVERS, retries=st.integers(0, 4))
def test_a_delete_says_no_more_than_is_known(make_call: Callable[..., Outcome], server: Server, retries: int) -> None:
    outcome = make_call(server, "delete_portal_request", (1, 27), retries)
    assert server.deletions <= 1
    if isinstance(outcome, cerbo.DeletionResult):
        assert server.deletions == 1
        assert not server.exists
    if type(outcome) in {cerbo.NotFound, cerbo.ConnectionFailed, cerbo.TimedOut, cerbo.RateLimited, cerbo.Forbidden}:
        assert server.deletions == 0
    if server.deletions and not isinstance(outcome, cerbo.DeletionResult):
        unknown = cerbo.OutcomeUnknown, cerbo.AlreadyGone, cerbo.UnexpectedStatus
        failed = cerbo.ServerError, cerbo.ServiceUnavailable
        assert isinstance(outcome, (*unknown, *failed))
        assert outcome.may_have_acted


def test_a_lost_answer_is_asked_for_again_where_the_contract_calls_that_safe_and_nowhere_else(document: Json) -> None:
    arrivals = {}
    for name, _ in navigation.operations(document):
        server = Server(behaviours=[_fails(httpx.ReadError("lost"), acts=True)] * 3)
        transport = httpx.MockTransport(server)
        arguments = sample(document, name).arguments
        with (
            Client("http://127.0.0.1/api/v1", username="u", password="p", transport=transport, retries=2) as client,
            pytest.raises((cerbo.ConnectionFailed, cerbo.OutcomeUnknown)),
        ):
            getattr(client, method_name(name))(**arguments)
        arrivals[name] = server.arrivals
    safe = {name: operation["x-idempotent"] for name, operation in navigation.operations(document)}
    assert {True, False} == set(safe.values())
    assert arrivals == {name: 3 if safe[name] else 1 for name in safe}
