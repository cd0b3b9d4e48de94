"""What a client is told: where the API is, as whom, and what it may do. Errors name a setting, never its value."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

import httpx
from attrs import field, frozen

from ._errors import InvalidSettings

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_RETRIES: Final = 2
# A day; what waits for a socket cannot count the seconds of some thousand years.
_LONGEST_TIMEOUT: Final = 86_400
TIMES: Final = f"a positive number of seconds, at most {_LONGEST_TIMEOUT}"

#: The variables of `from_environment`, by what they set.
VARIABLES: Final[Mapping[str, str]] = {
    "base_url": "CERBO_BASE_URL",
    "username": "CERBO_USERNAME",
    "password": "CERBO_PASSWORD",
}
_SETTING: Final = re.compile(r"\b(?:base_url|username|password|timeout)\b")
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
    user_agent: str,
) -> Settings:
    """The settings, made sure to be complete and free of contradictions.

    Args:
        base_url: where the API is; may carry the credentials, as the vendor's samples do.
        username: the API user's name, unless the URL carries it.
        password: the API user's password, unless the URL carries it.
        headers: sent with every request, beside those of the client.
        timeout: the budget of a call, in seconds, at most a day.
        retries: how many times a failed attempt may be repeated.
        read_only: whether to refuse every operation but GET; `CERBO_READ_ONLY=1` does the same.
        allow_http: whether to send credentials over plain HTTP to other hosts; `CERBO_ALLOW_HTTP=1` does the same.
        user_agent: the client's own `User-Agent`.

    Raises:
        InvalidSettings: one of them is missing, malformed, or contradicts another.
    """
    url = parsed(base_url)
    if url.scheme == "http" and not (allow_http or _flag("CERBO_ALLOW_HTTP") or _is_loopback(url.host)):
        raise InvalidSettings(
            "base_url: expected https; CERBO_ALLOW_HTTP=1 or allow_http=True permits plain HTTP to another host"
        )
    username = _either("username", url.username if url.userinfo else None, username)
    password = _either("password", url.password if b":" in url.userinfo else None, password)
    if not is_time(timeout):
        raise InvalidSettings(f"timeout: expected {TIMES}")
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise InvalidSettings("retries: expected a whole number, 0 or more")
    return Settings(
        base_url=url.copy_with(username=None, password=None),
        auth=httpx.BasicAuth(username, password),
        headers=_headers(headers or {}, user_agent),
        timeout=timeout,
        retries=retries,
        read_only=read_only or _flag("CERBO_READ_ONLY"),
    )


def is_time(timeout: object) -> bool:
    """Whether it is a budget that a call can have, in seconds."""
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
        raise InvalidSettings(f"{', '.join(missing)}: expected in the environment")
    return base_url, username, password


def renamed(error: InvalidSettings, names: Mapping[str, str]) -> InvalidSettings:
    """The error, with settings called what their user calls them.

    Args:
        error: an error of this module.
        names: by the names of this module, such as `base_url`, those that the user knows.
    """
    return InvalidSettings(_SETTING.sub(lambda match: names.get(match[0], match[0]), str(error)))


def parsed(text: str) -> httpx.URL:
    """The URL that the text is, credentials included.

    Args:
        text: a base URL.

    Raises:
        InvalidSettings: it is none that a client can use.
    """
    try:
        url = httpx.URL(text)
        valid = url.scheme in {"http", "https"} and url.host and not (url.query or url.fragment)
    except (httpx.InvalidURL, TypeError, ValueError):
        valid = False
    if not valid:
        raise InvalidSettings("base_url: expected a URL such as https://SUBDOMAIN.md-hq.com/api/v1")
    return url


def _either(name: str, from_url: str | None, argument: str | None) -> str:
    if from_url is not None and argument is not None:
        raise InvalidSettings(f"{name}: expected once, it is given in base_url and beside it")
    value = from_url if argument is None else argument
    if value is None or (name == "username" and not value):
        raise InvalidSettings(f"{name}: expected, beside base_url or in it")
    source = name if from_url is None else "base_url"
    if not value.isprintable():
        raise InvalidSettings(f"{source}: expected printable characters only")
    if name == "username" and ":" in value:
        raise InvalidSettings(f"{source}: expected no colon, HTTP Basic ends the name there")
    return value


def _headers(given: Mapping[str, str], user_agent: str) -> httpx.Headers:
    headers = httpx.Headers({"Accept": "application/json", "User-Agent": user_agent})
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidSettings("headers: expected names of letters, digits and hyphens")
        if name.lower() == "authorization":
            raise InvalidSettings("headers: expected no Authorization, username and password give it")
        if not (value.isascii() and value.isprintable()):
            raise InvalidSettings(f"headers: expected printable ASCII in {name}")
        headers[name] = value
    return headers


def _flag(variable: str) -> bool:
    try:
        return _FLAGS[os.environ.get(variable, "").strip().lower()]
    except KeyError:
        raise InvalidSettings(f"{variable}: expected 1 or 0") from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
