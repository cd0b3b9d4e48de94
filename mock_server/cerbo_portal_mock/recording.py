"""What happens to every answer before it leaves: checked against the contract, kept in the journal, and logged."""

import json
import logging
import time

from flask import Flask, Response, g, request

from cerbo_portal_mock import errors
from cerbo_portal_mock.contract import Contract, Operation
from cerbo_portal_mock.instance import Instance, Instances
from cerbo_portal_mock.journal import KEPT_BODY, NO_ANSWER, Exchange

VIOLATION_HEADER = "X-Cerbo-Mock-Violation"
_REDACTED = "REDACTED"
_SECRET = {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_PROXY_AUTHORIZATION"}
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
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        instance = g.get("instance") or instances.default
        in_contract = is_under(request.path, contract.base_path)
        violation = None
        if instance.settings.validate != "off" and in_contract and g.get("fault") not in _DELIBERATE:
            violation = _violation(contract, response)
            if violation:
                _log.warning("%s %s: %s", request.endpoint or request.method, response.status_code, violation)
                if instance.settings.validate == "strict":
                    response = errors.response(500, f"The mock's answer breaks the contract: {violation}")
                response.headers[VIOLATION_HEADER] = violation
        duration = time.perf_counter() - g.started
        # Who only looks at the mock itself leaves no trace in it; the console looks every second.
        only_looks = not in_contract and request.method in {"GET", "HEAD"}
        if not only_looks:
            instance.journal.record(_exchange(response, contract, instance, duration, violation))
        if _access_log.isEnabledFor(logging.INFO) and not (only_looks and response.status_code < 400):
            _access_log.info(_line(response.status_code, duration, log_phi=log_phi))
        return response


def is_under(path: str, base: str) -> bool:
    """Whether a URL's path is the base or below it."""
    return path == base or path.startswith(f"{base}/")


def _exchange(
    response: Response, contract: Contract, instance: Instance, duration: float, violation: str | None
) -> Exchange:
    environ = request.environ
    fault = g.get("fault")
    operation = contract.operations.get(request.endpoint or "")
    # A body that was refused for its size is not worth reading.
    taken = request.content_length and response.status_code != 413
    return Exchange(
        at=instance.clock(),
        instance=g.get("instance_name", instance.name),
        method=request.method,
        path=request.path,
        query=environ.get("QUERY_STRING", ""),
        headers={name: _REDACTED if name in _SECRET else environ[name] for name in environ if name.startswith("HTTP_")},
        body=_kept(request.get_data(), operation) if taken else b"",
        status=NO_ANSWER if fault == "close" else response.status_code,
        response_headers=dict(response.headers),
        response_body=b"" if response.is_streamed else response.get_data()[:KEPT_BODY],
        duration=duration,
        operation=operation.id if operation else None,
        patient=g.get("patient"),
        user=g.user.username if "user" in g else None,
        fault=fault,
        violation=violation,
    )


def _kept(content: bytes, operation: Operation | None) -> bytes:
    """What the journal keeps of a request's body: its beginning, without passwords."""
    secrets = operation.body.secrets if operation and operation.body else None
    if secrets:
        try:
            members = json.loads(content)
            content = json.dumps({**members, **dict.fromkeys(secrets & members.keys(), _REDACTED)}).encode()
        except (ValueError, TypeError, AttributeError, RecursionError):
            content = _REDACTED.encode()
    return content[:KEPT_BODY]


def _violation(contract: Contract, response: Response) -> str | None:
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


def _line(status: int, duration: float, *, log_phi: bool) -> str:
    if log_phi:
        target = repr(request.full_path.rstrip("?"))[1:-1]
    else:
        target = request.url_rule.rule if request.url_rule else "(no such path)"
    user = g.user.username if "user" in g else "-"
    fault = f" ({g.fault})" if "fault" in g else ""
    where = f" [{g.instance_name}]" if "instance_name" in g else ""
    return f"{user!r} {request.method} {target} {status}{fault} {duration * 1000:.1f} ms{where}"
