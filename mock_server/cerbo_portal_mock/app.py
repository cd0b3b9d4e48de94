"""The application: binds each operation of the contract to the function that does it."""

from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask, Response, abort, g, jsonify, request

from cerbo_portal_mock import admin, errors
from cerbo_portal_mock.accounts import ApiUser
from cerbo_portal_mock.contract import Contract, Operation
from cerbo_portal_mock.instance import Instance
from cerbo_portal_mock.operations import OPERATIONS, Call, Handler
from cerbo_portal_mock.scenario import Scenario
from cerbo_portal_mock.state import Clock, utc_now

MAX_BODY = 64 * 1024
IGNORED_HEADER = "X-Cerbo-Mock-Ignored"


class ContractMismatch(RuntimeError):
    """The contract and the operations do not have the same operation ids."""


class Portal:
    """The running mock: what a reset replaces, and what it keeps.

    Args:
        scenario: what every reset returns to.
        clock: gives the time, aware and in UTC.
    """

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.scenario = scenario
        self._clock = clock
        self._key = Fernet.generate_key()
        self.reset()

    def reset(self) -> None:
        """Return to the scenario. The key stays, so that links sent before can still be told from forged ones."""
        self.instance = Instance(self.scenario, self._key, self._clock)


def create_app(scenario: Scenario | None = None, *, contract: Contract | None = None, clock: Clock = utc_now) -> Flask:
    """The mock as a WSGI application.

    Args:
        scenario: who and what it starts with; by default the one of the vendor's samples.
        contract: the OpenAPI document to serve; by default the one of this installation.
        clock: gives the time of audits and links, aware and in UTC.

    Raises:
        ContractMismatch: an operation is missing in the contract or in the mock.
        ScenarioError, DocumentError: a file of this installation is damaged.
    """
    contract = contract or Contract()
    differing = contract.operations.keys() ^ OPERATIONS.keys()
    if differing:
        raise ContractMismatch(f"in the contract or in the mock, but not in both: {', '.join(sorted(differing))}")

    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    portal = app.extensions["cerbo_portal"] = Portal(scenario or Scenario.load(contract), clock)
    errors.install(app)

    @app.before_request
    def guard() -> None:
        if request.path == contract.base_path or request.path.startswith(f"{contract.base_path}/"):
            g.instance = portal.instance
            g.user = _caller(g.instance)
        if (request.content_length or 0) > MAX_BODY:
            raise errors.too_large(MAX_BODY)

    for operation in contract.operations.values():
        app.add_url_rule(
            contract.base_path + operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.id,
            view_func=_view(operation, OPERATIONS[operation.id]),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    # Tools send requests to the servers that a document names: this copy names the mock alone.
    served = {**contract.document, "servers": [{"url": contract.base_path, "description": "This mock."}]}
    app.add_url_rule(
        "/openapi.json", "contract", lambda: jsonify(served), methods=["GET"], provide_automatic_options=False
    )
    app.register_blueprint(admin.blueprint(portal))
    return app


def _caller(instance: Instance) -> ApiUser:
    try:
        credentials = request.authorization
    except ValueError:  # bytes beyond ASCII
        credentials = None
    if credentials is None or credentials.type != "basic":
        raise errors.unauthorized()
    user = instance.accounts.authenticate(credentials.username or "", credentials.password or "")
    if user is None:
        raise errors.unauthorized()
    return user


def _view(operation: Operation, handler: Handler) -> Callable[..., Response]:
    coming_soon = {parameter.name for parameter in operation.parameters if parameter.coming_soon}

    def view(**path: str) -> Response:
        if not g.user.may(operation.tag, write=operation.writes):
            abort(403, "This API user may not use this operation")
        arguments = operation.arguments(path, request.args.to_dict(flat=False))
        ignored = sorted(coming_soon & arguments.keys())
        effective: dict[str, Any] = {name: arguments[name] for name in arguments if name not in coming_soon}
        # A name that no host can have is what the framework shows as none.
        host = request.host or f"{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}"
        call = Call(user=g.user, instance=g.instance, base_url=f"{request.scheme}://{host}")
        response: Response = jsonify(handler(call, **effective))
        if ignored:
            response.headers[IGNORED_HEADER] = ", ".join(ignored)
        return response

    return view
