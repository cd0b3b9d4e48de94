"""Threads that serve requests: few that compute, more when some only wait."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread, local
from typing import Any, Protocol

# Seconds after which a thread without work ends.
IDLE = 10.0

_log = logging.getLogger(__name__)
_current = local()


class Task(Protocol):
    """One request to serve."""

    def service(self) -> None:
        """Serve it."""


class ThreadPool:
    """Serves tasks in their order; has the interface of waitress' task dispatcher.

    Threads start on demand and end when idle. One that waits (see `waiting`) makes room for another: Python runs one
    thread at a time, so more than a few that compute would only hold each other up.

    Args:
        name: what the threads are called.
        running: the greatest number of threads that compute.
        waiting: the greatest number of threads that wait.
    """

    def __init__(self, name: str, running: int, waiting: int) -> None:
        self._name = name
        self._most_running, self._most_waiting = running, waiting
        self._lock = Lock()
        self._tasks: deque[Task] = deque()
        # One for each task, so that an idle thread sleeps until there is one.
        self._tokens: SimpleQueue[None] = SimpleQueue()
        #: How many threads there are.
        self.threads = 0
        self._idle = self._waiting = 0
        self._closed = False
        self._ended = Event()
        self._grow()

    def add_task(self, task: Task) -> None:
        """Have a task served as soon as a thread is free."""
        self._tasks.append(task)
        self._tokens.put(None)

    @property
    def has_queue(self) -> bool:
        """Whether there is a task that no thread has begun."""
        return bool(self._tasks)

    def withdraw_last(self) -> Any:
        """Take back the newest task that no thread has begun; None if there is none."""
        try:
            return self._tasks.pop()
        except IndexError:
            return None

    def shutdown(self, timeout: float) -> None:
        """End the threads, those in a task when it is done, and wait for them for so many seconds."""
        with self._lock:
            self._closed = True
            self._tasks.clear()
            for _ in range(self.threads):
                self._tokens.put(None)
        self._ended.wait(timeout)

    def _grow(self) -> None:
        """Start a thread, if none is idle and one more may run."""
        with self._lock:
            if self._closed or self._idle or self.threads - self._waiting >= self._most_running:
                return
            self.threads += 1
            self._idle += 1
        try:
            Thread(target=self._serve, name=self._name, daemon=True).start()
        except RuntimeError:
            # The system has no more threads: those that there are serve the tasks one after the other.
            with self._lock:
                self.threads -= 1
                self._idle -= 1
                if not self.threads:
                    raise

    def _serve(self) -> None:
        _current.pool = self
        while self._take_turn():
            pass
        with self._lock:
            self.threads -= 1
            if self._closed and not self.threads:
                self._ended.set()

    def _take_turn(self) -> bool:
        """Serve one task; whether the thread goes on."""
        try:
            self._tokens.get(timeout=IDLE)
        except Empty:
            return self._keep_idle()
        with self._lock:
            self._idle -= 1
        # The thread that reads from all connections never waits for another one to start.
        self._grow()
        # It may have been withdrawn.
        task = self._tasks.popleft() if self._tasks else None
        if task:
            task.service()
        return self._keep_running()

    def _keep_idle(self) -> bool:
        with self._lock:
            if self._idle > 1:
                self._idle -= 1
                return False
            return True

    def _keep_running(self) -> bool:
        with self._lock:
            if self._closed or self.threads - self._waiting > self._most_running:
                return False
            self._idle += 1
            return True

    @contextmanager
    def _wait(self) -> Iterator[None]:
        with self._lock:
            counted = self._waiting < self._most_waiting
            self._waiting += counted
        self._grow()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= counted


@contextmanager
def waiting() -> Iterator[None]:
    """While the context lasts, the thread waits and does not compute: another one may take its place."""
    pool: ThreadPool | None = getattr(_current, "pool", None)
    if pool is None:
        yield
    else:
        with pool._wait():
            yield
