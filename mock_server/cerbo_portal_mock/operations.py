"""What each operation of the contract does: arguments in, a state call, a document out.

An operation knows nothing of routing, authentication or validation; the application binds it by its operation id.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cerbo_portal_mock import documents
from cerbo_portal_mock.accounts import ApiUser
from cerbo_portal_mock.documents import Document
from cerbo_portal_mock.instance import Instance

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
    return documents.portal_request_list(entries)


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
        "data": documents.portal_request(entry),
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
        "patient_details": documents.patient_details(patient),
    }
