"""The command's log: lines that a thread of its own writes, so that no call waits for the terminal."""

import logging
import time
from collections import deque
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TextIO

# Seconds for which lines are gathered: under load, one write is of hundreds of lines.
PAUSE = 0.05
# So many lines wait for a terminal that takes none; the oldest are lost then.
MOST = 10_000


class Lines(logging.StreamHandler[TextIO]):
    """Writes to the standard error what is logged, after a moment, or at once when it is flushed."""

    def __init__(self) -> None:
        super().__init__()
        self._records: deque[logging.LogRecord] = deque(maxlen=MOST)
        self._some = Event()
        self._writing = Lock()
        Thread(target=self._write, name="cerbo-portal-mock-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._records.append(record)
        if not self._some.is_set():
            self._some.set()

    def flush(self) -> None:
        """Write what is kept, a line for each record."""
        with self._writing:
            self._some.clear()
            records = [self._records.popleft() for _ in range(len(self._records))]
            with suppress(OSError, ValueError):  # nobody reads it any more
                self.stream.write("".join(f"{self.format(record)}{self.terminator}" for record in records))
                self.stream.flush()

    def _write(self) -> None:
        while True:
            self._some.wait()
            time.sleep(PAUSE)
            self.flush()
