"""Delivery of mails by SMTP, in bounded time and memory."""

import smtplib
import socket
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, quote
from typing import Any

from cerbo_portal_mock.clinic.mail import Letter

# Seconds for one delivery, from the connection to the mail server's last word; the look-up of its name not included.
LIMIT = 10.0
# Bytes of all replies to one delivery.
LARGEST_REPLIES = 64 * 1024
# Characters of a header's text that needs no encoded words if it is ASCII.
_LINE = 60
# Bytes in an encoded word, which has at most 75 characters.
_WORD = 45
_READY = 220
# Seconds; a timeout of 0 would mean not to wait at all.
_SHORTEST = 0.001


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
        # A name of its own would be looked up.
        smtp = smtplib.SMTP(local_hostname="localhost")
        try:
            content, options = _content(envelope, letter)
            smtp.sock = _connect(self.host, self.port, time.monotonic() + self._limit)
            code, _ = smtp.getreply()
            if code != _READY:
                raise smtplib.SMTPConnectError(code, b"")
            smtp.sendmail(envelope.sender, [envelope.recipient], content, options)
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"the mail server answered {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise DeliveryFailed(f"the mail server answered {code}") from None
        except (smtplib.SMTPException, OSError):
            raise DeliveryFailed("the mail server cannot be reached, or does not speak SMTP in time") from None
        except (ValueError, IndexError, MessageError):
            # The standard library's own parser of addresses stumbles in all of these ways.
            raise DeliveryFailed("the mail cannot be written: expected names and addresses of one line") from None
        finally:
            smtp.close()


class _BoundedSocket(socket.socket):
    """A socket whose operations end at a deadline, and that receives at most `LARGEST_REPLIES` bytes.

    A timeout of a socket alone starts again with every byte that arrives.
    """

    deadline = 0.0
    received = 0

    def recv_into(self, *arguments: Any) -> int:
        self._set_timeout()
        count = super().recv_into(*arguments)
        self.received += count
        if self.received > LARGEST_REPLIES:
            raise OSError("too many bytes")
        return count

    def sendall(self, *arguments: Any) -> None:
        self._set_timeout()
        super().sendall(*arguments)

    def _set_timeout(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)


def _connect(host: str, port: int, deadline: float) -> socket.socket:
    """A connection to the first address that accepts one; all of them share the time until the deadline."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failure = OSError("no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        connection = _BoundedSocket(family, kind, protocol)
        connection.deadline = deadline
        share = (deadline - time.monotonic()) / (len(addresses) - number)
        try:
            connection.settimeout(max(share, _SHORTEST))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _content(envelope: Envelope, letter: Letter) -> tuple[bytes, list[str]]:
    """The mail, and the options of its sending.

    The headers are written here: the library's parser decodes encoded words that a name contains, line breaks included.
    """
    body = EmailMessage()
    body.set_content(letter.text)
    body.add_alternative(letter.html, subtype="html")
    headers = {
        "Subject": _encoded(letter.subject),
        "From": _mailbox(envelope.sender_name, envelope.sender),
        "To": _mailbox(envelope.recipient_name, envelope.recipient),
        "Date": format_datetime(envelope.date),
        "Message-ID": make_msgid(domain="cerbo-portal-mock.invalid"),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    options = [] if (envelope.sender + envelope.recipient).isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    return head.encode() + body.as_bytes(policy=SMTP), options


def _mailbox(name: str, address: str) -> str:
    # Parsed only to refuse what is not one address.
    Address(addr_spec=address)
    if not address.isprintable():
        raise ValueError("expected an address of one line")
    phrase = _encoded(name)
    shown = phrase if phrase != name else f'"{quote(name)}"'
    return f"{shown}\r\n <{address}>"


def _encoded(text: str) -> str:
    """A text as a header's value: as it is, or as encoded words."""
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("expected text of one line")
    if text.isascii() and text == text.strip() and len(text) <= _LINE and "=?" not in text:
        return text
    # The library's own encoder takes U+2028 for the end of a line.
    chunks = [b""]
    for character in text:
        encoded = character.encode()
        if len(chunks[-1] + encoded) > _WORD:
            chunks.append(b"")
        chunks[-1] += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode()}?=" for chunk in chunks)
