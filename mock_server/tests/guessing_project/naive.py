"""A client of 30 lines that relies on five guesses: a date's format, a numeric id, a 200, an order, a text."""

from datetime import UTC, datetime

import httpx


class Naive:
    """The queue of one patient."""

    def __init__(self, http: httpx.Client, pt_id: int) -> None:
        self._http, self._pt_id = http, pt_id
        self._path = f"/api/v1/patients/{pt_id}/portal/enqueued"

    def _entries(self) -> list[dict]:
        return self._http.get(self._path).json()["data"]

    def oldest(self) -> datetime:
        first = min(entry["created"] for entry in self._entries())
        return datetime.strptime(first, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)

    def own_ids(self) -> list[int]:
        return [entry["id"] for entry in self._entries() if entry["pt_id"] == self._pt_id]

    def dismiss(self, request_id: int) -> bool:
        return self._http.delete(f"{self._path}/{request_id}").status_code == 200

    def row(self) -> tuple[str, str]:
        _, _, _, request_type, status, *_ = self._entries()[0].values()
        return request_type, status

    def is_unknown(self, request_id: int) -> bool:
        error = self._http.delete(f"{self._path}/{request_id}").json()
        return error["error"]["message"] == "No such request in the patient's portal queue"
