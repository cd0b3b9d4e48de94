"""The console in a real browser: what a person does there, what becomes of it, and that the journal has it."""

import httpx
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.faults import MAX_RULES
from selenium.webdriver.common.keys import Keys

from contract_tests.support.browser import ORIGIN, Console

NOON = "2026-11-24 12:00:00"
SCRIPT = "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title = 'taken over'\">"
NEWEST = "#journal > li:first-child"


def freeze(console: Console) -> None:
    # How an instant is typed depends on the place; this is what the field then holds.
    console.run("document.getElementById('freeze-moment').value = '2026-11-24T12:00';")
    console.click("#freeze-at button")
    console.says("#news", f"The time stands still: {NOON} UTC.")
    console.says("#clock-kind", "frozen")


def test_the_console_says_what_it_is_and_where_to_send_calls(
    console: Console, shared_mock: tuple[MockPortal, str]
) -> None:
    assert "A stand-in for a clinic" in console.text("main")
    assert "Unofficial: neither made nor approved by Cerbo" in console.text("main")
    assert console.text("#clinic") == "Riverside Sample Clinic"
    assert console.text("#base-url") == f"{console.address}/api/v1"
    users = ["un:pwd", "ben:password", "reader:look-only read only", "labs:labs-only only Labs"]
    assert console.text("#users").split("\n") == users
    curl, option, credentials, url = console.text("#curl").split()
    assert (curl, option) == ("curl", "-u")
    answer = httpx.get(
        url.replace(ORIGIN, shared_mock[1]), auth=httpx.BasicAuth(*credentials.split(":")), trust_env=False
    )
    listed = [str(entry["id"]) for entry in answer.json()["data"]]
    assert listed == ["21", "27", "28", "30", "33"]
    assert [part.text for part in console.all("#queue .number")] == listed
    assert console.text("#queue-title") == "Queue of Robin Sample"


def test_a_deleted_request_is_struck_through_with_who_and_when_and_comes_back(
    console: Console, caller: httpx.Client
) -> None:
    freeze(console)
    console.click("[aria-label='Delete request 27']")
    console.says("#queue", f"Deleted by un at {NOON} UTC")
    struck = console.part("#queue tr.deleted")
    assert struck.find_element("css selector", "del").text == "27"
    assert "line-through" in struck.find_element("css selector", "del").value_of_css_property("text-decoration")
    assert console.text("#patients [aria-current=true]").endswith("4 open, 1 deleted")
    (hidden,) = console.instance.state.hidden_entries(1)
    assert (hidden.id, hidden.hidden_by) == (27, "un")
    assert 27 not in [entry["id"] for entry in caller.get("/patients/1/portal/enqueued").json()["data"]]
    console.says("#news", "DELETE /patients/1/portal/enqueued/27 answered 200")

    # Who works by keyboard goes on where the button was.
    assert console.run("return document.activeElement.ariaLabel") == "Restore request 27"
    console.browser.switch_to.active_element.send_keys(Keys.ENTER)
    console.says("#news", "Request 27 is back in the queue.")
    console.wait(lambda: not console.all("#queue tr.deleted"), "no struck row")
    assert 27 in [entry["id"] for entry in caller.get("/patients/1/portal/enqueued").json()["data"]]
    console.wait(lambda: len(console.journal()) >= 5, "the journal of it all")
    assert "DELETE /api/v1/patients/1/portal/enqueued/27 200 deletePortalRequest · by un" in console.journal()
    assert "POST /__admin/state 200" in console.journal()


def test_a_request_is_added_to_the_queue_of_the_chosen_patient(console: Console, caller: httpx.Client) -> None:
    console.click("[data-part=patient-221]")
    assert console.text("#no-queue").startswith("The queue is empty.")
    console.fill("#add-type", "appointment")
    console.fill("#add-subject", "Next week?")
    console.fill("#add-notes", "Tuesday")
    console.click("#add button")
    console.says("#queue", "Next week?")
    (entry,) = caller.get("/patients/221/portal/enqueued").json()["data"]
    assert (entry["request_type"], entry["subject"], entry["notes"]) == ("appointment", "Next week?", "Tuesday")
    assert not console.shown("#no-queue")
    console.wait(lambda: "POST /__admin/state 200" in console.journal(), "the journal")


def test_what_an_api_user_may_not_do_is_told(console: Console) -> None:
    console.choose("#caller-name", "reader")
    console.click("[aria-label='Delete request 27']")
    console.says("#news", "answered 403. This API user may not use this operation")
    assert console.all("#news.bad")
    console.fill("#caller-password", "wrong")
    console.click("[aria-label='Delete request 27']")
    console.says("#news", "answered 401. A valid API user and password are required")
    assert console.instance.state.hidden_entries(1) == []


