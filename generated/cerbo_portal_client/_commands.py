# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The command-line interface: one sub-command per operation of the contract."""

from typing import Any, Final

import click
from cerbo_portal_runtime.cli import options, param_types
from cerbo_portal_runtime.cli.command import Command, Member, Summary
from cerbo_portal_runtime.cli.execution import execute
from cerbo_portal_runtime.cli.group import SubCommand, epilog, group

from . import __version__, _operations
from .client import Client

GROUP: Final = group(
    "cerbo-portal",
    """The patient portal of a clinic that uses Cerbo: its queue of requests, and invitations to it.

Unofficial: neither made nor approved by Cerbo's vendor.

\b
  cerbo-portal enqueued 1               the requests in the queue of patient 1
  cerbo-portal enqueued 1 2 --summary   how many of each type, and the oldest
  cerbo-portal delete 1 27              take request 27 out of the queue
  cerbo-portal invite 221               e-mail patient 221 an invitation

On a terminal the answer is a table; into a pipe or a file it is JSON, one line for each id: its "answer" or its
"error", and the "exit_code" that belongs to it.

What changes something asks first. Without a terminal there is nobody to ask: it needs --yes then, and does nothing
without. Several ids are called one after the other, and each is called once. One that fails does not keep the others,
unless the credentials are wrong (401), three in a row get no answer, or the run is interrupted: the rest is not tried
then. An invitation is never sent again on its own.""",
    __version__,
)


@GROUP.command(
    "enqueued",
    cls=SubCommand,
    short_help="List a patient's portal requests",
    epilog=epilog("documented (portal page, list the queue; operation id from the vendor reference)"),
)
@click.argument(
    "pt_id", type=param_types.integer_between(1, 9223372036854775807), nargs=-1, required=True, metavar="PT_ID..."
)
@click.option(
    "request_type",
    "--request-type",
    type=param_types.utf8_text,
    metavar="TEXT",
    help='Announced by the vendor ("COMING SOON") and without effect today: only requests of this type.',
)
@click.option(
    "status",
    "--status",
    type=param_types.utf8_text,
    metavar="TEXT",
    help='Announced by the vendor ("COMING SOON") and without effect today: only requests of this status, by default "open".',
)
@options.summary
@options.output
@options.connection
def show_portal_requests(pt_id: Any, request_type: Any, status: Any, **shared: Any) -> int:
    """List a patient's portal requests.

    The portal requests of one patient that are in the queue and not yet dismissed.
    """
    command = Command(
        client_class=Client,
        operation=_operations.SHOW_PORTAL_REQUESTS,
        method="show_portal_requests",
        title="List a patient's portal requests",
        columns=("pt_id", "id", "request_type", "created", "subject"),
        summary=Summary(count_by="request_type", oldest_by="created"),
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "request_type": request_type,
            "status": status,
        },
        shared=shared,
    )


@GROUP.command(
    "delete",
    cls=SubCommand,
    short_help="Remove one portal request from the queue",
    epilog=epilog("documented (portal page, remove one; operation id from the vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.argument(
    "queue_request_id",
    type=param_types.integer_between(1, 9223372036854775807),
    nargs=-1,
    required=True,
    metavar="QUEUE_REQUEST_ID...",
)
@options.confirmation
@options.output
@options.connection
def delete_portal_request(pt_id: Any, queue_request_id: Any, **shared: Any) -> int:
    """Remove one portal request from the queue.

    A soft delete: the request stays available but hidden, and the time and the API user are recorded
    automatically. A second delete of the same request finds nothing (assumed).
    """
    command = Command(
        client_class=Client,
        operation=_operations.DELETE_PORTAL_REQUEST,
        method="delete_portal_request",
        title="Remove one portal request from the queue",
        confirm=True,
        columns=("pt_id", "queue_request_id", "message"),
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
            "queue_request_id": queue_request_id,
        },
        arguments={},
        shared=shared,
    )


