"""Turns a fault, drawn or asked for by `Prefer: code=503`, into a response."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Request, Response

from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.http.example_response import example_response
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.http.thread_pool import waiting
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.example_scalars import NoExample
from cerbo_portal_mock.spec.operation import Operation
from cerbo_portal_mock.spec.response import DocumentedResponse, ExampleContent

# In a WSGI environment: the function that passes a fault's delay, for callers in process.
DELAY = "cerbo_portal_mock.delay"
_PREFERENCE = re.compile(r'\s*(code|example)\s*=\s*"?([A-Za-z0-9_-]+)"?\s*')
# Faults whose responses violate the contract on purpose.
_DELIBERATE = {"refuse", "close", "truncated", "garbage", "html"}
_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"


def inject(context: RequestContext, operation: Operation, respond: Callable[[], Response]) -> Response:
    """The response to a request: the handler's own, or that of a fault.

    Args:
        context: the request.
        operation: its operation.
        respond: carries the request out.

    Raises:
        InvalidArgument: the request prefers a status or an example that the operation does not document.
    """
    faults, user = context.instance.faults, context.api_user.username if context.api_user else None
    fault = _preferred(context.request, operation) or faults.draw(operation.id, context.patient, user)
    if fault is None:
        return respond()
    context.fault = fault.kind
    context.deliberate = fault.kind in _DELIBERATE or fault.is_custom
    try:
        response = respond() if fault.applied else Response(status=500)
    finally:
        if fault.delay:
            with waiting():
                context.request.environ.get(DELAY, Fault.wait)(fault)
    return _spoil(response, fault, operation)


def _preferred(request: Request, operation: Operation) -> Fault | None:
    """The fault that the header `Prefer` asks for, as in Prism; other preferences are ignored."""
    if "HTTP_PREFER" not in request.environ:
        return None
    texts = re.split("[,;]", ",".join(request.headers.getlist("Prefer")))
    preferences = {match[1]: match[2] for match in map(_PREFERENCE.fullmatch, texts) if match}
    if not preferences:
        return None
    code, example = preferences.get("code"), preferences.get("example")
    named = {
        name: status for status, response in operation.responses.items() if status >= 400 for name in response.examples
    }
    if code is None and example in named:
        code = str(named[example])
    statuses = [str(status) for status in operation.responses]
    if code not in statuses:
        raise InvalidArgument(f"Prefer: expected code={'|'.join(statuses)} or example={'|'.join(named)}")
    if int(code) < 400:
        return None
    if example is not None and example not in operation.responses[int(code)].examples:
        raise InvalidArgument(f"Prefer: expected example={'|'.join(operation.responses[int(code)].examples)}")
    return Fault("status", applied=False, status=int(code), example=example)


def _spoil(response: Response, fault: Fault, operation: Operation) -> Response:
    match fault.kind:
        case "status":
            assert fault.status is not None
            response = _with_status(fault.status, fault, operation)
        case "refuse":
            return _breaking(response, b"", ConnectionRefusedError)
        case "close":
            return _breaking(response, b"")
        case "truncated":
            return _breaking(response, response.get_data()[: (response.content_length or 0) // 2])
        case "garbage":
            return Response(fault.noise, response.status_code, content_type="application/json")
        case "html":
            return Response(_GATEWAY, 502, content_type="text/html")
    return response


def _with_status(status: int, fault: Fault, operation: Operation) -> Response:
    documented = operation.responses.get(status)
    if fault.body is None and documented is not None:
        response = example_response(status, documented, _example(documented, fault.example), {})
    else:
        response = _with_body(status, fault.body)
    if fault.retry_after is not None and (fault.is_custom or "Retry-After" in response.headers):
        response.headers["Retry-After"] = str(fault.retry_after)
    response.headers.update(fault.headers or {})
    return response


def _with_body(status: int, body: Any) -> Response:
    if isinstance(body, str | bytes) and body:
        return Response(body, status, content_type="text/plain; charset=utf-8")
    if isinstance(body, dict | list):
        return Response(json.dumps(body), status, content_type="application/json")
    response = Response(b"", status)
    del response.headers["Content-Type"]
    return response


def _example(documented: DocumentedResponse, name: str | None) -> ExampleContent:
    if name is not None:
        return ExampleContent(documented.media_types[0], json.dumps(documented.examples[name]).encode())
    try:
        return documented.example
    except NoExample:
        return ExampleContent(None, b"")


def _breaking(response: Response, beginning: bytes, error: type[OSError] = ConnectionAbortedError) -> Response:
    """A response whose connection breaks after the beginning of the body."""

    def body() -> Iterator[bytes]:
        if beginning:
            yield beginning
        # The server closes the connection on any OSError of the application, without logging it.
        raise error

    return Response(body(), response.status_code, response.headers)
