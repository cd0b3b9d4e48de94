# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The client: one method per operation of the contract."""

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from cerbo_portal_runtime.contract import Contract
from cerbo_portal_runtime.core import BaseAsyncClient, BaseClient
from cerbo_portal_runtime.types import UNSET, Unset

from . import _operations
from .models import (
    CreationResult,
    CredentialsResult,
    DeletionResult,
    InvitationResult,
    NewDocument,
    NewPrescription,
    NewQuestionnaire,
    NewRefill,
    NewSecureMessage,
    NewSupplement,
    PortalCredentials,
    PortalRequestList,
    SecureMessageList,
    SecureMessageResult,
)


class Client(BaseClient):
    """Calls the portal; a context manager."""

    _contract: ClassVar[Contract] = _operations.CONTRACT

    def show_portal_requests(
        self,
        pt_id: int,
        *,
        request_type: str | None = None,
        status: str | None = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.

        A failed attempt may be repeated.
        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return self._request(
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
            headers,
        )

    def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            AlreadyGone: It was missing when the call was repeated after an attempt that may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return self._request(
            _operations.DELETE_PORTAL_REQUEST,
            {
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            {},
            None,
            timeout,
            headers,
        )

    def invite_to_portal(
        self,
        pt_id: int,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return self._request(
            _operations.INVITE_TO_PORTAL,
            {
                "pt_id": pt_id,
            },
            {},
            None,
            timeout,
            headers,
        )

    def validate_portal_credentials(
        self,
        *,
        username: str,
        password: str,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CredentialsResult:
        """Check a patient's portal credentials.

        Whether a user name and a password are those of a patient's portal account. The answer to a wrong
        password is the same as to an unknown user name (assumed).

        Args:
            username: The user name.
            password: The password.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return self._request(
            _operations.VALIDATE_PORTAL_CREDENTIALS,
            {},
            {},
            PortalCredentials(
                username=username,
                password=password,
            ),
            timeout,
            headers,
        )

    def create_patient_questionnaire(
        self,
        pt_id: int,
        *,
        html_content: str,
        raw_data: dict[str, Any],
        questionnaire_type: str | Unset = UNSET,
        questionnaire_name: str | Unset = UNSET,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a questionnaire into a patient's portal queue.

        A questionnaire that was answered elsewhere enters the queue for review. Every call adds another
        one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            html_content: Questions and answers as HTML, for people.
            raw_data: The same for programs, as pairs of a key and a value.
            questionnaire_type: Its type.
            questionnaire_name: Its name.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id and body from the vendor reference).
        """
        return self._request(
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
            ),
            timeout,
            headers,
        )

    def queue_patient_prescription(
        self,
        pt_id: int,
        *,
        drug_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id, query and body from the vendor reference).
        """
        return self._request(
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
            ),
            timeout,
            headers,
        )

    def refill_patient_prescription(
        self,
        pt_id: int,
        *,
        original_prescription_id: int,
        notes: str | Unset = UNSET,
        agreed_to_terms: str | Unset = "No terms agreed to",
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a refill of a prescription into a patient's portal queue.

        The request of a refill, to be reviewed in the queue. Every call adds another one: never repeat one
        whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            original_prescription_id: The id of the prescription to refill.
            notes: Free text to the reviewer.
            agreed_to_terms: The terms that the patient agreed to.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._request(
            _operations.REFILL_PATIENT_PRESCRIPTION,
            {
                "pt_id": pt_id,
            },
            {},
            NewRefill(
                original_prescription_id=original_prescription_id,
                notes=notes,
                agreed_to_terms=agreed_to_terms,
            ),
            timeout,
            headers,
        )

    def queue_patient_supplement(
        self,
        pt_id: int,
        *,
        supplement_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._request(
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
            ),
            timeout,
            headers,
        )

    def create_patient_document(
        self,
        pt_id: int,
        *,
        name: str,
        mime_type: str,
        base64_content: str | bytes | os.PathLike[str],
        notes: str | Unset = UNSET,
        content: str | Unset = UNSET,
        folder: str | Unset = UNSET,
        subfolder: str | Unset = UNSET,
        flag: str | Unset = UNSET,
        requires_review: bool | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a document into a patient's portal queue.

        A document to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            name: Its title.
            mime_type: What it is, such as `application/pdf`.
            base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`.
                The exact limit and that line breaks are not taken are assumed.
            notes: Free text to the reviewer; only for the queue.
            content: Its text; only for the chart. That these five members have these types is assumed.
            folder: The folder; only for the chart.
            subfolder: The folder in the folder; only for the chart.
            flag: Its flag; only for the chart.
            requires_review: Whether somebody has to review it; only for the chart.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, PayloadTooLarge, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._request(
            _operations.CREATE_PATIENT_DOCUMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewDocument(
                pt_id=pt_id,
                name=name,
                mime_type=mime_type,
                base64_content=base64_content,
                notes=notes,
                content=content,
                folder=folder,
                subfolder=subfolder,
                flag=flag,
                requires_review=requires_review,
            ),
            timeout,
            headers,
        )

    def list_secure_messages(
        self,
        pt_id: int,
        *,
        sent_by: str | None = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> SecureMessageList:
        """List a patient's secure messages.

        The messages of the portal's own mail, of the patient and to the patient. The list has no pages. A
        message whose request was dismissed from the queue is still listed (assumed).

        Args:
            pt_id: The patient's id.
            sent_by: Only messages of the patient, `pt`, or of the clinic, `dr`; by default all.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return self._request(
            _operations.LIST_SECURE_MESSAGES,
            {
                "pt_id": pt_id,
            },
            {
                "sent_by": sent_by,
            },
            None,
            timeout,
            headers,
        )

    def create_secure_message(
        self,
        pt_id: int,
        *,
        subject: str,
        note: str,
        dr_id: int | Unset = UNSET,
        reply: str | Unset = UNSET,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> SecureMessageResult:
        """Put a secure message into a patient's portal queue.

        A message of the patient, in the portal's own mail. Every call adds another one: never repeat one
        whose outcome is unknown. A clinic may limit how long and how many messages a patient sends.

        Args:
            pt_id: The patient's id.
            subject: One line that says what it is about.
            note: The message.
            dr_id: The id of the user who should respond.
            reply: How the patient would like to be answered, such as `phone`; which values there are is not
                known.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return self._request(
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
            ),
            timeout,
            headers,
        )


class AsyncClient(BaseAsyncClient):
    """Calls the portal, asynchronously (asyncio or trio); a context manager."""

    _contract: ClassVar[Contract] = _operations.CONTRACT

    async def show_portal_requests(
        self,
        pt_id: int,
        *,
        request_type: str | None = None,
        status: str | None = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.

        A failed attempt may be repeated.
        Source: documented (portal page, list the queue; operation id from the vendor reference).
        """
        return await self._request(
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
            headers,
        )

    async def delete_portal_request(
        self,
        pt_id: int,
        queue_request_id: int,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> DeletionResult:
        """Remove one portal request from the queue.

        A soft delete: the request stays available but hidden, and the time and the API user are recorded
        automatically. A second delete of the same request finds nothing (assumed).

        Args:
            pt_id: The patient's id.
            queue_request_id: The id of a request in the patient's queue.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            AlreadyGone: It was missing when the call was repeated after an attempt that may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: documented (portal page, remove one; operation id from the vendor reference).
        """
        return await self._request(
            _operations.DELETE_PORTAL_REQUEST,
            {
                "pt_id": pt_id,
                "queue_request_id": queue_request_id,
            },
            {},
            None,
            timeout,
            headers,
        )

    async def invite_to_portal(
        self,
        pt_id: int,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> InvitationResult:
        """E-mail a patient an invitation to the portal.

        Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
        portal or to reset the password. Text and subject are the ones that the clinic configured in the
        EMR. Every call may send another mail: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, Unprocessable, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, invite; operation id from the vendor reference).
        """
        return await self._request(
            _operations.INVITE_TO_PORTAL,
            {
                "pt_id": pt_id,
            },
            {},
            None,
            timeout,
            headers,
        )

    async def validate_portal_credentials(
        self,
        *,
        username: str,
        password: str,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CredentialsResult:
        """Check a patient's portal credentials.

        Whether a user name and a password are those of a patient's portal account. The answer to a wrong
        password is the same as to an unknown user name (assumed).

        Args:
            username: The user name.
            password: The password.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return await self._request(
            _operations.VALIDATE_PORTAL_CREDENTIALS,
            {},
            {},
            PortalCredentials(
                username=username,
                password=password,
            ),
            timeout,
            headers,
        )

    async def create_patient_questionnaire(
        self,
        pt_id: int,
        *,
        html_content: str,
        raw_data: dict[str, Any],
        questionnaire_type: str | Unset = UNSET,
        questionnaire_name: str | Unset = UNSET,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a questionnaire into a patient's portal queue.

        A questionnaire that was answered elsewhere enters the queue for review. Every call adds another
        one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            html_content: Questions and answers as HTML, for people.
            raw_data: The same for programs, as pairs of a key and a value.
            questionnaire_type: Its type.
            questionnaire_name: Its name.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id and body from the vendor reference).
        """
        return await self._request(
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
            ),
            timeout,
            headers,
        )

    async def queue_patient_prescription(
        self,
        pt_id: int,
        *,
        drug_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: documented (portal page, filling the queue; operation id, query and body from the vendor reference).
        """
        return await self._request(
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
            ),
            timeout,
            headers,
        )

    async def refill_patient_prescription(
        self,
        pt_id: int,
        *,
        original_prescription_id: int,
        notes: str | Unset = UNSET,
        agreed_to_terms: str | Unset = "No terms agreed to",
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a refill of a prescription into a patient's portal queue.

        The request of a refill, to be reviewed in the queue. Every call adds another one: never repeat one
        whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            original_prescription_id: The id of the prescription to refill.
            notes: Free text to the reviewer.
            agreed_to_terms: The terms that the patient agreed to.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._request(
            _operations.REFILL_PATIENT_PRESCRIPTION,
            {
                "pt_id": pt_id,
            },
            {},
            NewRefill(
                original_prescription_id=original_prescription_id,
                notes=notes,
                agreed_to_terms=agreed_to_terms,
            ),
            timeout,
            headers,
        )

    async def queue_patient_supplement(
        self,
        pt_id: int,
        *,
        supplement_id: int,
        notes: str | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
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
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._request(
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
            ),
            timeout,
            headers,
        )

    async def create_patient_document(
        self,
        pt_id: int,
        *,
        name: str,
        mime_type: str,
        base64_content: str | bytes | os.PathLike[str],
        notes: str | Unset = UNSET,
        content: str | Unset = UNSET,
        folder: str | Unset = UNSET,
        subfolder: str | Unset = UNSET,
        flag: str | Unset = UNSET,
        requires_review: bool | Unset = UNSET,
        enqueue: bool | None = True,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> CreationResult:
        """Put a document into a patient's portal queue.

        A document to be reviewed in the queue, or one that goes straight to the chart. Every call adds
        another one: never repeat one whose outcome is unknown.

        Args:
            pt_id: The patient's id.
            name: Its title.
            mime_type: What it is, such as `application/pdf`.
            base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`.
                The exact limit and that line breaks are not taken are assumed.
            notes: Free text to the reviewer; only for the queue.
            content: Its text; only for the chart. That these five members have these types is assumed.
            folder: The folder; only for the chart.
            subfolder: The folder in the folder; only for the chart.
            flag: Its flag; only for the chart.
            requires_review: Whether somebody has to review it; only for the chart.
            enqueue: Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the
                chart.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, PayloadTooLarge, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._request(
            _operations.CREATE_PATIENT_DOCUMENT,
            {
                "pt_id": pt_id,
            },
            {
                "enqueue": enqueue,
            },
            NewDocument(
                pt_id=pt_id,
                name=name,
                mime_type=mime_type,
                base64_content=base64_content,
                notes=notes,
                content=content,
                folder=folder,
                subfolder=subfolder,
                flag=flag,
                requires_review=requires_review,
            ),
            timeout,
            headers,
        )

    async def list_secure_messages(
        self,
        pt_id: int,
        *,
        sent_by: str | None = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> SecureMessageList:
        """List a patient's secure messages.

        The messages of the portal's own mail, of the patient and to the patient. The list has no pages. A
        message whose request was dismissed from the queue is still listed (assumed).

        Args:
            pt_id: The patient's id.
            sent_by: Only messages of the patient, `pt`, or of the clinic, `dr`; by default all.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            IncompleteList: The server has more than it listed.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.

        A failed attempt may be repeated.
        Source: inferred (vendor reference).
        """
        return await self._request(
            _operations.LIST_SECURE_MESSAGES,
            {
                "pt_id": pt_id,
            },
            {
                "sent_by": sent_by,
            },
            None,
            timeout,
            headers,
        )

    async def create_secure_message(
        self,
        pt_id: int,
        *,
        subject: str,
        note: str,
        dr_id: int | Unset = UNSET,
        reply: str | Unset = UNSET,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> SecureMessageResult:
        """Put a secure message into a patient's portal queue.

        A message of the patient, in the portal's own mail. Every call adds another one: never repeat one
        whose outcome is unknown. A clinic may limit how long and how many messages a patient sends.

        Args:
            pt_id: The patient's id.
            subject: One line that says what it is about.
            note: The message.
            dr_id: The id of the user who should respond.
            reply: How the patient would like to be answered, such as `phone`; which values there are is not
                known.
            timeout: The budget of this call, in seconds, at most a day, in place of the client's.
            headers: Sent in addition; none that identifies the caller or belongs to the connection.

        Raises:
            InvalidArgument: No request can hold an argument, such as an unpaired surrogate; nothing was sent.
            ClientClosed: The client is closed; nothing was sent.
            BadRequest, Unauthorized, Forbidden, NotFound, RateLimited, ServerError, ServiceUnavailable: The server refused, or failed.
            OperationFailed: The server answered `result: false`: it did not do it.
            MalformedResponse: The response lacks what the caller cannot do without.
            UnexpectedStatus: The contract does not document the status, or the response is not the API's.
            ConnectionFailed, TimedOut: There was no response, and nothing was done.
            OutcomeUnknown: The call did not succeed, and one of its attempts may have acted.
            ReadOnly: The client is read-only.

        No attempt is repeated once it may have reached the server.
        Source: inferred (vendor reference).
        """
        return await self._request(
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
            ),
            timeout,
            headers,
        )
