"""Which instance a request means, and under which URL its caller reaches it.

In production every clinic's instance has its own host. Here the header `X-Cerbo-Instance`, a
subdomain of `localhost`, or a prefix of the path names it; the prefix is for callers that can set
nothing but a base URL.
"""

from typing import TYPE_CHECKING

from cerbo_portal_mock.clinic.instance import DEFAULT_INSTANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Request

INSTANCE_HEADER = "X-Cerbo-Instance"
INSTANCE_PREFIX = "/__instance/"
_PARENT = ".localhost"


class InstancePrefix:
    """WSGI middleware: `/__instance/gw0/api/v1/...` is `/api/v1/...` of the instance gw0."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        path = environ["PATH_INFO"]
        if path.startswith(INSTANCE_PREFIX):
            name, slash, rest = path.removeprefix(INSTANCE_PREFIX).partition("/")
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}{INSTANCE_PREFIX}{name}"
            environ["PATH_INFO"] = slash + rest
            environ["HTTP_X_CERBO_INSTANCE"] = name
        return self._app(environ, start_response)


def instance_name(request: "Request") -> str:
    """The name of the instance that a request means; it may be one that no instance can have."""
    named: str | None = request.environ.get("HTTP_X_CERBO_INSTANCE")
    if named is not None:
        return named.lower()
    host = request.host.lower()
    host = host.rpartition(":")[0] or host
    return host.removesuffix(_PARENT) if host.endswith(_PARENT) else DEFAULT_INSTANCE


def base_url(request: "Request") -> str:
    """The mock's URL as the caller of this request sees it, without a slash at its end."""
    # The framework gives an empty host where the header holds no valid one.
    host = request.host or f"{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}"
    # A header is not in a link.
    named = "" if request.root_path else request.environ.get("HTTP_X_CERBO_INSTANCE", "")
    prefix = f"{INSTANCE_PREFIX}{named.lower()}" if named else request.root_path
    return f"{request.scheme}://{host}{prefix}"
