"""JSON is read strictly; what is refused is not quoted."""

import pytest
from cerbo_portal_runtime.json_reader import InvalidJson, read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_json_in_any_unicode_encoding(encoding: str) -> None:
    assert read('{"name": "東京", "n": [1, 2.5, null]}'.encode(encoding)) == {"name": "東京", "n": [1, 2.5, None]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{hush}", "expected JSON"),
        ("[" * 100_000, "expected JSON"),
        ("NaN", "expected JSON, which has no NaN"),
        ("[-Infinity]", "expected JSON, which has no -Infinity"),
        ("1e999", "expected numbers that are within the range of a double"),
        ('{"hush": 1, "hush": 2}', "expected each member once"),
    ],
)
def test_what_is_not_json_is_refused(text: str, expected: str) -> None:
    with pytest.raises(InvalidJson) as caught:
        read(text, unique_members=True)
    assert (str(caught.value), caught.value.__cause__) == (expected, None)


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(InvalidJson, match="expected JSON"):
        read(b"\xff\xff")


def test_of_repeated_members_the_last_one_counts_by_default() -> None:
    assert read('{"a": 1, "a": 2}') == {"a": 2}
    assert read('{"a": 1, "b": 2}', unique_members=True) == {"a": 1, "b": 2}
