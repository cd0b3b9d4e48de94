"""The join page, the target of an invitation's link: a patient chooses a user name and a password.

It needs no API user, no JavaScript and no other host.
"""

from flask import Blueprint, Response, abort, make_response, render_template, request

from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.clinic.invitations import JOIN_PATH, BadLink, Invitation, LinkProblem
from cerbo_portal_mock.clinic.state import Conflict
from cerbo_portal_mock.http import instance_routing
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.http.thread_pool import waiting

MIN_PASSWORD, MAX_PASSWORD = 8, 128
MAX_USERNAME = 64
_STATUS: dict[LinkProblem, int] = {"invalid": 400, "foreign": 403, "used": 410, "expired": 410}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    # The link is the key to the account: no other page learns more than the origin. With less, browsers would send the
    # form as one of an unknown origin.
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def blueprint(instances: Instances) -> Blueprint:
    """The pages of these instances."""
    # The token in the query is the key to a patient's account.
    pages = MockBlueprint(
        "join_page", __name__, open_endpoints=frozenset({"join_page.show"}), private=True, template_folder="templates"
    )

    @pages.before_request
    def find_instance() -> None:
        context = current_context()
        instance = instances.get(instance_routing.instance_name(context.request))
        if instance is None:
            abort(404)
        context.instance = instance

    @pages.get(JOIN_PATH)
    def show() -> Response:
        try:
            invitation = _read(request.args.get("token", ""))
        except BadLink as link:
            return _bad(link)
        return _form(invitation)

    @pages.post(JOIN_PATH)
    def join() -> Response:
        try:
            instance = current_context().instance
            invitation = _read(request.form.get("token", ""))
            patient = instance.state.patient(invitation.pt_id)
            username = None if patient.username else request.form.get("username", "").strip()
            problem = _problem(username, request.form.get("password", ""), request.form.get("repeated", ""))
            if problem:
                return _form(invitation, problem)
            with waiting():  # for another hash
                patient = instance.patient_logins.join(invitation, username, request.form["password"])
        except BadLink as link:
            return _bad(link)
        except Conflict:
            return _form(invitation, "This user name is taken: please choose another one")
        return _page(200, done=True, username=patient.username)

    return pages


def _read(token: str) -> Invitation:
    context = current_context()
    invitation = context.instance.invitations.read(token)
    context.instance.patient_logins.check_unused(invitation)
    context.patient = invitation.pt_id
    return invitation


def _problem(username: str | None, password: str, repeated: str) -> str | None:
    if username is not None and not (1 <= len(username) <= MAX_USERNAME and username.isprintable()):
        return f"Please choose a user name of 1 to {MAX_USERNAME} letters, digits and signs"
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return f"Please choose a password of {MIN_PASSWORD} to {MAX_PASSWORD} characters"
    if password != repeated:
        return "The two passwords are not the same"
    return None


def _form(invitation: Invitation, problem: str | None = None) -> Response:
    patient = current_context().instance.state.patient(invitation.pt_id)
    return _page(
        422 if problem else 200,
        patient=patient,
        problem=problem,
        token=request.values["token"],
        chosen=request.form.get("username", ""),
        limits=(MIN_PASSWORD, MAX_PASSWORD, MAX_USERNAME),
    )


def _bad(link: BadLink) -> Response:
    return _page(_STATUS[link.problem], bad=str(link))


def _page(status: int, **content: object) -> Response:
    clinic = current_context().instance.settings.clinic.name
    response = make_response(render_template("join.html", clinic=clinic, **content), status)
    response.headers.update(_HEADERS)
    return response
