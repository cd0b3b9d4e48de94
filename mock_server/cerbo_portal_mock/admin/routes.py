"""The routes of the control API: one handler each, from an `AdminRequest` to a JSON object."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from typing import Any

from cerbo_portal_mock.admin import serializers
from cerbo_portal_mock.clinic.clock import parse_instant
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.clinic.instance import Instance, Instances
from cerbo_portal_mock.clinic.scenario import Scenario, additions, change_clinic
from cerbo_portal_mock.clinic.serializers import JsonObject
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.validation import whole

DEFAULT_LIMIT = 100
MAX_BODY = 64 * 1024
MAX_STATE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """One request to the control API; its body fits the schema of the route."""

    contract: Contract
    instances: Instances
    context: RequestContext
    body: Any

    @property
    def instance(self) -> Instance:
        """The instance that the request acts upon."""
        return self.context.instance


def health(_: AdminRequest) -> JsonObject:
    """Whether the mock is ready; needs no token."""
    return {"status": "healthy"}


def version(request: AdminRequest) -> JsonObject:
    """The versions of the mock and of the contract that it serves."""
    return {"version": installed_version("cerbo-portal"), "contract": request.contract.document["info"]["version"]}


def instances(request: AdminRequest) -> JsonObject:
    """The names of the instances that exist."""
    return {"instances": [instance.name for instance in request.instances]}


def drop_instance(request: AdminRequest, name: str) -> JsonObject:
    """Forget an instance and everything it holds."""
    request.instances.drop(name)
    return {"status": "dropped"}


def settings(request: AdminRequest) -> JsonObject:
    """The clinic's texts, how responses are checked, whether announced filters are in force, and what varies."""
    return serializers.settings(request.instance.settings)


def change_settings(request: AdminRequest) -> JsonObject:
    """Change the settings that are given; the others stay."""
    changes = dict(request.body)
    if "clinic" in changes:
        changes["clinic"] = change_clinic(changes["clinic"], request.instance.settings.clinic)
    if "grease" in changes:
        changes["grease"] = Grease.read(whole(changes["grease"]))
    return serializers.settings(request.instance.change_settings(**changes))


def reset(request: AdminRequest) -> JsonObject:
    """Return to the scenario: state, outbox, journal, faults, clock and settings."""
    request.context.instance = request.instances.reset(request.instance.name)
    return {"status": "reset"}


def state(request: AdminRequest) -> JsonObject:
    """Everything the instance holds, hidden entries with their audit and charts included, passwords excluded."""
    patients, entries = request.instance.state.snapshot()
    api_url = request.context.api_url
    return {
        "users": [serializers.user(user) for user in request.instance.api_users],
        "patients": [serializers.patient(patient) for patient in patients],
        "open": [serializers.audited(entry, api_url) for entry in entries if entry.hidden_at is None],
        "hidden": [serializers.audited(entry, api_url) for entry in entries if entry.hidden_at is not None],
        "chart": [serializers.chart_item(item) for item in request.instance.chart],
    }


def change_state(request: AdminRequest) -> JsonObject:
    """Add patients and entries, put hidden entries back into the queue, or start from another scenario.

    All of it or nothing.
    """
    if "scenario" in request.body:
        scenario = Scenario.of(request.body["scenario"], request.contract)
        request.context.instance = request.instances.reset(request.instance.name, scenario)
        return state(request)
    patients, entries = additions(request.body, request.contract)
    queued = request.instance.state.extend(patients, entries, request.body.get("restore", ()))
    return {
        "patients": [serializers.patient(patient) for patient in patients],
        "entries": [serializers.audited(entry, request.context.api_url) for entry in queued],
    }


def requests(request: AdminRequest) -> JsonObject:
    """The journal: the newest requests to the instance (`limit`, by default 100), oldest first.

    `meta.omitted` counts the requests of the journal that the response leaves out.
    """
    limit = request.context.request.args.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 6 and int(limit)):
        raise InvalidArgument("limit: expected a number from 1 to 999999")
    journal = request.instance.journal
    kept = list(journal)
    shown = serializers.newest(kept[-int(limit) :], serializers.exchange)
    return {"requests": shown, "meta": {"total": journal.total, "omitted": len(kept) - len(shown)}}


def count_requests(request: AdminRequest) -> JsonObject:
    """How many requests of the journal match."""
    return {"count": len(request.instance.journal.find(**request.body))}


def find_requests(request: AdminRequest) -> JsonObject:
    """The requests of the journal that match, oldest first; `meta.omitted` counts the oldest, if they are too large."""
    found = request.instance.journal.find(**request.body)
    shown = serializers.newest(found, serializers.exchange)
    return {"requests": shown, "meta": {"omitted": len(found) - len(shown)}}


def coverage(request: AdminRequest) -> JsonObject:
    """How often each documented response of the contract was given, those never given included."""
    journal = request.instance.journal
    return {
        "coverage": [
            {"operation": operation.id, "status": status, "count": journal.count(operation.id, status)}
            for operation in request.contract.operations.values()
            for status in operation.responses
        ]
    }


