"""Reports deviations: responses that differ from the contract without making the call an error."""

import logging
from typing import Final

_logger: Final = logging.getLogger("cerbo_portal.contract")
# Bounds the memory, whatever a server sends.
_MOST_KINDS: Final = 256
_reported: dict[tuple[str, str, str], object] = {}


def report(operation: str, element: str, kind: str) -> None:
    """Log a deviation as a warning, once per process for each kind.

    Args:
        operation: the operation's id in the contract.
        element: the member that deviates, by its way in the contract; never an index or a value.
        kind: how it deviates.
    """
    first = object()
    # Atomic, so that threads need no lock, which a fork could leave locked.
    if len(_reported) < _MOST_KINDS and _reported.setdefault((operation, element, kind), first) is first:
        _logger.warning("%s: %s: %s", operation, element, kind)