def test_a_fault_is_switched_on_and_off(console: Console, caller: httpx.Client) -> None:
    console.click(".switches li:nth-child(1) input")
    console.says("#faults-count", "1 fault on")
    refused = caller.get("/patients/1/portal/enqueued")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    console.says(NEWEST, "fault: status")
    console.click(".switches li:nth-child(1) input")
    console.says("#faults-count", "everything works")
    assert caller.get("/patients/1/portal/enqueued").status_code == 200
    console.wait(lambda: "DELETE /__admin/faults/1 200" in console.journal(), "the journal")


def test_responses_vary_while_the_switch_of_grease_is_on(console: Console, caller: httpx.Client) -> None:
    console.says("#grease-kinds", "off")
    console.click("#grease")
    console.says("#grease-kinds", "seed and kinds: ")
    caller.get("/patients/1/portal/enqueued")
    console.says(NEWEST, "varied")
    console.click("#grease")
    console.says("#grease-kinds", "off")
    assert console.instance.settings.grease is None
    console.wait(lambda: "POST /__admin/settings 200" in console.journal(), "the journal")


def test_every_switch_orders_its_fault_and_shows_it_after_a_reload(console: Console) -> None:
    switches = len(console.all("[role=switch]"))
    for number in range(1, switches + 1):
        console.click(f".switches li:nth-child({number}) input")
        console.says("#faults-count", f"{number} fault")
    assert len(list(console.instance.faults)) == switches
    console.show()
    assert console.run("return document.querySelectorAll('[role=switch]:checked').length") == switches
    assert console.all("#faults li") == []


def test_what_the_control_api_refuses_is_told_and_not_shown_as_done(console: Console) -> None:
    for _ in range(MAX_RULES):
        console.instance.faults.add("delay", operation="inviteToPortal")
    console.click("[role=switch]")
    console.says("#news", f"faults: expected at most {MAX_RULES} rules")
    console.says("#faults-count", f"{MAX_RULES} faults on")
    assert console.all("[role=switch]:checked") == []


def test_a_fault_of_another_kind_is_ordered_and_withdrawn(console: Console, caller: httpx.Client) -> None:
    console.click("section[aria-labelledby=faults-title] summary")
    console.choose("#fault-operation", "inviteToPortal")
    console.choose("#fault-status", "422")
    console.click("#fault button")
    console.says("#faults", "422 · inviteToPortal · 1 time more · not carried out")
    assert caller.post("/patients/221/portal/invite").status_code == 422
    console.says("#faults-count", "everything works")
    console.choose("#fault-kind", "close")
    assert console.text("#fault-meaning") == "The connection is closed without an answer."
    console.fill("#fault-times", "")
    console.click("#fault button")
    console.says("#faults", "close inviteToPortal · not carried out")
    console.click("[data-part=patient-221]")
    console.click("#invite")
    console.says("#news", "No answer: the connection was closed. What was asked for may have been done.")
    console.click("#faults button")
    console.says("#faults-count", "everything works")
    console.fill("#fault-patient", "0")
    console.click("#fault button")
    assert list(console.instance.faults) == []


def test_an_invitation_is_in_the_outbox_with_its_link(console: Console) -> None:
    assert console.text("#no-outbox").startswith("No mail yet.")
    console.click("[data-part=patient-221]")
    console.click("#invite")
    console.says("#news", "POST /patients/221/portal/invite answered 200. The mail is in the outbox.")
    console.click("#outbox summary")
    frame = console.wait(lambda: console.part("#outbox iframe"), "the mail")
    assert "allow-scripts" not in frame.get_attribute("sandbox")
    assert "allow-same-origin" not in frame.get_attribute("sandbox")
    link = console.part("#outbox a").get_attribute("href")
    assert link == console.instance.outbox.last.link
    console.browser.switch_to.frame(frame)
    console.says("body", "Dear Toni,")
    assert console.part("a").get_attribute("href") == link
    assert "Liberation" in console.part("body").value_of_css_property("font-family")
    console.browser.switch_to.default_content()
    assert "POST /api/v1/patients/221/portal/invite 200 inviteToPortal · by un" in console.journal()
    console.open(link, "form")
    assert "Welcome, Toni." in console.text("main")


