"""Why a connection failed, in fixed words that quote nothing."""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

UNVERIFIED: Final = "the server's certificate cannot be verified"
PROXY_AUTHENTICATION: Final = "proxy authentication"

_UNREACHABLE: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


def describe(error: httpx.RequestError, *, proxied: bool = False) -> str:
    """The cause of a failure, as far as it is known; empty otherwise.

    Args:
        error: raised by httpx for the last attempt.
        proxied: whether the client connects to a proxy.
    """
    if isinstance(error, httpx.ProxyError):
        # httpcore gives the proxy's status and reason phrase, which is the proxy's free text.
        is_authentication = str(error).startswith(str(httpx.codes.PROXY_AUTHENTICATION_REQUIRED.value))
        return PROXY_AUTHENTICATION if is_authentication else "refused by the proxy"
    causes = [*_causes(error)]
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        handshake = _handshake(causes, timed_out=isinstance(error, httpx.TimeoutException))
        reason = _network(causes)
        return handshake or (f"proxy: {reason}" if reason and proxied else reason)
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return "reset"
    if isinstance(error, httpx.RemoteProtocolError):
        return "closed early, or not HTTP"
    return ""


def _network(causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "name not found"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused"
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return "unreachable"
    return "reset" if any(isinstance(cause, ConnectionError) for cause in causes) else ""


def _handshake(causes: list[BaseException], *, timed_out: bool) -> str:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return UNVERIFIED
    # A handshake without a response raises an `SSLError` on asyncio; on a blocking socket only the text says so.
    if not any(isinstance(cause, ssl.SSLError) or "handshake" in str(cause) for cause in causes):
        return ""
    failure = "not even to the TLS handshake of https" if timed_out else "the TLS handshake of https did"
    return f"{failure}: the server may speak plain http"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from _causes(each)
        error = error.__cause__ or error.__context__
