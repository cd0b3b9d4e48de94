"""The invitation to the portal: an encrypted link, the clinic's text, and the outbox it ends in.

Knows nothing of HTTP routing.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from string import Template
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from cerbo_portal_mock.clock import Now
from cerbo_portal_mock.state import Patient, Refused

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

OUTBOX_SIZE = 1_000

Purpose = Literal["join", "reset"]


class NoPrimaryAddress(Refused):
    """The patient has no primary e-mail address (assumed: nothing is sent then)."""

    def __init__(self) -> None:
        super().__init__("The patient has no primary e-mail address")


class InvalidLink(Refused):
    """An invitation's token is expired, tampered with, or not of this mock."""

    def __init__(self) -> None:
        super().__init__("The link is expired or not valid")


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the clinic configured in its EMR, and how long (seconds) its links live (assumed)."""

    name: str
    invitation_subject: str
    invitation_text: str
    link_lifetime: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation's token stands for."""

    purpose: Purpose
    pt_id: int


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox; patient data, hence absent from its `repr`."""

    id: int
    sent_at: datetime
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    link: str = field(repr=False)


class Outbox:
    """The last mails (at most `OUTBOX_SIZE`) and how many there were in all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mails: deque[Mail] = deque(maxlen=OUTBOX_SIZE)
        self.total = 0

    def add(self, **content: Any) -> Mail:
        """Keep one mail; the arguments are those of `Mail` without its id."""
        with self._lock:
            self.total += 1
            mail = Mail(id=self.total, **content)
            self._mails.append(mail)
            return mail

    def __iter__(self) -> Iterator[Mail]:
        with self._lock:
            return iter(list(self._mails))

    def __len__(self) -> int:
        return len(self._mails)

    @property
    def last(self) -> Mail:
        """The newest mail.

        Raises:
            LookupError: there is none.
        """
        with self._lock:
            if not self._mails:
                raise LookupError("the outbox is empty")
            return self._mails[-1]


class Invitations:
    """Writes the invitations of one clinic.

    Args:
        clinic: gives the clinic as it is configured now: its text and subject.
        key: the Fernet key that encrypts the links; whoever has it can read them.
        now: gives the time that links are issued and checked at.
        outbox: where every mail is kept.
    """

    def __init__(self, clinic: Callable[[], Clinic], key: bytes, now: Now, outbox: Outbox) -> None:
        self._clinic = clinic
        self._key = key
        self._now = now
        self._outbox = outbox

    @cached_property
    def _fernet(self) -> "Fernet":
        # A seventh of the memory of a mock that has not invited anyone yet.
        from cryptography.fernet import Fernet  # noqa: PLC0415

        return Fernet(self._key)

    def invite(self, patient: Patient, base_url: str) -> Mail:
        """E-mail the patient a link to join the portal, or to reset the password of who has joined.

        Args:
            patient: the recipient, at the primary e-mail address (documented).
            base_url: where the portal's pages are, without a slash at the end.

        Raises:
            NoPrimaryAddress: there is nowhere to send it.
        """
        if patient.primary_email is None:
            raise NoPrimaryAddress
        purpose: Purpose = "join" if patient.username is None else "reset"
        clinic, now = self._clinic(), self._now()
        token = self._fernet.encrypt_at_time(
            json.dumps({"purpose": purpose, "pt_id": patient.id}).encode(), int(now.timestamp())
        )
        link = f"{base_url}/portal/join?{urlencode({'token': token.decode()})}"
        variables = {
            "clinic_name": clinic.name,
            "first_name": patient.first_name,
            "last_name": patient.last_name,
            "link": link,
        }
        return self._outbox.add(
            sent_at=now,
            sender=clinic.name,
            recipient=patient.primary_email,
            subject=Template(clinic.invitation_subject).safe_substitute(variables),
            text=Template(clinic.invitation_text).safe_substitute(variables),
            link=link,
        )

    def read(self, token: str) -> Invitation:
        """What a link's token stands for.

        Raises:
            InvalidLink: it is expired, tampered with, or was made with another key.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            content = self._fernet.decrypt_at_time(
                token, ttl=self._clinic().link_lifetime, current_time=int(self._now().timestamp())
            )
        except InvalidToken:
            raise InvalidLink from None
        return Invitation(**json.loads(content))
