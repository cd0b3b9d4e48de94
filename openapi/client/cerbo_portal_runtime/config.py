"""The settings of a client, checked. Errors name a setting, never its value."""

import os
import re
from collections.abc import Mapping
from typing import Final

import httpx
from attrs import field, frozen

from .body import ACCEPT_ENCODING, BodyLimits
from .errors import InvalidSettings
from .loopback import is_loopback

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_RETRIES: Final = 2
DEFAULT_LIMITS: Final = BodyLimits()
# A day: operating systems overflow at some thousand years.
_LONGEST_TIMEOUT: Final = 86_400
EXPECTED_TIMEOUT: Final = f"expected a positive number of seconds, at most {_LONGEST_TIMEOUT}"

#: The variables of `from_environment`, by the setting.
VARIABLES: Final[Mapping[str, str]] = {
    "base_url": "CERBO_BASE_URL",
    "username": "CERBO_USERNAME",
    "password": "CERBO_PASSWORD",
}
_HEADER_NAME: Final = re.compile(r"[\w-]+", re.ASCII)
_FLAGS: Final = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@frozen
class Settings:
    """Checked settings of a client. The URL holds no credentials."""

    base_url: httpx.URL
    auth: httpx.Auth = field(repr=False)
    headers: httpx.Headers = field(repr=False)
    timeout: float
    retries: int
    read_only: bool
    limits: BodyLimits


def check(  # noqa: PLR0913 (a client has as many settings)
    base_url: str,
    *,
    username: str | None,
    password: str | None,
    headers: Mapping[str, str] | None,
    timeout: float,
    retries: int,
    read_only: bool,
    allow_http: bool,
    max_json_bytes: int,
    max_body_bytes: int,
    user_agent: str,
) -> Settings:
    """Check settings: they are complete, well-formed and free of contradictions.

    Args:
        base_url: where the API is; may carry the credentials, as the vendor's samples do.
        username: the API user's name, unless the URL carries it.
        password: the API user's password, unless the URL carries it.
        headers: sent with every request, in addition to the client's.
        timeout: the budget of a call, in seconds, at most a day.
        retries: how many times a failed attempt may be repeated.
        read_only: whether to refuse every operation but GET; `CERBO_READ_ONLY=1` does the same.
        allow_http: whether to send credentials over plain HTTP to other hosts; `CERBO_ALLOW_HTTP=1` does the same.
        max_json_bytes: how many bytes a JSON body of a response may have.
        max_body_bytes: how many bytes any other body may have.
        user_agent: the client's own `User-Agent`.

    Raises:
        InvalidSettings: one of them is missing, malformed, or contradicts another.
    """
    url = parse_base_url(base_url)
    if url.scheme == "http" and not (allow_http or _flag("CERBO_ALLOW_HTTP") or is_loopback(url.host)):
        raise InvalidSettings(
            "base_url", "expected https; CERBO_ALLOW_HTTP=1 or allow_http=True permits plain HTTP to another host"
        )
    username = _either("username", url.username if url.userinfo else None, username)
    password = _either("password", url.password if b":" in url.userinfo else None, password)
    if not is_timeout(timeout):
        raise InvalidSettings("timeout", EXPECTED_TIMEOUT)
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise InvalidSettings("retries", "expected a whole number, 0 or more")
    for name, most in (("max_json_bytes", max_json_bytes), ("max_body_bytes", max_body_bytes)):
        if not isinstance(most, int) or isinstance(most, bool) or most < 1:
            raise InvalidSettings(name, "expected a whole number of bytes, 1 or more")
    return Settings(
        base_url=url.copy_with(username=None, password=None),
        auth=httpx.BasicAuth(username, password),
        headers=_headers(headers or {}, user_agent),
        timeout=timeout,
        retries=retries,
        read_only=read_only or _flag("CERBO_READ_ONLY"),
        limits=BodyLimits(max_json_bytes, max_body_bytes),
    )


def is_timeout(timeout: object) -> bool:
    """Whether a call can have this time budget, in seconds."""
    return isinstance(timeout, int | float) and not isinstance(timeout, bool) and 0 < timeout <= _LONGEST_TIMEOUT


def from_environment() -> tuple[str, str | None, str | None]:
    """`CERBO_BASE_URL`, `CERBO_USERNAME` and `CERBO_PASSWORD`; the last two may be in the first.

    Raises:
        InvalidSettings: a variable is missing.
    """
    base_url, username, password = (os.environ.get(name) or None for name in VARIABLES.values())
    given = (base_url, *("in the URL",) * 2) if "@" in (base_url or "") else (base_url, username, password)
    missing = [name for name, value in zip(VARIABLES.values(), given, strict=True) if value is None]
    if missing or base_url is None:
        raise InvalidSettings(", ".join(missing), "expected in the environment")
    return base_url, username, password


def parse_base_url(text: str) -> httpx.URL:
    """A base URL, credentials included.

    Args:
        text: the URL.

    Raises:
        InvalidSettings: it is not a URL that a client can use.
    """
    try:
        url = httpx.URL(text)
        valid = url.scheme in {"http", "https"} and url.host and not (url.query or url.fragment)
    except (httpx.InvalidURL, TypeError, ValueError):
        valid = False
    if not valid:
        raise InvalidSettings("base_url", "expected a URL such as https://SUBDOMAIN.md-hq.com/api/v1")
    return url


def _either(name: str, from_url: str | None, argument: str | None) -> str:
    if from_url is not None and argument is not None:
        raise InvalidSettings(name, "expected once, it is given in the URL and separately")
    value = from_url if argument is None else argument
    if value is None or (name == "username" and not value):
        raise InvalidSettings(name, "expected, separately or in the URL")
    source = name if from_url is None else "base_url"
    if not value.isprintable():
        raise InvalidSettings(source, "expected printable characters only")
    if name == "username" and ":" in value:
        raise InvalidSettings(source, "expected no colon, HTTP Basic ends the name there")
    return value


def _headers(given: Mapping[str, str], user_agent: str) -> httpx.Headers:
    headers = httpx.Headers(
        {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING, "User-Agent": user_agent}
    )
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidSettings("headers", "expected names of letters, digits and hyphens")
        if name.lower() == "authorization":
            raise InvalidSettings("headers", "expected no Authorization, the credentials give it")
        if not (value.isascii() and value.isprintable()):
            raise InvalidSettings("headers", f"expected printable ASCII in {name}")
        headers[name] = value
    return headers


def _flag(variable: str) -> bool:
    try:
        return _FLAGS[os.environ.get(variable, "").strip().lower()]
    except KeyError:
        raise InvalidSettings(variable, "expected 1 or 0") from None