def test_text_from_patients_and_callers_stays_text(console: Console, caller: httpx.Client) -> None:
    state = console.instance.state
    state.enqueue(1, SCRIPT, subject=SCRIPT, notes=SCRIPT, details={SCRIPT: SCRIPT})
    body = {
        "clinic": {"name": SCRIPT, "invitation": {"subject": SCRIPT, "text": f"{SCRIPT} $link"}},
    }
    admin = f"{str(caller.base_url).removesuffix('/api/v1/')}/__admin"
    httpx.post(f"{admin}/settings", json=body, trust_env=False).raise_for_status()
    caller.post("/patients/1/portal/invite", headers={"X-Note": SCRIPT}).raise_for_status()
    caller.get(f"/{SCRIPT}")
    console.show()
    console.says("#clinic", SCRIPT)
    console.says("#queue", SCRIPT)
    console.run("for (const part of document.querySelectorAll('details')) part.open = true;")
    console.says("#journal", f"X-Note: {SCRIPT}")
    console.browser.switch_to.frame(console.wait(lambda: console.part("#outbox iframe"), "the mail"))
    console.says("body", SCRIPT)
    assert console.all("img, script") == []
    console.browser.switch_to.default_content()
    assert console.all("main img, main script") == []
    assert console.browser.title == "Cerbo portal mock"


def test_the_journal_is_live_and_can_be_paused(console: Console, caller: httpx.Client) -> None:
    assert console.text("#no-journal").startswith("Nothing yet.")
    caller.get("/patients/2/portal/enqueued")
    console.says(NEWEST, "/api/v1/patients/2/portal/enqueued")
    console.click("#pause")
    assert console.part("#pause").get_attribute("aria-pressed") == "true"
    caller.delete("/patients/2/portal/enqueued/22")
    console.says("#patients", "patient 2 · 1 open, 1 deleted")
    assert len(console.journal()) == 1
    console.click("#pause")
    assert len(console.journal()) == 2
    console.click(f"{NEWEST} summary")
    inside = console.wait(lambda: console.text(f"{NEWEST} .inside"), "the details")
    assert '"action": "delete"' in inside
    assert "Authorization: REDACTED" in inside
    console.click("#forget")
    console.says("#journal-count", "1 request")
    assert console.journal() == ["DELETE /__admin/requests 200"]


def test_the_clock_is_frozen_advanced_and_released(console: Console) -> None:
    assert console.text("#clock-kind") == "real time"
    freeze(console)
    assert (console.text("#time-kind"), console.text("#time")) == ("frozen", f"{NOON} UTC")
    console.click("[data-advance='86400']")
    console.says("#time", "2026-11-25 12:00:00 UTC")
    console.click("#release")
    console.says("#clock-kind", "real time")
    console.click("[data-advance='3600']")
    console.says("#clock-kind", "moved")
    console.click("#freeze")
    console.says("#clock-kind", "frozen")
    assert console.instance.clock.frozen
    verbs = ["freeze", "advance", "release", "advance", "freeze"]
    console.wait(lambda: len(console.journal()) == len(verbs), "the journal")
    assert console.journal() == [f"POST /__admin/clock/{verb} 200" for verb in reversed(verbs)]


def test_another_instance_is_a_page_of_its_own(console: Console, shared_mock: tuple[MockPortal, str]) -> None:
    console.click("#open-instances")
    console.says("#instance-list", console.instance.name)
    console.fill("#instance-name", "Gw0")
    console.click("#new-instance button")
    console.wait(lambda: console.text("#instance") == "gw0" and console.shown("#queue tr"), "the other instance")
    assert console.text("#base-url") == f"{ORIGIN}/__instance/gw0/api/v1"
    console.click("[aria-label='Delete request 27']")
    console.says("#queue", "Deleted by un")
    other = shared_mock[0].instances.get("gw0")
    assert other
    assert [entry.id for entry in other.state.hidden_entries(1)] == [27]
    assert console.instance.state.hidden_entries(1) == []
    console.click("#open-instances")
    console.click(f"#instance-list a[href*='{console.instance.name}']")
    console.wait(lambda: console.text("#instance") == console.instance.name and console.shown("#queue tr"), "back")
    assert console.all("#queue .deleted") == []


def test_a_reset_asks_first(console: Console, caller: httpx.Client, shared_mock: tuple[MockPortal, str]) -> None:
    caller.delete("/patients/1/portal/enqueued/27").raise_for_status()
    console.says("#queue", "Deleted by un")
    console.click("#open-reset")
    console.click("#reset .close")
    assert console.instance.state.hidden_entries(1) != []
    console.click("#open-reset")
    console.click("#do-reset")
    console.says("#news", "Everything is as in the scenario.")
    console.wait(lambda: not console.all("#queue .deleted"), "the queue of the scenario")
    console.wait(lambda: console.journal() == ["POST /__admin/reset 200"], "the journal")
