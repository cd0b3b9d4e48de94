"""The README says of each element what the contract says, and its Python runs."""

import re
from contextlib import suppress
from typing import Any

import pytest
from cerbo_portal_client import AlreadyGone, Client
from cerbo_portal_mock import MockPortal

from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.semantics import PROVENANCES
from contract_tests.support.checkout import ROOT
from contract_tests.support.http_client import http_client

Json = Any
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_table_grades_each_element_as_the_contract_does(document: Json) -> None:
    components = [named for kind in document["components"].values() for named in kind.items()]
    grades = {name: node["x-provenance"] for name, node in [*navigation.operations(document), *components]}
    for grade in PROVENANCES:
        (row,) = re.findall(rf"^\| {grade} \|.*\|(.*)\|$", README, re.MULTILINE)
        names = re.findall(r"`([\w-]+)`", row)
        assert len(names) >= 3
        assert {grades[name] for name in names} == {grade}


def test_all_errors_are_assumed(document: Json) -> None:
    for keys, status, response in navigation.responses(document):
        assert status < "400" or response["x-provenance"] == "assumed", keys


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with MockPortal().server() as url:
        exec(PYTHON[0].replace("http://127.0.0.1:8080/api/v1", url), {})
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_the_test_of_the_readme_passes() -> None:
    def my_cleanup(cerbo: Client) -> None:
        for request in cerbo.show_portal_requests(1).data:
            if request.request_type == "document":
                with suppress(AlreadyGone):
                    cerbo.delete_portal_request(1, request.id)

    names: dict[str, Any] = {"my_cleanup": my_cleanup}
    exec(PYTHON[1], names)
    names["test_a_lost_response_does_not_matter"](MockPortal())


def test_the_control_api_takes_what_the_readme_posts() -> None:
    posts = re.findall(r"^post (\S+) '(.*)'", README, re.MULTILINE)
    assert len(posts) == 5
    portal = MockPortal()
    portal.state.hide(1, 27, by="un")
    with http_client(portal.app) as http:
        for path, body in posts:
            http.post(f"/__admin/{path}", content=body, headers={"Content-Type": "application/json"}).raise_for_status()
    assert 27 in [entry.id for entry in portal.state.open_entries(1)]


def test_the_curls_of_the_readme_are_answered() -> None:
    calls = re.findall(r"^curl (?:-X (\w+) )?(?:-H '(.*?): (.*?)' )?http://(?:(\w+):(\w+)@)?\S+?(/\S*)", README, re.M)
    assert len(calls) == 6
    portal = MockPortal()
    with http_client(portal.app) as http:
        for method, header, value, username, password, path in calls:
            auth = (username, password) if username else None
            headers = {header: value} if header else {}
            http.request(method or "GET", path, headers=headers, auth=auth).raise_for_status()


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 200
