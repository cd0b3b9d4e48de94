"""Why an attempt failed, in fixed words that quote nothing."""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

UNVERIFIED: Final = "the server's certificate cannot be verified"
PROXY_AUTHENTICATION: Final = "proxy authentication"

_WORDING: Final = {
    "proxy_authentication": PROXY_AUTHENTICATION,
    "proxy": "refused by the proxy",
    "certificate": UNVERIFIED,
    "tls": "the TLS handshake of https did: the server may speak plain http",
    "name_not_found": "name not found",
    "refused": "refused",
    "unreachable": "unreachable",
    "reset": "reset",
    "protocol": "closed early, or not HTTP",
}
_OF_NETWORK: Final = {"name_not_found", "refused", "unreachable", "reset"}
_UNREACHABLE: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


def kind(error: httpx.RequestError) -> str:
    """The kind of a failure, one stable word; `timeout` or `other` where nothing more is known.

    Args:
        error: raised by httpx for an attempt.
    """
    known = ""
    if isinstance(error, httpx.ProxyError):
        # httpcore gives the proxy's status and reason phrase, which is the proxy's free text.
        is_authentication = str(error).startswith(str(httpx.codes.PROXY_AUTHENTICATION_REQUIRED.value))
        known = "proxy_authentication" if is_authentication else "proxy"
    elif isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        causes = [*_causes(error)]
        known = _handshake(causes) or _network(causes)
    elif isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        known = "reset"
    elif isinstance(error, httpx.RemoteProtocolError):
        known = "protocol"
    return known or ("timeout" if isinstance(error, httpx.TimeoutException) else "other")


def describe(error: httpx.RequestError, *, proxied: bool = False) -> str:
    """The cause of a failure, as far as it is known; empty otherwise.

    Args:
        error: raised by httpx for the last attempt.
        proxied: whether the client connects to a proxy.
    """
    word = kind(error)
    if word == "tls" and isinstance(error, httpx.TimeoutException):
        return "not even to the TLS handshake of https: the server may speak plain http"
    of_proxy = proxied and word in _OF_NETWORK and isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    return f"{'proxy: ' if of_proxy else ''}{_WORDING.get(word, '')}"


def _network(causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "name_not_found"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused"
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return "unreachable"
    return "reset" if any(isinstance(cause, ConnectionError) for cause in causes) else ""


def _handshake(causes: list[BaseException]) -> str:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "certificate"
    # A handshake without a response raises an `SSLError` on asyncio; on a blocking socket only the text says so.
    return "tls" if any(isinstance(cause, ssl.SSLError) or "handshake" in str(cause) for cause in causes) else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from _causes(each)
        error = error.__cause__ or error.__context__
