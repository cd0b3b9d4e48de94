"""Refuses requests that a browser sends for pages of other origins, and recognises requests through a proxy.

The response of such a request is never readable for the page, but the request would act: a prefetch creates instances,
and a form that is posted to a URL with credentials sends an invitation.
"""

from urllib.parse import urlsplit

from flask import Request, abort

_SPECULATION = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
_FORWARDING = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")


def refuse(request: Request, public_url: str | None) -> None:
    """Abort with 403 if the request comes from a page of another site, or of another origin of the same site.

    Speculative requests are refused from every page: of a prefetch, Chromium says that no page has caused it.

    Args:
        request: the request.
        public_url: the URL of the mock for its users, if it differs from the request's.
    """
    # Browsers send it to loopback and over HTTPS, and no page can change it.
    site = request.environ.get("HTTP_SEC_FETCH_SITE")
    origin = request.environ.get("HTTP_ORIGIN")
    foreign = site in {"cross-site", "same-site"} or any(name in request.environ for name in _SPECULATION)
    if site is None and origin is not None:
        own = {request.host.lower(), urlsplit(public_url or "").netloc.lower()} - {""}
        foreign = foreign or _netloc(origin) not in own
    if foreign:
        abort(403, "The mock accepts no requests from web pages of other origins")


def is_forwarded(request: Request) -> bool:
    """Whether a proxy says that it has forwarded the request: then its caller can be anywhere."""
    return any(name.startswith("HTTP_X_FORWARDED") or name in _FORWARDING for name in request.environ)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
