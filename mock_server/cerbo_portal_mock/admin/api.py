"""The control API under `/__admin`: who may call it, and how a request reaches the handler of its route.

It accepts loopback addresses, and others only with the token. A request acts upon the instance that it names, as a
request of the contract does; an instance is created on its first use.
"""

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cerbo_portal_runtime.loopback import is_loopback
from flask import Blueprint, Response, abort, jsonify, request

from cerbo_portal_mock.admin.routes import ROUTES, AdminRequest, Route
from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.http import cross_site, instance_routing, request_body
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.spec import schema_set
from cerbo_portal_mock.spec.contract import Contract

NAME = "admin"
PREFIX = "/__admin"
# In scenarios.
_SECRET_MEMBERS = frozenset({"password"})


def blueprint(contract: Contract, instances: Instances, token: str | None) -> Blueprint:
    """The control API over these instances.

    Args:
        contract: additions to the state must fit it.
        instances: the instances to control.
        token: opens it to callers that are not on a loopback address.
    """
    limits = {f"{NAME}.{route.name}": route.max_body for route in ROUTES}
    admin = MockBlueprint(NAME, __name__, max_bodies=limits, secret_members=_SECRET_MEMBERS, url_prefix=PREFIX)
    public = {f"{NAME}.{route.name}" for route in ROUTES if route.public}

    @admin.before_request
    def guard() -> None:
        if request.endpoint not in public and not (token and _bears(token)):
            _require_loopback()
        # Web pages may post other types to any address; this type needs a CORS permission, which is never given.
        if request.method == "POST" and request.mimetype != "application/json":
            abort(415, "expected Content-Type: application/json")

    for route in ROUTES:
        admin.add_url_rule(
            route.path,
            endpoint=route.name,
            view_func=_view(route, contract, instances),
            methods=[route.method],
            provide_automatic_options=False,
        )
    return admin


def _view(route: Route, contract: Contract, instances: Instances) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        body = request_body.parse(request.get_data() or b"{}") if request.method == "POST" else {}
        schema_set.refuse(schema_set.problems(route.schema, body))
        context = current_context()
        if not route.public:
            context.instance = instances.get_or_create(instance_routing.instance_name(context.request))
        return jsonify(route.handler(AdminRequest(contract, instances, context, body), **path))

    return view


def _require_loopback() -> None:
    if cross_site.is_forwarded(request):
        abort(403, "Behind a proxy, the control API needs the token, CERBO_MOCK_ADMIN_TOKEN of the mock")
    if request.remote_addr and not is_loopback(request.remote_addr):
        abort(403, "The control API answers loopback addresses, and others only with the token")
    # DNS rebinding: a web page whose own name resolves to 127.0.0.1 still sends that name.
    if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        abort(403, "Without the token, the control API answers only under a loopback name, such as 127.0.0.1")


def _bears(token: str) -> bool:
    given = request.environ.get("HTTP_AUTHORIZATION", "")
    # WSGI decodes the bytes of every header as Latin-1.
    return hmac.compare_digest(given.encode("latin-1"), f"Bearer {token}".encode())
