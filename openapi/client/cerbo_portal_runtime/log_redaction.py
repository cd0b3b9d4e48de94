"""Keeps patients' ids and credentials out of the log records of httpx and httpcore.

For the clients' calls only, but for names and secrets of API users, which are recognised in the records of all calls.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Method and path template of the current call; None outside of a client's calls.
_current: ContextVar[str | None] = ContextVar("cerbo_portal_operation", default=None)

# A filter acts on the records of its own logger, not of those below it.
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


# A name, `pk_...`, or a secret, `sk_...`, of an API user.
_KEY = re.compile(r"""\b[ps]k_[^\s:@/?#&,;"'<>]+""")


class _RedactingFilter(logging.Filter):
    """Reduces a record of a call to its event, the method and the path template, none of which holds patient data."""

    def filter(self, record: logging.LogRecord) -> bool:
        operation = _current.get()
        if operation is not None:
            event = str(record.msg).split(maxsplit=1)[0] if record.name != "httpx" else "HTTP request:"
            record.msg, record.args = f"{event} {operation}", ()
            record.exc_info = record.exc_text = record.stack_info = None
        else:
            _withhold_keys(record)
        return True


def _withhold_keys(record: logging.LogRecord) -> None:
    # Logging itself reports a record that cannot be formatted.
    try:
        message = record.getMessage()
    except Exception:
        return
    if _KEY.search(message):
        record.msg, record.args = _KEY.sub("<withheld>", message), ()


@contextmanager
def redacted(operation: str) -> Iterator[None]:
    """Redact the log records of httpx and httpcore in this context.

    Args:
        operation: the method and path template that the records show.
    """
    token = _current.set(operation)
    try:
        yield
    finally:
        _current.reset(token)


_filter = _RedactingFilter()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_filter)
