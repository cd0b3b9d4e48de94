"""Stubs: operations of the contract without a handler, answered with an example of their first success."""

import jsonschema_rs

from cerbo_portal_mock.http.example_response import example_response
from cerbo_portal_mock.http.operation_view import Respond
from cerbo_portal_mock.spec.example_scalars import NoExample
from cerbo_portal_mock.spec.operation import Operation

STUB_HEADER = "X-Cerbo-Mock-Stub"


def stub(operation: Operation) -> Respond:
    """What answers the requests of an operation that has no handler.

    Args:
        operation: the operation.

    Raises:
        NoExample: the contract has no success of the operation, or no value that fits the schema was found.
    """
    if operation.success is None:
        raise NoExample("expected a documented success, such as 200")
    status, documented = operation.success
    try:
        example = documented.example
    except jsonschema_rs.ValidationError:
        raise NoExample("expected a JSON Schema whose references lead to components of the contract") from None
    return lambda _, arguments: example_response(status, documented, example, arguments)
