"""The command's log: lines that a thread of its own writes, so that no call waits for the terminal."""

import logging
import sys
from collections import deque
from contextlib import suppress
from threading import Event, Thread

# Seconds for which lines are gathered: under load, one write is of hundreds of lines.
PAUSE = 0.05
# Seconds that a flush waits for a terminal, or for a pipe that is full and perhaps nobody's any more.
PATIENCE = 0.5
# So many lines wait for a terminal that takes none; the oldest are lost then.
MOST = 10_000


class Lines(logging.Handler):
    """Writes to the standard error what is logged, after a moment, or at once when it is flushed."""

    def __init__(self) -> None:
        super().__init__()
        # What waits: records, and between them who waits for those before.
        self._waiting: deque[logging.LogRecord | Event] = deque(maxlen=MOST)
        self._some = Event()
        self._now = Event()
        Thread(target=self._run, name="cerbo-portal-mock-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._waiting.append(record)
        if not self._some.is_set():
            self._some.set()

    def flush(self) -> None:
        """Have what is kept written, a line for each record; return after `PATIENCE` seconds even if it is not."""
        written = Event()
        self._waiting.append(written)
        self._now.set()
        self._some.set()
        written.wait(PATIENCE)

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._now.wait(PAUSE)
            self._some.clear()
            self._now.clear()
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            with suppress(OSError, ValueError):  # nobody reads it any more
                _write("".join(f"{self.format(item)}\n" for item in taken if isinstance(item, logging.LogRecord)))
            for item in taken:
                if isinstance(item, Event):
                    item.set()


def _write(text: str) -> None:
    """Write past the buffer of the standard error: its lock, held by a write that waits, would abort the exit."""
    stream = sys.stderr
    if stream is None:
        return
    raw = getattr(stream.buffer, "raw", stream.buffer)
    left = text.encode(stream.encoding, stream.errors or "strict")
    while left and (written := raw.write(left)):
        left = left[written:]
