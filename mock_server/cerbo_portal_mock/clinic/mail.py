"""Mail: the clinic's text filled in, and the outbox that every mail ends in."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from html import escape
from string import Template
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cerbo_portal_mock.clinic.state import Refused

if TYPE_CHECKING:
    from cerbo_portal_mock.testing.visit import Page

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

    `failure` says why it was not delivered.
    """

    id: int
    sent_at: datetime
    recipient: str = field(repr=False)
    letter: "Letter" = field(repr=False)
    delivery: Delivery = "kept"
    failure: str | None = None
    opener: "Callable[[str], Page] | None" = field(default=None, repr=False, compare=False)

    @property
    def sender(self) -> str:
        """The name of the clinic that it is from."""
        return self.letter.clinic.name

    @property
    def link(self) -> str:
        """The URL for the patient to follow."""
        return self.letter.link

    @property
    def subject(self) -> str:
        """One line."""
        return self.letter.subject

    @property
    def text(self) -> str:
        """The content as text."""
        return self.letter.text

    @property
    def html(self) -> str:
        """The content as HTML."""
        return self.letter.html

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


@dataclass(frozen=True)
class Letter:
    """A mail's content: the clinic's texts, and what stands for their variables; filled in when looked at."""

    clinic: Clinic
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    issue: Callable[[], str] = field(repr=False)

    @cached_property
    def link(self) -> str:
        """The URL to follow; issued on the first look, which most invitations of a mock never get."""
        return self.issue()

    @property
    def subject(self) -> str:
        """One line."""
        return _Form.of(self.clinic).subject.safe_substitute(self._variables)

    @property
    def text(self) -> str:
        """The text as it is."""
        return _Form.of(self.clinic).text.safe_substitute(self._variables)

    @property
    def html(self) -> str:
        """The text as HTML, its link one that can be followed."""
        marked_up = {name: escape(value) for name, value in self._variables.items()}
        marked_up["link"] = f'<a href="{marked_up["link"]}">{marked_up["link"]}</a>'
        return _Form.of(self.clinic).html.safe_substitute(marked_up)

    @property
    def _variables(self) -> dict[str, str]:
        return {
            "clinic_name": self.clinic.name,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "link": self.link,
        }


class _Form(NamedTuple):
    """A clinic's texts, ready to have `$clinic_name`, `$first_name`, `$last_name` and `$link` filled in."""

    subject: Template
    text: Template
    html: Template

    @staticmethod
    @lru_cache
    def of(clinic: Clinic) -> "_Form":
        body = escape(clinic.invitation_text, quote=False)
        paragraphs = [paragraph.strip().replace("\n", "<br>\n") for paragraph in body.split("\n\n")]
        html = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs if paragraph)
        return _Form(Template(clinic.invitation_subject), Template(clinic.invitation_text), Template(html))
