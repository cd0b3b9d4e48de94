"""The handlers of the contract's operations: arguments in, a call of the domain, a JSON object out.

Routing, authentication and validation happen before; the application binds a handler by its operation id.
"""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from cerbo_portal_mock.clinic import serializers
from cerbo_portal_mock.clinic.serializers import JsonObject
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.http.thread_pool import waiting

Handler = Callable[..., JsonObject]
HANDLERS: dict[str, Handler] = {}

# In siblings, this number in place of a user's id seems to stand for the API, whoever uses it.
API_ID = 99999


def implements(operation_id: str) -> Callable[[Handler], Handler]:
    """Bind a function to the operation of this id."""

    def bind(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return bind


@implements("showPortalRequests")
def show_portal_requests(
    context: RequestContext, pt_id: int, request_type: str | None = None, status: str | None = None
) -> JsonObject:
    """The queue without its hidden entries; the filters arrive only when they are in force."""
    entries = context.instance.state.open_entries(pt_id)
    if context.instance.settings.preview_coming_soon:
        wanted = status or "open"  # documented, as announced
        entries = [entry for entry in entries if entry.status == wanted and request_type in (None, entry.request_type)]
    return serializers.portal_request_list(entries, context.api_url)


@implements("deletePortalRequest")
def delete_portal_request(context: RequestContext, pt_id: int, queue_request_id: int) -> JsonObject:
    """A soft delete; its audit names the API user."""
    entry = context.instance.state.hide(pt_id, queue_request_id, by=context.user.username)
    return {
        "result": True,
        "message": "Portal request removed from the queue",
        "action": "delete",
        "object": "portal_request",
        "id": entry.id,
        "data": None,
    }


@implements("inviteToPortal")
def invite_to_portal(context: RequestContext, pt_id: int) -> JsonObject:
    """A mail with an encrypted link to the patient's primary address."""
    with waiting():  # for a mail server
        mail = context.instance.invitations.invite(context.instance.state.patient(pt_id), context.base_url)
    if mail.failure:
        return {"result": False, "message": f"The invitation was not sent: {mail.failure}"}
    return {"result": True, "message": "Invitation sent to the patient's primary e-mail address"}


@implements("validatePortalCredentials")
def validate_portal_credentials(context: RequestContext, username: str, password: str) -> JsonObject:
    """Whether the credentials are a patient's; a wrong password and an unknown user have the same response."""
    with waiting():  # for another hash
        patient = context.instance.patient_logins.validate(username, password)
    if patient is None:
        return {"result": False, "message": "The user name or the password is not valid"}
    return {
        "result": True,
        "message": "The credentials are valid",
        "patient_details": serializers.patient_details(patient),
    }


@implements("createPatientQuestionnaire")
def create_patient_questionnaire(context: RequestContext, pt_id: int, **answered: Any) -> JsonObject:
    """A questionnaire; it always passes through the queue."""
    return _add(context, pt_id, "questionnaire", subject=answered.get("questionnaire_name"), details=answered)


@implements("queuePatientPrescription")
def queue_patient_prescription(
    context: RequestContext, pt_id: int, drug_id: int, *, enqueue: bool, notes: str | None = None
) -> JsonObject:
    """A prescription."""
    return _add(context, pt_id, "prescription", enqueue=enqueue, notes=notes, details={"drug_id": drug_id})


@implements("refillPatientPrescription")
def refill_patient_prescription(
    context: RequestContext, pt_id: int, notes: str | None = None, **details: int | str
) -> JsonObject:
    """A refill; it always passes through the queue."""
    return _add(context, pt_id, "prescription_refill", notes=notes, details=details)


@implements("queuePatientSupplement")
def queue_patient_supplement(
    context: RequestContext, pt_id: int, supplement_id: int, *, enqueue: bool, notes: str | None = None
) -> JsonObject:
    """A supplement."""
    return _add(context, pt_id, "supplement", enqueue=enqueue, notes=notes, details={"supplement_id": supplement_id})


@implements("createPatientDocument")
def create_patient_document(
    context: RequestContext, pt_id: int, base64_content: str, *, enqueue: bool, notes: str | None = None, **file: Any
) -> JsonObject:
    """A document, of which the mock keeps all but the content."""
    details = {**file, "size": len(b64decode(base64_content))}
    return _add(context, pt_id, "document", enqueue=enqueue, subject=file["name"], notes=notes, details=details)


@implements("listSecureMessages")
def list_secure_messages(context: RequestContext, pt_id: int, sent_by: str = "pt") -> JsonObject:
    """The messages of the patient; the clinic sends none in the mock."""
    entries = context.instance.state.entries_of_type(pt_id, "secure_message")
    return serializers.secure_message_list(entries if sent_by == "pt" else [])


@implements("createSecureMessage")
def create_secure_message(
    context: RequestContext, pt_id: int, subject: str, note: str, **details: int | str
) -> JsonObject:
    """A secure message; it always passes through the queue."""
    return _add(context, pt_id, "secure_message", subject=subject, notes=note, details=details)


def _add(context: RequestContext, pt_id: int, kind: str, *, enqueue: bool = True, **members: Any) -> JsonObject:
    """Put something into the queue or the chart, in the name of the API."""
    add = context.instance.state.append if enqueue else context.instance.chart.add
    return serializers.added(add(pt_id, kind, addedby=API_ID, **members))
