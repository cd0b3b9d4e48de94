"""Deadlines: moments on the monotonic clock, in seconds."""

import time
from typing import Final

# httpx takes a timeout of 0 for none.
_SHORTEST: Final = 0.001


def remaining(deadline: float) -> float:
    """Seconds until a deadline; negative when it has passed."""
    return deadline - time.monotonic()


def timeout(deadline: float) -> float:
    """Seconds until a deadline, as a timeout of httpx: always positive."""
    return max(remaining(deadline), _SHORTEST)
