"""Bodies of responses: how large they may be, as they come and decoded, and what decoding may cost."""

import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise
from typing import Any

import anyio
import cerbo_portal_client as cerbo
import httpx
import pytest
from cerbo_portal_client import AsyncClient, Client
from cerbo_portal_runtime.body import BodyLimits, BodyReader

from contract_tests.support.callers import KINDS, perform
from contract_tests.support.doubles import Peer, Step, answers

LIST = b'{"object": "list", "data": [], "has_more": false, "total_count": 0}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
each_kind = pytest.mark.parametrize("kind", KINDS)


def read(client: Any) -> Any:
    return client.show_portal_requests(1)


def write(client: Any) -> Any:
    return client.invite_to_portal(1)


def _encoded(body: bytes, window: int = 16 + zlib.MAX_WBITS) -> bytes:
    encoder = zlib.compressobj(9, wbits=window)
    return encoder.compress(body) + encoder.flush()


def _zeros(size: int) -> bytes:
    """Zeros that a server compressed."""
    encoder = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    parts = [encoder.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join(parts) + encoder.flush()


def endless(peer: Peer, handler: Any) -> None:
    """A chunked body without end."""
    handler.wfile.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    for _ in range(100_000):
        handler.wfile.write(chunk)


def _announced(peer: Peer, handler: Any) -> None:
    handler.wfile.write(HEAD + b"Content-Length: 999999999999\r\n\r\n" + b" " * 9_000_000)


BOMB = _zeros(1_000_000_000)
TOO_LARGE: dict[str, tuple[Step, str]] = {
    "gzip": (answers("200 OK", BOMB, "Content-Encoding: gzip"), "8,000,000"),
    "gzip of text": (answers("200 OK", BOMB, "Content-Encoding: x-gzip", content_type="text/plain"), "32,000,000"),
    "endless": (endless, "8,000,000"),
    "announced": (_announced, "8,000,000"),
    "a byte too many": (answers("200 OK", b" " * 8_000_001), "8,000,000"),
}
UNDECODABLE: dict[str, tuple[Step, str]] = {
    "gzip twice": (answers("200 OK", _encoded(BOMB), "Content-Encoding: gzip, gzip"), "content coding"),
    "gzip twice in two headers": (
        answers("200 OK", _encoded(BOMB), "Content-Encoding: gzip", "Content-Encoding: gzip"),
        "content coding",
    ),
    "unknown": (answers("200 OK", LIST, "Content-Encoding: br"), "content coding"),
    "cut short": (answers("200 OK", _encoded(LIST)[:-1], "Content-Encoding: gzip"), "cannot be decoded"),
    "followed by more": (answers("200 OK", _encoded(LIST) * 2, "Content-Encoding: gzip"), "cannot be decoded"),
    "no gzip": (answers("200 OK", LIST, "Content-Encoding: gzip"), "cannot be decoded"),
}
UNREADABLE = TOO_LARGE | UNDECODABLE


@each_kind
@pytest.mark.parametrize(("step", "text"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_body_that_cannot_be_read_is_an_error(
    step: Step, text: str, kind: str, make_peer: Callable[..., Peer]
) -> None:
    peer = make_peer(step)
    listed, written = perform(kind, peer.url, read, write)
    assert type(listed) is cerbo.MalformedResponse
    assert type(written) is cerbo.OutcomeUnknown
    assert text in str(listed)
    assert text in str(written)
    assert written.response
    assert written.response.status_code == 200
    assert len(peer.requests) == 2


@each_kind
def test_a_refusal_whose_body_is_too_large_is_still_that_refusal(kind: str, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("403 Forbidden", BOMB, "Content-Encoding: gzip"))
    (refused,) = perform(kind, peer.url, write)
    assert type(refused) is cerbo.Forbidden
    assert refused.body is None


@each_kind
@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (_encoded(LIST), "gzip"),
        (_encoded(LIST), "identity, X-GZIP"),
        (_encoded(LIST, zlib.MAX_WBITS), "deflate"),
        (_encoded(LIST + b" " * 7_000_000), "gzip"),
        (LIST + b" " * (8_000_000 - len(LIST)), ""),
        (LIST, "identity"),
    ],
)
def test_one_content_coding_is_decoded(body: bytes, coding: str, kind: str, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(answers("200 OK", body, f"Content-Encoding: {coding}"))
    (listed,) = perform(kind, peer.url, read)
    assert listed.data == []
    assert b"\r\nAccept-Encoding: gzip\r\n" in peer.requests[0]


@each_kind
def test_the_limits_can_be_set(kind: str, make_peer: Callable[..., Peer]) -> None:
    html = answers("200 OK", b"<p>", content_type="text/html")
    peer = make_peer(answers("200 OK", LIST), html)
    large, text = perform(kind, peer.url, read, read, max_json_bytes=len(LIST) - 1, max_body_bytes=2)
    assert f"the body is too large, expected at most {len(LIST) - 1} bytes" in str(large)
    assert "the body is too large, expected at most 2 bytes" in str(text)


@pytest.mark.parametrize("name", ["max_json_bytes", "max_body_bytes"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, None])
def test_a_limit_is_a_number_of_bytes(name: str, value: Any) -> None:
    with pytest.raises(cerbo.InvalidSettings) as caught:
        Client("https://127.0.0.1/api/v1", username="u", password="p", **{name: value})
    assert str(caught.value) == f"{name}: expected a whole number of bytes, 1 or more"


class Parts(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of an application in process; of a synchronous one, and of an asynchronous one."""

    def __iter__(self) -> Iterator[bytes]:
        yield from [BOMB[:100_000]] * 2

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def test_an_application_in_process_has_the_same_limits() -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Parts()))
    for kind in KINDS:
        (listed,) = perform(kind, "http://127.0.0.1/api/v1", read, transport=transport)
        assert type(listed) is cerbo.MalformedResponse
        assert "the body is too large" in str(listed)


class Whole(httpx.AsyncByteStream):
    """A body whose iterator is no generator."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        self.parts = iter([LIST])
        return self

    async def __anext__(self) -> bytes:
        try:
            return next(self.parts)
        except StopIteration:
            raise StopAsyncIteration from None


def test_an_asynchronous_body_need_not_be_a_generator() -> None:
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Whole()))
    (listed,) = perform("asyncio", "http://127.0.0.1/api/v1", read, transport=transport)
    assert listed.data == []


def test_decoding_goes_in_small_steps() -> None:
    body = BodyReader(httpx.Headers({"Content-Encoding": "gzip"}), BodyLimits(other=10_000_000))
    sizes = [len(body._content) for _ in body.feed(BOMB)]
    assert max(after - before for before, after in pairwise(sizes)) <= 65_536
    assert len(sizes) == 153


def test_decoding_ends_with_the_time_budget() -> None:
    """The step that finds the deadline passed is the last one."""
    headers = {"Content-Encoding": "gzip"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Parts()))
    (listed,) = perform(
        "sync",
        "http://127.0.0.1/api/v1",
        lambda client: client.show_portal_requests(1, timeout=1e-9),
        transport=transport,
    )
    assert type(listed) is cerbo.TimedOut


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("step", [TOO_LARGE["gzip of text"][0], endless])
def test_other_tasks_run_while_a_large_body_is_read(step: Step, backend: str, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(step)
    turns = 0

    async def count(scope: anyio.CancelScope) -> None:
        nonlocal turns
        with scope:
            while True:
                turns += 1
                await anyio.sleep(0)

    async def run() -> None:
        scope = anyio.CancelScope()
        async with (
            AsyncClient(peer.url, username="u", password="p", max_json_bytes=32_000_000) as client,
            anyio.create_task_group() as others,
        ):
            others.start_soon(count, scope)
            with pytest.raises(cerbo.MalformedResponse):
                await client.show_portal_requests(1)
            scope.cancel()

    anyio.run(run, backend=backend)
    # 32 MB in steps of at most 64 KB while decoding, and of at most 32 reads of 64 KB otherwise.
    assert turns > 15


PROGRAM = """
import sys
from cerbo_portal_client import CerboError, Client

client = Client(sys.argv[1], username="u", password="p", retries=0)
for call in (lambda: client.show_portal_requests(1), lambda: client.invite_to_portal(1)):
    try:
        call()
    except CerboError as error:
        print(type(error).__name__)
# Not `ru_maxrss`, which begins with that of the parent.
(peak,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak) // 1000)
"""


def _repeated(entry: bytes, before: bytes = b"[", after: bytes = b"]") -> bytes:
    return before + b",".join([entry] * ((7_999_900 - len(before)) // (len(entry) + 1))) + after


LARGEST = {
    "empty objects": answers("200 OK", _repeated(b"{}")),
    "empty lists": answers("200 OK", _repeated(b"[]")),
    "numbers": answers("200 OK", _repeated(b"7.5")),
    "names": answers("200 OK", b"{" + b",".join(b'"%x":{}' % n for n in range(700_000)) + b"}"),
    "empty entries": answers("200 OK", _repeated(b"{}", b'{"object": "list", "data": [', b'], "total_count": 0}')),
    "entries": answers("200 OK", _repeated(b'{"id":1}', b'{"object": "list", "data": [', b'], "total_count": 0}')),
    "bare entries": answers("200 OK", _repeated(b'{"id":1}')),
    "entries by name": answers(
        "200 OK", b'{"data":{' + b",".join(b'"%d":{"id":%d}' % (n, n) for n in range(360_000)) + b"}}"
    ),
    "odd entries": answers("200 OK", _repeated(b'{"id":"1","created":1,"subject":2,"details":3}', b'{"data":[', b"]}")),
    "unreadable entries": answers("200 OK", _repeated(b'{"id":0}', b'{"data":[', b"]}")),
    "unknown members": answers(
        "200 OK", b'{"data":[' + b",".join(b'{"id":1,"m%x":1}' % n for n in range(380_000)) + b"]}"
    ),
    "gzip": answers("200 OK", _encoded(_repeated(b"{}")), "Content-Encoding: gzip"),
    "text": answers("200 OK", b" " * 31_999_999, content_type="text/plain"),
    "bomb": TOO_LARGE["gzip of text"][0],
    "endless": endless,
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("step", LARGEST.values(), ids=LARGEST)
def test_no_response_makes_the_client_use_more_than_400_mb(step: Step, make_peer: Callable[..., Peer]) -> None:
    peer = make_peer(step)
    command = [sys.executable, "-c", PROGRAM, peer.url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    *_, megabytes = ran.stdout.split()
    assert int(megabytes) < 400
