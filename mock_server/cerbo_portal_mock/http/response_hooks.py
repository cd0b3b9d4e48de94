"""Hooks for every response: it is checked against the contract, kept in the journal, and logged."""

import json
import logging
import time

from flask import Flask, Request, Response

from cerbo_portal_mock.clinic.journal import NO_RESPONSE, Exchange
from cerbo_portal_mock.http import errors
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.redaction import redact_body, redact_headers, redact_url
from cerbo_portal_mock.http.request_context import RequestContext, current_context
from cerbo_portal_mock.spec.contract import Contract

VIOLATION_HEADER = "X-Cerbo-Mock-Violation"
# Characters of a method and of a target in a line of the access log.
_LOGGED_METHOD, _LOGGED_TARGET = 32, 2_048
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
                _log.warning("%s %s: %s", request.endpoint or _method(request), response.status_code, violation)
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
    blueprint = app.blueprints.get(request.blueprint or "")
    private = isinstance(blueprint, MockBlueprint) and blueprint.private
    return Exchange(
        at=context.instance.clock(),
        instance=context.instance_name or context.instance.name,
        client=request.remote_addr,
        method=request.method,
        path=redact_url(request.path),
        query="" if private else redact_url(environ.get("QUERY_STRING", "")),
        headers=redact_headers({name: environ[name] for name in environ if name.startswith(_HEADERS)}),
        body=_request_body(context, blueprint, response),
        status=NO_RESPONSE if context.fault == "close" else response.status_code,
        response_headers=dict(response.headers.to_wsgi_list()),
        response_body=b"" if private or response.is_streamed else response.get_data(),
        operation=operation.id if operation else None,
        patient=context.patient,
        user=user.username if user else None,
        fault=context.fault,
    )


def _request_body(context: RequestContext, blueprint: object, response: Response) -> bytes:
    request, operation = context.request, context.operation
    if operation:
        secrets: frozenset[str] | None = operation.body.secrets if operation.body else frozenset()
    else:
        secrets = blueprint.secret_members if isinstance(blueprint, MockBlueprint) else None
    # A body that was refused for its size is not worth reading, and the content of other bodies is unknown.
    if secrets is None or not request.content_length or response.status_code == 413:
        return b""
    return redact_body(request.get_data(), request.mimetype, secrets)


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
        target = repr(redact_url(request.full_path.rstrip("?"))[:_LOGGED_TARGET])[1:-1]
    else:
        target = request.url_rule.rule if request.url_rule else "(no such path)"
    user = context.api_user.username if context.api_user else "-"
    fault = f" ({context.fault})" if context.fault else ""
    where = f" [{context.instance_name}]" if context.instance_name else ""
    return f"{user!r} {_method(request)} {target} {status}{fault} {duration * 1000:.1f} ms{where}"


def _method(request: Request) -> str:
    # HTTP permits any token, and the server any character.
    return ascii(request.method[:_LOGGED_METHOD])[1:-1]
