"""What happens to every answer before it leaves: checked against the contract, kept in the journal, and logged."""

import json
import logging
import time
from typing import Any

from flask import Flask, Request, Response
from flask.ctx import _AppCtxGlobals as Notes

from cerbo_portal_mock.admin import api, join_page
from cerbo_portal_mock.clinic.instance import Instance, Instances
from cerbo_portal_mock.clinic.journal import KEPT_BODY, NO_ANSWER, Exchange
from cerbo_portal_mock.http import errors
from cerbo_portal_mock.http.request_context import current_notes, current_request
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.operation import Operation

VIOLATION_HEADER = "X-Cerbo-Mock-Violation"
_REDACTED = "REDACTED"
_PASSWORDS = frozenset({"password"})
_SECRET = {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_PROXY_AUTHORIZATION"}
# What the names of headers start with, as WSGI has them.
_HEADERS = ("HTTP_", "CONTENT_")
# Faults whose answers are meant to break the contract.
_DELIBERATE = {"close", "truncated", "garbage", "html"}

_log = logging.getLogger(__name__)
_access_log = logging.getLogger("cerbo_portal_mock.access")


def install(app: Flask, contract: Contract, instances: Instances, *, log_phi: bool) -> None:
    """Have the application check, keep and log its answers.

    Args:
        app: the application.
        contract: what answers are checked against.
        instances: whose journals they are kept in.
        log_phi: whether the access log may name patients: by default it has routes, not paths.
    """

    @app.before_request
    def start() -> None:
        current_notes().started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        request, notes = current_request(), current_notes()
        instance = notes.get("instance") or instances.default
        in_contract = is_under(request.path, contract.base_path)
        violation = None
        if instance.settings.validate != "off" and in_contract and notes.get("fault") not in _DELIBERATE:
            violation = _violation(contract, request, response)
            if violation:
                _log.warning("%s %s: %s", request.endpoint or request.method, response.status_code, violation)
                if instance.settings.validate == "strict":
                    response = errors.response(500, f"The mock's answer breaks the contract: {violation}")
                response.headers[VIOLATION_HEADER] = violation
        duration = time.perf_counter() - notes.started
        # Who only looks at the mock itself leaves no trace in it; the console looks every second.
        only_looks = not in_contract and request.method in {"GET", "HEAD"}
        if not only_looks:
            operation = contract.operations.get(request.endpoint or "")
            exchange = _exchange(request, notes, response, instance, operation)
            exchange.duration, exchange.violation = duration, violation
            instance.journal.record(exchange)
        if _access_log.isEnabledFor(logging.INFO) and not (only_looks and response.status_code < 400):
            _access_log.info(_line(request, notes, response.status_code, duration, log_phi=log_phi))
        return response


def is_under(path: str, base: str) -> bool:
    """Whether a URL's path is the base or below it."""
    return path == base or path.startswith(f"{base}/")


def _exchange(
    request: Request, notes: Notes, response: Response, instance: Instance, operation: Operation | None
) -> Exchange:
    environ = request.environ
    fault = notes.get("fault")
    user = notes.get("user")
    # A body that was refused for its size is not worth reading.
    taken = request.content_length and response.status_code != 413
    return Exchange(
        at=instance.clock(),
        instance=notes.get("instance_name", instance.name),
        client=request.remote_addr,
        method=request.method,
        path=request.path,
        # The token in it is the key to a patient's account.
        query="" if request.blueprint == join_page.NAME else environ.get("QUERY_STRING", ""),
        headers={
            name: _REDACTED if name in _SECRET else environ[name] for name in environ if name.startswith(_HEADERS)
        },
        body=_kept(request, operation) if taken else b"",
        status=NO_ANSWER if fault == "close" else response.status_code,
        response_headers=dict(response.headers.to_wsgi_list()),
        response_body=b"" if response.is_streamed else response.get_data()[:KEPT_BODY],
        operation=operation.id if operation else None,
        patient=notes.get("patient"),
        user=user.username if user else None,
        fault=fault,
    )


def _kept(request: Request, operation: Operation | None) -> bytes:
    """What the journal keeps of a request's body: its beginning without passwords, and none whose form is not known."""
    if operation:
        secrets = operation.body.secrets if operation.body else frozenset()
    elif request.blueprint == api.NAME:
        secrets = _PASSWORDS
    else:
        return b""
    content = request.get_data()
    if secrets:
        try:
            members = json.loads(content)
            # What is no object can hold a password anywhere.
            shown = json.dumps(_without(secrets, members)) if isinstance(members, dict) else _REDACTED
        except (ValueError, RecursionError):
            shown = _REDACTED
        content = shown.encode()
    return content[:KEPT_BODY]


def _without(secrets: frozenset[str], content: Any) -> Any:
    """The content with the members of these names blacked out, at any depth."""
    if isinstance(content, dict):
        return {name: _REDACTED if name in secrets else _without(secrets, value) for name, value in content.items()}
    return [_without(secrets, value) for value in content] if isinstance(content, list) else content


def _violation(contract: Contract, request: Request, response: Response) -> str | None:
    """How the answer differs from the contract; None if it does not, or belongs to no operation."""
    operation = contract.operations.get(request.endpoint or "")
    answer = contract.answers.get(response.status_code)
    if operation:
        answer = operation.answers.get(response.status_code, answer)
        if answer is None:
            return f"status {response.status_code} is not documented"
    if answer is None or request.method == "HEAD":
        return None
    if response.mimetype != "application/json":
        return f"expected application/json, not {response.mimetype}"
    try:
        body = json.loads(response.get_data())
    except ValueError:
        return "expected a JSON body"
    return answer.violation(response.headers.keys(), body)


def _line(request: Request, notes: Notes, status: int, duration: float, *, log_phi: bool) -> str:
    if log_phi:
        target = repr(request.full_path.rstrip("?"))[1:-1]
    else:
        target = request.url_rule.rule if request.url_rule else "(no such path)"
    user = notes.user.username if "user" in notes else "-"
    fault = f" ({notes.fault})" if "fault" in notes else ""
    where = f" [{notes.instance_name}]" if "instance_name" in notes else ""
    return f"{user!r} {request.method} {target} {status}{fault} {duration * 1000:.1f} ms{where}"
