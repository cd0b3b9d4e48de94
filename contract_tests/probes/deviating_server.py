"""Another implementation of the contract, written from its text alone: no code is shared with the mock.

Its responses have other forms than the mock's, where the contract permits several. It deviates from the contract as a
test asks, so that the test can see the report name exactly that.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

BASE = "/api/v1"
# The forms that the contract permits.
DATES = ("2026-11-03 16:40:12", "2026-11-03T16:40:12Z", "2026-11-03T16:40:12+0000", "", "0000-00-00 00:00:00", None)
LIST, ENTRY, INVITE, CHECK = "list", "entry", "invite", "check"
ROUTES = {
    LIST: (r"/patients/([^/]+)/portal/enqueued", "GET"),
    ENTRY: (r"/patients/([^/]+)/portal/enqueued/([^/]+)", "DELETE"),
    INVITE: (r"/patients/([^/]+)/portal/invite", "POST"),
    CHECK: (r"/patients/portal/validate_credentials", "POST"),
}


def implemented(document: Any) -> Any:
    """The part of the contract that the server implements."""
    known = {pattern.replace("([^/]+)", "{}") for pattern, _ in ROUTES.values()}
    paths = {path: item for path, item in document["paths"].items() if re.sub(r"\{\w+\}", "{}", path) in known}
    return {**document, "paths": paths}


class DeviatingApp:
    """A server of two patients.

    Args:
        deviations: names of deviations from the contract; see the uses of `does`.
        moved_to: a server to which to redirect every request instead.
    """

    def __init__(self, deviations: tuple[str, ...], moved_to: str | None) -> None:
        self.deviations, self.moved_to = deviations, moved_to
        self.queues: dict[int, list[int]] = {1: list(range(20, 60)), 221: []}
        if self.does("ids begin at 0"):
            self.queues[0] = []
        self.gone: set[int] = set()

    def does(self, deviation: str) -> bool:
        """Whether the server deviates so."""
        return deviation in self.deviations

    def respond(self, request: Request) -> Response:
        if self.moved_to:
            return Response(status=307, headers={"Location": self.moved_to + request.environ["RAW_URI"]})
        user = request.authorization
        if not (user and user.username == "un" and (user.password == "pwd" or self.does("any password will do"))):
            challenge = {} if self.does("no challenge") else {"WWW-Authenticate": 'Basic realm="second"'}
            return self.refusal(401, "who?", **challenge)
        for route, (pattern, method) in ROUTES.items():
            if match := re.fullmatch(BASE + pattern, request.path):
                if request.method != method:
                    return self.refusal(404 if self.does("unknown methods are unknown") else 405, "no", Allow=method)
                return self.check_credentials(request) if route == CHECK else self.act(route, match.groups(), request)
        return self.refusal(404, "no such path")

    def check_credentials(self, request: Request) -> Response:
        if request.data and request.mimetype != "application/json":
            return self.refusal(415, "not JSON")
        required = {"username"} if self.does("passwords are optional") else {"username", "password"}
        try:
            given = {
                name: value for name, value in json.loads(request.data).items() if name in {"username", "password"}
            }
        except (ValueError, AttributeError):
            given = {}
        good = all(isinstance(value, str) and value and "\0" not in value for value in given.values())
        if not (good and required <= given.keys()):
            return self.refusal(400, "the body is malformed")
        return answer(200, {"result": False, "message": "not valid"})

    def act(self, route: str, texts: tuple[str, ...], request: Request) -> Response:
        low = 0 if self.does("ids begin at 0") else 1
        if not all(re.fullmatch("[0-9]{1,19}", text, re.ASCII) and low <= int(text) < 2**63 for text in texts):
            if self.does("a bad id ends the connection"):
                raise ConnectionAbortedError
            if self.does("a bad id fails"):
                return self.refusal(500, "oops")
            return self.refusal(400, "" if self.does("errors say nothing") else "an id is malformed")
        if any(len(values) > 1 for _, values in request.args.lists()):
            return self.refusal(400, "given twice")
        pt_id, *entries = map(int, texts)
        queue = self.queues.get(pt_id)
        if queue is None and route == LIST and self.does("anyone has an empty queue"):
            queue = []
        if queue is None:
            return self.refusal(404, "no such patient")
        if route == INVITE:
            return answer(303 if self.does("mail is elsewhere") else 202, {"result": True})
        if route == LIST:
            return self.entries(pt_id, queue, request.args.get("request_type"))
        (number,) = entries
        if number not in queue and not (self.does("deletes are repeatable") and number in self.gone):
            return self.refusal(404, "no such request")
        if not self.does("deletes do nothing"):
            self.queues[pt_id] = [each for each in queue if each != number]
            self.gone.add(number)
        return answer(200, {"id": "none"}) if self.does("deletes name no id") else Response(status=204)

    def entries(self, pt_id: int, queue: list[int], request_type: str | None) -> Response:
        listed = [
            {
                "object": "portal_request",
                "id": f"+{number}" if self.does("ids have a sign") else str(number),
                "pt_id": pt_id,
                "request_type": "document" if number % 2 else "appointment",
                "created": "2026-11-03T16:40:12" if self.does("dates lack an offset") else DATES[number % len(DATES)],
                "notes": "Robin Sample asks for it.",
                "details": {"size": -1} if self.does("sizes are negative") else {"size": "7"},
            }
            for number in queue
        ]
        if request_type and self.does("a filter is in force"):
            listed = [entry for entry in listed if entry["request_type"] == request_type]
        more = 0 if self.does("has_more is a number") else False
        document = {"object": "list", "has_more": more} | ({} if self.does("lists lack data") else {"data": listed})
        return answer(201 if self.does("lists are created") else 200, document)

    def refusal(self, status: int, message: str, **headers: str) -> Response:
        if status == 404 and self.does("unknown is HTML"):
            return Response("<html>Robin Sample is not here</html>", 404, mimetype="text/html")
        return answer(status, {"error": {}} if not message else {"result": False, "message": message}, headers)


def answer(status: int, document: Any, headers: dict[str, str] | None = None) -> Response:
    """A response with a JSON body."""
    return Response(json.dumps(document), status, headers, mimetype="application/json")


class _Handler(WSGIRequestHandler):
    wbufsize = -1  # head and body leave together

    def connection_dropped(self, *_: object) -> None:
        """Close the connection, without a response."""
        self.close_connection = True

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def deviating_server(*deviations: str, moved_to: str | None = None) -> Iterator[str]:
    """A running server's base URL.

    Args:
        deviations: names of deviations from the contract.
        moved_to: a server to which to redirect every request instead.
    """
    app = Request.application(DeviatingApp(deviations, moved_to).respond)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()
        thread.join()
