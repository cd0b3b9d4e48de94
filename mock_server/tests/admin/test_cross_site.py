"""Pages of other origins, in a real browser: they make no instance and send no invitation."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from cerbo_portal_mock import MockPortal

if TYPE_CHECKING:
    from contract_tests.support.browser import Page

MOCK = "127.0.0.1:8080"
# Everything that a page can request without permission, then a form for the window itself.
HTML = f"""<!doctype html><title>Another page</title>
<script type="speculationrules">{{"prefetch": [{{"source": "list", "eagerness": "immediate", "urls": [
  "http://un:pwd@{MOCK}/__instance/prefetched/api/v1/patients/1/portal/enqueued",
  "http://{MOCK}/__instance/prefetched/__admin/state", "http://{MOCK}/__instance/prefetched/"]}}]}}</script>
<link rel="prefetch" href="http://{MOCK}/__instance/linked/__admin/state">
<img src="http://{MOCK}/__instance/image/__admin/state">
<iframe src="http://{MOCK}/__instance/frame/__admin/state"></iframe>
<iframe src="http://{MOCK}/__instance/console/"></iframe>
<script src="http://{MOCK}/__instance/script/__admin/state"></script>
<form method="post" action="http://un:pwd@{MOCK}/api/v1/patients/221/portal/invite"><button id="go">Go</button></form>
<p id="done"></p>
<script type="module">
  const options = {{mode: "no-cors", credentials: "include"}};
  const state = "http://{MOCK}/__instance/fetched/__admin/state";
  const reset = "http://{MOCK}/__admin/reset";
  await Promise.allSettled([fetch(state, options), fetch(reset, {{...options, method: "POST"}})]);
  document.getElementById("done").textContent = "done";
</script>
"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = HTML.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def _other_page(host: str) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same site", "cross-site"])
def test_a_page_of_another_origin_has_no_effect(
    browser: "Page", shared_mock: tuple[MockPortal, str], host: str
) -> None:
    portal = shared_mock[0]
    names = {instance.name for instance in portal.instances}
    default, mails = portal.instance, portal.outbox.total
    with _other_page(host) as url:
        browser.open(url, "#go")
        browser.says("#done", "done")
        browser.click("#go")
        browser.says("body", "web pages of other origins")
    assert {instance.name for instance in portal.instances} == names
    assert (portal.instance, portal.outbox.total) == (default, mails)
    browser.complaints()
