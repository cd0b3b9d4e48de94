"""The picture of the mock's rooms is true: each arrow is an import, and no import goes against the arrows."""

import ast
import re
from collections.abc import Iterator

from contract_tests.conftest import ROOT

PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
MOCK = ROOT / "mock_server" / "cerbo_portal_mock"
ARROW = re.compile(r"^    (\w+) -(?:->|\. lazily \.->) (\w+)$", re.MULTILINE)


def _imports(room: str) -> Iterator[str]:
    """The modules of the mock that one of them imports, lazily or not; not what a type checker alone reads."""
    tree = ast.parse((MOCK / f"{room}.py").read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typing_only:
            package, _, module = node.module.partition(".")
            if package == MOCK.name:
                yield from [module] if module else [name.name for name in node.names]


def _below(room: str, arrows: set[tuple[str, str]]) -> set[str]:
    """The rooms that the arrows lead to from one of them; there is no circle."""
    return {below for above, other in arrows if above == room for below in (other, *_below(other, arrows))}


def test_each_arrow_is_an_import_and_no_import_goes_against_the_arrows() -> None:
    arrows = set(ARROW.findall(PAGE))
    assert len(arrows) == PAGE.count("->")
    for room in {room for arrow in arrows for room in arrow}:
        imported = set(_imports(room))
        assert {below for above, below in arrows if above == room} <= imported, room
        assert [other for other in imported if room in _below(other, arrows)] == [], room
