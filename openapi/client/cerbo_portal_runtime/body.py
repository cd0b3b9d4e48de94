"""Bodies of responses: decoded in small steps, and limited."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from . import json_reader

#: Stands for a body that is not JSON.
NO_JSON: Final = object()

#: The extension of a response whose body could not be read; says why.
PROBLEM: Final = "cerbo_body_problem"

#: The content coding that a client asks for.
ACCEPT_ENCODING: Final = "gzip"

_DECODABLE: Final = frozenset({"gzip", "x-gzip", "deflate"})
# zlib finds out which of both formats it is.
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_STEP_BYTES: Final = 65_536


@dataclass(frozen=True)
class BodyLimits:
    """How many bytes the body of a response may have, as it comes and decoded.

    Attributes:
        json: of a JSON body.
        other: of any other.
    """

    json: int = 8_000_000
    other: int = 32_000_000

    def of(self, headers: httpx.Headers) -> int:
        """The limit of a response with these headers."""
        return self.json if is_json(headers) else self.other


def media_type(headers: httpx.Headers) -> str:
    """The media type of a body, without its parameters, in lower case."""
    content_type: str = headers.get("Content-Type", "")
    return content_type.partition(";")[0].strip().lower()


def is_json(headers: httpx.Headers) -> bool:
    """Whether a body is sent as JSON, under any of its names."""
    name = media_type(headers)
    return name in {"application/json", "text/json"} or name.endswith("+json")


def read_json(response: httpx.Response, max_bytes: int) -> Any:
    """The JSON of a body, whatever its type claims, or `NO_JSON`.

    Args:
        response: the response.
        max_bytes: how long a body is read.
    """
    body = response.content
    try:
        return json_reader.read(body) if len(body) <= max_bytes else NO_JSON
    except json_reader.InvalidJson:
        return NO_JSON


class BodyReader:
    """Collects the body of a response.

    Attributes:
        problem: why the body cannot be read, in words that quote nothing; empty as long as it can.
    """

    def __init__(self, headers: httpx.Headers, limits: BodyLimits) -> None:
        self.problem = ""
        self._limit = limits.of(headers)
        self._received = 0
        self._content = bytearray()
        names = [name.strip().lower() for name in headers.get("Content-Encoding", "").split(",")]
        codings = [name for name in names if name not in {"", "identity"}]
        self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB) if codings else None
        if len(codings) > 1 or not _DECODABLE.issuperset(codings):
            self.problem = "the body has a content coding other than one gzip or deflate"

    def feed(self, chunk: bytes) -> Iterator[None]:
        """Take the next part of the body, in steps of some hundred microseconds.

        Args:
            chunk: the part, still encoded.
        """
        self._received += len(chunk)
        step = len(chunk) if self._decoder is None else _STEP_BYTES
        while not self.problem:
            piece, chunk = self._decoded(chunk)
            self._content += piece
            if max(self._received, len(self._content)) > self._limit:
                self.problem = f"the body is too large, expected at most {self._limit:,} bytes"
            yield
            if len(piece) < step or self._decoder is None:
                return

    def content(self) -> bytes:
        """The decoded body; empty if there is a problem."""
        decoder = self._decoder
        if decoder and self._received and not self.problem and (not decoder.eof or decoder.unused_data):
            self.problem = "the body cannot be decoded"
        return b"" if self.problem else bytes(self._content)

    def _decoded(self, chunk: bytes) -> tuple[bytes, bytes]:
        if self._decoder is None:
            return chunk, b""
        try:
            piece = self._decoder.decompress(chunk, _STEP_BYTES)
        except zlib.error:
            self.problem = "the body cannot be decoded"
            return b"", b""
        return piece, self._decoder.unconsumed_tail
