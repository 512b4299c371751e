"""No more mails a minute than the mail server takes, over all workers; what waits says so and goes on its own."""

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.mailing import MailInput
from portico.jobs.outbox import react_to_next
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import Message
from portico.output.mail.queries import WAITS_FOR_TURN
from portico.web.dashboard.tests.cast import a_business, a_customer, a_document, signed_in, staff_of
from tests.postbox import Postbox


@pytest.fixture
def acme(db: None, clock: Clock) -> Customer:
    return a_customer(a_business("nordlicht"))


def _mail(acme: Customer, count: int) -> None:
    for _ in range(count):
        mail_document(a_document(acme), MailInput(), by=OPERATOR)


def test_so_many_go_in_a_minute_and_the_others_in_the_next(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, settings: Settings
) -> None:
    settings.PORTICO_MAIL_PER_MINUTE = 5
    _mail(acme, 10)
    sent = []
    for _minute in range(4):
        react()
        sent.append(len(postbox.mails))
        clock.advance(minutes=1, seconds=1)
    assert sent == [4, 8, 10, 10], "one of five is kept for mails that somebody waits for"
    assert set(Message.objects.values_list("state", "attempts", "error")) == {("sent", 1, "")}
    recipients = [mail.message["Message-ID"] for mail in postbox.mails]
    assert len(set(recipients)) == 10


def test_each_is_looked_at_about_once_however_many_wait(
    acme: Customer, clock: Clock, postbox: Postbox, settings: Settings
) -> None:
    settings.PORTICO_MAIL_PER_MINUTE = 2
    _mail(acme, 8)
    looked = 0
    for _minute in range(12):
        while react_to_next():
            looked += 1
        clock.advance(minutes=1, seconds=1)
    assert len(postbox.mails) == 8
    assert looked <= 2 * 8 + 4


def test_what_waits_for_its_turn_says_so_and_is_no_fault(
    acme: Customer, postbox: Postbox, react: React, settings: Settings
) -> None:
    settings.PORTICO_MAIL_PER_MINUTE = 1
    _mail(acme, 2)
    react()
    row = Message.objects.get(state="queued")
    assert (row.error, row.attempts, row.claimed_until) == (WAITS_FOR_TURN, 0, None)
    staff = signed_in(staff_of(Business.objects.get(), "olga@nordlicht.example"))
    page = staff.get(f"/mail/{row.public_id}").content.decode()
    assert "Waits for its turn" in page
    assert "does not take" not in page


def test_a_mail_that_somebody_waits_for_goes_before_the_others(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, settings: Settings
) -> None:
    settings.PORTICO_MAIL_PER_MINUTE = 3
    _mail(acme, 5)
    react()
    assert len(postbox.mails) == 2
    Client(headers={"host": "testserver"}).post("/portal/nordlicht/sign-in", {"email": acme.email})
    react()
    assert [mail.subject for mail in postbox.mails[2:]] == ["Sign in to Nordlicht"]
