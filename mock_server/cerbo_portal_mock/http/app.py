"""The API as a Flask application: one route for each operation of the contract, bound to its handler."""

from typing import Any

from flask import jsonify

from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.http import cross_site, errors, instance_routing, response_hooks
from cerbo_portal_mock.http.authentication import authenticate
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.handlers import HANDLERS
from cerbo_portal_mock.http.json_provider import JsonProvider
from cerbo_portal_mock.http.operation_view import operation_view
from cerbo_portal_mock.http.request_context import RequestContext, current_context, open_context
from cerbo_portal_mock.http.shared_routes import SharedRoutesFlask
from cerbo_portal_mock.spec.contract import Contract


class ContractMismatch(RuntimeError):
    """The contract and the handlers do not have the same operation ids."""


def api_application(
    contract: Contract, instances: Instances, *, log_phi: bool, public_url: str | None = None
) -> SharedRoutesFlask:
    """The contract's operations as a Flask application, to which blueprints can still be added.

    Args:
        contract: the operations to serve.
        instances: the instances that the handlers act upon.
        log_phi: whether the access log may contain patients' ids.
        public_url: the mock's URL for its users, where it is not the one of the request.

    Raises:
        ContractMismatch: an operation has no handler, or a handler no operation.
    """
    differing = contract.operations.keys() ^ HANDLERS.keys()
    if differing:
        raise ContractMismatch(f"in the contract or in the mock, but not in both: {', '.join(sorted(differing))}")
    app = SharedRoutesFlask(contract)
    app.json = JsonProvider(app)
    app.wsgi_app = instance_routing.InstancePrefix(app.wsgi_app)  # type: ignore[method-assign]
    errors.install(app, contract)

    @app.before_request
    def prepare() -> None:
        open_context(instances.default, contract, public_url)
        context = current_context()
        if not _is_open(app, context):
            cross_site.refuse(context.request, public_url)
        if contract.serves(context.request.path):
            authenticate(context, instances)
        limit = _largest_body(app, contract, context)
        if (context.request.content_length or 0) > limit:
            raise errors.too_large(limit)

    response_hooks.install(app, contract, log_phi=log_phi)
    for operation in contract.operations.values():
        app.add_url_rule(
            contract.base_path + operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.id,
            view_func=operation_view(operation, HANDLERS[operation.id]),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.add_url_rule(
        "/openapi.json",
        "contract",
        lambda: jsonify(_with_own_server(contract)),
        methods=["GET"],
        provide_automatic_options=False,
    )
    return app


def _with_own_server(contract: Contract) -> dict[str, Any]:
    # Tools send requests to the servers that a document names: this copy names only the mock.
    root = current_context().request.root_path
    return {**contract.document, "servers": [{"url": root + contract.base_path, "description": "This mock."}]}


def _is_open(app: SharedRoutesFlask, context: RequestContext) -> bool:
    request = context.request
    blueprint = app.blueprints.get(request.blueprint or "")
    open_endpoints = blueprint.open_endpoints if isinstance(blueprint, MockBlueprint) else frozenset()
    return request.method in {"GET", "HEAD"} and request.endpoint in open_endpoints


def _largest_body(app: SharedRoutesFlask, contract: Contract, context: RequestContext) -> int:
    blueprint = app.blueprints.get(context.request.blueprint or "")
    limits = blueprint.max_bodies if isinstance(blueprint, MockBlueprint) else {}
    return limits.get(context.request.endpoint or "") or contract.largest_body(context.operation)
