"""Mail: the clinic's text filled in, and the outbox that every mail ends in."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from string import Template
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from cerbo_portal_mock.state import Refused

if TYPE_CHECKING:
    from cerbo_portal_mock.visit import Page

OUTBOX_SIZE = 1_000

#: What became of a mail: only kept here, taken by the mail server, or not taken.
Delivery = Literal["kept", "delivered", "failed"]


class NoMail(Refused, LookupError):
    """There is no mail (yet)."""

    def __init__(self) -> None:
        super().__init__("No mail: the outbox is empty")


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the clinic configured in its EMR, and how long (seconds) its links live (assumed)."""

    name: str
    invitation_subject: str
    invitation_text: str
    link_lifetime: int
    email: str = "no-reply@example.com"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox; patient data, hence absent from its `repr`.

    `failure` says why it was not delivered. `link` is the one that the text carries, to be opened by
    the patient.
    """

    id: int
    sent_at: datetime
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    link: str = field(repr=False)
    delivery: Delivery = "kept"
    failure: str | None = None
    opener: "Callable[[str], Page] | None" = field(default=None, repr=False, compare=False)

    def open(self) -> "Page":
        """Follow the link, in process: the page that the patient sees.

        Raises:
            RuntimeError: the mail is not of an application.
        """
        if self.opener is None:
            raise RuntimeError("only the mails of an application can be opened")
        return self.opener(self.link)


class Outbox:
    """The last mails (at most `OUTBOX_SIZE`) and how many there were in all.

    Args:
        opener: follows a link, in process.
    """

    def __init__(self, opener: "Callable[[str], Page] | None" = None) -> None:
        self._opener = opener
        self._lock = Lock()
        self._mails: deque[Mail] = deque(maxlen=OUTBOX_SIZE)
        self.total = 0

    def add(self, **content: Any) -> Mail:
        """Keep one mail; the arguments are those of `Mail` without its id."""
        with self._lock:
            self.total += 1
            mail = Mail(id=self.total, opener=self._opener, **content)
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
            NoMail: there is none.
        """
        with self._lock:
            if not self._mails:
                raise NoMail
            return self._mails[-1]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's content: one line of subject, and the text as it is and as HTML."""

    subject: str
    text: str
    html: str


def write(clinic: Clinic, *, first_name: str, last_name: str, link: str) -> Letter:
    """Fill in the clinic's text; `$clinic_name`, `$first_name`, `$last_name` and `$link` stand for these.

    Args:
        clinic: whose text it is.
        first_name: the patient's.
        last_name: the patient's.
        link: the URL to follow.
    """
    variables = {"clinic_name": clinic.name, "first_name": first_name, "last_name": last_name, "link": link}
    marked_up = {name: escape(value) for name, value in variables.items()}
    marked_up["link"] = f'<a href="{escape(link)}">{escape(link)}</a>'
    body = Template(escape(clinic.invitation_text, quote=False)).safe_substitute(marked_up)
    paragraphs = [paragraph.strip().replace("\n", "<br>\n") for paragraph in body.split("\n\n")]
    return Letter(
        subject=Template(clinic.invitation_subject).safe_substitute(variables),
        text=Template(clinic.invitation_text).safe_substitute(variables),
        html="".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs if paragraph),
    )
