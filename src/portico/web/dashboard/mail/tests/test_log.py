"""The log of mail for staff: what was sent, what waits for which server, what failed and why, and the banner."""

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock, React
from portico.config.mailers import mailers
from portico.domain.access.links.actions.mail_portal_link import request_portal_link_mail
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.output.mail.models import Message
from tests.postbox import Postbox
from tests.server import free_port


def _mailed(acme: Customer, react: React) -> Message:
    request_portal_link_mail(acme, by=OPERATOR)
    react()
    return Message.objects.latest("id")


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_mail_that_was_taken_is_listed_as_sent(owner: Client, acme: Customer, postbox: Postbox, react: React) -> None:
    mail = _mailed(acme, react)
    assert postbox.the_only().recipients == [acme.email]
    for path in ("/mail", "/mail?state=sent", f"/mail?q={acme.email}", f"/customers/{acme.public_id}/mail"):
        page = _page(owner, path)
        assert acme.email.replace("@", "<wbr>@").replace(".", "<wbr>.") in page, path
        assert "Sent" in page
    assert "acme" not in _page(owner, "/mail?state=failed")
    detail = _page(owner, f"/mail/{mail.public_id}")
    assert "127.0.0.1" in detail
    assert "Portal link" in detail
    assert "mail waits" not in _page(owner, "/customers")


def test_a_subject_is_found_in_any_case_and_without_accents(
    owner: Client, acme: Customer, postbox: Postbox, react: React
) -> None:
    mail = _mailed(acme, react)
    Message.objects.filter(pk=mail.pk).update(subject="ÄRZTEHAUS Żółć (Straße 1)")
    for typed in ("ärztehaus", "zolc", "strasse 1", "STRASSE", "aerzte", "(", acme.email.upper()):
        assert mail.public_id in owner.get("/mail", {"q": typed}).content.decode(), typed
    for typed in (".rztehaus", "[", "zolcc", "\\"):
        assert mail.public_id not in owner.get("/mail", {"q": typed}).content.decode(), typed


def test_a_wrong_server_is_said_at_once_to_staff_and_operator(
    owner: Client,
    stranger: Client,
    acme: Customer,
    react: React,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    with caplog.at_level(logging.WARNING):
        mail = _mailed(acme, react)
    assert mail.state == "queued"
    assert "1 mail waits: 127.0.0.1 does not take it." in _page(owner, "/customers")
    assert "mail waits" not in _page(stranger, "/customers")
    listed = _page(owner, "/mail?state=queued")
    assert "127.0.0.1 gives no answer" in listed
    detail = _page(owner, f"/mail/{mail.public_id}")
    assert "Waits for" in detail
    assert "Next try" in detail
    [line] = [record for record in caplog.records if "was not sent yet" in record.getMessage()]
    assert line.levelname == "WARNING"
    assert "by 127.0.0.1" in line.getMessage()
    assert acme.email not in line.getMessage()


def test_the_banner_goes_once_the_server_takes_the_mail(
    owner: Client, acme: Customer, react: React, settings: Settings, postbox: Postbox, clock: Clock
) -> None:
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    mail = _mailed(acme, react)
    settings.MAILERS = mailers(postbox.url)
    clock.advance(minutes=2)
    react()
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert "mail waits" not in _page(owner, "/customers")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 No such user here", "Nobody has this address there"),
        ("552 5.2.2 Over quota", "The mailbox is full"),
        ("550 5.7.1 Listed as a source of spam", "rejects it, as unwanted or suspicious"),
        ("550 Sender verify failed", "sends no mail from your address"),
    ],
)
def test_a_refusal_reads_in_words(
    owner: Client, acme: Customer, react: React, postbox: Postbox, answer: str, words: str
) -> None:
    postbox.refuse_recipients = answer
    mail = _mailed(acme, react)
    assert mail.state == "failed"
    for path in ("/mail", f"/mail/{mail.public_id}", f"/customers/{acme.public_id}"):
        page = _page(owner, path)
        assert words in page, path
        assert answer in page, path


def test_without_a_mail_server_the_log_says_so(owner: Client, acme: Customer, react: React) -> None:
    assert _mailed(acme, react).state == "unsent"
    page = _page(owner, "/mail")
    assert "No mail server is set up" in page
    assert "Not sent" in page


def test_the_log_is_the_business_s_own(
    stranger: Client, visitor: Client, acme: Customer, react: React, postbox: Postbox
) -> None:
    mail = _mailed(acme, react)
    assert acme.email not in _page(stranger, "/mail")
    for path in (f"/mail/{mail.public_id}", f"/customers/{acme.public_id}/mail"):
        assert stranger.get(path).status_code == 404
        assert visitor.get(path).status_code == 302
