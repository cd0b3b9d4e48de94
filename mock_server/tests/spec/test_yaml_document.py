"""YAML files: where a part of one stands, or the nearest that does."""

from pathlib import Path

import pytest
from cerbo_portal_mock.spec.yaml_document import YamlDocument


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
