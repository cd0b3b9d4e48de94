"""What the journal keeps of each request and its response: no password and no token."""

from flask import Flask, Response

from cerbo_portal_mock.clinic.journal import NO_RESPONSE, Exchange
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.redaction import redact_body, redact_headers, redact_url
from cerbo_portal_mock.http.request_context import RequestContext

# Prefixes of the names of headers in WSGI.
_HEADERS = ("HTTP_", "CONTENT_")
# Faults that close the connection before the response.
_WITHOUT_RESPONSE = {"close", "refuse"}


def exchange_of(app: Flask, context: RequestContext, response: Response) -> Exchange:
    """What the journal keeps of a request and its response.

    Args:
        app: knows the blueprints, which say what of their bodies is private.
        context: the request.
        response: the response to it.
    """
    request, operation, user = context.request, context.operation, context.api_user
    environ = request.environ
    blueprint = app.blueprints.get(request.blueprint or "")
    private = isinstance(blueprint, MockBlueprint) and blueprint.private
    return Exchange(
        at=context.instance.clock(),
        instance=context.instance_name or context.instance.name,
        client=request.remote_addr,
        method=request.method,
        path=redact_url(request.path),
        query="" if private else redact_url(environ.get("QUERY_STRING", "")),
        headers=redact_headers({name: environ[name] for name in environ if name.startswith(_HEADERS)}),
        body=_request_body(context, blueprint, response),
        status=NO_RESPONSE if context.fault in _WITHOUT_RESPONSE else response.status_code,
        response_headers=dict(response.headers.to_wsgi_list()),
        response_body=b"" if private or response.is_streamed else response.get_data(),
        operation=operation.id if operation else None,
        patient=context.patient,
        user=user.username if user else None,
        fault=context.fault,
        stub=context.stub,
        grease=context.grease,
    )


def _request_body(context: RequestContext, blueprint: object, response: Response) -> bytes:
    request, operation = context.request, context.operation
    if operation:
        secrets: frozenset[str] | None = operation.body.secrets if operation.body else frozenset()
    else:
        secrets = blueprint.secret_members if isinstance(blueprint, MockBlueprint) else None
    # A body that was refused for its size is not worth reading, and the content of other bodies is unknown.
    if secrets is None or not request.content_length or response.status_code == 413:
        return b""
    return redact_body(request.get_data(), request.mimetype, secrets)
