"""YAML files: the line of each part, and the keys that are refused."""

from pathlib import Path

import pytest
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["a"], "3: a"),
        (["a", "b", 1], "5: a.b[1]"),
        (["a", "b", 7], "4: a.b[7]"),
        (["a", "z"], "3: a.z"),
        (["c", "deeper"], "6: c.deeper"),
        (["a", "b", "name"], "4: a.b.name"),
        ([], "2: the document"),
    ],
)
def test_the_line_of_a_part(keys: list[str | int], place: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("# A comment.\na:\n  b:\n    - 1\n    - 2\nc: text\n")
    assert YamlDocument(path).where(keys) == f"{path}:{place}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 1\na: 2\n", "3: expected each key once, 'a' is repeated"),
        ("a: 1\n200: 2\n", "2: expected a key that is text: '200' in quotes"),
        ("[1, 2]: a\n", "1: expected a plain key"),
        ("a: &x [1]\nb: *x\n", "1: expected no YAML aliases"),
    ],
)
def test_a_key_that_json_cannot_have_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        YamlDocument(path)
    assert str(caught.value) == f"{path}:{problem}"