@GROUP.command(
    "invite",
    cls=SubCommand,
    short_help="E-mail a patient an invitation to the portal",
    epilog=epilog("documented (portal page, invite; operation id from the vendor reference)"),
)
@click.argument(
    "pt_id", type=param_types.integer_between(1, 9223372036854775807), nargs=-1, required=True, metavar="PT_ID..."
)
@options.confirmation
@options.output
@options.connection
def invite_to_portal(pt_id: Any, **shared: Any) -> int:
    """E-mail a patient an invitation to the portal.

    Tries to send an e-mail to the patient's primary e-mail address, with an encrypted link to join the
    portal or to reset the password. Text and subject are the ones that the clinic configured in the
    EMR. Every call may send another mail: never repeat one whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.INVITE_TO_PORTAL,
        method="invite_to_portal",
        title="E-mail a patient an invitation to the portal",
        confirm=True,
        columns=("pt_id", "message"),
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={},
        shared=shared,
    )


@GROUP.command(
    "validate-portal-credentials",
    cls=SubCommand,
    short_help="Check a patient's portal credentials",
    epilog=epilog("inferred (vendor reference)", [("CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD", "The password.")]),
)
@click.option(
    "username",
    "--username",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="The user name. Needed, here or in the body.",
)
@options.body
@options.output
@options.connection
def validate_portal_credentials(username: Any, **shared: Any) -> int:
    """Check a patient's portal credentials.

    Whether a user name and a password are those of a patient's portal account. The answer to a wrong
    password is the same as to an unknown user name (assumed).
    """
    command = Command(
        client_class=Client,
        operation=_operations.VALIDATE_PORTAL_CREDENTIALS,
        method="validate_portal_credentials",
        title="Check a patient's portal credentials",
        members=(
            Member("username", "username", option="--username", required=True),
            Member(
                "password",
                "password",
                secret="CERBO_VALIDATE_PORTAL_CREDENTIALS_PASSWORD",
                prompt="The password to send with validate-portal-credentials",
                required=True,
            ),
        ),
    )
    return execute(
        command,
        path={},
        arguments={
            "username": username,
        },
        shared=shared,
    )


@GROUP.command(
    "create-patient-questionnaire",
    cls=SubCommand,
    short_help="Put a questionnaire into a patient's portal queue",
    epilog=epilog("documented (portal page, filling the queue; operation id and body from the vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "html_content",
    "--html-content",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="Questions and answers as HTML, for people. Needed, here or in the body.",
)
@click.option(
    "questionnaire_type", "--questionnaire-type", type=param_types.utf8_text, metavar="TEXT", help="Its type."
)
@click.option(
    "questionnaire_name", "--questionnaire-name", type=param_types.utf8_text, metavar="TEXT", help="Its name."
)
@options.body
@options.confirmation
@options.output
@options.connection
def create_patient_questionnaire(
    pt_id: Any, html_content: Any, questionnaire_type: Any, questionnaire_name: Any, **shared: Any
) -> int:
    """Put a questionnaire into a patient's portal queue.

    A questionnaire that was answered elsewhere enters the queue for review. Every call adds another
    one: never repeat one whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.CREATE_PATIENT_QUESTIONNAIRE,
        method="create_patient_questionnaire",
        title="Put a questionnaire into a patient's portal queue",
        members=(
            Member("html_content", "html_content", option="--html-content", required=True),
            Member("raw_data", "raw_data", required=True),
            Member("questionnaire_type", "questionnaire_type", option="--questionnaire-type"),
            Member("questionnaire_name", "questionnaire_name", option="--questionnaire-name"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "html_content": html_content,
            "questionnaire_type": questionnaire_type,
            "questionnaire_name": questionnaire_name,
        },
        shared=shared,
    )


@GROUP.command(
    "queue-patient-prescription",
    cls=SubCommand,
    short_help="Put a prescription into a patient's portal queue",
    epilog=epilog(
        "documented (portal page, filling the queue; operation id, query and body from the vendor reference)"
    ),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "drug_id",
    "--drug-id",
    type=param_types.integer,
    metavar="NUMBER",
    help="The id of the drug. Needed, here or in the body.",
)
@click.option("notes", "--notes", type=param_types.utf8_text, metavar="TEXT", help="Free text to the reviewer.")
@click.option(
    "enqueue",
    "--enqueue/--no-enqueue",
    default=None,
    help="Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the chart.",
)
@options.body
@options.confirmation
@options.output
@options.connection
def queue_patient_prescription(pt_id: Any, drug_id: Any, notes: Any, enqueue: Any, **shared: Any) -> int:
    """Put a prescription into a patient's portal queue.

    A prescription to be reviewed in the queue, or one that goes straight to the chart. Every call adds
    another one: never repeat one whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.QUEUE_PATIENT_PRESCRIPTION,
        method="queue_patient_prescription",
        title="Put a prescription into a patient's portal queue",
        members=(
            Member("drug_id", "drug_id", option="--drug-id", required=True),
            Member("notes", "notes", option="--notes"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "drug_id": drug_id,
            "notes": notes,
            "enqueue": enqueue,
        },
        shared=shared,
    )


@GROUP.command(
    "refill-patient-prescription",
    cls=SubCommand,
    short_help="Put a refill of a prescription into a patient's portal queue",
    epilog=epilog("inferred (vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "original_prescription_id",
    "--original-prescription-id",
    type=param_types.integer,
    metavar="NUMBER",
    help="The id of the prescription to refill. Needed, here or in the body.",
)
@click.option("notes", "--notes", type=param_types.utf8_text, metavar="TEXT", help="Free text to the reviewer.")
@click.option(
    "agreed_to_terms",
    "--agreed-to-terms",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="The terms that the patient agreed to.",
)
@options.body
@options.confirmation
@options.output
@options.connection
def refill_patient_prescription(
    pt_id: Any, original_prescription_id: Any, notes: Any, agreed_to_terms: Any, **shared: Any
) -> int:
    """Put a refill of a prescription into a patient's portal queue.

    The request of a refill, to be reviewed in the queue. Every call adds another one: never repeat one
    whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.REFILL_PATIENT_PRESCRIPTION,
        method="refill_patient_prescription",
        title="Put a refill of a prescription into a patient's portal queue",
        members=(
            Member(
                "original_prescription_id",
                "original_prescription_id",
                option="--original-prescription-id",
                required=True,
            ),
            Member("notes", "notes", option="--notes"),
            Member("agreed_to_terms", "agreed_to_terms", option="--agreed-to-terms"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "original_prescription_id": original_prescription_id,
            "notes": notes,
            "agreed_to_terms": agreed_to_terms,
        },
        shared=shared,
    )


