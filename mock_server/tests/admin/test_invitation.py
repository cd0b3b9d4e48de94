"""The invitation, end to end: a link that is encrypted, works once, expires, and is of one instance and patient."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cerbo_portal_client import Client, OutcomeUnknown
from cerbo_portal_mock import MockPortal, create_app
from cerbo_portal_mock.clinic.invitations import BadLink, InvitationRefused
from cerbo_portal_mock.clinic.patient_logins import PatientLogins
from cerbo_portal_mock.clinic.records import Patient

from contract_tests.support.smtp_server import Mailbox, mail_server_of

NEW = "correct horse battery"


def _token(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


class Form(HTMLParser):
    """The fields of a page's form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("name"):
            self.fields[values["name"] or ""] = values.get("value") or ""


def test_the_whole_loop_with_a_real_mail_server_and_a_real_form() -> None:
    mailbox = Mailbox()
    with mail_server_of(mailbox) as mail_server:
        portal = MockPortal(mail_server=mail_server)
        with portal.server() as url, Client(url, username="un", password="pwd") as cerbo:
            cerbo.invite_to_portal(221)
            body = mailbox.mails[0].get_body(("plain",))
            assert body is not None
            (link,) = re.findall(r"http://\S+", body.get_content())
            page = httpx.get(link, trust_env=False)
            assert page.status_code == 200
            fields = Form(page.text).fields | {"username": "toni", "password": NEW, "repeated": NEW}
            assert fields.keys() == {"token", "username", "password", "repeated"}
            done = httpx.post(link, data=fields, trust_env=False)
            assert (done.status_code, "toni" in done.text) == (200, True)
            answer = cerbo.validate_portal_credentials(username="toni", password=NEW)
            assert answer.result
            assert answer.patient_details
            assert answer.patient_details.id == 221
            assert httpx.get(link, trust_env=False).status_code == 410


def test_the_whole_loop_through_the_objects(cerbo_portal: MockPortal) -> None:
    with cerbo_portal.client() as cerbo:
        cerbo.invite_to_portal(221)
        assert cerbo_portal.open(cerbo_portal.outbox.last).submit(username="toni", password=NEW).status == 200
        assert cerbo.validate_portal_credentials(username="toni", password=NEW).result
        assert not cerbo.validate_portal_credentials(username="toni", password="wrong").result


def test_who_has_joined_resets_the_password_and_keeps_the_user_name(portal: MockPortal) -> None:
    with portal.client() as cerbo:
        cerbo.invite_to_portal(1)
        page = portal.open(portal.outbox.last)
        assert "Choose a new password for <strong>robin</strong>" in page.html
        assert "username" not in Form(page.html).fields
        assert page.submit(username="mallory", password=NEW).status == 200
        assert cerbo.validate_portal_credentials(username="robin", password=NEW).result
        cerbo.invite_to_portal(1)
        portal.open(portal.outbox.last).submit(password="another password")
        assert not cerbo.validate_portal_credentials(username="robin", password=NEW).result
        assert cerbo.validate_portal_credentials(username="robin", password="another password").result


def test_an_unknown_user_is_answered_as_a_wrong_password_is(portal: MockPortal) -> None:
    with portal.client() as cerbo:
        unknown = cerbo.validate_portal_credentials(username="nobody", password=NEW)
        never_joined = cerbo.validate_portal_credentials(username="robin", password=NEW)
    assert unknown == never_joined
    assert not unknown.result


