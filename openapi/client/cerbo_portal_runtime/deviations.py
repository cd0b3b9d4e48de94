"""Reports deviations: responses that differ from the contract without making the call an error."""

import logging
import re
from typing import Final

from .events import Deviation, Observer

WITHHELD: Final = "<withheld>"

_logger: Final = logging.getLogger("cerbo_portal.contract")
# A name of a member, which may be a server's. With digits it could be an id.
_NAME: Final = re.compile(r"[A-Za-z_]{1,40}(?:\[\])*|(?:\[\])+")
_MOST_CHARACTERS: Final = 256
# Bounds the memory, whatever a server sends.
_MOST_KINDS: Final = 256
_reported: dict[tuple[str, str, str], object] = {}


def report(operation: str, element: str, kind: str, observer: Observer | None = None, is_notice: bool = False) -> None:
    """Send a deviation to an observer, and log it once per process for each kind.

    Args:
        operation: the operation's id in the contract.
        element: the part of the response, names of members joined by dots, `[]` for the entries of an array; never an
            index or a value. Names that may be data are withheld, and all once the process has reported 256 kinds.
        kind: how it deviates, in fixed words.
        observer: receives it; the caller sends each kind once per call.
        is_notice: whether the contract leaves room for it: logged at INFO, otherwise at WARNING.
    """
    shown = _without_data(element)
    key = (operation, shown, kind)
    first = object()
    if key not in _reported and len(_reported) >= _MOST_KINDS:
        shown = WITHHELD
    # Atomic, so that threads need no lock, which a fork could leave locked.
    elif _reported.setdefault(key, first) is first:
        _logger.log(logging.INFO if is_notice else logging.WARNING, "%s: %s: %s", operation, shown, kind)
    if observer is not None:
        observer(Deviation(operation, shown, kind, is_notice))


def _without_data(element: str) -> str:
    if len(element) > _MOST_CHARACTERS:
        return WITHHELD
    return ".".join(part if _NAME.fullmatch(part) else WITHHELD for part in element.split("."))