@GROUP.command(
    "queue-patient-supplement",
    cls=SubCommand,
    short_help="Put a supplement into a patient's portal queue",
    epilog=epilog("inferred (vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "supplement_id",
    "--supplement-id",
    type=param_types.integer,
    metavar="NUMBER",
    help="The id of the supplement. Needed, here or in the body.",
)
@click.option("notes", "--notes", type=param_types.utf8_text, metavar="TEXT", help="Free text to the reviewer.")
@click.option(
    "enqueue",
    "--enqueue/--no-enqueue",
    default=None,
    help="Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the chart.",
)
@options.body
@options.confirmation
@options.output
@options.connection
def queue_patient_supplement(pt_id: Any, supplement_id: Any, notes: Any, enqueue: Any, **shared: Any) -> int:
    """Put a supplement into a patient's portal queue.

    A supplement to be reviewed in the queue, or one that goes straight to the chart. Every call adds
    another one: never repeat one whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.QUEUE_PATIENT_SUPPLEMENT,
        method="queue_patient_supplement",
        title="Put a supplement into a patient's portal queue",
        members=(
            Member("supplement_id", "supplement_id", option="--supplement-id", required=True),
            Member("notes", "notes", option="--notes"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "supplement_id": supplement_id,
            "notes": notes,
            "enqueue": enqueue,
        },
        shared=shared,
    )


@GROUP.command(
    "create-patient-document",
    cls=SubCommand,
    short_help="Put a document into a patient's portal queue",
    epilog=epilog("inferred (vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "name", "--name", type=param_types.utf8_text, metavar="TEXT", help="Its title. Needed, here or in the body."
)
@click.option(
    "mime_type",
    "--mime-type",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="What it is, such as `application/pdf`. Needed, here or in the body.",
)
@click.option(
    "base64_content",
    "--base64-content",
    type=click.File("rb"),
    metavar="FILE",
    help='The content, at most 16 MiB, in base64: in Python `base64.b64encode(content).decode()`. The exact limit and that line breaks are not taken are assumed. The option takes a file, "-" is the standard input, and encodes it. Needed, here or in the body.',
)
@click.option(
    "notes",
    "--notes",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="Free text to the reviewer; only for the queue.",
)
@click.option(
    "content",
    "--content",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="Its text; only for the chart. That these five members have these types is assumed.",
)
@click.option("folder", "--folder", type=param_types.utf8_text, metavar="TEXT", help="The folder; only for the chart.")
@click.option(
    "subfolder",
    "--subfolder",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="The folder in the folder; only for the chart.",
)
@click.option("flag", "--flag", type=param_types.utf8_text, metavar="TEXT", help="Its flag; only for the chart.")
@click.option(
    "requires_review",
    "--requires-review/--no-requires-review",
    default=None,
    help="Whether somebody has to review it; only for the chart.",
)
@click.option(
    "enqueue",
    "--enqueue/--no-enqueue",
    default=None,
    help="Whether it goes to the portal queue, to be reviewed; if not, it goes straight to the chart.",
)
@options.body
@options.confirmation
@options.output
@options.connection
def create_patient_document(
    pt_id: Any,
    name: Any,
    mime_type: Any,
    base64_content: Any,
    notes: Any,
    content: Any,
    folder: Any,
    subfolder: Any,
    flag: Any,
    requires_review: Any,
    enqueue: Any,
    **shared: Any,
) -> int:
    """Put a document into a patient's portal queue.

    A document to be reviewed in the queue, or one that goes straight to the chart. Every call adds
    another one: never repeat one whose outcome is unknown.
    """
    command = Command(
        client_class=Client,
        operation=_operations.CREATE_PATIENT_DOCUMENT,
        method="create_patient_document",
        title="Put a document into a patient's portal queue",
        members=(
            Member("pt_id", "pt_id", required=True, repeats="pt_id"),
            Member("name", "name", option="--name", required=True),
            Member("mime_type", "mime_type", option="--mime-type", required=True),
            Member("base64_content", "base64_content", option="--base64-content", required=True, base64=True),
            Member("notes", "notes", option="--notes"),
            Member("content", "content", option="--content"),
            Member("folder", "folder", option="--folder"),
            Member("subfolder", "subfolder", option="--subfolder"),
            Member("flag", "flag", option="--flag"),
            Member("requires_review", "requires_review", option="--requires-review"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "name": name,
            "mime_type": mime_type,
            "base64_content": base64_content,
            "notes": notes,
            "content": content,
            "folder": folder,
            "subfolder": subfolder,
            "flag": flag,
            "requires_review": requires_review,
            "enqueue": enqueue,
        },
        shared=shared,
    )


@GROUP.command(
    "messages",
    cls=SubCommand,
    short_help="List a patient's secure messages",
    epilog=epilog("inferred (vendor reference)"),
)
@click.argument(
    "pt_id", type=param_types.integer_between(1, 9223372036854775807), nargs=-1, required=True, metavar="PT_ID..."
)
@click.option(
    "sent_by",
    "--sent-by",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="Only messages of the patient, `pt`, or of the clinic, `dr`; by default all.",
)
@options.output
@options.connection
def list_secure_messages(pt_id: Any, sent_by: Any, **shared: Any) -> int:
    """List a patient's secure messages.

    The messages of the portal's own mail, of the patient and to the patient. The list has no pages. A
    message whose request was dismissed from the queue is still listed (assumed).
    """
    command = Command(
        client_class=Client,
        operation=_operations.LIST_SECURE_MESSAGES,
        method="list_secure_messages",
        title="List a patient's secure messages",
        columns=("pt_id", "id", "sent_by", "created", "subject"),
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "sent_by": sent_by,
        },
        shared=shared,
    )


@GROUP.command(
    "create-secure-message",
    cls=SubCommand,
    short_help="Put a secure message into a patient's portal queue",
    epilog=epilog("inferred (vendor reference)"),
)
@click.argument("pt_id", type=param_types.integer_between(1, 9223372036854775807), required=True, metavar="PT_ID")
@click.option(
    "subject",
    "--subject",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="One line that says what it is about. Needed, here or in the body.",
)
@click.option(
    "note", "--note", type=param_types.utf8_text, metavar="TEXT", help="The message. Needed, here or in the body."
)
@click.option(
    "dr_id", "--dr-id", type=param_types.integer, metavar="NUMBER", help="The id of the user who should respond."
)
@click.option(
    "reply",
    "--reply",
    type=param_types.utf8_text,
    metavar="TEXT",
    help="How the patient would like to be answered, such as `phone`; which values there are is not known.",
)
@options.body
@options.confirmation
@options.output
@options.connection
def create_secure_message(pt_id: Any, subject: Any, note: Any, dr_id: Any, reply: Any, **shared: Any) -> int:
    """Put a secure message into a patient's portal queue.

    A message of the patient, in the portal's own mail. Every call adds another one: never repeat one
    whose outcome is unknown. A clinic may limit how long and how many messages a patient sends.
    """
    command = Command(
        client_class=Client,
        operation=_operations.CREATE_SECURE_MESSAGE,
        method="create_secure_message",
        title="Put a secure message into a patient's portal queue",
        members=(
            Member("subject", "subject", option="--subject", required=True),
            Member("note", "note", option="--note", required=True),
            Member("dr_id", "dr_id", option="--dr-id"),
            Member("reply", "reply", option="--reply"),
        ),
        confirm=True,
    )
    return execute(
        command,
        path={
            "pt_id": pt_id,
        },
        arguments={
            "subject": subject,
            "note": note,
            "dr_id": dr_id,
            "reply": reply,
        },
        shared=shared,
    )
