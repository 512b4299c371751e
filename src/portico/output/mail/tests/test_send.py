"""Mail through a real mail server: what arrives, what is logged, and what happens when the server says no."""

import logging
from datetime import timedelta
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import Settings

from conftest import Clock
from portico.config.mailers import mailers
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.output.mail.actions.send import NO_MAIL_SERVER, send
from portico.output.mail.document_emails import InvoiceEmail
from portico.output.mail.emails import PortalLink, SignIn
from portico.output.mail.errors import NotSentYet
from portico.output.mail.models import Message
from portico.output.mail.template import EmailTemplate
from portico.output.mail.tests.samples import DAY
from portico.output.mail.wordings import Wording
from tests.postbox import Postbox
from tests.server import free_port

SECRET = "pl_s3cr3t-s3cr3t-s3cr3t"
URL = f"https://billing.example/portal/nordwind/s/{SECRET}"


class Writer:
    """Writes a email, and counts how often it was asked to."""

    def __init__(self, email: EmailTemplate) -> None:
        self.email = email
        self.asked = 0

    def __call__(self) -> Any:
        self.asked += 1
        return self.email


@pytest.fixture
def write() -> Writer:
    return Writer(PortalLink(URL, DAY))


def mail(write: Writer, event: Activity, customer: Customer, to: str = "ap@acme.example") -> None:
    send(type(write.email), write, about=event, to=to, business=customer.business, customer=customer)


def test_a_mail_arrives_with_both_parts_and_its_headers(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, clock: Clock
) -> None:
    mail(write, event, acme)
    arrived, logged = postbox.the_only(), Message.objects.get()
    assert arrived.recipients == ["ap@acme.example"]
    assert arrived.message.get_content_type() == "multipart/alternative"
    assert URL in arrived.text
    assert URL in arrived.html
    headers = arrived.message
    assert headers["To"] == "ap@acme.example"
    assert parseaddr(headers["From"]) == ("Nordwind", "no-reply@testserver")
    assert headers["Reply-To"] == "hallo@nordwind.example"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == logged.message_id == f"<{logged.public_id}@testserver>"
    assert parsedate_to_datetime(headers["Date"]) == clock.now()
    assert "List-Unsubscribe" not in headers
    assert "Received" not in headers
    assert (logged.state, logged.letter, logged.recipient) == ("sent", "portal_link", "ap@acme.example")
    assert (logged.subject, logged.language, logged.attempts) == (arrived.subject, "en", 1)
    assert logged.sent_at == clock.now()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Müller & Söhne, Köln", "Müller & Söhne, Köln"),
        ('Nord" <evil@evil.example>, "x', 'Nord" <evil@evil.example>, "x'),
        ("الصفاة للتجارة", "الصفاة للتجارة"),
        ("Nord\r\nBcc: evil@evil.example\r\n\r\nwind", "Nord Bcc: evil@evil.example wind"),
    ],
)
def test_a_business_s_name_stays_a_name(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, name: str, shown: str
) -> None:
    acme.business.name = name
    mail(write, event, acme)
    arrived = postbox.the_only()
    [sender] = arrived.message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (shown, "no-reply@testserver")
    assert arrived.recipients == ["ap@acme.example"]
    assert "Bcc" not in arrived.message
    assert shown in arrived.subject


def test_a_document_s_title_adds_no_header(postbox: Postbox, event: Activity, acme: Customer) -> None:
    mail(
        Writer(InvoiceEmail("Invoice 1", URL, Wording("Invoice 1\r\nBcc: evil@evil.example\r\n\r\nHello", ""))),
        event,
        acme,
    )
    arrived = postbox.the_only()
    assert arrived.recipients == ["ap@acme.example"]
    assert "Bcc" not in arrived.message
    assert arrived.subject == "Invoice 1 Bcc: evil@evil.example Hello"


@pytest.mark.parametrize("to", ["ap@acme.example\r\nBcc: evil@evil.example", "a@x.example, b@x.example", "nobody", ""])
def test_what_is_no_address_is_not_written_to(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, to: str
) -> None:
    mail(write, event, acme, to=to)
    assert postbox.mails == []
    assert write.asked == 0
    assert Message.objects.get().state == "failed"


def test_an_address_in_another_script_is_reached(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer
) -> None:
    mail(write, event, acme, to="ap@müller.example")
    assert postbox.the_only().recipients == ["ap@xn--mller-kva.example"]


def test_an_event_mails_a_recipient_once(postbox: Postbox, write: Writer, event: Activity, acme: Customer) -> None:
    mail(write, event, acme)
    mail(write, event, acme)
    assert len(postbox.mails) == 1
    assert write.asked == 1, "no second link takes the place of the one that was mailed"
    mail(write, event, acme, to="boss@acme.example")
    assert [arrived.recipients for arrived in postbox.mails] == [["ap@acme.example"], ["boss@acme.example"]]