def test_every_check_of_a_password_computes_one_hash(portal: MockPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def count(password: str, _: bytes) -> bytes:
        hashed.append(password)
        return b""

    monkeypatch.setattr("cerbo_portal_mock.clinic.patient_logins._hash", count)
    for username in ("robin", "nobody", ""):
        portal.instance.patient_logins.validate(username, username)
    assert hashed == ["robin", "nobody", ""]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"username": ""}, "user name of 1 to 64"),
        ({"username": "x" * 65}, "user name of 1 to 64"),
        ({"username": "a\nb"}, "user name of 1 to 64"),
        ({"username": "robin"}, "This user name is taken"),
        ({"password": "short", "repeated": "short"}, "password of 8 to 128 characters"),
        ({"password": "x" * 129, "repeated": "x" * 129}, "password of 8 to 128 characters"),
        ({"repeated": "different"}, "not the same"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_the_link_still_works(
    portal: MockPortal, form: dict[str, str], problem: str
) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    sent = {"token": _token(mail.link), "username": "toni", "password": NEW, "repeated": NEW} | form
    with portal.app.test_client() as browser:
        answer = browser.post("/portal/join", data=sent)
    assert answer.status_code == 422
    assert problem in answer.text
    assert NEW not in answer.text
    assert portal.open(mail).submit(username="toni", password=NEW).status == 200


def test_names_are_escaped_on_the_page(portal: MockPortal) -> None:
    portal.state.extend([Patient(5, "<script>alert(1)</script>", "X", "x@example.com")], [], [])
    portal.instance.invitations.invite(portal.state.patient(5), "http://127.0.0.1")
    page = portal.open(portal.outbox.last)
    assert "<script>" not in page.html
    assert "<script>" not in page.submit(username="<script>alert(2)</script>", password="short").html


def test_an_expired_link_is_gone(portal: MockPortal) -> None:
    portal.clock.freeze()
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    portal.clock.advance(72 * 3600)
    assert portal.open(mail).status == 200
    portal.clock.advance(1)
    page = portal.open(mail)
    assert (page.status, "This link has expired" in page.html) == (410, True)
    assert page.submit(username="toni", password=NEW).status == 410
    portal.clock.advance(-1000)
    assert portal.open(mail).status == 200


def test_a_used_link_is_gone(portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    other = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    portal.open(mail).submit(username="toni", password=NEW)
    assert (portal.open(mail).status, "used already" in portal.open(mail).html) == (410, True)
    assert portal.open(other).status == 200


def test_of_many_who_use_a_link_at_once_one_succeeds(portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    page = portal.open(mail)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: page.submit(username=f"toni{n}", password=NEW).status, range(8)))
    assert sorted(results) == [200, *[410] * 7]


def test_a_link_of_another_instance_or_before_a_reset_is_foreign(portal: MockPortal) -> None:
    gw0 = portal.instances.get_or_create("gw0")
    mail = gw0.invitations.invite(gw0.state.patient(221), "http://127.0.0.1")
    assert (portal.open(mail).status, "belongs to another portal" in portal.open(mail).html) == (403, True)
    mine = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    portal.reset()
    assert portal.open(mine).status == 403


def test_a_link_of_another_mock_is_not_valid(portal: MockPortal) -> None:
    other = create_app().extensions["cerbo_portal"].default
    link = other.invitations.invite(other.state.patient(221), "http://127.0.0.1").link
    with portal.app.test_client() as browser:
        assert browser.get(link).status_code == 400
        assert browser.get("/portal/join").status_code == 400
        assert browser.get("/__instance/nothing/portal/join").status_code == 404


def test_no_token_survives_a_change_of_any_of_its_bytes(portal: MockPortal) -> None:
    invitations = portal.instance.invitations
    token = _token(invitations.invite(portal.state.patient(221), "http://127.0.0.1").link)
    assert invitations.read(token).pt_id == 221
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n\0"
    changed = [token[:i] + char + token[i + 1 :] for i in range(len(token)) for char in alphabet if char != token[i]]
    changed += [token[:i] + token[i + 1 :] for i in range(len(token))] + [token + char for char in alphabet]
    for other in changed:
        with pytest.raises(BadLink, match="not valid"):
            invitations.read(other)


def test_a_token_tells_nothing_without_the_key(portal: MockPortal) -> None:
    patient = Patient(424242, "Zaphod", "Beeblebrox", "zaphod@example.com", "zaphod")
    tokens = [_token(portal.instance.invitations.invite(patient, "http://127.0.0.1").link) for _ in range(2)]
    assert tokens[0] != tokens[1]
    for token in tokens:
        content = base64.urlsafe_b64decode(token)
        # What is not encrypted is the version and the time of sending, in seconds.
        assert content[0] == 0x80
        for secret in (b"424242", b"aphod", (424242).to_bytes(3, "big"), (424242).to_bytes(3, "little")):
            assert secret not in content


def test_passwords_are_kept_as_hashes_only(portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    portal.open(mail).submit(username="toni", password=NEW)
    other = PatientLogins(portal.state)
    assert NEW not in repr(vars(portal.instance.patient_logins))
    (stored,) = portal.instance.patient_logins._hashes.values()
    assert len(stored) == 16 + 64
    assert other.validate("toni", NEW) is None


def test_one_password_of_two_patients_is_two_hashes(portal: MockPortal) -> None:
    for pt_id, username in ((1, None), (221, "toni")):
        mail = portal.instance.invitations.invite(portal.state.patient(pt_id), "http://127.0.0.1")
        portal.open(mail).submit(username=username, password=NEW)
    one, other = (stored[16:] for stored in portal.instance.patient_logins._hashes.values())
    assert one != other


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"primary_email": None}, "no primary e-mail address"),
        ({"portal_access": False}, "access to the portal is disabled"),
        ({"zip": None}, "no ZIP code"),
    ],
)
def test_a_patient_who_cannot_use_the_portal_gets_no_invitation(
    members: dict[str, Any], reason: str, portal: MockPortal
) -> None:
    patient = replace(portal.state.patient(1), **members)
    with pytest.raises(InvitationRefused, match=reason):
        portal.instance.invitations.invite(patient, "http://127.0.0.1")
    assert len(portal.outbox) == 0


def test_the_page_gives_nothing_away_and_needs_nothing_from_elsewhere(portal: MockPortal) -> None:
    mail = portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1")
    with portal.app.test_client() as browser:
        page = browser.get(mail.link)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script|src=|https?://", page.text)


def test_one_successful_call_is_one_mail_and_a_failed_one_at_most_one() -> None:
    portal = MockPortal()
    portal.faults.add("close", probability=0.3)
    portal.faults.add("close", probability=0.3, applied=True)
    portal.faults.add("status", status=503, probability=0.3)

    def invite(_: int) -> tuple[int, int]:
        done = unknown = 0
        with portal.client() as cerbo:
            for _ in range(20):
                try:
                    cerbo.invite_to_portal(221)
                    done += 1
                except OutcomeUnknown:
                    unknown += 1
                except Exception:
                    pass
        return done, unknown

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(invite, range(8)))
    done, unknown = (sum(column) for column in zip(*counts, strict=True))
    assert done <= portal.outbox.total <= done + unknown
    assert len(portal.journal.find(operation="inviteToPortal")) == 160


def test_the_page_names_the_user_name_that_is_valid(portal: MockPortal) -> None:
    mails = [portal.instance.invitations.invite(portal.state.patient(221), "http://127.0.0.1") for _ in range(2)]
    invitations = [portal.instance.invitations.read(_token(mail.link)) for mail in mails]
    first, second = (
        portal.instance.patient_logins.join(invitation, name, NEW)
        for invitation, name in zip(invitations, ("alice", "bobby"), strict=True)
    )
    assert (first.username, second.username) == ("alice", "alice")
