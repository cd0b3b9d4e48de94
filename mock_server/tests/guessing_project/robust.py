"""The same client without the guesses: it relies on what is documented, or in all formats that siblings have."""

from datetime import datetime

from cerbo_portal_client import CerboError, Client


class Robust:
    """The queue of one patient."""

    def __init__(self, client: Client, pt_id: int) -> None:
        self._client, self._pt_id = client, pt_id

    def oldest(self) -> datetime:
        return min(entry.created for entry in self._client.show_portal_requests(self._pt_id).data)

    def own_ids(self) -> list[int]:
        return [entry.id for entry in self._client.show_portal_requests(self._pt_id).data]

    def dismiss(self, request_id: int) -> bool:
        self._client.delete_portal_request(self._pt_id, request_id)
        return True

    def row(self) -> tuple[str, str]:
        entry = self._client.show_portal_requests(self._pt_id).data[0]
        return entry.request_type, entry.status

    def is_unknown(self, request_id: int) -> bool:
        try:
            self._client.delete_portal_request(self._pt_id, request_id)
        except CerboError as error:
            return not error.may_have_acted
        return False
