"""An example of a documented response, as a response."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from cerbo_portal_mock.spec.response import DocumentedResponse, ExampleContent


def example_response(
    status: int, documented: DocumentedResponse, example: ExampleContent, arguments: Mapping[str, Any]
) -> Response:
    """A response with the required headers and without a content type where there is no content.

    Args:
        status: the status.
        documented: what the contract says of the response.
        example: its content.
        arguments: of the request, by name, where the content repeats them.
    """
    response = Response(example.content_for(arguments), status, documented.headers, content_type=example.media_type)
    if example.media_type is None:
        del response.headers["Content-Type"]
    return response
