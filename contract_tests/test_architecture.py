"""The table of layers in docs/explanation/architecture.md names every module of the mock, in the enforced order."""

import configparser
import re

from contract_tests.support.checkout import ROOT

PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
MOCK = ROOT / "mock_server" / "cerbo_portal_mock"
ROW = re.compile(r"^\| `(\w+)` \|.*\|([^|]*)\|$", re.MULTILINE)


def _layers() -> list[set[str]]:
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter", encoding="utf-8")
    lines = rules["importlinter:contract:layers"]["layers"].split("\n")
    return [set(re.findall(r"\w+", line)) for line in lines if line]


def test_the_table_of_layers_has_the_order_that_is_enforced() -> None:
    rows = [layer for layer, _ in ROW.findall(PAGE)]
    for layer in _layers():
        assert set(rows[: len(layer)]) == layer
        rows = rows[len(layer) :]
    assert rows == []


def test_the_table_of_layers_names_every_module_of_the_mock() -> None:
    table = {layer: set(re.findall(r"`(\w+)`", modules)) for layer, modules in ROW.findall(PAGE)}
    modules: dict[str, set[str]] = {path.stem: set() for path in MOCK.glob("*.py") if path.stem != "__init__"}
    for path in MOCK.glob("*/*.py"):
        modules.setdefault(path.parent.name, set()).update({path.stem} - {"__init__"})
    assert table == modules
