"""Invitations to the portal: an encrypted link that expires, works once, and belongs to one instance and patient."""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from cerbo_portal_mock.clinic.clock import Now
from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.mail import Clinic, Letter, Mail, Outbox
from cerbo_portal_mock.clinic.records import Patient

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from cerbo_portal_mock.clinic.smtp import MailServer

JOIN_PATH = "/portal/join"

#: Why a link does not work.
LinkProblem = Literal["invalid", "expired", "used", "foreign"]
_TEXTS: dict[LinkProblem, str] = {
    "invalid": "This link is not valid",
    "expired": "This link has expired",
    "used": "This link has been used already",
    "foreign": "This link belongs to another portal, or to one that has been reset",
}


class InvitationRefused(DomainError):
    """The patient cannot use the portal (assumed: nothing is sent then); the text says why."""


class BadLink(Exception):
    """A link does not work; the text says why."""

    def __init__(self, problem: LinkProblem) -> None:
        super().__init__(_TEXTS[problem])
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Invitation:
    """The content of a link's token; `id` is unique in an instance."""

    id: str
    pt_id: int


class Invitations:
    """Writes and reads the invitations of one instance.

    Args:
        clinic: gives the clinic as it is configured now: its text and subject.
        key: the Fernet key that encrypts the links, and decrypts them.
        now: gives the time that links are issued and checked at.
        outbox: where every mail is kept.
        mail_server: what mails are delivered to, where there is one.
    """

    def __init__(
        self,
        clinic: Callable[[], Clinic],
        *,
        key: bytes,
        now: Now,
        outbox: Outbox,
        mail_server: "MailServer | None" = None,
    ) -> None:
        self._clinic = clinic
        self._key = key
        self._now = now
        self._outbox = outbox
        self._mail_server = mail_server
        # Identifies this instance among all that share the key, and changes with a reset.
        self._home = secrets.token_hex(8)
        self._ids = count(1)

    @cached_property
    def _fernet(self) -> "Fernet":
        # cryptography is a seventh of the memory of a mock that has not sent an invitation.
        from cryptography.fernet import Fernet  # noqa: PLC0415

        return Fernet(self._key)

    def invite(self, patient: Patient, base_url: str) -> Mail:
        """E-mail the patient a link to join the portal, or to reset the password of a patient who has joined.

        Args:
            patient: the recipient, at the primary e-mail address (documented).
            base_url: where the portal's pages are, without a slash at the end.

        Returns:
            The mail as it is in the outbox, delivered or not.

        Raises:
            InvitationRefused: the patient has no access, no address or no ZIP code.
        """
        if not patient.portal_access:
            raise InvitationRefused("The patient's access to the portal is disabled")
        if patient.primary_email is None:
            raise InvitationRefused("The patient has no primary e-mail address")
        if patient.zip is None:
            raise InvitationRefused("The patient has no ZIP code on file")
        clinic, now = self._clinic(), self._now()
        issue = partial(self._issue, next(self._ids), patient.id, int(now.timestamp()), base_url)
        letter = Letter(clinic, patient.first_name, patient.last_name, issue)
        outcome: dict[str, Any] = {}
        if self._mail_server:
            from cerbo_portal_mock.clinic.smtp import DeliveryFailed, Envelope  # noqa: PLC0415 (needed for delivery only)

            envelope = Envelope(
                clinic.name, clinic.email, f"{patient.first_name} {patient.last_name}", patient.primary_email, now
            )
            try:
                self._mail_server.deliver(envelope, letter)
                outcome = {"delivery": "delivered"}
            except DeliveryFailed as error:
                outcome = {"delivery": "failed", "failure": str(error)}
        return self._outbox.add(sent_at=now, recipient=patient.primary_email, letter=letter, **outcome)

    def _issue(self, number: int, pt_id: int, now: int, base_url: str) -> str:
        # Every token has the same length, whatever the patient's id: one without padding, hence no quoting in a URL.
        content = f"{self._home} {number:09} {pt_id:019}".encode()
        return f"{base_url}{JOIN_PATH}?token={self._fernet.encrypt_at_time(content, now).decode()}"

    def read(self, token: str) -> Invitation:
        """The invitation that a link's token contains.

        Args:
            token: the text in the link.

        Raises:
            BadLink: it has expired, was tampered with or made with another key, or belongs to another instance.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 (as above)

        try:
            # The decoder is lenient; a token that differs from its encoding has been tampered with.
            if base64.urlsafe_b64encode(base64.urlsafe_b64decode(token)).decode() != token:
                raise BadLink("invalid")
            home, invitation_id, pt_id = self._fernet.decrypt(token).decode().split()
            issued = self._fernet.extract_timestamp(token)
        except (InvalidToken, binascii.Error, ValueError):
            raise BadLink("invalid") from None
        if home != self._home:
            raise BadLink("foreign")
        if int(self._now().timestamp()) > issued + self._clinic().link_lifetime:
            raise BadLink("expired")
        return Invitation(invitation_id, int(pt_id))
