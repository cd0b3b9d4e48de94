"""The invitation: the clinic's text, and a link that is encrypted, expires and says one thing."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cerbo_portal_mock.mail import (
    OUTBOX_SIZE,
    Clinic,
    InvalidLink,
    Invitation,
    Invitations,
    NoPrimaryAddress,
    Outbox,
)
from cerbo_portal_mock.state import Patient
from cryptography.fernet import Fernet

CLINIC = Clinic("Riverside", "$clinic_name writes", "Dear $first_name $last_name: $link costs $$0 $unknown", 3600)
SAM = Patient(5, "Sam", "Sample", "sam@example.com")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Desk:
    """Invitations with a clock that is set by hand."""

    def __init__(self, key: bytes) -> None:
        self.now = NOON
        self.outbox = Outbox()
        self.invitations = Invitations(lambda: CLINIC, key, lambda: self.now, self.outbox)

    def token(self, patient: Patient = SAM) -> str:
        mail = self.invitations.invite(patient, "http://127.0.0.1")
        return parse_qs(urlsplit(mail.link).query)["token"][0]


@pytest.fixture
def desk() -> Desk:
    return Desk(Fernet.generate_key())


def test_the_mail_carries_the_clinics_text(desk: Desk) -> None:
    mail = desk.invitations.invite(SAM, "http://127.0.0.1")
    assert (mail.recipient, mail.sender, mail.subject) == ("sam@example.com", "Riverside", "Riverside writes")
    assert mail.text == f"Dear Sam Sample: {mail.link} costs $0 $unknown"
    assert list(desk.outbox) == [mail]
    assert "Sam" not in repr(mail)
    assert "sam@" not in repr(mail)


def test_the_link_is_to_join_or_to_reset(desk: Desk) -> None:
    joined = Patient(5, "Sam", "Sample", "sam@example.com", username="sam")
    assert desk.invitations.read(desk.token()) == Invitation("join", 5)
    assert desk.invitations.read(desk.token(joined)) == Invitation("reset", 5)


def test_the_link_expires(desk: Desk) -> None:
    token = desk.token()
    desk.now = NOON + timedelta(seconds=CLINIC.link_lifetime)
    assert desk.invitations.read(token).pt_id == 5
    desk.now += timedelta(seconds=1)
    with pytest.raises(InvalidLink):
        desk.invitations.read(token)


def test_the_link_is_nothing_without_the_key(desk: Desk) -> None:
    token = desk.token()
    with pytest.raises(InvalidLink):
        Desk(Fernet.generate_key()).invitations.read(token)
    with pytest.raises(InvalidLink):
        desk.invitations.read(token[:-4])


def test_no_primary_address_sends_nothing(desk: Desk) -> None:
    with pytest.raises(NoPrimaryAddress):
        desk.invitations.invite(Patient(6, "No", "Mail"), "http://127.0.0.1")
    assert list(desk.outbox) == []


def test_the_outbox_is_bounded_and_counts_on(desk: Desk) -> None:
    for _ in range(OUTBOX_SIZE + 2):
        desk.token()
    assert desk.outbox.total == OUTBOX_SIZE + 2
    assert [mail.id for mail in desk.outbox] == list(range(3, OUTBOX_SIZE + 3))
