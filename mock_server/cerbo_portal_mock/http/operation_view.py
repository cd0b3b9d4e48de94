"""The Flask view of an operation: from permission over validation to the handler and the response."""

from collections.abc import Callable
from typing import Any, cast

from flask import Response, abort, jsonify

from cerbo_portal_mock.http import request_body
from cerbo_portal_mock.http.fault_injection import inject
from cerbo_portal_mock.http.handlers import Handler
from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.spec.operation import Operation

IGNORED_HEADER = "X-Cerbo-Mock-Ignored"


def operation_view(operation: Operation, handler: Handler) -> Callable[..., Response]:
    """The view that reads a request by the contract and passes its arguments to the handler.

    Args:
        operation: the operation of the contract.
        handler: the function that carries it out.
    """
    coming_soon = {parameter.name for parameter in operation.parameters if parameter.coming_soon}

    def view(**path: str) -> Response:
        context = current_context()
        request = context.request
        if not context.user.may(operation.tag, write=operation.writes):
            abort(403, "This API user may not use this operation")
        arguments = operation.arguments(path, request.args.to_dict(flat=False) if request.query_string else {})
        context.patient = cast("int | None", arguments.get("pt_id"))
        members = request_body.read(request, operation.body)
        preview = context.instance.settings.preview_coming_soon
        ignored = set() if preview else coming_soon & arguments.keys()
        effective: dict[str, Any] = operation.defaults(coming_soon=preview)
        effective |= {name: arguments[name] for name in arguments if name not in ignored}
        operation.check_body(members, effective)
        effective |= members if operation.body is None else operation.body.defaults | members
        response = inject(context, operation, lambda: jsonify(handler(context, **effective)))
        if ignored:
            response.headers[IGNORED_HEADER] = ", ".join(sorted(ignored))
        return response

    return view