def forget_requests(request: AdminRequest) -> JsonObject:
    """Empty the journal."""
    request.instance.journal.clear()
    return {"status": "forgotten"}


def outbox(request: AdminRequest) -> JsonObject:
    """The mails that are kept, oldest first, and how many there were in all."""
    outbox = request.instance.outbox
    kept = list(outbox)
    shown = serializers.newest(kept, serializers.mail)
    return {"mails": shown, "meta": {"total": outbox.total, "omitted": len(kept) - len(shown)}}


def last_mail(request: AdminRequest) -> JsonObject:
    """The newest mail, with its link; 404 if the outbox is empty."""
    return serializers.mail(request.instance.outbox.last)


def faults(request: AdminRequest) -> JsonObject:
    """The fault rules, in the order in which they are tried."""
    return {"faults": [serializers.fault(rule) for rule in request.instance.faults]}


def add_fault(request: AdminRequest) -> JsonObject:
    """Add a fault rule."""
    return serializers.fault(
        request.instance.faults.add(**{name: whole(value) for name, value in request.body.items()})
    )


def missing_faults(request: AdminRequest) -> JsonObject:
    """The fault rules with `must_happen` that have not happened, or not as often as ordered."""
    return {"faults": [serializers.fault(rule) for rule in request.instance.faults.missing()]}


def seed_faults(request: AdminRequest) -> JsonObject:
    """Restart the random sequence: the same seed and calls give the same faults."""
    request.instance.faults.seed(request.body["seed"])
    return {"status": "seeded"}


def remove_fault(request: AdminRequest, fault_id: int) -> JsonObject:
    """Remove one fault rule."""
    request.instance.faults.remove(fault_id)
    return {"status": "withdrawn"}


def remove_faults(request: AdminRequest) -> JsonObject:
    """Remove all fault rules."""
    request.instance.faults.clear()
    return {"status": "withdrawn"}


def clock(request: AdminRequest) -> JsonObject:
    """The instance's time."""
    return serializers.clock(request.instance.clock)


def freeze_clock(request: AdminRequest) -> JsonObject:
    """Stop the instance's time, now or at an instant."""
    at = request.body.get("at")
    request.instance.clock.freeze(parse_instant(at) if at else None)
    return serializers.clock(request.instance.clock)


def advance_clock(request: AdminRequest) -> JsonObject:
    """Move the instance's time, frozen or not."""
    request.instance.clock.advance(**request.body)
    return serializers.clock(request.instance.clock)


def release_clock(request: AdminRequest) -> JsonObject:
    """Return to the real time."""
    request.instance.clock.release()
    return serializers.clock(request.instance.clock)


@dataclass(frozen=True, slots=True)
class Route:
    """One route: `schema` names the schema of the body of at most `max_body` bytes, `example` is such a body.

    A `public` route needs no token, and concerns the mock as a whole: it creates no instance.
    """

    method: str
    path: str
    handler: Callable[..., JsonObject]
    schema: str = "empty"
    example: Any = None
    public: bool = False
    max_body: int = MAX_BODY

    @property
    def name(self) -> str:
        """The name of the handler."""
        return self.handler.__name__


ROUTES = (
    Route("GET", "/health", health, public=True),
    Route("GET", "/version", version),
    Route("GET", "/instances", instances),
    Route("DELETE", "/instances/<name>", drop_instance),
    Route("GET", "/settings", settings),
    Route("POST", "/settings", change_settings, "settings", {"clinic": {"name": "Hillside Clinic"}}),
    Route("POST", "/reset", reset),
    Route("GET", "/state", state),
    Route(
        "POST",
        "/state",
        change_state,
        "additions",
        {"entries": [{"pt_id": 1, "request_type": "appointment"}]},
        max_body=MAX_STATE,
    ),
    Route("GET", "/requests", requests),
    Route("POST", "/requests/count", count_requests, "search", {"operation": "inviteToPortal", "status": 200}),
    Route("POST", "/requests/find", find_requests, "search", {"patient": 1, "user": "un"}),
    Route("GET", "/requests/coverage", coverage),
    Route("DELETE", "/requests", forget_requests),
    Route("GET", "/outbox", outbox),
    Route("GET", "/outbox/last", last_mail),
    Route("GET", "/faults", faults),
    Route("POST", "/faults", add_fault, "fault", {"kind": "status", "status": 503, "times": 2}),
    Route("GET", "/faults/missing", missing_faults),
    Route("POST", "/faults/seed", seed_faults, "seed", {"seed": 7}),
    Route("DELETE", "/faults/<int:fault_id>", remove_fault),
    Route("DELETE", "/faults", remove_faults),
    Route("GET", "/clock", clock),
    Route("POST", "/clock/freeze", freeze_clock, "freeze", {"at": "2026-12-24T18:00:00Z"}),
    Route("POST", "/clock/advance", advance_clock, "advance", {"hours": 24}),
    Route("POST", "/clock/release", release_clock),
)
