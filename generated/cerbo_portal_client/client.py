# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The client: one object, one method per operation of the contract."""

from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

import httpx

from . import _operations, _settings
from ._calls import AsyncCalls, Calls
from ._errors import InvalidSettings
from ._settings import DEFAULT_RETRIES, DEFAULT_TIMEOUT
from .models import (
    CreationResult,
    CredentialsResult,
    DeletionResult,
    InvitationResult,
    NewDocument,
    NewPrescription,
    NewQuestionnaire,
    NewSecureMessage,
    NewSupplement,
    PortalCredentials,
    PortalRequestList,
    SecureMessageResult,
)
from .types import UNSET, Unset

_USER_AGENT: Final = "cerbo-portal/0.1.0"


class Client:
    """Calls the portal.

    Args:
        base_url: Where the API is, `https://SUBDOMAIN.md-hq.com/api/v1`. Credentials in it, as in the vendor's
            samples, are taken out and go into the header.
        username: The API user's name.
        password: The API user's password.
        timeout: The budget of a call in seconds, at most a day: all its attempts, the pauses between them and the reading of its
            answer. Only headers that arrive byte by byte can outlast it; `AsyncClient` bounds them too.
        retries: How many times a failed attempt may be repeated, where the contract says that a repeat is safe or
            where the request never left. The pauses between them grow, are random, and heed `Retry-After`; one that
            asks for more than 10 seconds ends the call instead.
        read_only: Refuse every operation but GET, before anything is sent. `CERBO_READ_ONLY=1` does the same.
        allow_http: Permit plain HTTP to a host that is not loopback. `CERBO_ALLOW_HTTP=1` does the same.
        transport: What carries the requests, such as `httpx.WSGITransport` for an application in process; by default
            connections of its own, through no proxy.
        headers: Sent with every request.

    Raises:
        InvalidSettings: A setting is missing, malformed, or contradicts another.
    """

    def __init__(
        self,
        base_url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        read_only: bool = False,
        allow_http: bool = False,
        transport: httpx.BaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        settings = _settings.check(
            base_url,
            username=username,
            password=password,
            headers=headers,
            timeout=timeout,
            retries=retries,
            read_only=read_only,
            allow_http=allow_http,
            user_agent=_USER_AGENT,
        )
        self._calls = Calls(settings, transport)

    @classmethod
    def from_env(
        cls,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        read_only: bool = False,
        allow_http: bool = False,
        transport: httpx.BaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client of `CERBO_BASE_URL`, `CERBO_USERNAME` and `CERBO_PASSWORD`.

        Args:
            timeout: As for the class, like the rest.

        Raises:
            InvalidSettings: A variable is missing or malformed.
        """
        base_url, username, password = _settings.from_environment()
        try:
            return cls(
                base_url,
                username=username,
                password=password,
                timeout=timeout,
                retries=retries,
                read_only=read_only,
                allow_http=allow_http,
                transport=transport,
                headers=headers,
            )
        except InvalidSettings as error:
            raise _settings.renamed(error, _settings.VARIABLES) from None

    def __repr__(self) -> str:
        return f"<Client of {self._calls.settings.base_url}>"

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
        timeout: float | None = None,
    ) -> PortalRequestList:
        """List a patient's portal requests.

        The portal requests of one patient that are in the queue and not yet dismissed.

        Args:
            pt_id: The patient's id.
            request_type: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                type.
            status: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                status, by default "open".
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.

        A failed attempt may be repeated.
        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.SHOW_PORTAL_REQUESTS,
            {
                "pt_id": pt_id,
            },
            {
                "request_type": request_type,
                "status": status,
            },
            None,
            timeout,
        )

    def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
        *,
        timeout: float | None = None,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            AlreadyGone: It was not there when the call was repeated after an attempt that may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.DELETE_PORTAL_REQUEST,
            {
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            {},
            None,
            timeout,
        )

    def invite_to_portal(
        self,
        pt_id: int,
        *,
        timeout: float | None = None,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return self._calls.make(
            _operations.INVITE_TO_PORTAL,
            {
                "pt_id": pt_id,
            },
            {},
            None,
            timeout,
        )

    def validate_portal_credentials(
        self,
        *,
        username: str,
        password: str,
        timeout: float | None = None,
    ) -> CredentialsResult:
        """Check a patient's portal credentials.

        Whether a user name and a password are those of a patient's portal account. The answer to a wrong
        password is the same as to an unknown user name (assumed).

        Args:
            username: The user name.
            password: The password.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, RateLimited, ServerError, ServiceUnavailable: The server refused.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return self._calls.make(
            _operations.VALIDATE_PORTAL_CREDENTIALS,
            {},
            {},
            PortalCredentials(
                username=username,
                password=password,
            ).to_dict(),
            timeout,
        )

    def create_patient_questionnaire(
        self,
        pt_id: int,
        *,
        html_content: str,
        raw_data: str,
        questionnaire_type: str | Unset = UNSET,
        questionnaire_name: str | Unset = UNSET,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a questionnaire into a patient's portal queue.

        A questionnaire that was answered elsewhere enters the queue for review. Every call adds another
        one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            html_content: Questions and answers as HTML, for people.
            raw_data: The same for programs; that it is a text, such as JSON, is assumed.
            questionnaire_type: Its type.
            questionnaire_name: Its name.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id and body from the vendor reference).
        """
        return self._calls.make(
            _operations.CREATE_PATIENT_QUESTIONNAIRE,
            {
                "pt_id": pt_id,
            },
            {},
            NewQuestionnaire(
                html_content=html_content,
                raw_data=raw_data,
                questionnaire_type=questionnaire_type,
                questionnaire_name=questionnaire_name,
            ).to_dict(),
            timeout,
        )

    def queue_patient_prescription(
        self,
        pt_id: int,
        *,
        drug_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a prescription into a patient's portal queue.

        A prescription to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            drug_id: The id of the drug.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id, query and body from the vendor reference).
        """
        return self._calls.make(
            _operations.QUEUE_PATIENT_PRESCRIPTION,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewPrescription(
                drug_id=drug_id,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    def queue_patient_supplement(
        self,
        pt_id: int,
        *,
        supplement_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a supplement into a patient's portal queue.

        A supplement to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            supplement_id: The id of the supplement.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._calls.make(
            _operations.QUEUE_PATIENT_SUPPLEMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewSupplement(
                supplement_id=supplement_id,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    def create_patient_document(
        self,
        pt_id: int,
        *,
        name: str,
        mime_type: str,
        base64_content: str,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a document into a patient's portal queue.

        A document to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            name: The name of its file.
            mime_type: What it is, such as `application/pdf`.
            base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`.
                The exact limit and that line breaks are not taken are assumed.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, PayloadTooLarge, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._calls.make(
            _operations.CREATE_PATIENT_DOCUMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewDocument(
                name=name,
                mime_type=mime_type,
                base64_content=base64_content,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    def create_secure_message(
        self,
        pt_id: int,
        *,
        subject: str,
        note: str,
        dr_id: int | Unset = UNSET,
        reply: bool | Unset = UNSET,
        timeout: float | None = None,
    ) -> SecureMessageResult:
        """Put a secure message into a patient's portal queue.

        A message of the portal's own mail. Every call adds another one: never repeat one whose outcome is
        unknown.

        Args:
            pt_id: The patient's id.
            subject: One line that says what it is about.
            note: The message.
            dr_id: The id of the user whom it is to or from (assumed).
            reply: Whether it is a reply; that it is a boolean is assumed.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._calls.make(
            _operations.CREATE_SECURE_MESSAGE,
            {
                "pt_id": pt_id,
            },
            {},
            NewSecureMessage(
                subject=subject,
                note=note,
                dr_id=dr_id,
                reply=reply,
            ).to_dict(),
            timeout,
        )


class AsyncClient:
    """Calls the portal, asynchronously (asyncio or trio).

    Args:
        base_url: Where the API is, `https://SUBDOMAIN.md-hq.com/api/v1`. Credentials in it, as in the vendor's
            samples, are taken out and go into the header.
        username: The API user's name.
        password: The API user's password.
        timeout: The budget of a call in seconds, at most a day: all its attempts, the pauses between them and the reading of its
            answer.
        retries: How many times a failed attempt may be repeated, where the contract says that a repeat is safe or
            where the request never left. The pauses between them grow, are random, and heed `Retry-After`; one that
            asks for more than 10 seconds ends the call instead.
        read_only: Refuse every operation but GET, before anything is sent. `CERBO_READ_ONLY=1` does the same.
        allow_http: Permit plain HTTP to a host that is not loopback. `CERBO_ALLOW_HTTP=1` does the same.
        transport: What carries the requests, such as `httpx.ASGITransport` for an application in process; by default
            connections of its own, through no proxy.
        headers: Sent with every request.

    Raises:
        InvalidSettings: A setting is missing, malformed, or contradicts another.
    """

    def __init__(
        self,
        base_url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        read_only: bool = False,
        allow_http: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        settings = _settings.check(
            base_url,
            username=username,
            password=password,
            headers=headers,
            timeout=timeout,
            retries=retries,
            read_only=read_only,
            allow_http=allow_http,
            user_agent=_USER_AGENT,
        )
        self._calls = AsyncCalls(settings, transport)

    @classmethod
    def from_env(
        cls,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        read_only: bool = False,
        allow_http: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client of `CERBO_BASE_URL`, `CERBO_USERNAME` and `CERBO_PASSWORD`.

        Args:
            timeout: As for the class, like the rest.

        Raises:
            InvalidSettings: A variable is missing or malformed.
        """
        base_url, username, password = _settings.from_environment()
        try:
            return cls(
                base_url,
                username=username,
                password=password,
                timeout=timeout,
                retries=retries,
                read_only=read_only,
                allow_http=allow_http,
                transport=transport,
                headers=headers,
            )
        except InvalidSettings as error:
            raise _settings.renamed(error, _settings.VARIABLES) from None

    def __repr__(self) -> str:
        return f"<AsyncClient of {self._calls.settings.base_url}>"

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
        timeout: float | None = None,
    ) -> PortalRequestList:
        """List a patient's portal requests.

        The portal requests of one patient that are in the queue and not yet dismissed.

        Args:
            pt_id: The patient's id.
            request_type: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                type.
            status: Announced by the vendor ("COMING SOON") and without effect today: only requests of this
                status, by default "open".
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.

        A failed attempt may be repeated.
        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.SHOW_PORTAL_REQUESTS,
            {
                "pt_id": pt_id,
            },
            {
                "request_type": request_type,
                "status": status,
            },
            None,
            timeout,
        )

    async def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
        *,
        timeout: float | None = None,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            AlreadyGone: It was not there when the call was repeated after an attempt that may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.DELETE_PORTAL_REQUEST,
            {
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            {},
            None,
            timeout,
        )

    async def invite_to_portal(
        self,
        pt_id: int,
        *,
        timeout: float | None = None,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return await self._calls.make(
            _operations.INVITE_TO_PORTAL,
            {
                "pt_id": pt_id,
            },
            {},
            None,
            timeout,
        )

    async def validate_portal_credentials(
        self,
        *,
        username: str,
        password: str,
        timeout: float | None = None,
    ) -> CredentialsResult:
        """Check a patient's portal credentials.

        Whether a user name and a password are those of a patient's portal account. The answer to a wrong
        password is the same as to an unknown user name (assumed).

        Args:
            username: The user name.
            password: The password.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, RateLimited, ServerError, ServiceUnavailable: The server refused.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return await self._calls.make(
            _operations.VALIDATE_PORTAL_CREDENTIALS,
            {},
            {},
            PortalCredentials(
                username=username,
                password=password,
            ).to_dict(),
            timeout,
        )

    async def create_patient_questionnaire(
        self,
        pt_id: int,
        *,
        html_content: str,
        raw_data: str,
        questionnaire_type: str | Unset = UNSET,
        questionnaire_name: str | Unset = UNSET,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a questionnaire into a patient's portal queue.

        A questionnaire that was answered elsewhere enters the queue for review. Every call adds another
        one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            html_content: Questions and answers as HTML, for people.
            raw_data: The same for programs; that it is a text, such as JSON, is assumed.
            questionnaire_type: Its type.
            questionnaire_name: Its name.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id and body from the vendor reference).
        """
        return await self._calls.make(
            _operations.CREATE_PATIENT_QUESTIONNAIRE,
            {
                "pt_id": pt_id,
            },
            {},
            NewQuestionnaire(
                html_content=html_content,
                raw_data=raw_data,
                questionnaire_type=questionnaire_type,
                questionnaire_name=questionnaire_name,
            ).to_dict(),
            timeout,
        )

    async def queue_patient_prescription(
        self,
        pt_id: int,
        *,
        drug_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a prescription into a patient's portal queue.

        A prescription to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            drug_id: The id of the drug.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id, query and body from the vendor reference).
        """
        return await self._calls.make(
            _operations.QUEUE_PATIENT_PRESCRIPTION,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewPrescription(
                drug_id=drug_id,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    async def queue_patient_supplement(
        self,
        pt_id: int,
        *,
        supplement_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a supplement into a patient's portal queue.

        A supplement to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            supplement_id: The id of the supplement.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._calls.make(
            _operations.QUEUE_PATIENT_SUPPLEMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewSupplement(
                supplement_id=supplement_id,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    async def create_patient_document(
        self,
        pt_id: int,
        *,
        name: str,
        mime_type: str,
        base64_content: str,
        notes: str | Unset = UNSET,
        enqueue: bool | Unset = True,
        timeout: float | None = None,
    ) -> CreationResult:
        """Put a document into a patient's portal queue.

        A document to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            name: The name of its file.
            mime_type: What it is, such as `application/pdf`.
            base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`.
                The exact limit and that line breaks are not taken are assumed.
            notes: Free text to the reviewer.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, PayloadTooLarge, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._calls.make(
            _operations.CREATE_PATIENT_DOCUMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewDocument(
                name=name,
                mime_type=mime_type,
                base64_content=base64_content,
                notes=notes,
            ).to_dict(),
            timeout,
        )

    async def create_secure_message(
        self,
        pt_id: int,
        *,
        subject: str,
        note: str,
        dr_id: int | Unset = UNSET,
        reply: bool | Unset = UNSET,
        timeout: float | None = None,
    ) -> SecureMessageResult:
        """Put a secure message into a patient's portal queue.

        A message of the portal's own mail. Every call adds another one: never repeat one whose outcome is
        unknown.

        Args:
            pt_id: The patient's id.
            subject: One line that says what it is about.
            note: The message.
            dr_id: The id of the user whom it is to or from (assumed).
            reply: Whether it is a reply; that it is a boolean is assumed.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.

        Raises:
            InvalidArgument: No request can hold an argument, such as half a character; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused.
            NotDone: The server answered that it did not do it.
            MalformedResponse, UnexpectedStatus: The answer is not one of the contract.
            ConnectionFailed, TimedOut: There was no answer, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._calls.make(
            _operations.CREATE_SECURE_MESSAGE,
            {
                "pt_id": pt_id,
            },
            {},
            NewSecureMessage(
                subject=subject,
                note=note,
                dr_id=dr_id,
                reply=reply,
            ).to_dict(),
            timeout,
        )
