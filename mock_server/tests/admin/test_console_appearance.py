"""The pages in a real browser: by keyboard, over the network, when the mock is gone, and as axe-core sees them."""

import os
from dataclasses import replace
from pathlib import Path
from threading import Thread

import httpx
import pytest
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract
from selenium.webdriver.common.keys import Keys

from contract_tests.support.browser import Console, Page, axe, violations
from contract_tests.support.http_client import USER, free_port

SCREENSHOT = Path(__file__).parents[3] / "docs" / "images" / "console.png"
TOKEN = "correct-horse"


def test_it_is_usable_by_keyboard_alone(console: Console) -> None:
    def tab_to(label: str) -> None:
        for _ in range(60):
            console.browser.switch_to.active_element.send_keys(Keys.TAB)
            named = console.run("return document.activeElement.ariaLabel || document.activeElement.innerText")
            if label in named:
                return
        pytest.fail(f"no way to {label} by the tabulator key")

    tab_to("Skip to the queue")
    console.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert console.run("return document.activeElement.id") == "main"
    tab_to("Kim Example")
    console.browser.switch_to.active_element.send_keys(Keys.SPACE)
    assert console.text("#queue-title") == "Queue of Kim Example"
    assert "Kim Example" in console.run("return document.activeElement.innerText")
    tab_to("Delete request 31")
    console.browser.switch_to.active_element.send_keys(Keys.ENTER)
    console.says("#queue", "Deleted by un")
    tab_to("Pause")


def test_a_mock_that_is_gone_is_told_and_found_again(browser: Page) -> None:
    port = free_port()

    def serve() -> tuple[Server, Thread]:
        server = Server(create_app(), port=port)
        thread = Thread(target=server.run)
        thread.start()
        return server, thread

    server, thread = serve()
    try:
        browser.open(f"http://127.0.0.1:{port}/", "#queue tr")
        server.stop()
        thread.join()
        browser.says("#disconnected", f"The mock at 127.0.0.1:{port} does not answer.")
        assert browser.text("#connection") == "no answer"
        server, thread = serve()
        browser.says("#connection", "live")
        assert not browser.shown("#disconnected")
    finally:
        server.stop()
        thread.join()


def test_off_loopback_the_console_asks_for_the_token_and_keeps_it_in_the_tab(browser: Page) -> None:
    browser.open("http://mock.example:8080/", "#locked")
    assert not browser.shown("#console")
    assert not browser.shown("#unlock-problem")
    browser.fill("#token", "wrong")
    browser.click("#unlock button")
    browser.says("#unlock-problem", "The token was not accepted.")
    browser.fill("#token", TOKEN)
    browser.click("#unlock button")
    browser.wait(lambda: browser.shown("#queue tr"), "the queue")
    browser.click("[aria-label='Delete request 27']")
    browser.says("#queue", "Deleted by un")
    assert browser.run("return Object.values(sessionStorage)").count(TOKEN) == 1
    assert browser.run("return localStorage.length") == 0
    assert browser.browser.current_url == "http://mock.example:8080/"


def test_a_fault_stands_apart_from_who_called(console: Console, caller: httpx.Client) -> None:
    console.instance.faults.add("status", status=503)
    caller.get("/patients/1/portal/enqueued")
    console.says("#journal .about", "fault: status")
    gap = """
        const about = document.querySelector("#journal .about"), who = document.createRange();
        who.selectNode(about.firstChild);
        return about.querySelector(".tag").getBoundingClientRect().left - who.getBoundingClientRect().right;
    """
    for width in (1360, 390):
        console.emulate(width, 1000)
        assert console.run(gap) >= 8, width


