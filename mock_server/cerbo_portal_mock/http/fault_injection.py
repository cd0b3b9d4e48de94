"""Faults as answers: what was drawn, or asked for by `Prefer: code=503`, becomes a response."""

import json
import re
import time
from collections.abc import Callable, Iterator

from flask import Response, request

from cerbo_portal_mock.clinic.faults import Fault
from cerbo_portal_mock.http.request_context import current_notes
from cerbo_portal_mock.spec.operation import InvalidArgument, Operation

_PREFERENCE = re.compile(r'\s*(code|example)\s*=\s*"?([A-Za-z0-9_-]+)"?\s*')
_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"


def inject(operation: Operation, patient: int | None, act: Callable[[], Response]) -> Response:
    """Answer a call: as it is if nothing was ordered, else in the way of the fault.

    Args:
        operation: the operation called.
        patient: the id of the patient whom the call is about.
        act: carries the call out.

    Raises:
        InvalidArgument: the call prefers a status or an example that the operation does not document.
    """
    notes = current_notes()
    fault = _preferred(operation) or notes.instance.faults.draw(operation.id, patient, notes.user.username)
    if fault is None:
        return act()
    notes.fault = fault.kind
    if fault.delay:
        time.sleep(fault.delay)
    response = act() if fault.acts else Response(status=500)
    return _spoil(response, fault, operation)


def _preferred(operation: Operation) -> Fault | None:
    """What the header `Prefer` asks for, in Prism's words; preferences of other kinds are not ours to judge."""
    if "HTTP_PREFER" not in request.environ:
        return None
    texts = re.split("[,;]", ",".join(request.headers.getlist("Prefer")))
    wishes = {match[1]: match[2] for match in map(_PREFERENCE.fullmatch, texts) if match}
    if not wishes:
        return None
    code, example = wishes.get("code"), wishes.get("example")
    named = {name: status for status, answer in operation.answers.items() if status >= 400 for name in answer.examples}
    if code is None and example in named:
        code = str(named[example])
    statuses = [str(status) for status in operation.answers]
    if code not in statuses:
        raise InvalidArgument(f"Prefer: expected code={'|'.join(statuses)} or example={'|'.join(named)}")
    if int(code) < 400:
        return None
    if example is not None and example not in operation.answers[int(code)].examples:
        raise InvalidArgument(f"Prefer: expected example={'|'.join(operation.answers[int(code)].examples)}")
    return Fault("status", acts=False, status=int(code), example=example)


def _spoil(response: Response, fault: Fault, operation: Operation) -> Response:
    match fault.kind:
        case "status":
            assert fault.status is not None
            answer = operation.answers[fault.status]
            document = answer.examples[fault.example] if fault.example else next(iter(answer.examples.values()))
            headers = dict(answer.headers)
            if fault.retry_after is not None and "Retry-After" in headers:
                headers["Retry-After"] = str(fault.retry_after)
            return Response(json.dumps(document), fault.status, headers, content_type="application/json")
        case "close":
            return _breaking(response, b"")
        case "truncated":
            return _breaking(response, response.get_data()[: (response.content_length or 0) // 2])
        case "garbage":
            return Response(fault.noise, response.status_code, content_type="application/json")
        case "html":
            return Response(_GATEWAY, 502, content_type="text/html")
    return response


def _breaking(response: Response, beginning: bytes) -> Response:
    """The response, of which the connection only lives to carry the beginning of the body."""

    def body() -> Iterator[bytes]:
        if beginning:
            yield beginning
        # The server closes the connection on any OSError of the application, without a word.
        raise ConnectionAbortedError

    return Response(body(), response.status_code, response.headers)
