"""The README says of each element what the contract says, and its Python runs."""

import re
from collections import defaultdict
from contextlib import suppress
from threading import Thread
from typing import Any

import httpx
import pytest
from cerbo_portal_client import AlreadyGone, Client
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.server import Server

from contract_tests import spec_rules
from contract_tests.conftest import ROOT

Json = Any
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


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
    code, _ = PYTHON
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    try:
        exec(code.replace("http://127.0.0.1:8080", server.url), {})
    finally:
        server.stop()
        thread.join()
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_the_test_of_the_readme_passes() -> None:
    def my_cleanup(cerbo: Client) -> None:
        for request in cerbo.show_portal_requests(1).data:
            if request.request_type == "document":
                with suppress(AlreadyGone):
                    cerbo.delete_portal_request(1, request.id)

    names: dict[str, Any] = {"my_cleanup": my_cleanup}
    exec(PYTHON[1], names)
    names["test_a_lost_answer_does_not_matter"](MockPortal())


def test_the_control_api_takes_what_the_readme_posts() -> None:
    posts = re.findall(r"^post (\S+) '(.*)'", README, re.MULTILINE)
    assert len(posts) == 5
    portal = MockPortal()
    portal.state.hide(1, 27, by="un")
    with httpx.Client(transport=httpx.WSGITransport(app=portal.app), base_url="http://127.0.0.1") as http:
        for path, body in posts:
            http.post(f"/__admin/{path}", content=body, headers={"Content-Type": "application/json"}).raise_for_status()
    assert 27 in [entry.id for entry in portal.state.open_entries(1)]
