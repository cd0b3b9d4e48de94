"""Validates responses against the contract."""

from flask import Response

from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract

SUCCESS = 2


def violation(contract: Contract, context: RequestContext, response: Response) -> str | None:
    """How the response differs from the contract; None if it does not, or belongs to no operation.

    Args:
        contract: the contract.
        context: the request.
        response: the response to it.
    """
    status = response.status_code
    documented = contract.responses.get(status)
    if context.operation:
        # The mock refuses requests of any operation in its own way; the contract may document another one, or none.
        if context.stub and status >= 400 and context.fault is None:
            return None
        documented = context.operation.response(status) or documented
        if documented is None:
            return f"status {status} is not documented"
        exact = status in context.operation.responses
        if not exact and status // 100 == SUCCESS and not response.content_length:
            return None  # the contract says of 2XX that such a success may have no body
    if documented is None or context.request.method == "HEAD":
        return None
    return documented.violation(response.headers.keys(), response.mimetype or "", response.get_data())
