"""The README says of each element what the contract says, and its Python runs."""

import re
from collections import defaultdict
from threading import Thread
from typing import Any

import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.server import Server

from contract_tests import spec_rules
from contract_tests.conftest import ROOT

Json = Any
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_grades_each_element_as_the_contract_does(document: Json) -> None:
    expected = defaultdict(set)
    for place, element in spec_rules.elements(document):
        name = place.rsplit("/", 1)[-1].removeprefix("x-any-operation ")
        if re.fullmatch(r"\w+ \d+", name):
            assert "$ref" in element or element["x-provenance"] == "inferred", place
        elif "$ref" not in element:
            expected[element["x-provenance"]].add(name)
    for grade, names in expected.items():
        (row,) = re.findall(rf"^\| {grade} \|.*\|(.*)\|$", README, re.MULTILINE)
        assert set(re.findall(r"`([\w-]+)`|\b(\d{3})\b", row)) == {
            ("", name) if name.isdecimal() else (name, "") for name in names
        }


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    try:
        exec(code.replace("http://127.0.0.1:8080", server.url), {})
    finally:
        server.stop()
        thread.join()
    assert len(capsys.readouterr().out.splitlines()) == 5
