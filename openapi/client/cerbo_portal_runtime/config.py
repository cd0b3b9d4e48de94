"""The settings of a client, checked. Errors name a setting, never its value."""

import os
import re
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from . import tls
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
    "proxy": "CERBO_PROXY",
    "verify": "CERBO_CA_FILE",
}
_STANDARD_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
_HEADER_NAME: Final = re.compile(r"[\w-]+", re.ASCII)
# They identify the caller, or belong to the connection or the body.
_OWN_HEADERS: Final = frozenset(
    {
        *("authorization", "connection", "content-encoding", "content-length", "content-type", "cookie", "expect"),
        *("host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding"),
        "upgrade",
    }
)
# DNS takes labels of at most 63 bytes, and names of at most 253.
_HOST_NAME: Final = re.compile(r"(?=.{1,254}$)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?", re.ASCII)
_LARGEST_PORT: Final = 65_535
_FLAGS: Final = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@dataclass(frozen=True)
class Settings:
    """Checked settings of a client. The URL holds no credentials.

    Attributes:
        unusual: what is allowed and probably a mistake, in words, by the name of the setting.
    """

    base_url: httpx.URL
    headers: httpx.Headers = field(repr=False)
    proxy: httpx.Proxy | None = field(repr=False)
    certificates: ssl.SSLContext = field(repr=False)
    timeout: float
    retries: int
    read_only: bool
    limits: BodyLimits
    unusual: Mapping[str, str]


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
    proxy: str | None,
    verify: tls.CaFile | None,
    user_agent: str,
    base_path: str,
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
        proxy: the URL of an HTTP proxy; may carry credentials.
        verify: a file of CA certificates, or an `ssl.SSLContext`.
        user_agent: the client's own `User-Agent`.
        base_path: the path at which the contract's base URLs end.

    Raises:
        InvalidSettings: one of them is missing, malformed, or contradicts another.
    """
    url = parse_base_url(base_url)
    for name, flag in {"read_only": read_only, "allow_http": allow_http}.items():
        if not isinstance(flag, bool):
            raise InvalidSettings(name, "expected True or False")
    if url.scheme == "http" and not (allow_http or _flag("CERBO_ALLOW_HTTP") or is_loopback(url.host)):
        raise InvalidSettings(
            "base_url", "expected https; CERBO_ALLOW_HTTP=1 or allow_http=True permits plain HTTP to another host"
        )
    username = _either("username", url.username if url.userinfo else None, username)
    in_url = password is None
    password = _either("password", url.password if b":" in url.userinfo else None, password)
    unusual = {}
    if not url.path.rstrip("/").endswith(base_path):
        unusual["base_url"] = f"its path does not end in {base_path}"
    if password.startswith("pk_"):
        unusual["base_url" if in_url else "password"] = "the password begins with pk_, as names of API users do"
    _check_budget(timeout, retries)
    for name, most in (("max_json_bytes", max_json_bytes), ("max_body_bytes", max_body_bytes)):
        if not isinstance(most, int) or isinstance(most, bool) or most < 1:
            raise InvalidSettings(name, "expected a whole number of bytes, 1 or more")
    return Settings(
        base_url=url.copy_with(username=None, password=None),
        headers=merged_headers(
            _STANDARD_HEADERS,
            {"User-Agent": user_agent, "Authorization": _basic(username, password)},
            checked_headers(headers),
        ),
        proxy=None if proxy is None else parse_proxy(proxy),
        certificates=tls.trusted(url, verify),
        timeout=timeout,
        retries=retries,
        read_only=read_only or _flag("CERBO_READ_ONLY"),
        limits=BodyLimits(max_json_bytes, max_body_bytes),
        unusual=unusual,
    )


def changed(
    settings: Settings, *, timeout: float | None, retries: int | None, headers: Mapping[str, str] | None
) -> Settings:
    """Settings of which some are changed.

    Args:
        settings: the settings before.
        timeout: the budget of a call, in seconds; None keeps it.
        retries: how many times a failed attempt may be repeated; None keeps it.
        headers: sent in addition.

    Raises:
        InvalidSettings: one of them is malformed.
    """
    timeout = settings.timeout if timeout is None else timeout
    retries = settings.retries if retries is None else retries
    _check_budget(timeout, retries)
    merged = merged_headers(settings.headers, checked_headers(headers))
    return replace(settings, timeout=timeout, retries=retries, headers=merged)


def _check_budget(timeout: float, retries: int) -> None:
    if not is_timeout(timeout):
        raise InvalidSettings("timeout", EXPECTED_TIMEOUT)
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise InvalidSettings("retries", "expected a whole number, 0 or more")


def is_timeout(timeout: object) -> bool:
    """Whether a call can have this time budget, in seconds."""
    return isinstance(timeout, int | float) and not isinstance(timeout, bool) and 0 < timeout <= _LONGEST_TIMEOUT


def from_environment() -> dict[str, str | None]:
    """The settings of VARIABLES that the environment gives; user and password may be in the base URL.

    Raises:
        InvalidSettings: a variable is missing.
    """
    given = {setting: os.environ.get(variable) or None for setting, variable in VARIABLES.items()}
    needed = ["base_url"] if "@" in (given["base_url"] or "") else ["base_url", "username", "password"]
    missing = [VARIABLES[setting] for setting in needed if given[setting] is None]
    if missing:
        raise InvalidSettings(", ".join(missing), "expected in the environment")
    return given


def parse_base_url(text: str) -> httpx.URL:
    """A base URL, credentials included.

    Args:
        text: the URL.

    Raises:
        InvalidSettings: it is not a URL that a client can use.
    """
    url = _parse_url(text)
    if url is None:
        raise InvalidSettings("base_url", "expected a URL such as https://SUBDOMAIN.md-hq.com/api/v1")
    return url


def parse_proxy(text: str) -> httpx.Proxy:
    """A proxy, with the credentials of its URL.

    Args:
        text: the URL.

    Raises:
        InvalidSettings: it is not the URL of a proxy that speaks plain HTTP.
    """
    url = _parse_url(text)
    if url is None or url.scheme != "http" or url.path != "/":
        raise InvalidSettings("proxy", "expected a URL such as http://proxy.example:3128")
    if not (url.username + url.password).isprintable() or ":" in url.username:
        raise InvalidSettings("proxy", "expected credentials of printable characters, and no colon in the name")
    return httpx.Proxy(url)


def _parse_url(text: object) -> httpx.URL | None:
    """The URL of an HTTP server, or None if it is not one that can be connected to."""
    try:
        url = httpx.URL(text)  # type: ignore[arg-type]
        # `host` raises for labels that begin with xn-- and cannot be decoded.
        is_host = ":" in url.host or _HOST_NAME.fullmatch(url.raw_host.decode("ascii"))
    except (httpx.InvalidURL, TypeError, ValueError):
        return None
    is_port = url.port is None or 0 < url.port <= _LARGEST_PORT
    is_http = url.scheme in {"http", "https"} and not (url.query or url.fragment)
    return url if is_host and is_port and is_http else None


def _either(name: str, from_url: str | None, argument: str | None) -> str:
    if from_url is not None and argument is not None:
        raise InvalidSettings(name, "expected once, it is given in the URL and separately")
    value = from_url if argument is None else argument
    if not isinstance(value, str | None):
        raise InvalidSettings(name, "expected text")
    if value is None or (name == "username" and not value):
        raise InvalidSettings(name, "expected, separately or in the URL")
    source = name if from_url is None else "base_url"
    if not value.isprintable():
        raise InvalidSettings(source, "expected printable characters only")
    if name == "username" and ":" in value:
        raise InvalidSettings(source, "expected no colon, HTTP Basic ends the name there")
    return value


def _basic(username: str, password: str) -> str:
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


def merged_headers(*parts: Mapping[str, str]) -> httpx.Headers:
    """Headers of which a later one replaces an earlier one of its name, in whatever case."""
    headers = httpx.Headers()
    for part in parts:
        headers.update(part)
    return headers


def checked_headers(given: Mapping[str, str] | None) -> dict[str, str]:
    """Headers that a caller may add to requests.

    Args:
        given: the headers, None for none.

    Raises:
        InvalidSettings: one identifies the caller, belongs to the connection, or cannot be sent.
    """
    headers = {}
    given = {} if given is None else given
    if not isinstance(given, Mapping):
        raise InvalidSettings("headers", "expected a mapping of names to values")
    for name, value in given.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise InvalidSettings("headers", "expected names of letters, digits and hyphens")
        if name.lower() in _OWN_HEADERS:
            raise InvalidSettings("headers", f"expected no {name.title()}, the client sets it or does without")
        if not isinstance(value, str) or not (value.isascii() and value.isprintable() and value == value.strip()):
            raise InvalidSettings("headers", f"expected printable ASCII in {name}, without blanks at its ends")
        headers[name] = value
    return headers


def _flag(variable: str) -> bool:
    try:
        return _FLAGS[os.environ.get(variable, "").strip().lower()]
    except KeyError:
        raise InvalidSettings(variable, "expected 1 or 0") from None
