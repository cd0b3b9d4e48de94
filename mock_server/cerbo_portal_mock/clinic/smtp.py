"""Delivery of mails by SMTP, in a bounded time."""

import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from threading import Timer

from cerbo_portal_mock.clinic.mail import Letter

# Seconds for one delivery, from the connection to the mail server's last word.
LIMIT = 10.0


class DeliveryFailed(Exception):
    """The mail server did not take the mail; the text says why and holds no addresses."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom and to whom: names to show, and addresses."""

    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    date: datetime


class MailServer:
    """An SMTP server that accepts mails without credentials, as development servers do.

    Args:
        host: its name or address.
        port: its TCP port.
        limit: seconds for one delivery.
    """

    def __init__(self, host: str, port: int, limit: float = LIMIT) -> None:
        self.host = host
        self.port = port
        self._limit = limit

    def deliver(self, envelope: Envelope, letter: Letter) -> None:
        """Hand over one mail.

        Args:
            envelope: from whom and to whom.
            letter: the content.

        Raises:
            DeliveryFailed: the server cannot be reached, refuses, or takes too long; or the mail
                cannot be written, such as for a line break in a name.
        """
        smtp = smtplib.SMTP(timeout=self._limit)
        # The socket's own timeout restarts with every byte that arrives.
        guard = Timer(self._limit, _shut, [smtp])
        guard.daemon = True
        guard.start()
        try:
            message = _message(envelope, letter)
            smtp.connect(self.host, self.port)
            smtp.send_message(message)
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"the mail server answered {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            raise DeliveryFailed(f"the mail server answered {code}") from None
        except (smtplib.SMTPException, OSError):
            raise DeliveryFailed("the mail server cannot be reached, or does not speak SMTP in time") from None
        except (ValueError, IndexError, MessageError):
            # The standard library's own parser of addresses stumbles in all of these ways.
            raise DeliveryFailed("the mail cannot be written: expected names and addresses of one line") from None
        finally:
            guard.cancel()
            smtp.close()


def _message(envelope: Envelope, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    message["To"] = Address(envelope.recipient_name, addr_spec=envelope.recipient)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = make_msgid(domain=envelope.sender.rpartition("@")[2])
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _shut(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        with suppress(OSError):
            smtp.sock.shutdown(socket.SHUT_RDWR)
