"""Example texts and numbers of JSON Schemas."""

import math
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import jsonschema_rs

from cerbo_portal_mock.spec.example_patterns import PatternText, UnknownPattern

_WORDS = ("alder", "birch", "cedar", "hazel", "larch", "maple", "olive", "rowan")
_TEXT_KEYWORDS = {"type", "format", "pattern", "minLength", "maxLength"}
_EXTRAS = (1, 0, 2, 4, 8, 16, 32, 64, 128, 256)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_SPAN = 1_000
# Divided by a step, a greater number would leave the range of doubles.
_LARGEST = 1e300

Json = Any


class NoExample(ValueError):
    """No value that fits a schema was found; the text says why."""


def number(schema: Mapping[str, Json], random: Random, *, whole: bool) -> Json:
    """A number within the limits of a schema.

    Raises:
        NoExample: there is none.
    """
    step = schema.get("multipleOf", 1 if whole else 0.01)
    if whole and step != int(step):
        step = 1
    low, high = _limit(schema, "inimum", max), _limit(schema, "aximum", min)
    if low is None:
        low = 1 if high is None or high >= 1 else high - _SPAN * step
    if high is None:
        high = low + _SPAN * step
    low, high = max(low, -_LARGEST), min(high, _LARGEST)
    first, last = math.ceil(low / step), math.floor(high / step)
    if schema.get("exclusiveMinimum", low - 1) == first * step:
        first += 1
    if schema.get("exclusiveMaximum", high + 1) == last * step:
        last -= 1
    if first > last:
        if whole or "multipleOf" in schema:
            raise NoExample("no number is within the limits")
        return (low + high) / 2
    value = random.randint(first, min(last, first + _SPAN)) * step
    return int(value) if whole else round(value, 10)


def _limit(schema: Mapping[str, Json], ending: str, strictest: Any) -> Json:
    limits = [schema[name] for name in (f"m{ending}", f"exclusiveM{ending}") if name in schema]
    return strictest(limits) if limits else None


def text(schema: Mapping[str, Json], random: Random) -> str:
    """A text that fits format, pattern and length of a schema.

    Raises:
        NoExample: none was found.
    """
    own = {keyword: schema[keyword] for keyword in schema if keyword in _TEXT_KEYWORDS} | {"type": "string"}
    validator = jsonschema_rs.Draft202012Validator(own, validate_formats=True)
    for candidate in _texts(schema, random):
        if validator.is_valid(candidate):
            return candidate
    raise NoExample("no text that fits the schema was found")


def _texts(schema: Mapping[str, Json], random: Random) -> Iterator[str]:
    word = random.choice(_WORDS)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    formatted = _formatted(schema, word, random)
    if formatted is not None:
        yield formatted
    longer = word * (least // len(word) + 1) if least > len(word) else word
    yield longer[: max(least, len(word)) if most is None else most]
    for extra in _EXTRAS:
        try:
            yield PatternText(schema.get("pattern", ""), random, extra).make()
        except UnknownPattern:
            return


def _formatted(schema: Mapping[str, Json], word: str, random: Random) -> str | None:
    instant = _BEGIN + timedelta(minutes=random.randrange(365 * 24 * 60))
    if schema.get("contentEncoding") == "base64":
        return b64encode(word.encode()).decode()
    texts = {
        "byte": b64encode(word.encode()).decode(),
        "date": f"{instant:%Y-%m-%d}",
        "date-time": f"{instant:%Y-%m-%dT%H:%M:%SZ}",
        "duration": "P1D",
        "email": f"{word}@example.com",
        "hostname": f"{word}.example.com",
        "ipv4": "192.0.2.1",
        "ipv6": "2001:db8::1",
        "json-pointer": f"/{word}",
        "regex": f"^{word}$",
        "time": f"{instant:%H:%M:%SZ}",
        "uri": f"https://example.com/{word}",
        "uri-reference": f"/{word}",
        "uuid": str(UUID(int=random.getrandbits(128), version=4)),
    }
    return texts.get(schema.get("format", ""))
