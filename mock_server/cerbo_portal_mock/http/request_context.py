"""The facts of the current request, found out step by step while it is handled.

Each look through `flask.request` and `flask.g` costs half a microsecond; code that runs for every request takes
the `RequestContext` once and passes it on.
"""

import time
from dataclasses import dataclass, field

from flask import Request, g, request

from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.instance import Instance
from cerbo_portal_mock.http import instance_routing
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.operation import Operation


@dataclass(slots=True)
class RequestContext:
    """One request.

    `instance` is the default one until the request's own is known; `instance_name` is the name that the caller gave,
    once it is valid. `api_user` is None until the caller is authenticated. `started` is a `time.perf_counter`.
    """

    request: Request
    instance: Instance
    operation: Operation | None
    #: The path of the API below the mock's URL.
    base_path: str
    started: float = field(default_factory=time.perf_counter)
    instance_name: str | None = None
    api_user: ApiUser | None = None
    #: The mock's URL for its users, where it is not the one of the request.
    public_url: str | None = None
    #: The id of the patient that the request is about.
    patient: int | None = None
    #: The kind of the fault that was injected.
    fault: str | None = None
    #: Whether the fault's response violates the contract on purpose.
    deliberate: bool = False
    #: Whether the operation has no handler and is answered with an example.
    stub: bool = False
    #: Whether a browser asks by it if it may send another request.
    preflight: bool = False
    #: What grease varied in the response.
    grease: tuple[str, ...] = ()

    @property
    def user(self) -> ApiUser:
        """The API user, for code that runs after authentication."""
        assert self.api_user is not None
        return self.api_user

    @property
    def base_url(self) -> str:
        """The URL, without a slash at its end, under which the caller reaches the instance."""
        return instance_routing.base_url(self.request, self.public_url)

    @property
    def api_url(self) -> str:
        """The URL, without a slash at its end, under which the caller reaches the API of the instance."""
        return self.base_url + self.base_path


def open_context(instance: Instance, contract: Contract, public_url: str | None) -> None:
    """Create the context of the current request.

    Args:
        instance: the default instance.
        contract: the operations, and the path of the API.
        public_url: the mock's URL for its users, where it is not the one of the request.
    """
    itself: Request = request._get_current_object()  # type: ignore[attr-defined]
    g.context = RequestContext(
        itself, instance, contract.operations.get(itself.endpoint or ""), contract.base_path, public_url=public_url
    )


def current_context() -> RequestContext:
    """The context of the current request."""
    context: RequestContext = g.context
    return context
