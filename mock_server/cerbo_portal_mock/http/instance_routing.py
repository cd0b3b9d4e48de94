"""Which instance a request means, and under which URL its caller reaches it.

In production every clinic's instance has its own host. Here the header `X-Cerbo-Instance`, a
subdomain of `localhost`, or a prefix of the path names it; the prefix is for callers that can set
nothing but a base URL.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cerbo_portal_mock.clinic.instance import DEFAULT_INSTANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Request

INSTANCE_HEADER = "X-Cerbo-Instance"
INSTANCE_PREFIX = "/__instance/"
_PARENT = ".localhost"
# Characters of a host name with a port.
_LONGEST_HOST = 260


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


def check_public_url(text: str) -> str:
    """A public URL without a slash at its end.

    Raises:
        ValueError: it is not one that links can begin with.
    """
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        url = urlsplit("")
    valid = url.scheme in {"http", "https"} and url.hostname and "@" not in url.netloc
    if not valid or "?" in text or "#" in text or not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("public URL: expected http or https, a host and perhaps a path, such as https://mock.example")
    return text.rstrip("/")


def instance_name(request: "Request") -> str:
    """The name of the instance that a request means; it may be one that no instance can have."""
    named: str | None = request.environ.get("HTTP_X_CERBO_INSTANCE")
    if named is not None:
        return named.lower()
    host = request.host.lower()
    host = host.rpartition(":")[0] or host
    return host.removesuffix(_PARENT) if host.endswith(_PARENT) else DEFAULT_INSTANCE


def base_url(request: "Request", public_url: str | None) -> str:
    """The instance's URL for the caller of this request, without a slash at its end.

    Args:
        request: the request.
        public_url: the mock's URL for its users, where it is not the one of the request.
    """
    if public_url is not None:
        name = instance_name(request)
        return public_url if name == DEFAULT_INSTANCE else f"{public_url}{INSTANCE_PREFIX}{name}"
    host = request.host
    # The framework gives an empty host where the header holds no valid one.
    if not 0 < len(host) <= _LONGEST_HOST:
        host = f"{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}"
    # A header is not in a link.
    named = "" if request.root_path else request.environ.get("HTTP_X_CERBO_INSTANCE", "")
    prefix = f"{INSTANCE_PREFIX}{named.lower()}" if named else request.root_path
    return f"{request.scheme}://{host}{prefix}"
