"""The command's log handler: a thread writes the lines, so that no request waits for a terminal or a full pipe.

`QueueHandler` with `QueueListener` needs twice the time per line (13 us against 6), and its listener cannot be stopped
in bounded time while a pipe is full.
"""

import logging
import sys
from collections import deque
from contextlib import suppress
from threading import Event, Thread

# Seconds for which lines are gathered: under load, one write has hundreds of lines.
PAUSE = 0.05
# Seconds that a flush waits for a terminal or a full pipe.
PATIENCE = 0.5
# Lines that are kept for a terminal that accepts none; then the oldest are dropped.
MOST = 10_000


class BackgroundHandler(logging.Handler):
    """Writes records to the standard error from a thread, after a moment or when it is flushed."""

    def __init__(self) -> None:
        super().__init__()
        # Records to write, and between them the events of flushes that wait for those before.
        self._queue: deque[logging.LogRecord | Event] = deque(maxlen=MOST)
        self._not_empty = Event()
        self._flush = Event()
        Thread(target=self._run, name="cerbo-portal-mock-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._queue.append(record)
        if not self._not_empty.is_set():
            self._not_empty.set()

    def flush(self) -> None:
        """Write all records that are kept, but return after `PATIENCE` seconds."""
        written = Event()
        self._queue.append(written)
        self._flush.set()
        self._not_empty.set()
        written.wait(PATIENCE)

    def _run(self) -> None:
        while True:
            self._not_empty.wait()
            self._flush.wait(PAUSE)
            self._not_empty.clear()
            self._flush.clear()
            items = [self._queue.popleft() for _ in range(len(self._queue))]
            with suppress(OSError, ValueError):  # the reader is gone
                _write("".join(f"{self.format(item)}\n" for item in items if isinstance(item, logging.LogRecord)))
            for item in items:
                if isinstance(item, Event):
                    item.set()


def _write(text: str) -> None:
    """Write past the buffer of the standard error: a waiting write would hold its lock and abort the exit."""
    stream = sys.stderr
    if stream is None:
        return
    raw = getattr(stream.buffer, "raw", stream.buffer)
    left = text.encode(stream.encoding, stream.errors or "strict")
    while left and (written := raw.write(left)):
        left = left[written:]