def test_a_mail_that_is_being_sent_is_left_alone(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, clock: Clock
) -> None:
    postbox.refuse_content = "451 4.3.0 Later"
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    postbox.refuse_content = ""
    # Another worker took it, and died.
    Message.objects.update(claimed_until=clock.now() + timedelta(minutes=5))
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    assert postbox.mails == []
    clock.advance(minutes=5, seconds=1)
    mail(write, event, acme)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("where", ["refuse_recipients", "refuse_content"])
def test_a_temporary_refusal_is_tried_again(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, where: str
) -> None:
    setattr(postbox, where, "451 4.7.1 Come back later")
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    logged = Message.objects.get()
    assert (logged.state, logged.attempts) == ("queued", 1)
    assert logged.error.startswith("451 4.7.1")
    setattr(postbox, where, "")
    mail(write, event, acme)
    logged.refresh_from_db()
    assert (logged.state, logged.attempts, logged.error) == ("sent", 2, "")
    assert postbox.the_only().message["Message-ID"] == logged.message_id


@pytest.mark.parametrize(
    ("where", "kept"), [("refuse_recipients", "550 5.1.1 No such user"), ("refuse_content", "550 5.1.1")]
)
def test_a_final_refusal_is_final(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, where: str, kept: str
) -> None:
    setattr(postbox, where, "550 5.1.1 No such user")
    mail(write, event, acme)
    setattr(postbox, where, "")
    mail(write, event, acme)
    assert postbox.mails == []
    logged = Message.objects.get()
    assert (logged.state, logged.error, logged.attempts) == ("failed", kept, 1)
    event = Activity.objects.get(verb="mail.failed")
    assert (event.customer, event.data["reason"], event.data["recipient"]) == (acme, kept, "ap@acme.example")


def test_retries_end(postbox: Postbox, write: Writer, event: Activity, acme: Customer, clock: Clock) -> None:
    postbox.refuse_content = "451 4.3.0 Later"
    clock.advance(hours=23)
    mail(write, event, acme)
    assert Message.objects.get().state == "failed"


def test_a_code_that_has_expired_is_not_sent_late(
    postbox: Postbox, event: Activity, acme: Customer, clock: Clock
) -> None:
    postbox.refuse_content = "451 4.3.0 Later"
    write = Writer(SignIn(URL, "ABCD-EFGH", 15))
    clock.advance(minutes=5)
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    clock.advance(minutes=5)
    mail(write, event, acme)
    assert Message.objects.get().state == "failed"


def test_no_link_is_made_while_the_server_is_away(
    settings: Settings, write: Writer, event: Activity, acme: Customer
) -> None:
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    assert write.asked == 0
    assert Message.objects.get().state == "queued"


def test_without_a_way_out_nothing_is_sent_and_that_is_logged(
    settings: Settings, write: Writer, event: Activity, acme: Customer
) -> None:
    settings.MAILERS = mailers("")
    mail(write, event, acme)
    assert write.asked == 0
    logged = Message.objects.get()
    assert (logged.state, logged.error) == ("unsent", NO_MAIL_SERVER)


def test_a_fault_of_ours_is_raised_and_does_not_keep_the_mail(
    postbox: Postbox, event: Activity, acme: Customer
) -> None:
    def write() -> PortalLink:
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        send(PortalLink, write, about=event, to="ap@acme.example", business=acme.business, customer=acme)
    assert Message.objects.get().claimed_until is None
    mail(Writer(PortalLink(URL, DAY)), event, acme)
    assert len(postbox.mails) == 1


def test_the_secret_is_in_the_mail_and_nowhere_else(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    for ours in ("portico", "django"):
        caplog.set_level(logging.DEBUG, ours)
    # A filter may quote what it dislikes.
    postbox.refuse_content = f"451 4.7.0 Blocked: {URL}"
    with pytest.raises(NotSentYet):
        mail(write, event, acme)
    postbox.refuse_content = ""
    mail(write, event, acme)
    assert SECRET in postbox.the_only().text
    rows: list[Any] = [row for model in apps.get_models() for row in model._base_manager.values_list()]
    assert "ap@acme.example" in repr(rows)
    assert SECRET not in repr(rows)
    assert "was not sent yet by 127.0.0.1: 451 4.7.0" in caplog.text
    assert SECRET not in caplog.text


def test_nothing_is_sent_inside_a_transaction_that_is_held(
    postbox: Postbox, write: Writer, event: Activity, acme: Customer
) -> None:
    inside: list[int] = []

    def watching() -> PortalLink:
        inside.append(len(transaction.get_connection().savepoint_ids))
        return PortalLink(URL, DAY)

    before = len(transaction.get_connection().savepoint_ids)
    send(PortalLink, watching, about=event, to="ap@acme.example", business=acme.business, customer=acme)
    assert inside == [before], "a slow mail server holds no lock"
