"""Models of any contract: arrays of which a part cannot be read, endless nesting, members that are not needed."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from cerbo_portal_runtime import kinds
from cerbo_portal_runtime.composites import Entity, List
from cerbo_portal_runtime.contract import Operation, Result
from cerbo_portal_runtime.models import Member, Model, RequestModel
from cerbo_portal_runtime.reader import Reader
from cerbo_portal_runtime.types import UNSET, Unset

Json = Any


@dataclass(repr=False, eq=False, slots=True)
class Part(Model):
    """Has a list that it needs."""

    sizes: list[int]

    MEMBERS: ClassVar[tuple[Member, ...]] = (Member("sizes", "sizes", List(kinds.Integer()), required=True),)


@dataclass(repr=False, eq=False, slots=True)
class Thing(Model):
    """Contains itself, and lists."""

    parts: list[Part]
    child: "Thing | None" = None
    tags: list[str] | None = None
    part: Part | None = None
    anything: list[Any] | None = None
    size: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("parts", "parts", List(Entity(lambda: Part)), required=True),
        Member("child", "child", Entity(lambda: Thing)),
        Member("tags", "tags", List(kinds.TEXT)),
        Member("part", "part", Entity(lambda: Part)),
        Member("anything", "anything", List(kinds.ANY, nulls=True)),
        Member("size", "size", kinds.Integer()),
    )


def _read(source: Json) -> tuple[Thing | None, Reader]:
    reader = Reader()
    return Thing.read(source, reader), reader


ODD: dict[str, tuple[Json, Json, set[str]]] = {
    "an optional array": ({"tags": ["a", 5, "b"]}, None, {"tags[]"}),
    "a null in it": ({"tags": ["a", None]}, None, {"tags[]"}),
    "an optional object's array": ({"part": {"sizes": [1, "x"]}}, None, {"part.sizes[]"}),
    "an optional object without its array": ({"part": {}}, None, {"part.sizes"}),
    "the text of a number": ({"size": "5"}, 5, {"size"}),
    "an array of anything": ({"anything": [None, 1, {}]}, [None, 1, {}], set()),
}


@pytest.mark.parametrize(("members", "value", "elements"), ODD.values(), ids=ODD)
def test_a_part_of_an_optional_member_is_not_taken_for_the_whole(
    members: Json, value: Json, elements: set[str]
) -> None:
    found, reader = _read({"parts": [{"sizes": [1]}], **members})
    assert found
    (name,) = members
    assert (getattr(found, name), found.raw[name]) == (value, members[name])
    assert [part.sizes for part in found.parts] == [[1]]
    assert {element for element, _ in reader.deviations} == elements
    assert reader.incomplete is None


def test_a_needed_array_of_which_a_part_cannot_be_read_is_incomplete() -> None:
    found, reader = _read({"parts": [{"sizes": [1, "x"]}, {"sizes": [2]}, {}], "tags": [5], "size": "5"})
    assert found
    assert [part.sizes for part in found.parts] == [[1], [2]]
    assert (found.tags, found.size) == (None, 5)
    assert reader.incomplete == ("parts[].sizes", "missing")


def test_a_member_that_is_nested_too_deeply_is_none() -> None:
    deep: Json = {"parts": []}
    for _ in range(5_000):
        deep = {"parts": [], "child": deep}
    found, reader = _read({"parts": [{"sizes": [7]}], "child": deep, "size": 3})
    assert found
    assert (found.parts[0].sizes, found.size) == ([7], 3)
    assert "nested too deeply" in {reason for _, reason in reader.deviations}
    assert _read({"parts": [], "child": {"parts": [], "size": 1}})[0] == Thing(
        [], Thing([], size=1), raw={"parts": [], "child": {}}
    )


def test_the_entries_of_a_list_are_found_by_the_name_in_json() -> None:
    operation: Operation[Any] = Operation(
        "list", "GET", "/", True, True, Result("json"), frozenset(), frozenset(), list_member="tags"
    )
    assert operation.entries(Thing([], tags=["a"])) == ["a"]
    assert operation.entries(Thing([])) == []


def test_a_model_is_made_of_an_object_that_has_what_it_needs() -> None:
    assert Part.from_dict({"sizes": [1]}) == Part([1])
    with pytest.raises(ValueError, match="expected an object with all required members"):
        Part.from_dict({"sizes": None})


@dataclass(repr=False, slots=True)
class Sent(RequestModel):
    """The body of a request, which a response may have, too."""

    size: int
    text: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("size", "size", kinds.Integer(), required=True),
        Member("text", "text", kinds.TEXT),
    )


@pytest.mark.parametrize("source", [{"text": "x"}, [], "x", 5])
def test_a_model_of_requests_that_cannot_be_read_is_none(source: Json) -> None:
    reader = Reader()
    assert Entity(lambda: Sent).read(source, reader, "it") is None
    ((element, reason),) = reader.deviations
    assert element == "it"
    assert reason.startswith("expected an object with all required members, not ")


def test_a_model_of_requests_is_read_and_written() -> None:
    reader = Reader()
    sent = Entity(lambda: Sent).read({"size": 5}, reader, "it")
    assert sent == Sent(5)
    assert sent.to_dict() == {"size": 5}
    assert not reader.deviations