def test_stubs_are_marked_in_the_journal_and_in_the_docs(
    console: Console, caller: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.get("/patients/1/portal/enqueued")
    (exchange,) = console.instance.journal
    assert not console.all("#journal .tag")
    console.instance.journal.record(replace(exchange, stub=True))
    console.says("#journal .tag", "stub")
    monkeypatch.delitem(handlers.HANDLERS, "inviteToPortal")
    console.open(f"{console.address}/docs", ".opblock")
    assert [part.text for part in console.all(".grade.stub")] == ["stub"]
    console.says("#operations-Patient-Portal-inviteToPortal .grade.stub", "stub")


def test_axe_finds_nothing_in_the_console(console: Console, caller: httpx.Client) -> None:
    source = axe()
    caller.delete("/patients/1/portal/enqueued/27")
    caller.delete("/patients/1/portal/enqueued/27")
    caller.post("/patients/221/portal/invite")
    console.instance.faults.add("status", status=503, operation="inviteToPortal")
    caller.post("/patients/1/portal/invite")
    console.show()
    console.run("for (const part of document.querySelectorAll('details')) part.open = true;")
    console.wait(lambda: console.shown("#outbox iframe") and console.shown("#journal .inside"), "what is inside")
    for width, dark in ((1360, False), (1360, True), (390, False)):
        console.emulate(width, 1000, dark=dark)
        assert console.run("return document.documentElement.scrollWidth <= innerWidth")
        assert violations(console, source) == "", (width, dark)
    for dialog, text, dark in (("instances", "a clinic of its own", False), ("reset", "Other instances stay", True)):
        console.emulate(1360, 1000, dark=dark)
        console.click(f"#open-{dialog}")
        console.says(f"#{dialog}", text)
        assert violations(console, source, within=f"#{dialog}") == ""
        console.click("dialog[open] .close")


def test_axe_finds_nothing_in_the_other_pages(browser: Page, console: Console, caller: httpx.Client) -> None:
    source = axe()
    caller.post("/patients/221/portal/invite")
    browser.open(console.instance.outbox.last.link.replace(str(caller.base_url.port), "8080"), "form")
    assert violations(browser, source) == ""
    # What is inside is Swagger UI's own.
    browser.open(f"{console.address}/docs", ".opblock")
    assert violations(browser, source, excluding=".swagger-ui") == ""
    browser.open("http://mock.example:8080/", "header")
    browser.run("sessionStorage.clear(); location.reload();")
    browser.wait(lambda: browser.shown("#locked"), "the question for the token")
    assert violations(browser, source) == ""


def test_the_docs_show_provenance_and_call_the_mock(console: Console) -> None:
    console.open(f"{console.address}/docs", ".opblock")
    grades = [part.text for part in console.all(".opblock-summary .grade")]
    paths = Contract().document["paths"].values()
    stated = [operation["x-provenance"] for item in paths for operation in item.values()]
    assert sorted(grades) == sorted(stated)
    console.click("#operations-Patient-Portal-deletePortalRequest .opblock-summary-control")
    console.says(".parameters", "x-provenance: documented")
    console.says(".parameters", "x-source: portal page, paths")
    console.click(".try-out__btn")
    console.fill("input[placeholder=pt_id]", "1")
    console.fill("input[placeholder=queue_request_id]", "27")
    console.click(".execute")
    console.says(".live-responses-table", '"action": "delete"')
    (hidden,) = console.instance.state.hidden_entries(1)
    assert (hidden.id, hidden.hidden_by) == (27, "un")


def test_the_screenshot_of_the_documentation(
    browser: Page, shared_mock: tuple[MockPortal, str], tmp_path: Path
) -> None:
    portal, address = shared_mock
    console = Console(browser, portal.instance, "")
    httpx.post(f"{address}/__admin/clock/freeze", json={"at": "2026-11-24T12:00:00Z"}, trust_env=False)
    portal.journal.clear()
    with httpx.Client(base_url=f"{address}/api/v1", auth=USER, trust_env=False) as caller:
        caller.get("/patients/1/portal/enqueued")
        caller.delete("/patients/1/portal/enqueued/27")
        caller.delete("/patients/1/portal/enqueued/27")
        caller.post("/patients/221/portal/invite", auth=("ben", "password"))
    portal.faults.add("status", status=429, operation="inviteToPortal", times=2)
    console.show()
    console.emulate(1360, console.run("return document.documentElement.scrollHeight"))
    console.says("#time", "2026-11-24 12:00:00 UTC")
    path = SCREENSHOT if os.environ.get("CERBO_SCREENSHOT") else tmp_path / "console.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    assert browser.browser.save_screenshot(str(path))
    assert path.stat().st_size > 50_000
