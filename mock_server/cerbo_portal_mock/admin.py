"""The control API under `/__admin`: one route table over the running mock. Loopback only."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, jsonify, request

from cerbo_portal_mock import documents

if TYPE_CHECKING:
    from cerbo_portal_mock.app import Portal

Answer = dict[str, Any]


def health(_: "Portal") -> Answer:
    """Whether the mock is ready; answers as soon as it is."""
    return {"status": "healthy"}


def state(portal: "Portal") -> Answer:
    """Everything the instance holds, hidden entries with their audit included, passwords excluded."""
    patients, entries = portal.instance.state.snapshot()
    return {
        "users": [documents.user(user) for user in portal.instance.accounts],
        "patients": [documents.patient(patient) for patient in patients],
        "open": [documents.audited(entry) for entry in entries if entry.hidden_at is None],
        "hidden": [documents.audited(entry) for entry in entries if entry.hidden_at is not None],
    }


def outbox(portal: "Portal") -> Answer:
    """The mails, oldest first, and how many there were in all."""
    outbox = portal.instance.outbox
    return {"mails": [documents.mail(mail) for mail in outbox], "total": outbox.total}


def reset(portal: "Portal") -> Answer:
    """Return to the scenario."""
    portal.reset()
    return {"status": "reset"}


ROUTES: tuple[tuple[str, str, Callable[["Portal"], Answer]], ...] = (
    ("GET", "/health", health),
    ("GET", "/state", state),
    ("GET", "/outbox", outbox),
    ("POST", "/reset", reset),
)


def blueprint(portal: "Portal") -> Blueprint:
    """The control API of this portal."""
    admin = Blueprint("admin", __name__, url_prefix="/__admin")

    @admin.before_request
    def guard() -> None:
        if request.remote_addr and not ip_address(request.remote_addr).is_loopback:
            abort(403, "The control API answers loopback addresses only")
        # A web page that has its own name resolve to 127.0.0.1 gives itself away by that name.
        if not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            abort(403, "The control API answers only under a loopback name, such as 127.0.0.1 or localhost")
        # Web pages may post other types to any address; this one needs a permission that is never given.
        if request.method == "POST" and request.mimetype != "application/json":
            abort(415, "expected Content-Type: application/json")

    for method, path, answer in ROUTES:
        admin.add_url_rule(
            path,
            endpoint=answer.__name__,
            view_func=lambda answer=answer: jsonify(answer(portal)),
            methods=[method],
            provide_automatic_options=False,
        )
    return admin


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
