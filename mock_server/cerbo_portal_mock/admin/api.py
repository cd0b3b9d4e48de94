"""The control API under `/__admin`: one route table over the running mock.

Answers loopback addresses, and others only with the token. A request acts upon the instance that it
names, as a call of the contract does; an instance that is new comes to be, but for the question whether it is ready.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version as installed_version
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, jsonify, request

from cerbo_portal_mock.clinic import serializers
from cerbo_portal_mock.clinic.instance import Instance, Instances
from cerbo_portal_mock.clinic.journal import Exchange
from cerbo_portal_mock.clinic.scenario import Scenario, additions, clinic
from cerbo_portal_mock.http import instance_routing, request_body
from cerbo_portal_mock.spec import schema_set
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.operation import InvalidArgument, whole

NAME = "admin"
PREFIX = "/__admin"
MAX_BODY = 16 * 1024 * 1024
DEFAULT_LIMIT = 100

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """One request to the control API; its body fits the form of the route."""

    contract: Contract
    instances: Instances
    instance: Instance
    body: Any
    query: Mapping[str, str]


def health(_: Command) -> Answer:
    """Whether the mock is ready; answers as soon as it is, and to everyone."""
    return {"status": "healthy"}


def version(command: Command) -> Answer:
    """The versions of the mock and of the contract that it serves."""
    return {"version": installed_version("cerbo-portal"), "contract": command.contract.document["info"]["version"]}


def instances(command: Command) -> Answer:
    """The names of the instances that exist."""
    return {"instances": [instance.name for instance in command.instances]}


def drop_instance(command: Command, name: str) -> Answer:
    """Forget an instance and everything it holds."""
    command.instances.drop(name)
    return {"status": "dropped"}


def settings(command: Command) -> Answer:
    """The clinic's texts, how answers are checked, and whether announced filters are in force."""
    return serializers.settings(command.instance.settings)


def change_settings(command: Command) -> Answer:
    """Change the settings that are given; the others stay."""
    changes = dict(command.body)
    if "clinic" in changes:
        changes["clinic"] = clinic(changes["clinic"], command.instance.settings.clinic)
    return serializers.settings(command.instance.change_settings(**changes))


def reset(command: Command) -> Answer:
    """Return to the scenario: state, outbox, journal, faults, clock and settings."""
    g.instance = command.instances.reset(command.instance.name)
    return {"status": "reset"}


def state(command: Command) -> Answer:
    """Everything the instance holds, hidden entries with their audit and charts included, passwords excluded."""
    patients, entries = command.instance.state.snapshot()
    return {
        "users": [serializers.user(user) for user in command.instance.accounts],
        "patients": [serializers.patient(patient) for patient in patients],
        "open": [serializers.audited(entry) for entry in entries if entry.hidden_at is None],
        "hidden": [serializers.audited(entry) for entry in entries if entry.hidden_at is not None],
        "chart": [serializers.chart_item(item) for item in command.instance.chart],
    }


def change_state(command: Command) -> Answer:
    """Add patients and entries, put hidden entries back into the queue, or start from another scenario.

    All of it or nothing.
    """
    if "scenario" in command.body:
        scenario = Scenario.of(command.body["scenario"], command.contract)
        instance = g.instance = command.instances.reset(command.instance.name, scenario)
        return state(replace(command, instance=instance))
    patients, entries = additions(command.body, command.contract)
    queued = command.instance.state.extend(patients, entries, command.body.get("restore", ()))
    return {
        "patients": [serializers.patient(patient) for patient in patients],
        "entries": [serializers.audited(entry) for entry in queued],
    }


def requests(command: Command) -> Answer:
    """The journal: the newest requests to the instance (`limit`, by default 100), oldest first."""
    limit = command.query.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 6 and int(limit)):
        raise InvalidArgument("limit: expected a number from 1 to 999999")
    journal = command.instance.journal
    return {
        "requests": [serializers.exchange(exchange) for exchange in list(journal)[-int(limit) :]],
        "meta": {"total": journal.total},
    }


def count_requests(command: Command) -> Answer:
    """How many of the requests in the journal fit."""
    return {"count": len(_found(command))}


def find_requests(command: Command) -> Answer:
    """The requests in the journal that fit, oldest first."""
    return {"requests": [serializers.exchange(exchange) for exchange in _found(command)]}


def _found(command: Command) -> list[Exchange]:
    operation = command.body.get("operation")
    # A misspelt one would never have been called.
    if operation is not None and operation not in command.contract.operations:
        raise InvalidArgument(f"operation: expected one of {', '.join(command.contract.operations)}")
    return command.instance.journal.find(**command.body)


def coverage(command: Command) -> Answer:
    """How often each documented answer of the contract was given, those never given included."""
    journal = command.instance.journal
    return {
        "coverage": [
            {"operation": operation.id, "status": status, "count": journal.count(operation.id, status)}
            for operation in command.contract.operations.values()
            for status in operation.answers
        ]
    }


def forget_requests(command: Command) -> Answer:
    """Empty the journal."""
    command.instance.journal.clear()
    return {"status": "forgotten"}


def outbox(command: Command) -> Answer:
    """The mails that are kept (the last 1,000), oldest first, and how many there were in all."""
    outbox = command.instance.outbox
    return {"mails": [serializers.mail(mail) for mail in outbox], "meta": {"total": outbox.total}}


def last_mail(command: Command) -> Answer:
    """The newest mail, with the link that it carries; 404 when there is none."""
    return serializers.mail(command.instance.outbox.last)


def faults(command: Command) -> Answer:
    """The faults that are ordered, in the order in which they are tried."""
    return {"faults": [serializers.fault(rule) for rule in command.instance.faults]}


