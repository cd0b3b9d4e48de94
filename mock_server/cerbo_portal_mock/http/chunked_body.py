"""Decoding a body in chunks (RFC 9112, section 7.1), in linear time and a little at a time."""

import re
from typing import BinaryIO

from waitress.buffers import BytesIOBasedBuffer

# The bytes of one line between chunks, and of all lines after the last.
MAX_BETWEEN_CHUNKS = 16 * 1024
# Chunks of one byte would otherwise keep the thread that reads from all connections.
CHUNKS_AT_ONCE = 256

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t -~\x80-\xff]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*")


class ChunkedBody:
    """Has the interface of waitress' receivers; the caller keeps the bytes that are not consumed.

    Args:
        buffer: where the content goes.
    """

    def __init__(self, buffer: BytesIOBasedBuffer) -> None:
        self._buffer = buffer
        self._missing = 0
        self._between = True
        self._trailer_size: int | None = None
        self.completed = False
        #: What is wrong, and what is expected.
        self.error: str | None = None

    def __len__(self) -> int:
        return len(self._buffer)

    @property
    def announced(self) -> int:
        """The size that the content has at least."""
        return len(self._buffer) + self._missing

    def getbuf(self) -> BytesIOBasedBuffer:
        """The buffer."""
        return self._buffer

    def getfile(self) -> BinaryIO:
        """The content, to be read from its beginning."""
        file: BinaryIO = self._buffer.getfile()
        return file

    def received(self, data: bytearray) -> int:
        """Decode at most `CHUNKS_AT_ONCE` chunks.

        Returns:
            How many bytes were consumed; none if it takes more of them to go on.
        """
        position = 0
        for _ in range(CHUNKS_AT_ONCE):
            before = position
            position = self._after_line(data, position) if self._between else self._after_content(data, position)
            if position == before or self.completed or self.error:
                break
        return position

    def _after_content(self, data: bytearray, start: int) -> int:
        if self._missing:
            content = data[start : start + self._missing]
            self._buffer.append(content)
            self._missing -= len(content)
            return start + len(content)
        if len(data) - start < 2:
            return start
        if data[start : start + 2] != b"\r\n":
            self.error = "Expected CR LF after a chunk"
            return start
        self._between = True
        return start + 2

    def _after_line(self, data: bytearray, start: int) -> int:
        end = data.find(b"\r\n", start, start + MAX_BETWEEN_CHUNKS)
        if end < 0:
            if len(data) - start >= MAX_BETWEEN_CHUNKS:
                self.error = f"Expected at most {MAX_BETWEEN_CHUNKS} bytes between chunks"
            return start
        line = data[start:end]
        if self._trailer_size is None:
            self._begin_chunk(line)
        else:
            self._read_trailer(line)
        return end + 2

    def _begin_chunk(self, line: bytearray) -> None:
        match = _SIZE.fullmatch(line)
        if match is None:
            self.error = "Expected the size of a chunk, in hexadecimal digits"
        elif size := int(match[1], 16):
            self._missing = size
            self._between = False
        else:
            self._trailer_size = 0

    def _read_trailer(self, line: bytearray) -> None:
        self._trailer_size = (self._trailer_size or 0) + len(line) + 2
        if not line:
            self.completed = True
        elif not _TRAILER.fullmatch(line):
            self.error = "Expected trailer fields of the form NAME: VALUE"
        elif self._trailer_size > MAX_BETWEEN_CHUNKS:
            self.error = f"Expected at most {MAX_BETWEEN_CHUNKS} bytes after the last chunk"
