"""Every error as JSON in the contract's shape, `{"error": {"type": ..., "message": ...}}`.

Only unknown paths outside of the API have a page of HTML, as on a web host: a client whose base URL lacks its path must
notice.
"""

import logging
import traceback
from pathlib import PurePath

from flask import Flask, Response, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge, Unauthorized

from cerbo_portal_mock.clinic.clock import InvalidInstant
from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.faults import UnknownFault
from cerbo_portal_mock.clinic.instance import UnknownInstance
from cerbo_portal_mock.clinic.invitations import InvitationRefused
from cerbo_portal_mock.clinic.mail import NoMail
from cerbo_portal_mock.clinic.state import Conflict, UnknownPatient, UnknownRequest
from cerbo_portal_mock.http.error_body import error_body
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.errors import InvalidArgument, TooLarge

_log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    InvalidArgument: 400,
    InvalidInstant: 400,
    UnknownPatient: 404,
    UnknownRequest: 404,
    UnknownFault: 404,
    UnknownInstance: 404,
    NoMail: 404,
    Conflict: 409,
    TooLarge: 413,
    InvitationRefused: 422,
}


# Of the control API.
_RESERVED_PREFIX = "/__"
_PAGE = """\
<!doctype html>
<html lang="en">
<title>404 Not Found</title>
<h1>Not Found</h1>
"""


def unauthorized() -> Unauthorized:
    """The error of callers without valid credentials, with its challenge."""
    challenge = WWWAuthenticate("basic", {"realm": "Cerbo API", "charset": "UTF-8"})
    return Unauthorized("A valid API user and password are required (HTTP Basic)", www_authenticate=challenge)


def too_large(limit: int) -> RequestEntityTooLarge:
    """The error of a body of more than `limit` bytes."""
    return RequestEntityTooLarge(f"Body too large: at most {limit} bytes are taken")


def install(app: Flask, contract: Contract) -> None:
    """Give every error of the application, the framework's own included, the contract's shape."""

    def not_found(error: NotFound) -> Response:
        path = request.path
        if contract.serves(path) or path.startswith(_RESERVED_PREFIX):
            return _framework(error)
        return Response(_PAGE, 404, content_type="text/html; charset=utf-8")

    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(HTTPException, _framework)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(InvalidArgument, _refused)
    app.register_error_handler(DomainError, _refused)


def response(status: int, message: str) -> Response:
    """An error as a response."""
    return Response(error_body(status, message), status, content_type="application/json")


def _refused(error: Exception) -> Response:
    return response(STATUS[type(error)], str(error))


def _framework(error: HTTPException) -> Response:
    message = error.description or error.name
    if isinstance(error, NotFound):
        message = "No such path"
    if isinstance(error, MethodNotAllowed):
        error.valid_methods = sorted(error.valid_methods or ())
        message = f"This path knows only: {', '.join(error.valid_methods)}"
    reply = response(error.code or 500, message)
    for name, value in error.get_headers():
        if name != "Content-Type":
            reply.headers.add(name, value)
    return reply


def _unexpected(error: Exception) -> Response:
    # The error's text and the frames' values may contain patient data; the location does not.
    location = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("%s in %s:%s", type(error).__name__, PurePath(location.filename).name, location.lineno)
    return response(500, "Internal server error")
