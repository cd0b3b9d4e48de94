"""Keeps patients' ids and credentials out of the log records of httpx and httpcore, for this client's calls only."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The operation that is being called, as method and path template; None outside of this client's calls.
_calling: ContextVar[str | None] = ContextVar("cerbo_portal_client_calling", default=None)

# A filter acts on the records of its own logger, not of those below it.
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


class _Mask(logging.Filter):
    """Reduces a record to what cannot hold patient data: the event, and the template of the path."""

    def filter(self, record: logging.LogRecord) -> bool:
        operation = _calling.get()
        if operation is not None:
            event = str(record.msg).split(maxsplit=1)[0] if record.name != "httpx" else "HTTP request:"
            record.msg, record.args = f"{event} {operation}", ()
            record.exc_info = record.exc_text = record.stack_info = None
        return True


@contextmanager
def masked(operation: str) -> Iterator[None]:
    """Mask what is logged in this context.

    Args:
        operation: what a record may say of the call: method and path template.
    """
    token = _calling.set(operation)
    try:
        yield
    finally:
        _calling.reset(token)


_mask = _Mask()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_mask)
