"""The application: binds each operation of the contract to the function that does it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, jsonify

from cerbo_portal_mock.admin import api, console, join_page
from cerbo_portal_mock.clinic.api_users import Accounts, ApiUser
from cerbo_portal_mock.clinic.clock import Now, utc_now
from cerbo_portal_mock.clinic.instance import Instances, Settings, Validate, World
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.http import errors, instance_routing, request_body, response_hooks
from cerbo_portal_mock.http.fault_injection import inject
from cerbo_portal_mock.http.handlers import OPERATIONS, Call, Handler
from cerbo_portal_mock.http.json_provider import JsonForm
from cerbo_portal_mock.http.request_context import current_notes, current_request
from cerbo_portal_mock.http.shared_routes import Application
from cerbo_portal_mock.spec.contract import Contract, installed
from cerbo_portal_mock.spec.operation import InvalidArgument, Operation
from cerbo_portal_mock.testing.visit import visit

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.smtp import MailServer

IGNORED_HEADER = "X-Cerbo-Mock-Ignored"


class ContractMismatch(RuntimeError):
    """The contract and the operations do not have the same operation ids."""


def create_app(  # noqa: PLR0913 (the options of the command)
    scenario: Scenario | None = None,
    *,
    contract: Contract | None = None,
    now: Now = utc_now,
    validate: Validate = "off",
    preview_coming_soon: bool = False,
    mail_server: "MailServer | None" = None,
    admin_token: str | None = None,
    log_phi: bool = False,
) -> Flask:
    """The mock as a WSGI application.

    Args:
        scenario: who and what it starts with; by default the one of the vendor's samples.
        contract: the OpenAPI document to serve; by default the one of this installation.
        now: the real time, aware and in UTC.
        validate: what becomes of an answer that breaks the contract: nothing (`off`), a warning in
            the log (`report`), or a 500 in its place (`strict`).
        preview_coming_soon: whether the filters that the vendor has announced are in force already.
        mail_server: where mails go besides the outbox.
        admin_token: opens the control API to callers that are not on a loopback address.
        log_phi: whether the access log may name patients.

    Raises:
        ContractMismatch: an operation is missing in the contract or in the mock.
        ScenarioError, DocumentError: a file of this installation is damaged.
    """
    if scenario is None:
        scenario = Scenario.load(contract) if contract else Scenario.built_in()
    contract = contract or installed()
    differing = contract.operations.keys() ^ OPERATIONS.keys()
    if differing:
        raise ContractMismatch(f"in the contract or in the mock, but not in both: {', '.join(sorted(differing))}")

    app = Application(contract)
    app.json = JsonForm(app)
    settings = Settings(scenario.clinic, validate, preview_coming_soon)
    world = World(
        now=now,
        documented=contract.error_statuses,
        settings=settings,
        mail_server=mail_server,
        opener=partial(visit, app),
    )
    instances = Instances(scenario, world)
    app.extensions["cerbo_portal"] = instances
    app.wsgi_app = instance_routing.InstancePrefix(app.wsgi_app)  # type: ignore[method-assign]
    errors.install(app)
    response_hooks.install(app, contract, instances, log_phi=log_phi)

    @app.before_request
    def guard() -> None:
        request = current_request()
        if response_hooks.is_under(request.path, contract.base_path):
            _authenticate(instances)
        limit = api.MAX_BODY if request.blueprint == api.NAME else contract.largest_body(request.endpoint)
        if (request.content_length or 0) > limit:
            raise errors.too_large(limit)

    for operation in contract.operations.values():
        app.add_url_rule(
            contract.base_path + operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.id,
            view_func=_view(operation, OPERATIONS[operation.id]),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.add_url_rule(
        "/openapi.json",
        "contract",
        lambda: jsonify(_served(contract)),
        methods=["GET"],
        provide_automatic_options=False,
    )
    app.register_blueprint(console.blueprint(contract, instances))
    app.register_blueprint(join_page.blueprint(instances))
    app.register_blueprint(api.blueprint(contract, instances, admin_token))
    app.complete()
    return app


def _served(contract: Contract) -> dict[str, Any]:
    # Tools send requests to the servers that a document names: this copy names the mock alone.
    server = {"url": current_request().root_path + contract.base_path, "description": "This mock."}
    return {**contract.document, "servers": [server]}


def _authenticate(instances: Instances) -> None:
    """Find the caller and the instance; an instance that is new comes to be with its first authenticated use."""
    notes = current_notes()
    name = instance_routing.instance_name()
    try:
        instance = instances.get(name)
    except InvalidArgument:
        _caller(Accounts(instances.scenario.users))
        raise
    # Only now it is fit for a line of the log.
    notes.instance_name = name
    if instance is None:
        _caller(Accounts(instances.scenario.users))
        instance = instances.get_or_create(name)
    notes.instance = instance
    notes.user = _caller(instance.accounts)


def _caller(accounts: Accounts) -> ApiUser:
    try:
        credentials = current_request().authorization
    except ValueError:  # bytes beyond ASCII
        credentials = None
    if credentials is None or credentials.type != "basic":
        raise errors.unauthorized()
    user = accounts.authenticate(credentials.username or "", credentials.password or "")
    if user is None:
        raise errors.unauthorized()
    return user


def _view(operation: Operation, handler: Handler) -> Callable[..., Response]:
    coming_soon = {parameter.name for parameter in operation.parameters if parameter.coming_soon}

    def view(**path: str) -> Response:
        request, notes = current_request(), current_notes()
        user, instance = notes.user, notes.instance
        if not user.may(operation.tag, write=operation.writes):
            abort(403, "This API user may not use this operation")
        arguments = operation.arguments(path, request.args.to_dict(flat=False) if request.query_string else {})
        notes.patient = arguments.get("pt_id")
        arguments |= request_body.read(operation.body)
        preview = instance.settings.preview_coming_soon
        ignored = set() if preview else coming_soon & arguments.keys()
        effective: dict[str, Any] = operation.defaults(coming_soon=preview)
        effective |= {name: arguments[name] for name in arguments if name not in ignored}
        call = Call(user=user, instance=instance, _base_url=instance_routing.base_url)
        response = inject(operation, notes.patient, lambda: jsonify(handler(call, **effective)))
        if ignored:
            response.headers[IGNORED_HEADER] = ", ".join(sorted(ignored))
        return response

    return view
