"""Mail: the clinic's templates filled in, and the outbox that keeps every mail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from html import escape
from string import Template
from sys import getsizeof
from threading import Lock
from typing import Any, Literal, NamedTuple, overload

from cerbo_portal_mock.clinic.errors import DomainError
from cerbo_portal_mock.clinic.history import History, MemoryLimit

OUTBOX_SIZE = 1_000
# Bytes of one outbox, and of all outboxes of this process.
OUTBOX_BYTES = 4 * 1024 * 1024
ALL_OUTBOXES_BYTES = 16 * 1024 * 1024
# The largest values of a text's variables, in characters; the schema of scenarios limits the names.
_LONGEST = {"clinic_name": 1_000, "first_name": 1_000, "last_name": 1_000, "link": 2_048}
# A mail and its link, without its texts and names.
_OVERHEAD = 2_048

#: Whether a mail was only kept, or delivered to the mail server, or refused by it.
Delivery = Literal["kept", "delivered", "failed"]


class NoMail(DomainError, LookupError):
    """There is no mail (yet)."""

    def __init__(self) -> None:
        super().__init__("No mail: the outbox is empty")


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic's settings in its EMR, and the lifetime of its links in seconds (assumed)."""

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


_MEMORY = MemoryLimit(ALL_OUTBOXES_BYTES)


class Outbox(Sequence[Mail]):
    """The last mails and how many there were in all.

    It keeps at most `OUTBOX_SIZE` mails of together `OUTBOX_BYTES`, and all outboxes of this process keep at most
    `ALL_OUTBOXES_BYTES`: beyond that, the largest outboxes lose their oldest mails.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._mails: History[Mail] = History(_MEMORY, most_items=OUTBOX_SIZE, most_bytes=OUTBOX_BYTES)
        self.total = 0

    def add(self, **content: Any) -> Mail:
        """Keep one mail; the arguments are those of `Mail` without its id."""
        with self._lock:
            self.total += 1
            mail = Mail(id=self.total, **content)
            before = self._mails.last
            # Mails mostly share the clinic's texts.
            shared = before is not None and before.letter.clinic is mail.letter.clinic
            self._mails.append(mail, _size(mail, shared=shared))
            return mail

    def __iter__(self) -> Iterator[Mail]:
        return iter(self._mails)

    def __len__(self) -> int:
        return len(self._mails)

    @overload
    def __getitem__(self, place: int) -> Mail: ...

    @overload
    def __getitem__(self, place: slice) -> list[Mail]: ...

    def __getitem__(self, place: int | slice) -> Mail | list[Mail]:
        return list(self)[place]

    @property
    def last(self) -> Mail:
        """The newest mail.

        Raises:
            NoMail: the outbox is empty.
        """
        last = self._mails.last
        if last is None:
            raise NoMail
        return last


@dataclass(frozen=True)
class Letter:
    """A mail's content: the clinic's texts and the values of their variables; filled in when read."""

    clinic: Clinic
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    issue: Callable[[], str] = field(repr=False)

    @cached_property
    def link(self) -> str:
        """The URL to follow; issued when it is first read; most links of a mock never are."""
        return self.issue()

    @property
    def subject(self) -> str:
        """One line."""
        return _Templates.of(self.clinic).subject.safe_substitute(self._variables)

    @property
    def text(self) -> str:
        """The text as it is."""
        return _Templates.of(self.clinic).text.safe_substitute(self._variables)

    @property
    def html(self) -> str:
        """The text as HTML, its link one that can be followed."""
        marked_up = {name: escape(value) for name, value in self._variables.items()}
        marked_up["link"] = f'<a href="{marked_up["link"]}">{marked_up["link"]}</a>'
        return _Templates.of(self.clinic).html.safe_substitute(marked_up)

    @property
    def _variables(self) -> dict[str, str]:
        return {
            "clinic_name": self.clinic.name,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "link": self.link,
        }


class _Templates(NamedTuple):
    """A clinic's texts with the variables `$clinic_name`, `$first_name`, `$last_name` and `$link`."""

    subject: Template
    text: Template
    html: Template

    @staticmethod
    @lru_cache(maxsize=32)
    def of(clinic: Clinic) -> "_Templates":
        body = escape(clinic.invitation_text, quote=False)
        paragraphs = [paragraph.strip().replace("\n", "<br>\n") for paragraph in body.split("\n\n")]
        html = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs if paragraph)
        return _Templates(Template(clinic.invitation_subject), Template(clinic.invitation_text), Template(html))


def longest_expansion(text: str) -> int:
    """The characters that a text can have once its variables are filled in."""
    variables = (match["named"] or match["braced"] for match in Template.pattern.finditer(text))
    return len(text) + sum(_LONGEST.get(variable or "", 0) for variable in variables)


def _size(mail: Mail, *, shared: bool) -> int:
    letter, clinic = mail.letter, mail.letter.clinic
    texts = [mail.recipient, letter.first_name, letter.last_name]
    if not shared:
        texts += [clinic.name, clinic.email, clinic.invitation_subject, clinic.invitation_text]
    return _OVERHEAD + sum(map(getsizeof, texts))
