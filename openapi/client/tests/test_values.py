"""Dates: every accepted form gives the same aware UTC instant; whatever else is refused."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cerbo_portal_client import UNSET
from cerbo_portal_runtime import serialization
from hypothesis import given
from hypothesis import strategies as st

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)

FORMS = {
    "2026-11-23T10:00:00Z": TEN,
    "2026-11-23T10:00:00z": TEN,
    "2026-11-23t10:00:00Z": TEN,
    "2026-11-23 10:00:00": TEN,
    "2026-11-23 10:00:00Z": TEN,
    "2026-11-23T10:00:00": TEN,
    "2026-11-23T10:00:00+00:00": TEN,
    "2026-11-23T10:00:00-00:00": TEN,
    "2026-11-23T12:30:00+02:30": TEN,
    "2026-11-23T11:00:00+0100": TEN,
    "2026-11-22T22:00:00-12:00": TEN,
    "2026-11-23T09:59:60Z": TEN,
    "2026-11-23 09:59:60": TEN,
    "2026-11-23T10:00:00.5Z": TEN + timedelta(milliseconds=500),
    "2026-11-23 10:00:00.25": TEN + timedelta(milliseconds=250),
    "2026-11-23T10:00:00.123456789Z": TEN + timedelta(microseconds=123456),
    "2026-11-23T09:59:60.5Z": TEN + timedelta(milliseconds=500),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "9999-12-31T23:59:59.999999Z": datetime.max.replace(tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.items())
def test_an_accepted_form(text: str, expected: datetime) -> None:
    moment = serialization.parse_instant(text)
    assert moment == expected
    assert moment.utcoffset() == timedelta(0)
    assert serialization.is_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-11-23",
        "20261123T100000Z",
        "2026-W48-1T10:00:00Z",
        "2026-11-23T10:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T10:60:00Z",
        "2026-11-23T10:00:61Z",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-11-23T10:00:00+24:00",
        "2026-11-23T10:00:00+05:60",
        "2026-11-23T10:00:00+0560",
        "2026-11-23T10:00:00+01",
        "0000-00-00 00:00:00",
        "2026-11-23T10:00:00.Z",
        "2026-11-23T10:00:00,5Z",
        "2026-11-23T10:00:00Z ",
        "2026-11-23T10:00:00Z\n",
        "٢٠٢٦-11-23T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        serialization.parse_instant(text)
    assert not serialization.is_instant(text)


# Bounds that every zone keeps within `datetime`'s range; hypothesis wants them naive.
EARLIEST, LATEST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(EARLIEST, LATEST, timezones=ZONES))
def test_an_instant_round_trips(moment: datetime) -> None:
    assert serialization.parse_instant(serialization.format_instant(moment)) == moment
    assert serialization.parse_instant(moment.isoformat()) == moment


def test_a_naive_datetime_is_not_written() -> None:
    with pytest.raises(ValueError, match="expected an aware datetime"):
        serialization.format_instant(datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((165.0, 165), (165, 165), ("165", 165), ("0", 0), ("-5", -5), (-5.0, -5), ("9" * 19, 10**19 - 1)),
        *((value, None) for value in (None, True, 1.5, "", "-0", "01", "+1", "1.0", " 1", "1\n", "٣", "9" * 20)),
        *(([1], None), ({}, None)),
    ],
)
def test_a_whole_number_is_an_int(value: object, expected: int | None) -> None:
    number = serialization.read_integer(value)
    assert number == expected
    assert type(number) is type(expected)


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        *((value, True) for value in (True, 1, "1", "true")),
        *((value, False) for value in (False, 0, "0", "false")),
        *((value, None) for value in (None, 2, 1.0, 0.0, "", "True", "yes", "no", "01")),
        *(([], None), ([True], None), ({}, None)),
    ],
)
def test_a_flag(value: object, flag: bool | None) -> None:
    assert serialization.read_flag(value) is flag


def test_unset_is_one_of_a_kind_and_falsy() -> None:
    assert not UNSET
    assert copy.deepcopy(UNSET) is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert repr(UNSET) == "UNSET"
