# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The models of the contract's schemas."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from typing import Any, ClassVar

from cerbo_portal_runtime import composites, kinds
from cerbo_portal_runtime.models import Member, Model, RequestModel
from cerbo_portal_runtime.types import UNSET, Unset


@dataclass(repr=False, eq=False, slots=True)
class PortalRequest(Model):
    """One entry of a patient's portal queue. Nobody has published one; only `id` is relied on.

    Attributes:
        id: The id of a resource, as responses carry it: siblings have numbers in some resources and texts of
            digits in others, and both occur in one response.
        object_: The kind of resource; that it reads `portal_request` is assumed.
        pt_id: The id of the patient whose request it is.
        request_type: What was requested. An open set: that patients submit these kinds is inferred from the vendor's help
            centre, the values are not known.
        status: Where the request stands in the clinic's review. An open set.
        created: A date and time in UTC (documented). The first form is the one that siblings have; null, an empty
            text and zeros mean that there is none. One member of one captured response, `dateupdated`, holds
            local time: other members may, too.
        addedby: The id of the user who put the request into the queue; null for the patient (assumed). In siblings
            99999 seems to stand for the API.
        subject: One line that says what it is about.
        notes: Free text of the sender.
        url_patient_details: The URL of another resource; it may not be available on a given instance, and may be null.
        details: What else belongs to the request; nobody has published any. Its members in the mock depend on
            `request_type`; all are assumed, and all may be absent or null.
    """

    id: int
    object_: str | None = None
    pt_id: int | None = None
    request_type: str | None = None
    status: str | None = None
    created: datetime.datetime | None = None
    addedby: int | None = None
    subject: str | None = None
    notes: str | None = None
    url_patient_details: str | None = None
    details: (
        SecureMessageDetails
        | AppointmentDetails
        | PrescriptionDetails
        | SupplementDetails
        | DocumentDetails
        | QuestionnaireDetails
        | dict[str, Any]
        | None
    ) = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("id", "id", kinds.Integer(1, 9223372036854775807, text=True), required=True),
        Member("object_", "object", kinds.TEXT),
        Member("pt_id", "pt_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member(
            "request_type",
            "request_type",
            kinds.Text(
                "secure_message",
                "appointment",
                "prescription",
                "prescription_refill",
                "supplement",
                "document",
                "questionnaire",
                "vitals",
                "vaccine_record",
                "pharmacy",
                "account_change",
                "insurance_change",
            ),
        ),
        Member("status", "status", kinds.Text("open", "completed", "rejected", "dismissed")),
        Member("created", "created", kinds.INSTANT),
        Member("addedby", "addedby", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("subject", "subject", kinds.TEXT),
        Member("notes", "notes", kinds.TEXT),
        Member("url_patient_details", "url_patient_details", kinds.TEXT),
        Member(
            "details",
            "details",
            composites.Variants(
                "request_type",
                lambda: {
                    "secure_message": SecureMessageDetails,
                    "appointment": AppointmentDetails,
                    "prescription": PrescriptionDetails,
                    "prescription_refill": PrescriptionDetails,
                    "supplement": SupplementDetails,
                    "document": DocumentDetails,
                    "questionnaire": QuestionnaireDetails,
                },
            ),
        ),
    )


