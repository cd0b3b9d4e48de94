"""The mail: the clinic's text, as text and as HTML, delivered by SMTP in a bounded time, and kept whatever happens."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cerbo_portal_mock.clinic.instance import Settings
from cerbo_portal_mock.clinic.mail import OUTBOX_SIZE, Clinic, Letter, Outbox
from cerbo_portal_mock.clinic.records import Patient
from cerbo_portal_mock.clinic.smtp import LARGEST_REPLIES, LIMIT, DeliveryFailed, Envelope, MailServer
from cerbo_portal_mock.testing.mock_portal import MockPortal
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.support.http_client import INVITE_PATH, USER, free_port
from contract_tests.support.smtp_server import Mailbox, mail_server_of

CLINIC = Clinic("Riverside", "$clinic_name writes", "Dear $first_name\n$last_name,\n\n$link <costs> $$0 $unknown", 3600)


def _invite(mail_server: MailServer | None) -> tuple[MockPortal, Any]:
    portal = MockPortal(mail_server=mail_server)
    with portal.app.test_client() as http:
        return portal, http.post(INVITE_PATH, auth=USER)


def test_the_clinics_text_is_filled_in_and_escaped_as_html() -> None:
    letter = Letter(CLINIC, "Sam", "<b>O'Neil</b>", lambda: "http://x/?a=1&b=2")
    assert letter.subject == "Riverside writes"
    assert letter.text == "Dear Sam\n<b>O'Neil</b>,\n\nhttp://x/?a=1&b=2 <costs> $0 $unknown"
    assert letter.html == (
        "<p>Dear Sam<br>\n&lt;b&gt;O&#x27;Neil&lt;/b&gt;,</p>\n"
        '<p><a href="http://x/?a=1&amp;b=2">http://x/?a=1&amp;b=2</a> &lt;costs&gt; $0 $unknown</p>\n'
    )


def test_a_mail_is_delivered_with_both_parts_from_the_clinic_to_the_patient() -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        portal, answer = _invite(mail_server)
    assert answer.json["result"] is True
    (message,) = mailbox.mails
    kept = portal.outbox.last
    assert mailbox.recipients == ["toni.invited@example.com"]
    assert message["From"] == "Riverside Sample Clinic <no-reply@example.com>"
    assert message["To"] == "Toni Invited <toni.invited@example.com>"
    assert message["Subject"] == kept.subject
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").strip() == kept.text.strip()
    assert kept.link.replace("&", "&amp;") in html.get_content()
    assert (kept.delivery, kept.failure) == ("delivered", None)


def test_each_letter_is_its_patients_own() -> None:
    portal = MockPortal()
    with portal.client() as client:
        for pt_id in (221, 1):
            client.invite_to_portal(pt_id)
    addresses = [mail.recipient for mail in portal.outbox]
    assert addresses == ["toni.invited@example.com", "robin.sample@example.com"]
    assert [mail.text.partition(",")[0] for mail in portal.outbox] == ["Dear Toni", "Dear Robin"]
    first, second = portal.outbox
    assert first.link in first.text
    assert first.link != second.link


def test_names_and_addresses_cannot_add_headers_or_recipients() -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        portal = MockPortal(mail_server=mail_server)
        clinic = Clinic('Evil" <x@evil.example>, Clinic', "$first_name", "$link", 3600)
        portal.instance.settings = Settings(clinic)
        for name in ("Ann, Bob <bob@evil.example>", "Line\r\nBcc: eve@evil.example"):
            portal.instance.invitations.invite(Patient(5, name, "X", "toni.invited@example.com"), "http://127.0.0.1")
    assert mailbox.recipients == ["toni.invited@example.com"]
    (message,) = mailbox.mails
    assert [address.addr_spec for address in message["From"].addresses] == ["no-reply@example.com"]
    assert [address.addr_spec for address in message["To"].addresses] == ["toni.invited@example.com"]
    assert message["Bcc"] is None
    assert "cannot be written" in (portal.outbox.last.failure or "")


@pytest.mark.parametrize(("refuse", "code"), [("RCPT", "550"), ("DATA", "554")])
def test_a_mail_server_that_refuses_is_a_false_result_and_the_mail_is_kept(refuse: str, code: str) -> None:
    with mail_server_of(Mailbox(refuse)) as mail_server:
        portal, answer = _invite(mail_server)
    assert (answer.status_code, answer.json["result"]) == (200, False)
    assert answer.json["message"] == f"The invitation was not sent: the mail server answered {code}"
    assert portal.outbox.last.delivery == "failed"
    assert portal.outbox.total == 1


def test_a_mail_server_that_is_down_is_a_false_result() -> None:
    portal, answer = _invite(MailServer("127.0.0.1", free_port()))
    assert (answer.status_code, answer.json["result"]) == (200, False)
    assert portal.outbox.last.failure == "the mail server cannot be reached, or does not speak SMTP in time"


def _silent(_: socket.socket) -> None:
    """Says nothing."""


def _drip(connection: socket.socket) -> None:
    """Never comes to the end of its greeting, and never pauses for long."""
    for _ in range(10_000):
        connection.sendall(b"2")
        time.sleep(0.01)


def _babble(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


@pytest.mark.parametrize("behave", [_silent, _drip, _babble])
def test_a_mail_server_that_stalls_or_babbles_costs_a_bounded_time(behave: Callable[[socket.socket], None]) -> None:
    connections: list[socket.socket] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connections.append(connection)
        try:
            behave(connection)
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=[listener])
        thread.start()
        portal, answer = _invite(MailServer("127.0.0.1", listener.getsockname()[1], limit=0.3))
        thread.join(timeout=10)
    assert not thread.is_alive()
    for connection in connections:
        connection.close()
    assert (answer.status_code, answer.json["result"]) == (200, False)
    assert portal.outbox.last.delivery == "failed"
    assert portal.journal.find(operation="inviteToPortal")[0].duration < 5


def test_the_outbox_is_bounded_and_counts_on() -> None:
    outbox, letter = Outbox(), Letter(CLINIC, "secret", "secret", lambda: "secret")
    for number in range(OUTBOX_SIZE + 2):
        outbox.add(sent_at=None, recipient=f"secret-{number}", letter=letter)
    assert outbox.total == OUTBOX_SIZE + 2
    assert len(outbox) == OUTBOX_SIZE
    assert [mail.id for mail in outbox] == list(range(3, OUTBOX_SIZE + 3))
    assert "secret" not in repr(outbox.last)


@pytest.mark.parametrize(
    "address",
    [
        "a@",
        "<a@b.example>",
        "@",
        ":;",
        ".@.",
        "",
        "a@b.example, c@d.example",
        "a: b@c.example;",
        "a@b.example\r\nBcc: x",
        "a@b\u2028.example",
    ],
)
def test_an_address_that_cannot_be_written_is_a_false_result_and_the_mail_is_kept(address: str) -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        portal = MockPortal(mail_server=mail_server)
        portal.state.extend([Patient(900, "A", "B", address)], [], [])
        with portal.app.test_client() as http:
            answer: Any = http.post("/api/v1/patients/900/portal/invite", auth=USER)
    assert (answer.status_code, answer.json["result"]) == (200, False)
    assert (portal.outbox.total, portal.outbox.last.delivery) == (1, "failed")
    assert mailbox.mails == []


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@contextmanager
def _peer(serve: Callable[[socket.socket], None]) -> Iterator[MailServer]:
    """A mail server of a short limit that treats its only connection so."""

    def run(listener: socket.socket) -> None:
        with listener.accept()[0] as connection, suppress(OSError):
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=run, args=[listener])
        thread.start()
        yield MailServer("127.0.0.1", listener.getsockname()[1], limit=0.5)
        thread.join(30)
        assert not thread.is_alive()


def _endless(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-more\r\n" * 1_000)


def _endless_line(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"2" * 8_000)


def _endless_after_the_greeting(connection: socket.socket) -> None:
    connection.sendall(b"220 hello\r\n")
    connection.recv(1_000)
    while True:
        connection.sendall(b"250-more\r\n" * 1_000)


def _slow_lines(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-more\r\n")
        time.sleep(0.01)


def _busy(connection: socket.socket) -> None:
    connection.sendall(b"421 busy\r\n")


def _deaf(connection: socket.socket) -> None:
    connection.sendall(b"220 hello\r\n")
    for _ in range(3):
        connection.recv(1_000)
        connection.sendall(b"250 ok\r\n")
    connection.recv(1_000)
    connection.sendall(b"354 go on\r\n")
    # Reads nothing of the mail, until the other side gives up.
    time.sleep(0.8)


ENVELOPE = Envelope("C", "c@example.com", "P", "p@example.com", NOON)


@pytest.mark.parametrize(
    ("serve", "failure"),
    [
        (_endless, "does not speak SMTP in time"),
        (_endless_line, "answered 500"),
        (_endless_after_the_greeting, "does not speak SMTP in time"),
        (_slow_lines, "does not speak SMTP in time"),
        (_busy, "answered 421"),
        (_deaf, "does not speak SMTP in time"),
    ],
)
def test_delivery_is_bounded_in_time_and_bytes(serve: Callable[[socket.socket], None], failure: str) -> None:
    assert (LIMIT, LARGEST_REPLIES) == (10, 65_536)
    letter = Letter(replace(CLINIC, invitation_text="x" * 4_000_000 if serve is _deaf else "x"), "", "", lambda: "")
    with _peer(serve) as mail_server:
        started = time.monotonic()
        with pytest.raises(DeliveryFailed, match=failure):
            mail_server.deliver(ENVELOPE, letter)
        # A hang guard.
        assert time.monotonic() - started < 5


def test_addresses_that_hang_share_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        # With a full backlog, the listener ignores further connections.
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(address)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", address)] * 8
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        started = time.monotonic()
        with pytest.raises(DeliveryFailed, match="cannot be reached"):
            MailServer("mail.example", 25, limit=0.4).deliver(ENVELOPE, Letter(CLINIC, "", "", lambda: ""))
        assert time.monotonic() - started < 3
        for connection in waiting:
            connection.close()


def test_a_second_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        addresses = [("127.0.0.1", free_port()), ("127.0.0.1", mail_server.port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        MailServer("mail.example", 25).deliver(ENVELOPE, Letter(CLINIC, "", "", lambda: ""))
    assert len(mailbox.mails) == 1


def test_a_name_without_an_address_is_a_failed_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        MailServer("mail.example", 25).deliver(ENVELOPE, Letter(CLINIC, "", "", lambda: ""))


def test_no_delivery_begins_after_its_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(DeliveryFailed, match="in time"):
        MailServer("127.0.0.1", listener.getsockname()[1], limit=-1).deliver(
            ENVELOPE, Letter(CLINIC, "", "", lambda: "")
        )


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, MailServer]]:
    """A mail server, and what it has received."""
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        yield mailbox, mail_server


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from(' \r\n\t\x0b\x0c\x1c\x85\u2028\u2029"<>@,;:()\\\\=?aé\U0001f600'), max_size=200),
    st.sampled_from(
        [
            "=?utf-8?q?Ann=0D=0ABcc:_eve@evil.example?=",
            "=?utf-8?b?QW5uDQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
            "Ann =?utf-8?q?=0A?= <eve@evil.example>",
            "x" * 1_000,
            "é" * 1_000,
            "A\u2028B",
        ]
    ),
)


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(name=TEXTS, sender=TEXTS, subject=TEXTS)
def test_no_text_adds_a_header_or_a_bare_line_break(
    mailbox: tuple[Mailbox, MailServer], name: str, sender: str, subject: str
) -> None:
    box, mail_server = mailbox
    box.contents.clear()
    clinic = replace(CLINIC, invitation_subject=subject.replace("$", "$$"), invitation_text="Hello")
    envelope = Envelope(sender, "c@example.com", name, "p@example.com", NOON)
    letter = Letter(clinic, "", "", lambda: "")
    if any(character < " " or character == "\x7f" for character in name + sender + subject):
        with pytest.raises(DeliveryFailed, match="cannot be written"):
            mail_server.deliver(envelope, letter)
        return
    mail_server.deliver(envelope, letter)
    (content,) = box.contents
    head = content.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head)
    assert head.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    message = message_from_bytes(content)
    assert message.keys() == [*("Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type")]
    assert _text(message["Subject"]) == subject
    for header, shown, address in (("From", sender, "c@example.com"), ("To", name, "p@example.com")):
        phrase, parsed = parseaddr(message[header])
        assert (_text(phrase), parsed) == (shown, address)


def _text(header: str) -> str:
    return str(make_header(decode_header(header)))


def test_addresses_beyond_ascii_are_delivered_where_the_server_takes_them(mailbox: tuple[Mailbox, MailServer]) -> None:
    box, mail_server = mailbox
    envelope = replace(ENVELOPE, sender="klinik@müller.example", recipient="anne@müller.example")
    mail_server.deliver(envelope, Letter(CLINIC, "", "", lambda: ""))
    assert box.recipients[-1] == "anne@müller.example"
    assert "klinik@müller.example" in box.contents[-1].decode()
    older = Controller(Mailbox(), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    older.start()
    with pytest.raises(DeliveryFailed):
        MailServer("127.0.0.1", older.port).deliver(envelope, Letter(CLINIC, "", "", lambda: ""))
    older.stop()


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_text_that_is_no_unicode_is_a_failed_delivery(mailbox: tuple[Mailbox, MailServer], text: str) -> None:
    for envelope in (replace(ENVELOPE, recipient_name=text), replace(ENVELOPE, sender=f"{text}@example.com")):
        with pytest.raises(DeliveryFailed, match="cannot be written"):
            mailbox[1].deliver(envelope, Letter(CLINIC, "", "", lambda: ""))
    with pytest.raises(DeliveryFailed, match="cannot be written"):
        mailbox[1].deliver(ENVELOPE, Letter(replace(CLINIC, invitation_text=text), "", "", lambda: ""))
