"""The application factory: API, control API, console and join page in one WSGI application."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask

from cerbo_portal_mock.admin import api, console, join_page
from cerbo_portal_mock.clinic.clock import Now, utc_now
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.clinic.instance import Instances, Settings, SharedSettings, Validate
from cerbo_portal_mock.clinic.scenario import Scenario, check_addition
from cerbo_portal_mock.http.app import api_application
from cerbo_portal_mock.http.cors import check_origin
from cerbo_portal_mock.http.instance_routing import check_public_url
from cerbo_portal_mock.spec.contract import Contract, installed

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.smtp import MailServer


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
    public_url: str | None = None,
    stubs: bool = True,
    cors: Collection[str] = (),
    grease: Grease | None = None,
) -> Flask:
    """The mock as a WSGI application.

    Args:
        scenario: users, patients and queues of a new instance; by default those of the vendor's samples.
        contract: the OpenAPI document to serve; by default the one of this installation.
        now: the real time, aware and in UTC.
        validate: what happens to a response that violates the contract: nothing (`off`), a warning in
            the log (`report`), or a 500 in its place (`strict`).
        preview_coming_soon: whether the filters that the vendor has announced are already in force.
        mail_server: where mails are delivered, besides the outbox.
        admin_token: opens the control API to callers that are not on a loopback address.
        log_phi: whether the access log may contain patients' ids.
        public_url: what links begin with, such as `https://mock.example`; by default the URL of the request. For a mock
            behind a proxy, which ends TLS or has another name.
        stubs: whether operations of the contract without a handler are answered with examples, and named in a warning
            of the log; otherwise they are an error.
        cors: the origins of web pages that may call the API, such as `http://localhost:5173`; none may call the control
            API.
        grease: what varies in the responses, as far as the contract leaves it open; by default nothing.

    Raises:
        ValueError: the public URL or an origin is not valid.
        ContractMismatch: a handler has no operation, or an operation neither a handler nor an example.
        ScenarioError, DocumentError: a file of this installation is damaged.
    """
    if scenario is None:
        scenario = Scenario.load(contract) if contract else Scenario.built_in()
    contract = contract or installed()
    public_url = check_public_url(public_url) if public_url is not None else None
    shared = SharedSettings(
        now=now,
        documented=contract.error_statuses,
        settings=Settings(scenario.clinic, validate, preview_coming_soon, grease),
        mail_server=mail_server,
        check_addition=partial(check_addition, contract=contract),
    )
    instances = Instances(scenario, shared)
    origins = [check_origin(origin) for origin in cors]
    app = api_application(contract, instances, log_phi=log_phi, public_url=public_url, stubs=stubs, origins=origins)
    app.extensions["cerbo_portal"] = instances
    app.register_blueprint(console.blueprint(contract, instances))
    app.register_blueprint(join_page.blueprint(instances))
    app.register_blueprint(api.blueprint(contract, instances, admin_token))
    app.share_routes()
    return app
