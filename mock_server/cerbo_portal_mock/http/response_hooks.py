"""Hooks for every response: it is checked against the contract, kept in the journal, and logged."""

import json
import logging
import time
from typing import Any

from flask import Flask, Response

from cerbo_portal_mock.clinic.journal import KEPT_BODY, NO_RESPONSE, Exchange
from cerbo_portal_mock.http import errors
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.request_context import RequestContext, current_context
from cerbo_portal_mock.spec.contract import Contract

VIOLATION_HEADER = "X-Cerbo-Mock-Violation"
_REDACTED = "REDACTED"
_SECRET = {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_PROXY_AUTHORIZATION"}
# Prefixes of the names of headers in WSGI.
_HEADERS = ("HTTP_", "CONTENT_")
# Faults whose responses violate the contract on purpose.
_DELIBERATE = {"close", "truncated", "garbage", "html"}

_log = logging.getLogger(__name__)
_access_log = logging.getLogger("cerbo_portal_mock.access")


def install(app: Flask, contract: Contract, *, log_phi: bool) -> None:
    """Check, journal and log every response of the application.

    Args:
        app: the application.
        contract: what responses are checked against.
        log_phi: whether the access log may contain patients' ids: by default it has routes, not paths.
    """

    @app.after_request
    def finish(response: Response) -> Response:
        context = current_context()
        request, validate = context.request, context.instance.settings.validate
        in_contract = contract.serves(request.path)
        violation = None
        if validate != "off" and in_contract and context.fault not in _DELIBERATE:
            violation = _violation(contract, context, response)
            if violation:
                _log.warning("%s %s: %s", request.endpoint or request.method, response.status_code, violation)
                if validate == "strict":
                    response = errors.response(500, f"The mock's response violates the contract: {violation}")
                response.headers[VIOLATION_HEADER] = violation
        duration = time.perf_counter() - context.started
        # Looking at the mock itself leaves no trace in it; the console does so every second.
        only_looks = not in_contract and request.method in {"GET", "HEAD"}
        if not only_looks:
            exchange = _exchange(app, context, response)
            exchange.duration, exchange.violation = duration, violation
            context.instance.journal.record(exchange)
        if _access_log.isEnabledFor(logging.INFO) and not (only_looks and response.status_code < 400):
            _access_log.info(_line(context, response.status_code, duration, log_phi=log_phi))
        return response


def _exchange(app: Flask, context: RequestContext, response: Response) -> Exchange:
    request, operation, user = context.request, context.operation, context.api_user
    environ = request.environ
    if operation:
        secrets: frozenset[str] | None = operation.body.secrets if operation.body else frozenset()
        journals_query = True
    else:
        blueprint = app.blueprints.get(request.blueprint or "")
        secrets = blueprint.secret_members if isinstance(blueprint, MockBlueprint) else None
        journals_query = blueprint.journals_query if isinstance(blueprint, MockBlueprint) else True
    # A body that was refused for its size is not worth reading, and the content of other bodies is unknown.
    unread = secrets is None or not request.content_length or response.status_code == 413
    return Exchange(
        at=context.instance.clock(),
        instance=context.instance_name or context.instance.name,
        client=request.remote_addr,
        method=request.method,
        path=request.path,
        query=environ.get("QUERY_STRING", "") if journals_query else "",
        headers={
            name: _REDACTED if name in _SECRET else environ[name] for name in environ if name.startswith(_HEADERS)
        },
        body=b"" if unread else _redacted(request.get_data(), secrets or frozenset())[:KEPT_BODY],
        status=NO_RESPONSE if context.fault == "close" else response.status_code,
        response_headers=dict(response.headers.to_wsgi_list()),
        response_body=b"" if response.is_streamed else response.get_data()[:KEPT_BODY],
        operation=operation.id if operation else None,
        patient=context.patient,
        user=user.username if user else None,
        fault=context.fault,
    )


def _redacted(content: bytes, secrets: frozenset[str]) -> bytes:
    """A JSON body whose secret members are blacked out; blacked out as a whole if it is no JSON object."""
    if not secrets:
        return content
    try:
        members = json.loads(content)
        # A body that is no object can hold a password anywhere.
        redacted = json.dumps(_without(secrets, members)) if isinstance(members, dict) else _REDACTED
    except (ValueError, RecursionError):
        redacted = _REDACTED
    return redacted.encode()


def _without(secrets: frozenset[str], content: Any) -> Any:
    """The content with the members of these names blacked out, at any depth."""
    if isinstance(content, dict):
        return {name: _REDACTED if name in secrets else _without(secrets, value) for name, value in content.items()}
    return [_without(secrets, value) for value in content] if isinstance(content, list) else content


def _violation(contract: Contract, context: RequestContext, response: Response) -> str | None:
    """How the response differs from the contract; None if it does not, or belongs to no operation."""
    documented = contract.responses.get(response.status_code)
    if context.operation:
        documented = context.operation.responses.get(response.status_code, documented)
        if documented is None:
            return f"status {response.status_code} is not documented"
    if documented is None or context.request.method == "HEAD":
        return None
    if response.mimetype != "application/json":
        return f"expected application/json, not {response.mimetype}"
    try:
        body = json.loads(response.get_data())
    except ValueError:
        return "expected a JSON body"
    return documented.violation(response.headers.keys(), body)


def _line(context: RequestContext, status: int, duration: float, *, log_phi: bool) -> str:
    request = context.request
    if log_phi:
        target = repr(request.full_path.rstrip("?"))[1:-1]
    else:
        target = request.url_rule.rule if request.url_rule else "(no such path)"
    user = context.api_user.username if context.api_user else "-"
    fault = f" ({context.fault})" if context.fault else ""
    where = f" [{context.instance_name}]" if context.instance_name else ""
    return f"{user!r} {request.method} {target} {status}{fault} {duration * 1000:.1f} ms{where}"
