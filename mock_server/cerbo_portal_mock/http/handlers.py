"""What each operation of the contract does: arguments in, a state call, a document out.

An operation knows nothing of routing, authentication or validation; the application binds it by its operation id.
"""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cerbo_portal_mock.clinic import serializers
from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.instance import Instance
from cerbo_portal_mock.clinic.serializers import Document

Handler = Callable[..., Document]
OPERATIONS: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls which instance."""

    user: ApiUser
    instance: Instance
    _base_url: Callable[[], str]

    @property
    def base_url(self) -> str:
        """The URL, without a slash at its end, under which the caller reaches the instance."""
        return self._base_url()


def implements(operation_id: str) -> Callable[[Handler], Handler]:
    """Bind a function to the operation of this id."""

    def bind(handler: Handler) -> Handler:
        OPERATIONS[operation_id] = handler
        return handler

    return bind


@implements("showPortalRequests")
def show_portal_requests(
    call: Call, pt_id: int, request_type: str | None = None, status: str | None = None
) -> Document:
    """The queue without its hidden entries; the filters arrive only when they are in force."""
    entries = call.instance.state.open_entries(pt_id)
    if call.instance.settings.preview_coming_soon:
        wanted = status or "open"  # documented, as announced
        entries = [entry for entry in entries if entry.status == wanted and request_type in (None, entry.request_type)]
    return serializers.portal_request_list(entries)


@implements("deletePortalRequest")
def delete_portal_request(call: Call, pt_id: int, queue_request_id: int) -> Document:
    """A soft delete; its audit names the API user."""
    entry = call.instance.state.hide(pt_id, queue_request_id, by=call.user.username)
    return {
        "result": True,
        "message": "Portal request removed from the queue",
        "action": "delete",
        "object": "portal_request",
        "id": entry.id,
        "data": serializers.portal_request(entry),
    }


@implements("inviteToPortal")
def invite_to_portal(call: Call, pt_id: int) -> Document:
    """A mail with an encrypted link to the patient's primary address."""
    mail = call.instance.invitations.invite(call.instance.state.patient(pt_id), call.base_url)
    if mail.failure:
        return {"result": False, "message": f"The invitation was not sent: {mail.failure}"}
    return {"result": True, "message": "Invitation sent to the patient's primary e-mail address"}


@implements("validatePortalCredentials")
def validate_portal_credentials(call: Call, username: str, password: str) -> Document:
    """Whether they are a patient's; the answer to a wrong password and to an unknown user is the same."""
    patient = call.instance.logins.validate(username, password)
    if patient is None:
        return {"result": False, "message": "The user name or the password is not valid"}
    return {
        "result": True,
        "message": "The credentials are valid",
        "patient_details": serializers.patient_details(patient),
    }


@implements("createPatientQuestionnaire")
def create_patient_questionnaire(call: Call, pt_id: int, **answered: str) -> Document:
    """A questionnaire; it always passes through the queue."""
    return _add(call, pt_id, "questionnaire", subject=answered.get("questionnaire_name"), details=answered)


@implements("queuePatientPrescription")
def queue_patient_prescription(
    call: Call, pt_id: int, drug_id: int, *, enqueue: bool, notes: str | None = None
) -> Document:
    """A prescription."""
    return _add(call, pt_id, "prescription", enqueue=enqueue, notes=notes, details={"drug_id": drug_id})


@implements("queuePatientSupplement")
def queue_patient_supplement(
    call: Call, pt_id: int, supplement_id: int, *, enqueue: bool, notes: str | None = None
) -> Document:
    """A supplement."""
    return _add(call, pt_id, "supplement", enqueue=enqueue, notes=notes, details={"supplement_id": supplement_id})


@implements("createPatientDocument")
def create_patient_document(
    call: Call, pt_id: int, base64_content: str, *, enqueue: bool, notes: str | None = None, **file: str
) -> Document:
    """A document, of which the mock keeps all but the content."""
    details = {**file, "size": len(b64decode(base64_content))}
    return _add(call, pt_id, "document", enqueue=enqueue, subject=file["name"], notes=notes, details=details)


@implements("createSecureMessage")
def create_secure_message(call: Call, pt_id: int, subject: str, note: str, **details: int | bool) -> Document:
    """A secure message; it always passes through the queue."""
    return _add(call, pt_id, "secure_message", subject=subject, notes=note, details=details)


def _add(call: Call, pt_id: int, kind: str, *, enqueue: bool = True, **members: Any) -> Document:
    """Put something into the queue or the chart, in the name of the API user."""
    add = call.instance.state.enqueue if enqueue else call.instance.chart.add
    return serializers.added(add(pt_id, kind, addedby=call.user.id, **members))
