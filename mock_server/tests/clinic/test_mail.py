"""The mail: the clinic's text, as text and as HTML, delivered by SMTP in a bounded time, and kept whatever happens."""

import smtplib
import socket
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from cerbo_portal_mock.clinic.instance import Settings
from cerbo_portal_mock.clinic.mail import OUTBOX_SIZE, Clinic, Letter, Outbox
from cerbo_portal_mock.clinic.smtp import MailServer, _shut
from cerbo_portal_mock.clinic.state import Patient
from cerbo_portal_mock.testing.mock_portal import MockPortal

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


def test_the_limit_may_end_a_delivery_that_has_no_connection_yet() -> None:
    smtp = smtplib.SMTP()
    _shut(smtp)
    assert smtp.sock is None


@pytest.mark.parametrize("address", ["a@", "<a@b.example>", "@", ":;", ".@.", ""])
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
