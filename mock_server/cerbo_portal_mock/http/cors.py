"""Lets web pages of chosen origins call the API (CORS, the Fetch standard), and no page the control API."""

import re
from collections.abc import Collection

from flask import Flask, Request, Response

from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.spec.contract import Contract

#: Where the contract is, as JSON and as YAML.
DOCUMENTS = ("/openapi.json", "/openapi.yaml")

_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?")
_HEADER_NAMES = re.compile(r"[A-Za-z0-9-]+(?: *, *[A-Za-z0-9-]+)*")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
# How long a browser remembers a preflight, in seconds.
_MAX_AGE = "600"


def check_origin(text: str) -> str:
    """An origin of web pages, as browsers name it.

    Args:
        text: the origin, such as `http://localhost:5173`.

    Raises:
        ValueError: it is not an origin; the message begins with `cors: `.
    """
    origin = text.lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("cors: expected an origin without a path, such as http://localhost:5173")
    return origin


class Cors:
    """Which requests of web pages are permitted.

    Args:
        contract: what the API is.
        origins: the origins of the pages.
    """

    def __init__(self, contract: Contract, origins: Collection[str]) -> None:
        self._contract = contract
        self._origins = frozenset(origins)

    def permits(self, request: Request) -> bool:
        """Whether a request for the API, or for its document, comes from a page of a permitted origin."""
        if request.environ.get("HTTP_ORIGIN") not in self._origins:
            return False
        return self._contract.serves(request.path) or request.path in DOCUMENTS

    def preflight(self, request: Request) -> Response | None:
        """The response to a preflight, which has no credentials; None to any other request.

        Args:
            request: a permitted request.
        """
        environ = request.environ
        if request.method != "OPTIONS" or "HTTP_ACCESS_CONTROL_REQUEST_METHOD" not in environ:
            return None
        headers = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _MAX_AGE}
        names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
        if _HEADER_NAMES.fullmatch(names):
            headers["Access-Control-Allow-Headers"] = names
        if environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true":
            headers["Access-Control-Allow-Private-Network"] = "true"
        return Response(status=204, headers=headers)

    def install(self, app: Flask) -> None:
        """Name the permitted origin in every response to one of its pages.

        Args:
            app: the application.
        """
        if not self._origins:
            return

        @app.after_request
        def share(response: Response) -> Response:
            request = current_context().request
            response.vary.add("Origin")
            if self.permits(request):
                response.headers["Access-Control-Allow-Origin"] = request.environ["HTTP_ORIGIN"]
                response.headers["Access-Control-Expose-Headers"] = "*"
            return response
