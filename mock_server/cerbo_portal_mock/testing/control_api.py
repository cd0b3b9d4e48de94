"""The control API of one instance on another server, as Python calls."""

from typing import Any

import httpx

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.state import Conflict
from cerbo_portal_mock.spec.errors import InvalidArgument


class ControlApi:
    """Calls the control API of one instance.

    Args:
        http: a client of the server, with the token where it needs one.
        instance: the instance's name.
    """

    def __init__(self, http: httpx.Client, instance: str) -> None:
        self._http = http
        self.instance = instance
        self.prefix = f"/__instance/{instance}"

    @property
    def url(self) -> str:
        """The URL of the instance, without a slash at its end."""
        return str(self._http.base_url).rstrip("/") + self.prefix

    def get(self, path: str) -> Any:
        """The JSON of a GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON of a POST."""
        return self.call("POST", path, {} if body is None else body)

    def call(self, method: str, path: str, body: Any = None, missing: type[DomainError] = DomainError) -> Any:
        """The JSON of a call.

        Args:
            method: the HTTP method.
            path: the path below `/__admin`.
            body: the body of a POST.
            missing: the class of the error for a 404.

        Raises:
            InvalidArgument, Conflict, DomainError: the mock refused the call, as `MockPortal` would.
            httpx.HTTPError: there is no mock, or it failed.
        """
        options = {"json": body} if method == "POST" else {}
        response = self._http.request(method, f"{self.prefix}/__admin{path}", **options)
        errors: dict[int, type[Exception]] = {400: InvalidArgument, 404: missing, 409: Conflict}
        if response.status_code in errors and "json" in response.headers.get("Content-Type", ""):
            raise errors[response.status_code](response.json()["error"]["message"])
        return response.raise_for_status().json()

    def drop(self) -> None:
        """Forget the instance."""
        self._http.delete(f"/__admin/instances/{self.instance}").raise_for_status()
