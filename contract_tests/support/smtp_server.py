"""A real mail server for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from cerbo_portal_mock.clinic.smtp import MailServer

from contract_tests.support.http_client import free_port


class Mailbox:
    """A real mail server's handler: keeps the mails that it accepts, refuses at the step `refuse`."""

    def __init__(self, refuse: str | None = None) -> None:
        self.refuse = refuse
        self.mails: list[EmailMessage] = []
        self.contents: list[bytes] = []
        self.recipients: list[str] = []

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refuse == "RCPT":
            return "550 no such user: robin@secret.example"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse == "DATA":
            return "554 not today"
        self.recipients.extend(envelope.rcpt_tos)
        self.contents.append(envelope.original_content)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"


@contextmanager
def mail_server_of(mailbox: Mailbox) -> Iterator[MailServer]:
    """A mail server that listens as long as the context lasts."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield MailServer(controller.hostname, controller.port)
    finally:
        controller.stop()
