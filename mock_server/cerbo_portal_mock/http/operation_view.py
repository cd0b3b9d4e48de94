"""The Flask view of an operation: from permission over validation to the handler and the response."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort

from cerbo_portal_mock.http import request_body
from cerbo_portal_mock.http.fault_injection import inject
from cerbo_portal_mock.http.request_context import RequestContext, current_context
from cerbo_portal_mock.spec.operation import Operation

Respond = Callable[[RequestContext, dict[str, Any]], Response]
IGNORED_HEADER = "X-Cerbo-Mock-Ignored"


def operation_view(operation: Operation, respond: Respond, path_names: Mapping[str, str]) -> Callable[..., Response]:
    """The view that reads a request by the contract and has it carried out.

    Args:
        operation: the operation of the contract.
        respond: carries it out, with the checked arguments.
        path_names: the names of the path parameters, by their names in the route.
    """
    coming_soon = {parameter.name for parameter in operation.parameters if parameter.coming_soon}

    def view(**path: str) -> Response:
        context = current_context()
        request = context.request
        if not operation.anonymous and not context.user.may(operation.tag, write=operation.writes):
            abort(403, "This API user may not use this operation")
        arguments = operation.arguments(
            {path_names[name]: text for name, text in path.items()},
            request.args.to_dict(flat=False) if request.query_string else {},
            request.headers.get,
        )
        patient = arguments.get("pt_id")
        context.patient = patient if type(patient) is int else None
        members = request_body.read(request, operation.body)
        preview = context.instance.settings.preview_coming_soon
        ignored = set() if preview else coming_soon & arguments.keys()
        effective: dict[str, Any] = operation.defaults(coming_soon=preview)
        effective |= {name: arguments[name] for name in arguments if name not in ignored}
        operation.check_body(members, effective)
        effective |= members if operation.body is None else operation.body.defaults | members
        response = inject(context, operation, lambda: respond(context, effective))
        if ignored:
            response.headers[IGNORED_HEADER] = ", ".join(sorted(ignored))
        return response

    return view
