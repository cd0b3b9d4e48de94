"""Each kind of value: what is read of it, and how it deviates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from cerbo_portal_runtime import kinds
from cerbo_portal_runtime.composites import Discriminated, Entity, List, Map, Union
from cerbo_portal_runtime.models import Member, Model
from cerbo_portal_runtime.reader import Reader

Json = Any
UUID_TEXT = "0f8fad5b-d9cb-469f-a165-70867728950e"


@dataclass(repr=False, eq=False, slots=True)
class Cat(Model):
    """Has a kind and a number of lives."""

    lives: int

    MEMBERS: ClassVar[tuple[Member, ...]] = (Member("lives", "lives", kinds.Integer(0, 9), required=True),)


PET = Discriminated("kind", lambda: {"cat": Cat})
EITHER = Union(kinds.Integer(1, 9), kinds.INSTANT, Entity(lambda: Cat))
RANGE = "an integer from -9223372036854775808 to 9223372036854775807"

# The kind, the value, what is read, and what is expected in its place.
CASES: list[tuple[kinds.Kind, Json, Any, str | None]] = [
    (kinds.ANY, [1], [1], None),
    (kinds.TEXT, "x", "x", None),
    (kinds.TEXT, 1, None, "text, not a number"),
    (kinds.OBJECT, {"x": 1}, {"x": 1}, None),
    (kinds.OBJECT, [], None, "an object, not an array"),
    (kinds.BOOLEAN, False, False, None),
    (kinds.BOOLEAN, "1", True, "a boolean, not text"),
    (kinds.BOOLEAN, 0, False, "a boolean, not a number"),
    (kinds.BOOLEAN, None, None, "a boolean, not null"),
    (kinds.Integer(), -5, -5, None),
    (kinds.Integer(), 5.0, 5, None),
    (kinds.Integer(), "5", 5, "an integer, not text"),
    (kinds.Integer(), 2**63, None, f"{RANGE}, not a number"),
    (kinds.Integer(1, 9), 10, None, "an integer from 1 to 9, not a number"),
    (kinds.Integer(1, 9, text=True), "9", 9, None),
    (kinds.Number(), 1.5, 1.5, None),
    (kinds.Number(), 10**30, 10**30, None),
    (kinds.Number(), "1.5", 1.5, "a number, not text"),
    (kinds.Number(text=True), "-1.5", -1.5, None),
    (kinds.Number(text=True), "1e5", None, "a number, not text"),
    (kinds.Number(text=True), True, None, "a number, not a boolean"),
    (kinds.INSTANT, "2026-11-23 10:00:00", datetime(2026, 11, 23, 10, tzinfo=UTC), None),
    (kinds.INSTANT, "", None, None),
    (kinds.INSTANT, 5, None, "a date and time, not a number"),
    (kinds.BASE64, "eA==", "eA==", None),
    (kinds.BASE64, 5, None, "text, not a number"),
    (kinds.DAY, "2026-11-23", date(2026, 11, 23), None),
    (kinds.DAY, "2026-02-30", None, "a date, not text"),
    (kinds.DAY, 5, None, "a date, not a number"),
    (kinds.UUID_TEXT, UUID_TEXT, UUID(UUID_TEXT), None),
    (kinds.UUID_TEXT, "5", None, "a UUID, not text"),
    (Map(kinds.DAY), {"a": "2026-11-23", "b": None}, {"a": date(2026, 11, 23), "b": None}, None),
    (Map(kinds.DAY), [], None, "an object, not an array"),
    (EITHER, 5, 5, None),
    (EITHER, "2026-11-23 10:00:00", datetime(2026, 11, 23, 10, tzinfo=UTC), None),
    (EITHER, {"lives": 9}, Cat(9, raw={"lives": 9}), None),
    (EITHER, 10, None, "one of several kinds, not a number"),
    (EITHER, "5", None, "one of several kinds, not text"),
    (PET, {"kind": "cat", "lives": 9}, Cat(9, raw={"kind": "cat", "lives": 9}), None),
    (PET, {"kind": "dog"}, {"kind": "dog"}, None),
    (PET, {"kind": ["cat"]}, {"kind": ["cat"]}, None),
    (PET, "cat", None, "an object, not text"),
    (List(kinds.TEXT), "x", None, "an array, not text"),
    (List(kinds.TEXT), {"b": "x", "a": "y"}, ["x", "y"], "an array, not an object"),
]


@pytest.mark.parametrize(("kind", "value", "expected", "deviation"), CASES)
def test_a_value_of_a_kind(kind: kinds.Kind, value: Json, expected: Any, deviation: str | None) -> None:
    reader = Reader()
    found = kind.read(value, reader, "it")
    assert (type(found), found) == (type(expected), expected)
    assert list(reader.deviations) == ([("it", f"expected {deviation}")] if deviation else [])
    if not deviation and found is not None:
        written = kind.write(found, lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}")
        assert kind.read(written, reader, "it") == found


def test_a_map_reports_no_names_and_keeps_what_can_be_read() -> None:
    reader = Reader()
    assert Map(kinds.DAY).read({"Ann": 5, "Lee": "2026-11-23"}, reader, "days") == {
        "Ann": None,
        "Lee": date(2026, 11, 23),
    }
    assert list(reader.deviations) == [("days[]", "expected a date, not a number")]


def test_values_beyond_the_known_ones_are_notices() -> None:
    reader = Reader()
    assert kinds.Text("a").read("b", reader, "text") == "b"
    assert kinds.Integer(known=[1]).read(2, reader, "number") == 2
    assert PET.read({"kind": "dog"}, reader, "pet") == {"kind": "dog"}
    assert [element for element, _ in reader.notices] == ["text", "number", "pet.kind"]
    assert not reader.deviations


def test_the_notices_of_a_union_are_bounded() -> None:
    reader = Reader()
    for number in range(300):
        EITHER.read({"lives": 1, f"new{number}": 1}, reader, "either")
    assert len(reader.notices) == 256


def test_bytes_and_files_are_written_in_base64(tmp_path: Path) -> None:
    file = tmp_path / "letter"
    file.write_bytes(b"letter")
    for value in (b"letter", file, "bGV0dGVy"):
        assert kinds.BASE64.write(value, str) == "bGV0dGVy"
    with pytest.raises(FileNotFoundError):
        kinds.BASE64.write(tmp_path / "nothing", str)
