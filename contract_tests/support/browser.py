"""A real browser for tests of the pages: Chromium without a window, from this machine, with nothing downloaded."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cerbo_portal_mock.clinic.instance import Instance
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

ORIGIN = "http://127.0.0.1:8080"
PATIENCE = 15.0
_POLL = 0.05
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--disable-quic",
    "--disable-component-update",
    "--force-color-profile=srgb",
    "--lang=en-US",
)


def missing(what: str) -> NoReturn:
    """Skip a test for what this machine lacks; in CI, where nothing may be lacking, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; CI installs it", pytrace=False)
    pytest.skip(what)


@contextmanager
def chromium(profile: Path, hosts: dict[str, str]) -> Iterator[Chrome]:
    """A browser.

    Args:
        profile: an empty directory.
        hosts: addresses by the `host:port` under which the browser is to find them.
    """
    binary = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    driver = shutil.which("chromedriver")
    if not (binary and driver):
        missing("no chromium and chromedriver on the PATH")
    options = ChromeOptions()
    options.binary_location = binary
    for flag in _FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    rules = ", ".join(f"MAP {name} {address}" for name, address in hosts.items())
    options.add_argument(f"--host-resolver-rules={rules}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    try:
        yield browser
    finally:
        browser.quit()


class Page:
    """What is in the browser's window, in the words of tests; parts are named by CSS selectors."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser

    def open(self, url: str, ready: str) -> None:
        """Go to a URL and wait for a part of the page."""
        self.browser.get(url)
        self.wait(lambda: self.shown(ready), f"{ready} on {url}")

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait until the condition holds; what it gives then."""

        def holds(_: Chrome) -> Any:
            try:
                return condition()
            except (LookupError, AssertionError):
                return False

        try:
            return WebDriverWait(self.browser, PATIENCE, _POLL).until(holds)
        except TimeoutException:
            pytest.fail(f"waited for {what}; the page says:\n{self.text('body')}")

    def all(self, selector: str) -> list[WebElement]:
        """The parts that fit."""
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def part(self, selector: str) -> WebElement:
        """The first part that fits; raises LookupError where there is none."""
        found = self.all(selector)
        if not found:
            raise LookupError(selector)
        return found[0]

    def text(self, selector: str) -> str:
        """The text of a part as it is shown, read at one instant; raises LookupError where there is none."""
        script = "const part = document.querySelector(arguments[0]); return part && part.innerText;"
        text = self.browser.execute_script(script, selector)
        if text is None:
            raise LookupError(selector)
        return str(text)

    def shown(self, selector: str) -> bool:
        """Whether there is such a part, and it is visible."""
        script = "const part = document.querySelector(arguments[0]); return Boolean(part && part.checkVisibility());"
        return bool(self.browser.execute_script(script, selector))

    def says(self, selector: str, text: str) -> None:
        """Wait until a part says so."""
        self.wait(lambda: text in self.text(selector), f"{text!r} in {selector}")

    def click(self, selector: str) -> None:
        """Click a part, once it is there."""

        def clicked() -> bool:
            try:
                self.part(selector).click()
            except StaleElementReferenceException:  # not clicked: the page has drawn the part again
                return False
            return True

        self.wait(clicked, selector)

    def fill(self, selector: str, text: str) -> None:
        """Type into a field in place of what it holds."""
        field = self.part(selector)
        field.clear()
        field.send_keys(text)

    def choose(self, selector: str, text: str) -> None:
        """Choose an option by its text."""
        Select(self.part(selector)).select_by_visible_text(text)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.browser.execute_script(script, *arguments)

    def emulate(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a window of this size, light or dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def complaints(self) -> list[str]:
        """What the browser has complained of since the last call, such as a breach of the page's policy.

        That a server refused a request or closed a connection is no complaint of the page.
        """
        entries: list[dict[str, Any]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries if entry["source"] != "network"]


class Console(Page):
    """The console of one instance."""

    def __init__(self, page: Page, instance: Instance, path: str) -> None:
        super().__init__(page.browser)
        self.instance = instance
        self.address = ORIGIN + path

    def show(self) -> None:
        """Open the console, in a window of the usual size."""
        self.emulate(1360, 1000)
        self.open(f"{self.address}/", "#queue tr")

    def journal(self) -> list[str]:
        """The requests of the journal, newest first, without their times."""
        return [" ".join(part.text.split()[1:]) for part in self.all("#journal summary")]


def axe() -> str:
    """The source of axe-core, found by `AXE_CORE`: the path of its `axe.min.js`."""
    path = os.environ.get("AXE_CORE")
    if not path or not Path(path).is_file():
        missing("AXE_CORE does not name the axe.min.js of axe-core")
    return Path(path).read_text(encoding="utf-8")


def violations(page: Page, source: str, *, within: str = "html", excluding: str = "") -> str:
    """What axe-core finds wrong with the page, as text; empty where that is nothing.

    Args:
        page: the page as it is now.
        source: axe-core's.
        within: the part to look at, as a CSS selector.
        excluding: parts that are not ours, as a CSS selector.
    """
    if not page.run("return Boolean(globalThis.axe);"):
        page.run(source)
    # The frame of a mail runs no script: asked to answer, it would only have the browser complain.
    found = page.browser.execute_async_script(
        "const [context, done] = arguments;axe.run(context, {resultTypes: ['violations'], iframes: false}).then(done);",
        {"include": [within], "exclude": [excluding] if excluding else []},
    )
    assert found["passes"], "axe-core has looked at nothing"
    return "\n".join(
        f"{violation['id']}: {violation['help']}: {json.dumps([node['target'] for node in violation['nodes']])}"
        for violation in found["violations"]
    )