@dataclass(repr=False, eq=False, slots=True)
class PortalRequestList(Model):
    """A patient's portal queue.

    Attributes:
        data: The requests, oldest first (assumed).
        object_: The kind of resource, `list`.
        has_more: Whether the queue holds more than this list; the contract knows no paging here.
        total_count: A number of things; siblings write some numbers as text.
    """

    data: list[PortalRequest]
    object_: str | None = None
    has_more: bool | None = None
    total_count: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("data", "data", composites.List(composites.Entity(lambda: PortalRequest)), required=True),
        Member("object_", "object", kinds.TEXT),
        Member("has_more", "has_more", kinds.BOOLEAN),
        Member("total_count", "total_count", kinds.Integer(0, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class DeletionResult(Model):
    """What became of a delete.

    Attributes:
        result: Whether it was done.
        message: The same for people.
        action: What was done, `delete`.
        object_: The kind of the resource that was removed.
        id: The id of the removed request; that it is the one of the queue is assumed.
        data: Null in siblings; anything else is permitted.
    """

    result: bool | None = None
    message: str | None = None
    action: str | None = None
    object_: str | None = None
    id: int | None = None
    data: Any = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("result", "result", kinds.BOOLEAN),
        Member("message", "message", kinds.TEXT),
        Member("action", "action", kinds.TEXT),
        Member("object_", "object", kinds.TEXT),
        Member("id", "id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("data", "data", kinds.ANY),
    )


@dataclass(repr=False, eq=False, slots=True)
class InvitationResult(Model):
    """What became of an invitation.

    Attributes:
        result: Whether the mail was handed over.
        message: The same for people.
    """

    result: bool | None = None
    message: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("result", "result", kinds.BOOLEAN),
        Member("message", "message", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class PortalCredentials(RequestModel):
    """A patient's user name and password on the portal.

    Attributes:
        username: The user name.
        password: The password.
    """

    username: str
    password: str

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("username", "username", kinds.TEXT, required=True),
        Member("password", "password", kinds.TEXT, required=True),
    )


@dataclass(repr=False, eq=False, slots=True)
class CredentialsResult(Model):
    """Whether credentials are valid, and whose they are.

    Attributes:
        result: Whether the credentials are valid.
        message: The same for people.
        patient_details: Whose the valid credentials are.
    """

    result: bool
    message: str | None = None
    patient_details: PatientDetails | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("result", "result", kinds.BOOLEAN, required=True),
        Member("message", "message", kinds.TEXT),
        Member("patient_details", "patient_details", composites.Entity(lambda: PatientDetails)),
    )


@dataclass(repr=False, eq=False, slots=True)
class PatientDetails(Model):
    """The patient whose credentials are valid.

    Attributes:
        id: The id of another resource, as a number or a text of digits; null where there is none.
        first_name: The first name.
        last_name: The last name.
        email_address: The primary e-mail address; that it is the primary one, and null where there is none, is assumed.
        status: Where the account stands; which values there are is not known.
    """

    id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    status: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("id", "id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("first_name", "first_name", kinds.TEXT),
        Member("last_name", "last_name", kinds.TEXT),
        Member("email_address", "email_address", kinds.TEXT),
        Member("status", "status", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class NewQuestionnaire(RequestModel):
    """A questionnaire that was answered.

    Attributes:
        html_content: Questions and answers as HTML, for people.
        raw_data: The same for programs, as pairs of a key and a value.
        questionnaire_type: Its type.
        questionnaire_name: Its name.
    """

    html_content: str
    raw_data: dict[str, Any]
    questionnaire_type: str | Unset = UNSET
    questionnaire_name: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("html_content", "html_content", kinds.TEXT, required=True),
        Member("raw_data", "raw_data", kinds.OBJECT, required=True),
        Member("questionnaire_type", "questionnaire_type", kinds.TEXT),
        Member("questionnaire_name", "questionnaire_name", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class NewPrescription(RequestModel):
    """A prescription to add.

    Attributes:
        drug_id: The id of the drug.
        notes: Free text to the reviewer.
    """

    drug_id: int
    notes: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("drug_id", "drug_id", kinds.Integer(1, 9223372036854775807), required=True),
        Member("notes", "notes", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class NewRefill(RequestModel):
    """A refill to request.

    Attributes:
        original_prescription_id: The id of the prescription to refill.
        notes: Free text to the reviewer.
        agreed_to_terms: The terms that the patient agreed to.
    """

    original_prescription_id: int
    notes: str | Unset = UNSET
    agreed_to_terms: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member(
            "original_prescription_id", "original_prescription_id", kinds.Integer(1, 9223372036854775807), required=True
        ),
        Member("notes", "notes", kinds.TEXT),
        Member("agreed_to_terms", "agreed_to_terms", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class NewSupplement(RequestModel):
    """A supplement to add.

    Attributes:
        supplement_id: The id of the supplement.
        notes: Free text to the reviewer.
    """

    supplement_id: int
    notes: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("supplement_id", "supplement_id", kinds.Integer(1, 9223372036854775807), required=True),
        Member("notes", "notes", kinds.TEXT),
    )


@dataclass(repr=False, slots=True)
class NewDocument(RequestModel):
    """A document to add.

    Attributes:
        pt_id: The patient's id, as in the path.
        name: Its title.
        mime_type: What it is, such as `application/pdf`.
        base64_content: The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`. The exact
            limit and that line breaks are not taken are assumed.
        notes: Free text to the reviewer; only for the queue.
        content: Its text; only for the chart. That these five members have these types is assumed.
        folder: The folder; only for the chart.
        subfolder: The folder in the folder; only for the chart.
        flag: Its flag; only for the chart.
        requires_review: Whether somebody has to review it; only for the chart.
    """

    pt_id: int
    name: str
    mime_type: str
    base64_content: str | bytes | os.PathLike[str]
    notes: str | Unset = UNSET
    content: str | Unset = UNSET
    folder: str | Unset = UNSET
    subfolder: str | Unset = UNSET
    flag: str | Unset = UNSET
    requires_review: bool | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("pt_id", "pt_id", kinds.Integer(1, 9223372036854775807), required=True),
        Member("name", "name", kinds.TEXT, required=True),
        Member("mime_type", "mime_type", kinds.TEXT, required=True),
        Member("base64_content", "base64_content", kinds.BASE64, required=True),
        Member("notes", "notes", kinds.TEXT),
        Member("content", "content", kinds.TEXT),
        Member("folder", "folder", kinds.TEXT),
        Member("subfolder", "subfolder", kinds.TEXT),
        Member("flag", "flag", kinds.TEXT),
        Member("requires_review", "requires_review", kinds.BOOLEAN),
    )


@dataclass(repr=False, slots=True)
class NewSecureMessage(RequestModel):
    """A message of the patient.

    Attributes:
        subject: One line that says what it is about.
        note: The message.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered, such as `phone`; which values there are is not known.
    """

    subject: str
    note: str
    dr_id: int | Unset = UNSET
    reply: str | Unset = UNSET

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("subject", "subject", kinds.TEXT, required=True),
        Member("note", "note", kinds.TEXT, required=True),
        Member("dr_id", "dr_id", kinds.Integer(1, 9223372036854775807)),
        Member("reply", "reply", kinds.TEXT),
    )


@dataclass(repr=False, eq=False, slots=True)
class CreationResult(Model):
    """What became of something that was added.

    Attributes:
        result: Whether it was done.
        message: The same for people.
        portal_queue_id: The id of the new request, as secure messages have it; absent where it went to the chart.
        object_: The kind of what went to the chart; absent where it is in the queue.
        id: The id of what went to the chart; absent where it is in the queue.
    """

    result: bool | None = None
    message: str | None = None
    portal_queue_id: int | None = None
    object_: str | None = None
    id: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("result", "result", kinds.BOOLEAN),
        Member("message", "message", kinds.TEXT),
        Member("portal_queue_id", "portal_queue_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("object_", "object", kinds.TEXT),
        Member("id", "id", kinds.Integer(1, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class SecureMessageResult(Model):
    """What became of a secure message.

    Attributes:
        result: Whether it was done.
        message: The same for people.
        portal_queue_id: The id of the new request in the queue.
    """

    result: bool | None = None
    message: str | None = None
    portal_queue_id: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("result", "result", kinds.BOOLEAN),
        Member("message", "message", kinds.TEXT),
        Member("portal_queue_id", "portal_queue_id", kinds.Integer(1, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class SecureMessageList(Model):
    """A patient's secure messages; nobody has published any.

    Attributes:
        data: The messages, oldest first (assumed).
        object_: The kind of resource, `list`.
        has_more: Whether there are more messages than this list has; the contract knows no paging here.
        total_count: A number of things; siblings write some numbers as text.
    """

    data: list[SecureMessage]
    object_: str | None = None
    has_more: bool | None = None
    total_count: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("data", "data", composites.List(composites.Entity(lambda: SecureMessage)), required=True),
        Member("object_", "object", kinds.TEXT),
        Member("has_more", "has_more", kinds.BOOLEAN),
        Member("total_count", "total_count", kinds.Integer(0, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class SecureMessage(Model):
    """A message of the portal's own mail.

    Attributes:
        id: The id of a resource, as responses carry it: siblings have numbers in some resources and texts of
            digits in others, and both occur in one response.
        object_: The kind of resource; in the mock `secure_message`.
        pt_id: The id of the patient whose message it is.
        sent_by: Who sent it, `pt` or `dr` as in the query. An open set.
        created: A date and time in UTC (documented). The first form is the one that siblings have; null, an empty
            text and zeros mean that there is none. One member of one captured response, `dateupdated`, holds
            local time: other members may, too.
        subject: One line that says what it is about.
        note: The message.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered.
    """

    id: int
    object_: str | None = None
    pt_id: int | None = None
    sent_by: str | None = None
    created: datetime.datetime | None = None
    subject: str | None = None
    note: str | None = None
    dr_id: int | None = None
    reply: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("id", "id", kinds.Integer(1, 9223372036854775807, text=True), required=True),
        Member("object_", "object", kinds.TEXT),
        Member("pt_id", "pt_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("sent_by", "sent_by", kinds.Text("pt", "dr")),
        Member("created", "created", kinds.INSTANT),
        Member("subject", "subject", kinds.TEXT),
        Member("note", "note", kinds.TEXT),
        Member("dr_id", "dr_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("reply", "reply", kinds.TEXT),
    )


@dataclass(repr=False, eq=False, slots=True)
class SecureMessageDetails(Model):
    """What else belongs to a secure message.

    Attributes:
        thread_id: The id of the conversation.
        has_attachment: Whether something is attached.
        dr_id: The id of the user who should respond.
        reply: How the patient would like to be answered.
    """

    thread_id: int | None = None
    has_attachment: bool | None = None
    dr_id: int | None = None
    reply: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("thread_id", "thread_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("has_attachment", "has_attachment", kinds.BOOLEAN),
        Member("dr_id", "dr_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("reply", "reply", kinds.TEXT),
    )


@dataclass(repr=False, eq=False, slots=True)
class AppointmentDetails(Model):
    """What else belongs to the request of an appointment.

    Attributes:
        preferred_date: The day that suits the patient best, such as 2026-11-24.
        duration_minutes: How long it should take.
    """

    preferred_date: str | None = None
    duration_minutes: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("preferred_date", "preferred_date", kinds.TEXT),
        Member("duration_minutes", "duration_minutes", kinds.Integer(0, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class PrescriptionDetails(Model):
    """What else belongs to a prescription or a refill.

    Attributes:
        drug_id: The id of the drug.
        quantity: An amount; siblings write some numbers as text.
        refills: How many refills.
        original_prescription_id: The id of the prescription to refill.
        agreed_to_terms: The terms that the patient agreed to.
    """

    drug_id: int | None = None
    quantity: float | None = None
    refills: int | None = None
    original_prescription_id: int | None = None
    agreed_to_terms: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("drug_id", "drug_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("quantity", "quantity", kinds.Number(text=True)),
        Member("refills", "refills", kinds.Integer(0, 9223372036854775807, text=True)),
        Member(
            "original_prescription_id", "original_prescription_id", kinds.Integer(1, 9223372036854775807, text=True)
        ),
        Member("agreed_to_terms", "agreed_to_terms", kinds.TEXT),
    )


@dataclass(repr=False, eq=False, slots=True)
class SupplementDetails(Model):
    """What else belongs to a supplement.

    Attributes:
        supplement_id: The id of the supplement.
        quantity: An amount; siblings write some numbers as text.
    """

    supplement_id: int | None = None
    quantity: float | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("supplement_id", "supplement_id", kinds.Integer(1, 9223372036854775807, text=True)),
        Member("quantity", "quantity", kinds.Number(text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class DocumentDetails(Model):
    """What else belongs to a document.

    Attributes:
        name: Its title.
        mime_type: What it is, such as `application/pdf`.
        size: How many bytes it has.
    """

    name: str | None = None
    mime_type: str | None = None
    size: int | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("name", "name", kinds.TEXT),
        Member("mime_type", "mime_type", kinds.TEXT),
        Member("size", "size", kinds.Integer(0, 9223372036854775807, text=True)),
    )


@dataclass(repr=False, eq=False, slots=True)
class QuestionnaireDetails(Model):
    """What else belongs to a questionnaire.

    Attributes:
        questionnaire_name: Its name.
        questionnaire_type: Its type.
        html_content: Questions and answers as HTML, for people.
        raw_data: The same for programs.
    """

    questionnaire_name: str | None = None
    questionnaire_type: str | None = None
    html_content: str | None = None
    raw_data: dict[str, Any] | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("questionnaire_name", "questionnaire_name", kinds.TEXT),
        Member("questionnaire_type", "questionnaire_type", kinds.TEXT),
        Member("html_content", "html_content", kinds.TEXT),
        Member("raw_data", "raw_data", kinds.OBJECT),
    )


@dataclass(repr=False, eq=False, slots=True)
class Error(Model):
    """Why a call was refused, in one of three forms: `error` with `message`, `message` alone, or `result` false with
    `message`. Which status has which is not known.

    Attributes:
        error: The form that the mock has.
        message: What was wrong, for people, if there is no `error`.
        result: False, where it is sent; that an error may have it is assumed.
    """

    error: ErrorDetails | None = None
    message: str | None = None
    result: bool | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("error", "error", composites.Entity(lambda: ErrorDetails)),
        Member("message", "message", kinds.TEXT),
        Member("result", "result", kinds.BOOLEAN),
    )


@dataclass(repr=False, eq=False, slots=True)
class ErrorDetails(Model):
    """What was wrong.

    Attributes:
        message: The same for people.
        type_: The kind of error; no value is published, so that those of the mock are assumed. An open set.
    """

    message: str
    type_: str | None = None

    MEMBERS: ClassVar[tuple[Member, ...]] = (
        Member("message", "message", kinds.TEXT, required=True),
        Member(
            "type_",
            "type",
            kinds.Text(
                "invalid_request", "authentication", "permission", "not_found", "refused", "rate_limit", "server"
            ),
        ),
    )
