"""The lines of the access log."""

from flask import Request

from cerbo_portal_mock.http.redaction import redact_url
from cerbo_portal_mock.http.request_context import RequestContext

# Characters of a method and of a target.
_LOGGED_METHOD, _LOGGED_TARGET = 32, 2_048


def line(context: RequestContext, status: int, duration: float, *, log_phi: bool) -> str:
    """A line of the access log.

    Args:
        context: the request.
        status: the status of the response.
        duration: in seconds.
        log_phi: whether the line may contain patients' ids: otherwise it has the route, not the path.
    """
    request = context.request
    if log_phi:
        target = repr(redact_url(request.full_path.rstrip("?"))[:_LOGGED_TARGET])[1:-1]
    else:
        target = request.url_rule.rule if request.url_rule else "(no such path)"
    user = context.api_user.username if context.api_user else "-"
    fault = f" ({context.fault})" if context.fault else ""
    where = f" [{context.instance_name}]" if context.instance_name else ""
    return f"{user!r} {method(request)} {target} {status}{fault} {duration * 1000:.1f} ms{where}"


def method(request: Request) -> str:
    """The printable beginning of a request's method."""
    # HTTP permits any token, and the server any character.
    return ascii(request.method[:_LOGGED_METHOD])[1:-1]
