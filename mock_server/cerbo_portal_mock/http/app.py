"""The API as a Flask application: one route for each operation of the contract, bound to its handler."""

import json
import logging
import re
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from flask import Response, jsonify

from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.http import cross_site, errors, instance_routing, response_hooks
from cerbo_portal_mock.http.authentication import authenticate
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.cors import DOCUMENTS, Cors
from cerbo_portal_mock.http.handlers import HANDLERS, Handler
from cerbo_portal_mock.http.json_provider import JsonProvider
from cerbo_portal_mock.http.operation_view import Respond, operation_view
from cerbo_portal_mock.http.request_context import RequestContext, current_context, open_context
from cerbo_portal_mock.http.shared_routes import SharedRoutesFlask
from cerbo_portal_mock.http.stubs import stub
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.example_scalars import NoExample

_log = logging.getLogger(__name__)


class ContractMismatch(RuntimeError):
    """A handler has no operation in the contract, or an operation neither a handler nor a stub."""


def api_application(  # noqa: PLR0913 (the options of the command)
    contract: Contract,
    instances: Instances,
    *,
    log_phi: bool,
    public_url: str | None = None,
    stubs: bool = True,
    origins: Collection[str] = (),
) -> SharedRoutesFlask:
    """The contract's operations as a Flask application, to which blueprints can still be added.

    Args:
        contract: the operations to serve.
        instances: the instances that the handlers act upon.
        log_phi: whether the access log may contain patients' ids.
        public_url: the mock's URL for its users, where it is not the one of the request.
        stubs: whether operations without a handler are answered with examples; otherwise they are an error.
        origins: the origins of web pages that may call the API.

    Raises:
        ContractMismatch: a handler has no operation, or an operation neither a handler nor an example.
    """
    handled, stubbed = _handled(contract), _stubbed(contract, stubs=stubs)
    responses = {**handled, **stubbed}
    app = SharedRoutesFlask(contract)
    app.json = JsonProvider(app)
    app.wsgi_app = instance_routing.InstancePrefix(app.wsgi_app)  # type: ignore[method-assign]
    errors.install(app, contract)
    cors = Cors(contract, origins)

    @app.before_request
    def prepare() -> Response | None:
        open_context(instances.default, contract, public_url)
        context = current_context()
        context.stub = context.request.endpoint in stubbed
        is_shared = cors.permits(context.request)
        if is_shared and (preflight := cors.preflight(context.request)):
            context.preflight = True
            return preflight
        if not (is_shared or _is_open(app, context)):
            cross_site.refuse(context.request, public_url)
        if contract.serves(context.request.path):
            authenticate(context, instances)
        limit = _largest_body(app, contract, context)
        if (context.request.content_length or 0) > limit:
            raise errors.too_large(limit)
        return None

    response_hooks.install(app, contract, log_phi=log_phi)
    cors.install(app)
    # The route of a GET answers HEAD, unless the contract has another operation for it.
    for operation in sorted(contract.operations.values(), key=lambda operation: operation.method != "HEAD"):
        path, path_names = _route(operation.path)
        app.add_url_rule(
            contract.base_path + path,
            endpoint=operation.id,
            view_func=operation_view(operation, responses[operation.id], path_names),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    views = (("contract", jsonify), ("contract_yaml", _as_yaml))
    for path, (endpoint, write) in zip(DOCUMENTS, views, strict=True):
        view = partial(_document, contract, write)
        app.add_url_rule(path, endpoint, view, methods=["GET"], provide_automatic_options=False)
    return app


def _handled(contract: Contract) -> dict[str, Respond]:
    unknown = HANDLERS.keys() - contract.operations.keys()
    if unknown:
        raise ContractMismatch(f"handlers without an operation in the contract: {', '.join(sorted(unknown))}")
    return {name: _responding(handler) for name, handler in HANDLERS.items()}


def _responding(handler: Handler) -> Respond:
    return lambda context, arguments: jsonify(handler(context, **arguments))


def _stubbed(contract: Contract, *, stubs: bool) -> dict[str, Respond]:
    missing = [operation for operation in contract.operations.values() if operation.id not in HANDLERS]
    names = ", ".join(operation.id for operation in missing)
    if missing and not stubs:
        raise ContractMismatch(f"operations of the contract without a handler: {names}")
    responses, problems = {}, []
    for operation in missing:
        try:
            responses[operation.id] = stub(operation)
        except NoExample as error:
            problems.append(f"{operation.id} has no handler and cannot be answered with an example: {error}")
    if problems:
        raise ContractMismatch("\n".join(problems))
    if missing:
        _log.warning("operations without a handler are answered with examples: %s", names)
    return responses


def _route(path: str) -> tuple[str, dict[str, str]]:
    """The framework's route of a path of the contract, and the names of its parameters by their names in the route."""
    names: dict[str, str] = {}

    def placeholder(match: re.Match[str]) -> str:
        name = match[1]
        known = name if name.isascii() and name.isidentifier() else f"_{len(names)}"
        names[known] = name
        return f"<{known}>"

    return re.sub(r"\{([^{}]*)\}", placeholder, path), names


def _with_own_server(contract: Contract) -> dict[str, Any]:
    # Tools send requests to the servers that a document names: this copy names only the mock.
    return {**contract.document, "servers": [{"url": current_context().api_url, "description": "This mock."}]}


def _document(contract: Contract, write: Callable[[dict[str, Any]], Response]) -> Response:
    return write(_with_own_server(contract))


def _as_yaml(document: dict[str, Any]) -> Response:
    # JSON is YAML, in which no text is read as a date.
    return Response(json.dumps(document, ensure_ascii=False, indent=1), mimetype="application/yaml")


def _is_open(app: SharedRoutesFlask, context: RequestContext) -> bool:
    request = context.request
    blueprint = app.blueprints.get(request.blueprint or "")
    open_endpoints = blueprint.open_endpoints if isinstance(blueprint, MockBlueprint) else frozenset()
    return request.method in {"GET", "HEAD"} and request.endpoint in open_endpoints


def _largest_body(app: SharedRoutesFlask, contract: Contract, context: RequestContext) -> int:
    blueprint = app.blueprints.get(context.request.blueprint or "")
    limits = blueprint.max_bodies if isinstance(blueprint, MockBlueprint) else {}
    return limits.get(context.request.endpoint or "") or contract.largest_body(context.operation)
