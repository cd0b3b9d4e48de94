"""Removes passwords and tokens from what the journal and the access log keep: headers, URLs and bodies."""

import json
import re
from typing import Any
from urllib.parse import unquote_plus

from cerbo_portal_mock.clinic.journal import KEPT_URL

REDACTED = "REDACTED"
# A larger body is not parsed to find its secrets.
LARGEST_PARSED = 64 * 1024
# More of a URL is dropped before its secrets are looked for; the journal keeps less.
LONGEST_URL = 2 * KEPT_URL
_FORM = "application/x-www-form-urlencoded"
# Parts of names, in lower case.
_WORDS = (
    *("passw", "passphrase", "pwd", "token", "secret", "repeated"),
    *("apikey", "api-key", "api_key", "authorization", "credential", "cookie"),
)
_WORDS_IN_BYTES = tuple(word.encode() for word in _WORDS)
_ASSIGNED = re.compile(rf"(?:{'|'.join(_WORDS)})[^\s&;=:]{{0,40}}\s*[=:]")
_MEMBER = re.compile(rb"(?:" + b"|".join(_WORDS_IN_BYTES) + rb")[\w.\[\]-]{0,40}[\"'=]")


def is_secret(name: str) -> bool:
    """Whether a header, a parameter or a member of this name holds a secret."""
    lowered = name.lower()
    return any(word in lowered for word in _WORDS)


def redact_headers(headers: dict[str, str]) -> dict[str, str]:
    """Headers without their secrets.

    Args:
        headers: by name; WSGI's names are names, too.
    """
    return {name: REDACTED if is_secret(name) else _redact_referrer(name, value) for name, value in headers.items()}


def _redact_referrer(name: str, value: str) -> str:
    return redact_url(value) if name == "HTTP_REFERER" else value


def redact_url(text: str) -> str:
    """A path, a query, both or a form, cut after `LONGEST_URL` characters, without the values of secret parameters."""
    return "".join(map(_redact_parameter, re.split("([?&;])", text[:LONGEST_URL])))


def _redact_parameter(text: str) -> str:
    name, equals, value = text.partition("=")
    if not equals:
        return text
    # A value can be a URL that has parameters itself.
    inner = unquote_plus(unquote_plus(value)).lower()
    hidden = is_secret(unquote_plus(name)) or (is_secret(inner) and _ASSIGNED.search(inner))
    return f"{name}={REDACTED}" if hidden else text


def redact_body(content: bytes, mimetype: str, secrets: frozenset[str]) -> bytes:
    """A body without the values of its secret members; `REDACTED` if it could hold them elsewhere.

    Args:
        content: the body.
        mimetype: its media type.
        secrets: further names of secret members; with any, only a JSON object is kept.
    """
    if mimetype == _FORM and not secrets:
        return redact_url(content.decode("latin-1")).encode("latin-1")
    if not secrets and not _is_suspect(content[:LARGEST_PARSED].lower()):
        return content
    try:
        document = json.loads(content) if len(content) <= LARGEST_PARSED else None
        redacted = json.dumps(_without(secrets, document)) if isinstance(document, dict) else REDACTED
    except (ValueError, RecursionError):
        redacted = REDACTED
    return redacted.encode()


def _is_suspect(content: bytes) -> bool:
    # Escapes and other encodings can hide a name.
    if rb"\u00" in content or b"\0" in content:
        return True
    return any(word in content for word in _WORDS_IN_BYTES) and bool(_MEMBER.search(content))


def _without(secrets: frozenset[str], content: Any) -> Any:
    if isinstance(content, dict):
        return {
            name: REDACTED if name in secrets or is_secret(name) else _without(secrets, value)
            for name, value in content.items()
        }
    return [_without(secrets, value) for value in content] if isinstance(content, list) else content
