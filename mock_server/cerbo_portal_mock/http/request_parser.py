"""Reading HTTP/1.x requests as RFC 9112 has them, in linear time and in memory alone.

waitress' own parser takes quadratic time for blanks in a header, and accepts framing that two servers may read
differently: https://github.com/Pylons/waitress/issues/462 and https://github.com/Pylons/waitress/issues/464.
"""

import re
from functools import cached_property
from ipaddress import IPv6Address
from typing import Any

from waitress.buffers import BytesIOBasedBuffer
from waitress.parser import HTTPRequestParser, unquote_bytes_to_wsgi
from waitress.receiver import FixedStreamReceiver
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge, ServerNotImplemented

from cerbo_portal_mock.http.chunked_body import ChunkedBody

# The request line and the header fields. Each field costs time that the number of bytes does not bound.
MAX_HEAD = 64 * 1024
MAX_FIELDS = 100
# Larger than the largest body that any operation takes; a larger one is dropped, only its size is kept.
MAX_BODY = 32 * 1024 * 1024

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Z-]+) ([!-~\x80-\xff]+) HTTP/([0-9])\.([0-9])")
_ABSOLUTE = re.compile(rb"(?i)https?://([^/?#]+)(.*)")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|[\w.~!$&'()*+;=%-]*)(?::[0-9]{0,5})?", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,18}")
_LINE_FEED_ALONE = re.compile(rb"(?<!\r)\n")
# All bytes but the controls; a carriage return or a line feed within a line is one of these.
_TEXT = b"\t" + bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
# Two of them would contradict each other; of other fields, the values are joined.
_ONCE = frozenset({"HOST", "CONTENT_LENGTH", "TRANSFER_ENCODING"})


class _VersionNotSupported(Error):  # type: ignore[misc]
    code = 505
    reason = "HTTP Version Not Supported"


class _Refused(Exception):
    """The request is not accepted."""

    def __init__(self, error: type[Error], message: str) -> None:
        self.error = error(message)


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """One request; its connection keeps the bytes that are not consumed yet, and closes after an `error`."""

    # Its body is larger than `MAX_BODY`; the application refuses it, once it knows who asks.
    oversized = False
    target = b""
    error: Error | None
    body_rcv: Any
    _scanned = 0

    def received(self, data: bytearray) -> int:
        """Take as many bytes as belong to the request and are complete.

        Args:
            data: the bytes that this method has not consumed yet, and those that arrived since.

        Returns:
            How many bytes were consumed; none if it takes more of them to go on.
        """
        try:
            return self._receive_body(data) if self.headers_finished else self._receive_head(data)
        except _Refused as refused:
            self.error = refused.error
            self.completed = True
            return len(data)

    @cached_property
    def path(self) -> str:
        """The decoded path; decoding costs so much that the thread that answers does it."""
        path: str = unquote_bytes_to_wsgi(self.target.partition(b"?")[0])
        return path

    def _receive_head(self, data: bytearray) -> int:
        blank = len(data) - len(data.lstrip(b"\r\n"))
        if blank:
            # Some clients end a body with one line break too many.
            return blank
        # What was looked through before is not looked through again.
        end = data.find(b"\r\n\r\n", max(0, self._scanned - 3))
        if _LINE_FEED_ALONE.search(data, self._scanned, end if end >= 0 else len(data)):
            raise _Refused(BadRequest, "Line breaks must be CR LF")
        self._scanned = len(data)
        if (end if end >= 0 else len(data)) > MAX_HEAD:
            raise _Refused(RequestHeaderFieldsTooLarge, f"Header too large: at most {MAX_HEAD} bytes are accepted")
        if end < 0:
            return 0
        request_line, *fields = bytes(data[:end]).split(b"\r\n", MAX_FIELDS + 1)
        if len(fields) > MAX_FIELDS:
            raise _Refused(RequestHeaderFieldsTooLarge, f"Too many header fields: at most {MAX_FIELDS} are accepted")
        self.headers_finished = True
        self._read_request_line(request_line)
        for field in fields:
            self._read_field(field)
        self._read_target()
        self._read_framing()
        return end + 4

    def _receive_body(self, data: bytearray) -> int:
        consumed: int = self.body_rcv.received(data)
        self.body_bytes_received += consumed
        if self.body_rcv.error:
            raise _Refused(BadRequest, self.body_rcv.error)
        if self.chunked and self.body_rcv.announced > MAX_BODY:
            self._drop_body(self.body_rcv.announced)
        elif self.body_rcv.completed:
            self.completed = True
            self.headers["CONTENT_LENGTH"] = str(len(self.body_rcv))
        return consumed

    def _drop_body(self, size: int) -> None:
        self.body_rcv = None
        self.oversized = self.completed = True
        # There is nothing to wait for, and so nothing to ask the caller for.
        self.expect_continue = False
        self.headers["CONTENT_LENGTH"] = str(size)
        self.headers["CONNECTION"] = "close"

    def _read_request_line(self, line: bytes) -> None:
        match = _REQUEST_LINE.fullmatch(line)
        if match is None:
            raise _Refused(BadRequest, "Expected a request line: METHOD TARGET HTTP/1.1")
        if match[3] != b"1":
            raise _Refused(_VersionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are supported")
        self.command = match[1].decode()
        self.target = match[2]
        self.version = "1.0" if match[4] == b"0" else "1.1"

    def _read_field(self, line: bytes) -> None:
        name, colon, value = line.partition(b":")
        # A continuation line has a blank where the name begins.
        if not colon or not _NAME.fullmatch(name):
            raise _Refused(BadRequest, "Expected header fields of the form NAME: VALUE, each on one line")
        if value.translate(None, _TEXT):
            raise _Refused(BadRequest, "Header fields must not contain control characters")
        if b"_" in name:
            # WSGI could not tell it from the field with a hyphen.
            return
        key = name.upper().replace(b"-", b"_").decode()
        text = value.strip(b" \t").decode("latin-1")
        if key not in self.headers:
            self.headers[key] = text
        elif key in _ONCE:
            raise _Refused(BadRequest, f"Only one header field {name.decode().title()} is allowed")
        else:
            self.headers[key] += f", {text}"

    def _read_target(self) -> None:
        self.request_uri = self.target.decode("latin-1")
        self.url_scheme = self.adj.url_scheme
        host = self.headers.get("HOST")
        if host is None and self.version == "1.1":
            raise _Refused(BadRequest, "HTTP/1.1 requires a header field Host")
        if absolute := _ABSOLUTE.fullmatch(self.target):
            # RFC 9112, section 3.2.2: it takes the place of the header field.
            host = self.headers["HOST"] = absolute[1].decode("latin-1")
            self.target = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
        if host is not None and not _is_host(host):
            raise _Refused(BadRequest, "Expected a host, such as localhost:8080")
        if not self.target.startswith(b"/") and self.target != b"*":
            raise _Refused(BadRequest, "Expected a target that starts with a slash, or an http URL")
        self.target = self.target.partition(b"#")[0]
        self.query = self.target.partition(b"?")[2].decode("latin-1")

    def _read_framing(self) -> None:
        connection = {option.strip().lower() for option in self.headers.get("CONNECTION", "").split(",")}
        if "close" in connection:
            self.headers["CONNECTION"] = "close"
        coding = self.headers.pop("TRANSFER_ENCODING", None)
        length = self.headers.get("CONTENT_LENGTH")
        if coding is not None:
            self._expect_chunks(coding, length)
        elif length is not None and not _LENGTH.fullmatch(length):
            raise _Refused(BadRequest, "Content-Length: expected a number")
        elif length is not None and int(length):
            self.content_length = int(length)
            self.body_rcv = FixedStreamReceiver(self.content_length, BytesIOBasedBuffer())
        else:
            self.completed = True
        self.expect_continue = self.version == "1.1" and self.headers.get("EXPECT", "").lower() == "100-continue"
        if self.completed:
            self.expect_continue = False
        if self.content_length > MAX_BODY:
            self._drop_body(self.content_length)

    def _expect_chunks(self, coding: str, length: str | None) -> None:
        if self.version == "1.0" or length is not None:
            # Another server could see the end of the body elsewhere.
            raise _Refused(BadRequest, "Transfer-Encoding is allowed in HTTP/1.1 only, and without Content-Length")
        if coding.lower() != "chunked":
            raise _Refused(ServerNotImplemented, "Transfer-Encoding: only chunked is supported")
        self.chunked = True
        self.body_rcv = ChunkedBody(BytesIOBasedBuffer())


def _is_host(text: str) -> bool:
    """Whether it is a name or an address, with a port or without, or nothing."""
    match = _HOST.fullmatch(text)
    if match is None or match[1] is None:
        return match is not None
    try:
        return bool(IPv6Address(match[1]))
    except ValueError:
        return False
