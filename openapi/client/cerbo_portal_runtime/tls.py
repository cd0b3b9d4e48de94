"""TLS: the certificates that a client trusts, and the words for a failure."""

import ssl
from collections.abc import Iterator

import httpx


def trusted(url: httpx.URL) -> ssl.SSLContext:
    """The certificates to trust for connections to this URL; one object serves all connections of a client."""
    # Loading the usual ones takes most of a client's construction; plain HTTP needs none.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.scheme == "http" else httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def describe(error: httpx.RequestError) -> str:
    """The cause of a failure if it was TLS, in words that quote nothing; empty otherwise.

    Args:
        error: raised by httpx for the last attempt.
    """
    if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return ""
    causes = [*_causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate cannot be verified"
    # A handshake without a response raises an `SSLError` on asyncio; on a blocking socket only the text says so.
    if not any(isinstance(cause, ssl.SSLError) or "handshake" in str(cause) for cause in causes):
        return ""
    timed_out = isinstance(error, httpx.TimeoutException)
    failure = "not even to the TLS handshake of https" if timed_out else "the TLS handshake of https did"
    return f"{failure}: the server may speak plain http"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