def order_fault(command: Command) -> Answer:
    """Order a fault."""
    return serializers.fault(
        command.instance.faults.add(**{name: whole(value) for name, value in command.body.items()})
    )


def seed_faults(command: Command) -> Answer:
    """Start the sequence of chances anew: the same seed and calls give the same faults."""
    command.instance.faults.seed(command.body["seed"])
    return {"status": "seeded"}


def withdraw_fault(command: Command, fault_id: int) -> Answer:
    """Withdraw one fault."""
    command.instance.faults.remove(fault_id)
    return {"status": "withdrawn"}


def withdraw_faults(command: Command) -> Answer:
    """Withdraw all faults."""
    command.instance.faults.clear()
    return {"status": "withdrawn"}


def clock(command: Command) -> Answer:
    """The instance's time."""
    return serializers.clock(command.instance.clock)


def freeze_clock(command: Command) -> Answer:
    """Let the instance's time stand still, now or at an instant."""
    at = command.body.get("at")
    command.instance.clock.freeze(serializers.moment(at) if at else None)
    return serializers.clock(command.instance.clock)


def advance_clock(command: Command) -> Answer:
    """Move the instance's time, frozen or not."""
    command.instance.clock.advance(command.body["seconds"])
    return serializers.clock(command.instance.clock)


def release_clock(command: Command) -> Answer:
    """Return to the real time."""
    command.instance.clock.release()
    return serializers.clock(command.instance.clock)


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the table: `form` names what the body must be like, `example` is such a body.

    What `anyone` may ask is of the mock as a whole: nobody makes an instance by it.
    """

    method: str
    path: str
    answer: Callable[..., Answer]
    form: str = "empty"
    example: Any = None
    anyone: bool = False


ROUTES = (
    Route("GET", "/health", health, anyone=True),
    Route("GET", "/version", version),
    Route("GET", "/instances", instances),
    Route("DELETE", "/instances/<name>", drop_instance),
    Route("GET", "/settings", settings),
    Route("POST", "/settings", change_settings, "settings", {"clinic": {"name": "Hillside Clinic"}}),
    Route("POST", "/reset", reset),
    Route("GET", "/state", state),
    Route("POST", "/state", change_state, "additions", {"entries": [{"pt_id": 1, "request_type": "appointment"}]}),
    Route("GET", "/requests", requests),
    Route("POST", "/requests/count", count_requests, "search", {"operation": "inviteToPortal", "status": 200}),
    Route("POST", "/requests/find", find_requests, "search", {"patient": 1, "user": "un"}),
    Route("GET", "/requests/coverage", coverage),
    Route("DELETE", "/requests", forget_requests),
    Route("GET", "/outbox", outbox),
    Route("GET", "/outbox/last", last_mail),
    Route("GET", "/faults", faults),
    Route("POST", "/faults", order_fault, "fault", {"kind": "status", "status": 503, "times": 2}),
    Route("POST", "/faults/seed", seed_faults, "seed", {"seed": 7}),
    Route("DELETE", "/faults/<int:fault_id>", withdraw_fault),
    Route("DELETE", "/faults", withdraw_faults),
    Route("GET", "/clock", clock),
    Route("POST", "/clock/freeze", freeze_clock, "freeze", {"at": "2026-12-24T18:00:00Z"}),
    Route("POST", "/clock/advance", advance_clock, "advance", {"seconds": 86400}),
    Route("POST", "/clock/release", release_clock),
)


def blueprint(contract: Contract, instances: Instances, token: str | None) -> Blueprint:
    """The control API over these instances.

    Args:
        contract: what additions to the state must fit.
        instances: what it acts upon.
        token: opens it to callers that are not on a loopback address.
    """
    admin = Blueprint(NAME, __name__, url_prefix=PREFIX)
    for_anyone = {f"{NAME}.{route.answer.__name__}" for route in ROUTES if route.anyone}

    @admin.before_request
    def guard() -> None:
        if request.endpoint not in for_anyone and not (token and _bears(token)):
            _require_loopback()
        # Web pages may post other types to any address; this one needs a permission that is never given.
        if request.method == "POST" and request.mimetype != "application/json":
            abort(415, "expected Content-Type: application/json")

    for route in ROUTES:
        admin.add_url_rule(
            route.path,
            endpoint=route.answer.__name__,
            view_func=_view(route, contract, instances),
            methods=[route.method],
            provide_automatic_options=False,
        )
    return admin


def _view(route: Route, contract: Contract, instances: Instances) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        body = request_body.parse(request.get_data() or b"{}") if request.method == "POST" else {}
        schema_set.refuse(schema_set.problems(route.form, body))
        g.instance = instances.default if route.anyone else instances.get_or_create(instance_routing.instance_name())
        return jsonify(route.answer(Command(contract, instances, g.instance, body, request.args), **path))

    return view


def _require_loopback() -> None:
    if request.remote_addr and not ip_address(request.remote_addr).is_loopback:
        abort(403, "The control API answers loopback addresses, and others only with the token")
    # A web page that has its own name resolve to 127.0.0.1 gives itself away by that name.
    if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        abort(403, "Without the token, the control API answers only under a loopback name, such as 127.0.0.1")
    # A picture or a frame in another site's page cannot read the answer, but its request makes an instance.
    headers = request.headers
    if headers.get("Sec-Fetch-Site") == "cross-site" and headers.get("Sec-Fetch-Dest") != "document":
        abort(403, "The control API answers no page of another site")


def _bears(token: str) -> bool:
    given = request.environ.get("HTTP_AUTHORIZATION", "")
    # WSGI gives the bytes of a header as Latin-1, whatever they are.
    return hmac.compare_digest(given.encode("latin-1"), f"Bearer {token}".encode())


def is_loopback(host: str) -> bool:
    """Whether a host name or address is one that only this machine reaches."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
