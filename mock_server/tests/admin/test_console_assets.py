"""What the pages are made of: own files, a strict policy, and nothing of an instance that nobody asked for."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.admin import console
from cerbo_portal_mock.admin.console import SWITCHES
from cerbo_portal_mock.testing.mock_portal import ORIGIN
from cerbo_portal_mock.testing.transport import PortalTransport

from contract_tests.support.browser import axe, chromium
from contract_tests.support.http_client import error_message

Admin = Callable[..., httpx.Response]

PACKAGE = Path(console.__file__).parent
STATIC = sorted((PACKAGE / "static").iterdir())
SWAGGER = ("swagger-ui.css", "swagger-ui-bundle.js")


@pytest.mark.parametrize("path", ["/", "/docs", "/__instance/gw0/", "/__instance/gw0/docs"])
def test_a_page_loads_only_what_the_mock_has_and_runs_no_script_of_its_own_text(http: httpx.Client, path: str) -> None:
    page = http.get(path, auth=None)
    assert page.status_code == 200
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    for inline in re.findall(r"<script(?![^>]* src=)[^>]*>|<[^>]* (?:style|on\w+)=", page.text):
        assert inline == '<script type="application/json" id="config">'
    sources = re.findall(r"<(?:link|script|img|iframe)[^>]* (?:href|src)=\"([^\"]+)\"", page.text)
    assert len(sources) >= 3
    for source in sources:
        assert source.startswith(path.removesuffix("docs").rstrip("/") + "/")
        assert http.get(source, auth=None).status_code == 200


@pytest.mark.parametrize("file", STATIC, ids=lambda file: file.name)
def test_a_file_has_its_type_and_leads_nowhere_else(http: httpx.Client, file: Path) -> None:
    answer = http.get(f"/static/{file.name}", auth=None)
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    assert answer.headers["Content-Type"].split(";")[0] == types[file.suffix]
    assert answer.content == file.read_bytes()
    elsewhere = set(re.findall(r"https?://[^\s\"'`]+", answer.text)) - {"http://www.w3.org/2000/svg"}
    assert elsewhere == set()


@pytest.mark.parametrize("name", SWAGGER)
def test_swagger_ui_comes_from_this_machine(http: httpx.Client, name: str) -> None:
    assert len(http.get(f"/docs/{name}", auth=None).content) > 100_000


def test_without_the_files_of_swagger_ui_one_line_says_what_to_install(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    console._swagger.cache_clear()
    monkeypatch.setitem(sys.modules, "flask_swagger_ui", None)
    answer = http.get("/docs/swagger-ui.css", auth=None)
    assert answer.status_code == 503
    assert error_message(answer.content) == "The pages of /docs need the package flask-swagger-ui"


@pytest.mark.parametrize("path", ["/static/none.js", "/static/..%2Fadmin.py", "/static/console.py", "/docs/LICENSE"])
def test_nothing_else_is_a_file(http: httpx.Client, path: str) -> None:
    answer = http.get(path, auth=None)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_the_page_itself_tells_nothing_of_patients_and_changes_nothing(portal: MockPortal, http: httpx.Client) -> None:
    page = http.get("/__instance/gw7/", auth=None).text + http.get("/", auth=None).text
    for patient in portal.state.snapshot()[0]:
        assert patient.first_name not in page
    assert portal.journal.total == 0
    assert portal.instances.get("gw7") is None


def test_only_the_passwords_that_the_package_publishes_are_on_the_page(admin: Admin, http: httpx.Client) -> None:
    assert "look-only" in http.get("/", auth=None).text
    users = [
        {"id": 7, "username": "un", "password": "pwd"},
        {"id": 8, "username": "ben", "password": "hush-hush"},
    ]
    scenario = {
        "clinic": {"name": "Mine", "invitation": {"subject": "S", "text": "$link"}},
        "users": users,
        "patients": [],
    }
    admin("POST", "/state", {"scenario": scenario}).raise_for_status()
    page = http.get("/", auth=None).text
    assert '"passwords": [["un", "pwd"]]' in page
    assert "hush" not in page
    assert "look-only" not in page


def test_every_switch_is_a_fault_that_the_control_api_takes_and_shows_as_it_was_ordered(admin: Admin) -> None:
    for _, _, rule in SWITCHES:
        ordered = admin("POST", "/faults", rule).raise_for_status().json()
        assert ordered == {**ordered, **rule}


def test_the_docs_of_an_instance_call_that_instance(portal: MockPortal) -> None:
    with httpx.Client(transport=PortalTransport(portal.app), base_url=ORIGIN) as http:
        assert http.get("/__instance/gw0/openapi.json").json()["servers"][0]["url"] == f"{ORIGIN}/__instance/gw0/api/v1"
        assert http.get("/openapi.json").json()["servers"][0]["url"] == f"{ORIGIN}/api/v1"


def test_who_only_looks_is_not_in_the_access_log(
    admin: Admin, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="cerbo_portal_mock.access"):
        http.get("/", auth=None)
        admin("GET", "/requests")
        admin("GET", "/outbox/last")
        admin("POST", "/reset")
    lines = [record.getMessage() for record in caplog.records if record.name == "cerbo_portal_mock.access"]
    assert ["GET /__admin/outbox/last 404" in lines[0], "POST /__admin/reset 200" in lines[1], len(lines)] == [
        True,
        True,
        2,
    ]


def test_a_missing_browser_skips_the_tests_and_fails_them_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("AXE_CORE", raising=False)
    for ci, outcome in (("", pytest.skip.Exception), ("true", pytest.fail.Exception)):
        monkeypatch.setenv("CI", ci)
        with pytest.raises(outcome, match="no chromium and chromedriver on the PATH"), chromium(tmp_path, {}):
            pass
        with pytest.raises(outcome, match="AXE_CORE does not name"):
            axe()
