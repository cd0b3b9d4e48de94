"""Web pages of chosen origins call the API; no page calls the control API."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from cerbo_portal_mock.factory import create_app
from cerbo_portal_mock.http import response_validation
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract, default_path
from cerbo_portal_mock.spec.yaml_document import DocumentError
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from contract_tests.support.browser import Page

ORIGIN = "http://localhost:5173"
QUEUE = "/api/v1/patients/1/portal/enqueued"
PREFLIGHT = {
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "authorization, x-cerbo-instance",
}
PAGE = """<!doctype html><title>A page</title><p id="said"></p><p id="done"></p>
<script type="module">
  const mock = new URLSearchParams(location.search).get("mock");
  const headers = {Authorization: "Basic " + btoa("un:pwd"), "Content-Type": "application/json"};
  const said = [];
  for (const [path, options] of [
    ["/api/v1/patients/1/portal/enqueued", {headers}],
    ["/api/v1/patients/1/portal/enqueued/27", {headers, method: "DELETE"}],
    ["/openapi.json", {}],
    ["/__admin/state", {}],
  ]) {
    try { said.push((await fetch(mock + path, options)).status); } catch { said.push("refused"); }
  }
  document.getElementById("said").textContent = said.join(" ");
  document.getElementById("done").textContent = "done";
</script>
"""


@pytest.fixture
def client() -> FlaskClient:
    return create_app(cors=[f"{ORIGIN}/"]).test_client()


def _options(client: FlaskClient, path: str, origin: str = ORIGIN, **headers: str) -> Any:
    return client.options(path, headers={"Origin": origin, **PREFLIGHT, **headers})


def test_a_preflight_needs_no_credentials(client: FlaskClient) -> None:
    response = _options(client, QUEUE)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, x-cerbo-instance"
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Access-Control-Allow-Private-Network" not in response.headers


def test_a_preflight_for_a_private_network_is_permitted(client: FlaskClient) -> None:
    response = _options(client, QUEUE, **{"Access-Control-Request-Private-Network": "true"})
    assert response.headers["Access-Control-Allow-Private-Network"] == "true"


def test_a_preflight_with_other_names_of_headers_permits_none(client: FlaskClient) -> None:
    response = _options(client, QUEUE, **{"Access-Control-Request-Headers": "a;b"})
    assert "Access-Control-Allow-Headers" not in response.headers


def test_the_page_may_read_each_response(client: FlaskClient) -> None:
    for headers, status in (({}, 401), ({"Authorization": "Basic dW46cHdk"}, 200)):
        response = client.get(QUEUE, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site", **headers})
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (status, ORIGIN)
    assert client.get("/openapi.yaml", headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_request_that_is_no_preflight_is_an_ordinary_one(client: FlaskClient) -> None:
    assert client.options(QUEUE, headers={"Origin": ORIGIN, "Authorization": "Basic dW46cHdk"}).status_code == 405


@pytest.mark.parametrize("path", ["/__admin/state", "/__admin/reset", "/"])
def test_no_page_calls_the_control_api(client: FlaskClient, path: str) -> None:
    for response in (
        _options(client, path),
        client.get(path, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}),
    ):
        assert response.status_code >= 400
        assert "Access-Control-Allow-Origin" not in response.headers


def test_the_page_may_read_that_a_response_violates_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_validation, "violation", lambda *_: "a violation")
    response = create_app(cors=[ORIGIN], validate="strict").test_client().get(QUEUE, headers={"Origin": ORIGIN})
    assert response.status_code == 500
    assert "a violation" in response.get_json()["error"]["message"]
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_preflight_is_no_call_in_the_journal() -> None:
    app = create_app(cors=[ORIGIN])
    assert _options(app.test_client(), f"/__instance/gw0{QUEUE}").status_code == 204
    assert app.extensions["cerbo_portal"].default.journal.total == 0


def test_a_contract_without_a_base_path_is_refused(tmp_path: Path) -> None:
    """Every path would be the API's, also for CORS, those of the control API included."""
    text = default_path().read_text(encoding="utf-8")
    (tmp_path / "contract.yaml").write_text(text.replace(":8080/api/v1", ":8080/"), encoding="utf-8")
    with pytest.raises(DocumentError, match="servers: expected a URL with a path"):
        Contract(tmp_path / "contract.yaml")


def test_other_origins_and_requests_without_one_are_as_before(client: FlaskClient) -> None:
    foreign = client.get(QUEUE, headers={"Origin": "http://elsewhere.example"})
    assert (foreign.status_code, "Access-Control-Allow-Origin" in foreign.headers) == (403, False)
    assert _options(client, QUEUE, origin="http://elsewhere.example").status_code == 403
    assert "Origin" in client.get(QUEUE).headers["Vary"]
    assert "Vary" not in create_app().test_client().get(QUEUE).headers


@pytest.mark.parametrize("origin", ["*", "localhost:5173", "http://a/b", "http://a b", "ftp://a", "null", ""])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="cors: expected an origin without a path"):
        create_app(cors=[origin])


def test_the_documents_name_the_mock_s_own_url(client: FlaskClient) -> None:
    for path in ("/openapi.json", "/openapi.yaml"):
        servers = client.get(path, base_url="http://mock.example:8080").get_json(force=True)["servers"]
        assert servers == [{"url": "http://mock.example:8080/api/v1", "description": "This mock."}]


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_page_in_a_browser_calls_the_api_of_another_origin(browser: "Page", tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    with _serving(tmp_path) as origin:
        server = Server(create_app(cors=[origin]), "127.0.0.1", 0, lambda: None)
        thread = Thread(target=server.run)
        thread.start()
        try:
            browser.open(f"{origin}/?mock={server.url}", "#done")
            browser.wait(lambda: browser.text("#done") == "done", "the end of the calls")
            assert browser.text("#said") == "200 200 200 refused"
        finally:
            server.stop()
            thread.join()
        browser.complaints()
