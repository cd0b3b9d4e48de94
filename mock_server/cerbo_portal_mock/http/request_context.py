"""The request at hand, and what is known of it, without the detour over Flask's proxies.

Each look through `request` and `g` costs half a microsecond; what runs for every request and looks
often takes the objects themselves once.
"""

from typing import TYPE_CHECKING

from flask import Request, g, request

if TYPE_CHECKING:
    from flask.ctx import _AppCtxGlobals


def current_request() -> Request:
    """The request itself."""
    itself: Request = request._get_current_object()  # type: ignore[attr-defined]
    return itself


def current_notes() -> "_AppCtxGlobals":
    """What is noted of the request in `g`: `started`, `instance_name`, `instance`, `user`, `patient`, `fault`."""
    itself: _AppCtxGlobals = g._get_current_object()
    return itself
