"""Validates responses against the contract."""

import json

from flask import Response

from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract


def violation(contract: Contract, context: RequestContext, response: Response) -> str | None:
    """How the response differs from the contract; None if it does not, or belongs to no operation.

    Args:
        contract: the contract.
        context: the request.
        response: the response to it.
    """
    documented = contract.responses.get(response.status_code)
    if context.operation:
        documented = context.operation.response(response.status_code) or documented
        if documented is None:
            return f"status {response.status_code} is not documented"
        if response.status_code not in context.operation.responses and not response.content_length:
            return None  # the contract lets a success that is only documented by its hundred have no body
    if documented is None or context.request.method == "HEAD":
        return None
    if response.mimetype != "application/json":
        return f"expected application/json, not {response.mimetype}"
    try:
        body = json.loads(response.get_data())
    except ValueError:
        return "expected a JSON body"
    return documented.violation(response.headers.keys(), body)
