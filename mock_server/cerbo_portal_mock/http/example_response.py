"""An example of a documented response, as a response."""

from flask import Response

from cerbo_portal_mock.spec.response import DocumentedResponse, ExampleContent


def example_response(status: int, documented: DocumentedResponse, example: ExampleContent) -> Response:
    """A response with the required headers and without a content type where there is no content.

    Args:
        status: the status.
        documented: what the contract says of the response.
        example: its content.
    """
    response = Response(example.content, status, documented.headers, content_type=example.media_type)
    if example.media_type is None:
        del response.headers["Content-Type"]
    return response
