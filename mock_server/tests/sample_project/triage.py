"""The code under test: a clinic's script that dismisses requests of one type."""

from contextlib import suppress

from cerbo_portal_client import AlreadyGone, Client


def dismiss(cerbo: Client, pt_id: int, request_type: str) -> list[int]:
    """Remove the patient's requests of this type from the queue; the ids of those that are gone."""
    dismissed = []
    for request in cerbo.show_portal_requests(pt_id).data:
        if request.request_type == request_type:
            with suppress(AlreadyGone):
                cerbo.delete_portal_request(pt_id, request.id)
            dismissed.append(request.id)
    return dismissed
