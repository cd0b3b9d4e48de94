"""The servers to which the probes may write: loopback and the host that is named for it, never the vendor's."""

import re

import httpx
from cerbo_portal_runtime.loopback import is_loopback

VENDOR = "md-hq.com"
# No user info, no escapes, nothing that a URL library or a resolver may read as another host.
_PLAIN_URL = re.compile(
    r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?(/[a-z0-9._~/-]*)?", re.ASCII | re.IGNORECASE
)


class NotPermitted(ValueError):
    """Nothing may be written there; the text says why, and what was expected."""


def permitted(url: str, allowed: str | None = None) -> httpx.URL:
    """The URL, when the suite may write to it.

    Args:
        url: the base URL of a server.
        allowed: the only host that is not loopback to which writes are permitted.

    Raises:
        NotPermitted: the URL is malformed, or its host is the vendor's or was not permitted.
    """
    match = _PLAIN_URL.fullmatch(url)
    try:
        parsed = httpx.URL(url.rstrip("/")) if match else None
    except httpx.InvalidURL:
        parsed = None
    if match is None or parsed is None or not 0 < (parsed.port or 80) < 2**16:
        raise NotPermitted("--target: expected a plain URL such as http://127.0.0.1:8080/api/v1, without credentials")
    for host in (match[2], parsed.host, allowed or ""):
        if f".{host.lower().strip('.')}".endswith(f".{VENDOR}"):
            raise NotPermitted(f"--target: the hosts of {VENDOR} are real clinics, nothing is ever written there")
    host = parsed.host.rstrip(".")
    if not (is_loopback(host) or (allowed is not None and allowed.lower().rstrip(".") == host)):
        raise NotPermitted(f"--target: {host} is not loopback; --allow-writes-to {host} permits to write there")
    return parsed
