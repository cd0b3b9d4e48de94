# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The client: one object, one method per operation of the contract."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from . import _operations
from ._calls import DEFAULT_TIMEOUT, AsyncCalls, Calls
from .models import (
    DeletionResult,
    InvitationResult,
    PortalRequestList,
)
from .types import UNSET, Unset


class Client:
    """Calls the portal.

    Args:
        base_url: where the API is, `https://SUBDOMAIN.md-hq.com/api/v1`.
        username: the API user's name.
        password: the API user's password.
        timeout: seconds that connecting, sending or the next part of an answer may each take.
        transport: any httpx transport, such as `httpx.WSGITransport` for an application in process.
        headers: sent with every request.
    """

    def __init__(
        self,
        base_url: str,
        *,
        username: str,
        password: str,
        timeout: float = DEFAULT_TIMEOUT,
        transport: httpx.BaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._calls = Calls(
            httpx.Client(
                base_url=base_url,
                auth=httpx.BasicAuth(username, password),
                timeout=timeout,
                transport=transport,
                headers=headers,
                trust_env=False,
            )
        )

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._calls.close()

    def show_portal_requests(
        self,
        pt_id: int,
        *,
        request_type: str | Unset = UNSET,
        status: str | Unset = UNSET,
    ) -> PortalRequestList:
        """List a patient's portal requests.

        The portal requests of one patient that are in the queue and not yet dismissed.

        Args:
            pt_id: The patient's id.
            request_type: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                type.
            status: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                status, by default "open".

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.SHOW_PORTAL_REQUESTS,
            path={
                "pt_id": pt_id,
            },
            query={
                "request_type": request_type,
                "status": status,
            },
        )

    def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.DELETE_PORTAL_REQUEST,
            path={
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            query={},
        )

    def invite_to_portal(
        self,
        pt_id: int,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.INVITE_TO_PORTAL,
            path={
                "pt_id": pt_id,
            },
            query={},
        )


class AsyncClient:
    """Calls the portal, asynchronously.

    Args:
        base_url: where the API is, `https://SUBDOMAIN.md-hq.com/api/v1`.
        username: the API user's name.
        password: the API user's password.
        timeout: seconds that connecting, sending or the next part of an answer may each take.
        transport: any httpx transport, such as `httpx.ASGITransport` for an application in process.
        headers: sent with every request.
    """

    def __init__(
        self,
        base_url: str,
        *,
        username: str,
        password: str,
        timeout: float = DEFAULT_TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._calls = AsyncCalls(
            httpx.AsyncClient(
                base_url=base_url,
                auth=httpx.BasicAuth(username, password),
                timeout=timeout,
                transport=transport,
                headers=headers,
                trust_env=False,
            )
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._calls.close()

    async def show_portal_requests(
        self,
        pt_id: int,
        *,
        request_type: str | Unset = UNSET,
        status: str | Unset = UNSET,
    ) -> PortalRequestList:
        """List a patient's portal requests.

        The portal requests of one patient that are in the queue and not yet dismissed.

        Args:
            pt_id: The patient's id.
            request_type: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                type.
            status: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                status, by default "open".

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.SHOW_PORTAL_REQUESTS,
            path={
                "pt_id": pt_id,
            },
            query={
                "request_type": request_type,
                "status": status,
            },
        )

    async def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.DELETE_PORTAL_REQUEST,
            path={
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            query={},
        )

    async def invite_to_portal(
        self,
        pt_id: int,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.

        Raises:
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: the server refused the call.
            NotDone: the server answered that it was not done.
            UnexpectedStatus, MalformedResponse: the answer is not one of the contract.
            ConnectionFailed, TimedOut: there was no answer.

        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.INVITE_TO_PORTAL,
            path={
                "pt_id": pt_id,
            },
            query={},
        )
