"""TLS: the certificates that a client trusts."""

import os
import ssl

import httpx

from .errors import InvalidSettings

CaFile = str | os.PathLike[str] | ssl.SSLContext


def context(verify: CaFile | None = None) -> ssl.SSLContext:
    """The certificates to trust.

    Args:
        verify: a file of CA certificates in PEM, in place of the usual ones, or a context that has them.

    Raises:
        InvalidSettings: the certificates cannot be read.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is None:
        try:
            return httpx.create_ssl_context()
        except OSError:
            problem = InvalidSettings("SSL_CERT_FILE, SSL_CERT_DIR", "expected certificates that can be read")
    else:
        problem = InvalidSettings(
            "verify", "expected a file of CA certificates in PEM that can be read, or an ssl.SSLContext"
        )
        if isinstance(verify, str | os.PathLike):
            try:
                return ssl.create_default_context(cafile=verify)
            except (OSError, ValueError):
                pass
    # Outside of the handlers, whose errors quote the path.
    raise problem


def trusted(url: httpx.URL, verify: CaFile | None = None) -> ssl.SSLContext:
    """The certificates to trust for connections to this URL, as httpx's `verify`.

    Raises:
        InvalidSettings: the certificates cannot be read.
    """
    # Loading the usual ones takes most of a client's construction; plain HTTP needs none.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if verify is None and url.scheme == "http" else context(verify)
