"""Another implementation of the contract, written from its text alone: no code is shared with the mock.

It deviates from the contract where it is told to, so that tests can see the report name exactly that.
"""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BASE = "/api/v1"
CREDENTIALS = base64.b64encode(b"un:pwd").decode()
LIST, ENTRY, INVITE, CHECK = "list", "entry", "invite", "check"
ROUTES = {
    LIST: (r"/patients/([^/]+)/portal/enqueued", "GET"),
    ENTRY: (r"/patients/([^/]+)/portal/enqueued/([^/]+)", "DELETE"),
    INVITE: (r"/patients/([^/]+)/portal/invite", "POST"),
    CHECK: (r"/patients/portal/validate_credentials", "POST"),
}
HANG_UP = 0
Answer = tuple[int, Any, dict[str, str]]


def implemented(document: Any) -> Any:
    """The part of the contract that the server implements."""
    known = {re.sub(r"\(\[\^/\]\+\)", "{}", pattern) for pattern, _ in ROUTES.values()}
    paths = {path: item for path, item in document["paths"].items() if re.sub(r"\{\w+\}", "{}", path) in known}
    return {**document, "paths": paths}


class DeviatingServer(ThreadingHTTPServer):
    """Serves two patients on a free loopback port.

    Args:
        deviations: names of what to do against the contract; see the uses of `does`.
        moved_to: a server to which to redirect every request instead.
    """

    daemon_threads = True

    def __init__(self, *deviations: str, moved_to: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.deviations, self.moved_to = set(deviations), moved_to
        self.lock = Lock()
        self.queues: dict[int, list[int]] = {1: list(range(20, 60)), 221: []}
        if self.does("ids begin at 0"):
            self.queues[0] = []
        self.gone: set[int] = set()

    def does(self, deviation: str) -> bool:
        """Whether it is to deviate so."""
        return deviation in self.deviations

    def entry(self, pt_id: int, number: int) -> dict[str, Any]:
        """One entry of a queue, as the API shows it."""
        entry: dict[str, Any] = {
            "object": "portal_request",
            "id": str(number) if self.does("ids are strings") else number,
            "pt_id": pt_id,
            "request_type": "document" if number % 2 else "appointment",
            "created": "2026-11-03 16:40:12" if self.does("dates have no offset") else "2026-11-03T16:40:12Z",
            "addedby": None,
            "notes": "Robin Sample asks for it.",
        }
        if self.does("entries lack addedby"):
            del entry["addedby"]
        return entry

    def act(self, route: str, ids: list[int], query: dict[str, list[str]]) -> Answer:
        """What a well-formed call is answered."""
        if route == CHECK:
            return 200, {"result": False, "message": "not valid"}, {}
        queue = self.queues.get(ids[0])
        if queue is None and route == LIST and self.does("anyone has an empty queue"):
            queue = []
        if queue is None:
            return refusal(404, "no such patient")
        if route == INVITE:
            return (202 if self.does("mail is accepted") else 200), {"result": True, "message": "sent"}, {}
        if route == LIST:
            kind = query.get("request_type", [None])[0] if self.does("a filter is in force") else None
            data = [self.entry(ids[0], number) for number in queue]
            data = [entry for entry in data if kind in (None, entry["request_type"])]
            listed = {"object": "list", "data": data, "has_more": False, "total_count": len(data)}
            return 200, {**listed, "has_more": 0} if self.does("has_more is a number") else listed, {}
        if ids[1] in queue or (self.does("deletes are repeatable") and ids[1] in self.gone):
            if not self.does("deletes do nothing"):
                self.queues[ids[0]] = [number for number in queue if number != ids[1]]
                self.gone.add(ids[1])
            return 200, {"result": True, "message": "removed", "id": ids[1]}, {}
        return refusal(404, "no such request")


def refusal(status: int, message: str, **headers: str) -> Answer:
    """An error."""
    return status, {"result": False, "message": message}, {name.replace("_", "-"): headers[name] for name in headers}


class Handler(BaseHTTPRequestHandler):
    """Turns requests into calls of the server."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    server: DeviatingServer

    def handle_any(self) -> None:
        """Answer a request, whatever its method."""
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.server.lock:
            status, document, headers = self._answer(content)
        if status == HANG_UP:
            self.close_connection = True
            return
        is_html = self.server.does("unknown is HTML") and status == 404
        body = b"<html>Robin Sample is not here</html>" if is_html else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_html else "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _answer(self, content: bytes) -> Answer:
        does = self.server.does
        if self.server.moved_to:
            return 307, {}, {"Location": f"{self.server.moved_to}{self.path}"}
        url = urlsplit(self.path)
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        known = scheme == "Basic" and (
            given == CREDENTIALS or (does("any password will do") and given.startswith("dW46"))
        )
        if not known:
            return refusal(
                401, "who?", **({} if does("no challenge") else {"WWW_Authenticate": 'Basic realm="second"'})
            )
        for route, (pattern, method) in ROUTES.items():
            match = re.fullmatch(BASE + pattern, url.path)
            if match and self.command == method:
                return self._checked(route, [unquote(group) for group in match.groups()], url.query, content)
            if match:
                return refusal(404 if does("unknown methods are unknown") else 405, "no such method", Allow=method)
        return refusal(404, "no such path")

    def _checked(self, route: str, texts: list[str], query: str, content: bytes) -> Answer:
        does = self.server.does
        low = 0 if does("ids begin at 0") else 1
        if not all(re.fullmatch("[0-9]{1,19}", text, re.ASCII) and low <= int(text) < 2**63 for text in texts):
            if does("a bad id fails"):
                return refusal(500, "oops")
            if does("a bad id ends the connection"):
                return refusal(HANG_UP, "")
            return refusal(400, "" if does("errors say nothing") else "an id is malformed")
        values = parse_qs(query, keep_blank_values=True)
        if any(len(each) > 1 for each in values.values()):
            return refusal(400, "given twice")
        if route != CHECK:
            return self.server.act(route, [int(text) for text in texts], values)
        if content and self.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(415, "not JSON")
        required = {"username"} if does("passwords are optional") else {"username", "password"}
        try:
            given = {name: value for name, value in json.loads(content).items() if name in ("username", "password")}
            good = required <= given.keys() and all(
                isinstance(value, str) and value and "\0" not in value for value in given.values()
            )
        except (ValueError, AttributeError, TypeError):
            good = False
        return self.server.act(route, [], values) if good else refusal(400, "the body is malformed")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"):
    setattr(Handler, f"do_{_method}", Handler.handle_any)


@contextmanager
def deviating_server(*deviations: str, moved_to: str | None = None) -> Iterator[str]:
    """A running server's base URL.

    Args:
        deviations: names of what to do against the contract.
        moved_to: a server to which to redirect every request instead.
    """
    with DeviatingServer(*deviations, moved_to=moved_to) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{BASE}"
        finally:
            server.shutdown()
            thread.join()
