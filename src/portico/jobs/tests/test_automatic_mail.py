"""Mail that goes out by itself: issued invoices after five minutes, and reminders on their days, each once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_mail_settings, change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author
from portico.domain.conversations.models import AuthorKind
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.actions.stop_reminders import stop_reminders
from portico.domain.documents.actions.void import void
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document
from portico.domain.payments.actions.promise import PromiseInput, promise
from portico.domain.payments.actions.record_dispute import record_dispute
from portico.domain.payments.gateway import DisputeNews, DisputeOutcome
from portico.output.mail.actions.ask_reminders import ask_reminders
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import Message, Reminder
from portico.web.dashboard.tests.cast import Paper, a_business, a_customer, a_document, a_payment
from tests.postbox import Postbox

_TODAY = date(2026, 11, 20)


@pytest.fixture
def shop(db: None, clock: Clock) -> Business:
    changes = {"mail_issued_invoices": True, "mail_reminders": True, "reminder_days": [-3, 1, 7, 30]}
    return change_mail_settings(a_business("nordlicht"), changes, by=OPERATOR)


@pytest.fixture
def acme(shop: Business) -> Customer:
    return a_customer(shop)


def _invoice(acme: Customer, due_on: date | None = date(2026, 12, 4), *, draft: bool = False) -> Document:
    return a_document(acme, Paper(issued_on=_TODAY, due_on=due_on, draft=draft))


def _on(clock: Clock, day: date, react: React) -> None:
    """Let it be noon of a day, and the schedule and the worker do what is due."""
    clock.set(f"{day.isoformat()}T12:00:00")
    ask_reminders()
    react()


def test_an_issued_invoice_is_mailed_after_five_minutes(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    invoice = _invoice(acme)
    clock.advance(minutes=4)
    assert react() == 0
    clock.advance(minutes=1)
    assert react() == 1
    mail = postbox.the_only()
    assert mail.recipients == ["ap@acme.example"]
    assert mail.subject == f"Invoice {invoice.number} from Nordlicht"
    assert [part.get_content_type() for part in mail.message.iter_attachments()] == ["application/pdf"]
    clock.advance(days=2)
    assert react() == 0
    assert Message.objects.get().document == invoice


def _voided(invoice: Document) -> None:
    void(invoice, by=OPERATOR)


def _mailed_by_hand(invoice: Document) -> None:
    mail_document(invoice, MailInput(["ada@acme.example"]), by=OPERATOR)


def _switched_off(invoice: Document) -> None:
    change_mail_settings(invoice.business, {"mail_issued_invoices": False}, by=OPERATOR)


def _portal_off(invoice: Document) -> None:
    change_portal_settings(invoice.business, {"portal_enabled": False}, by=OPERATOR)


@pytest.mark.parametrize("happens", [_voided, _mailed_by_hand, _switched_off, _portal_off])
def test_what_happens_in_the_five_minutes_keeps_it_from_being_mailed(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, happens: Callable[[Document], None]
) -> None:
    happens(_invoice(acme))
    clock.advance(minutes=6)
    react()
    assert "ap@acme.example" not in [mail.recipients[0] for mail in postbox.mails]


def test_a_draft_is_mailed_once_it_is_issued(acme: Customer, clock: Clock, postbox: Postbox, react: React) -> None:
    draft = _invoice(acme, draft=True)
    clock.advance(hours=1)
    assert react() == 0
    issue(draft, by=OPERATOR)
    clock.advance(minutes=5)
    react()
    postbox.the_only()


def test_old_invoices_that_are_brought_in_are_not_mailed(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    a_document(acme, Paper(issued_on=date(2026, 11, 12)))
    clock.advance(minutes=6)
    react()
    assert not postbox.mails


def test_nothing_is_announced_where_nobody_wants_it(acme: Customer, shop: Business) -> None:
    change_mail_settings(shop, {"mail_issued_invoices": False}, by=OPERATOR)
    acme.refresh_from_db()
    _invoice(Customer.objects.get(pk=acme.pk))
    assert Activity.objects.get(verb="invoice.issued").react_at is None


def test_reminders_go_out_on_their_days_and_once(acme: Customer, clock: Clock, postbox: Postbox, react: React) -> None:
    invoice = _invoice(acme)
    mailed = []
    for day in range(50):
        for _ in range(2):
            _on(clock, _TODAY + timedelta(days=day), react)
        mailed += [(day, mail.subject) for mail in postbox.mails]
        postbox.mails.clear()
    assert mailed == [
        (1, f"Invoice {invoice.number} from Nordlicht"),
        (11, f"Invoice {invoice.number} is due on 4 December 2026"),
        (15, f"Reminder: Invoice {invoice.number} was due on 4 December 2026"),
        (21, f"Reminder: Invoice {invoice.number} was due on 4 December 2026"),
        (44, f"Past due: Invoice {invoice.number}"),
    ]
    assert sorted(Reminder.objects.values_list("days", flat=True)) == [-3, 1, 7, 30]


def test_a_downtime_is_caught_up_with_for_three_days_with_the_last_one(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, shop: Business
) -> None:
    change_mail_settings(shop, {"mail_issued_invoices": False}, by=OPERATOR)
    _invoice(Customer.objects.get(pk=acme.pk), date(2026, 11, 30))
    _on(clock, date(2026, 12, 10), react)
    assert [mail.subject.partition(":")[0] for mail in postbox.mails] == ["Reminder"]
    _on(clock, date(2026, 12, 11), react)
    assert len(postbox.mails) == 1
    _on(clock, date(2027, 1, 10), react)
    assert len(postbox.mails) == 1, "ten days late is too late"


def test_reminders_wait_for_the_morning(acme: Customer, clock: Clock, postbox: Postbox, react: React) -> None:
    _invoice(acme, date(2026, 11, 30))
    clock.set("2026-12-01T06:59:00")
    assert ask_reminders() == 0
    clock.set("2026-12-01T07:00:00")
    assert ask_reminders() == 1, "eight in Berlin"


def _paid(invoice: Document) -> None:
    a_payment(invoice.customer, 10000, [(invoice, 10000)])


def _stopped(invoice: Document) -> None:
    stop_reminders(invoice, stop=True, by=OPERATOR)


def _customer_stopped(invoice: Document) -> None:
    Customer.objects.filter(pk=invoice.customer_id).update(reminders_stopped=True)


def _asked(invoice: Document) -> None:
    author = Author(AuthorKind.CUSTOMER, invoice.customer.public_id, "Ada")
    add_comment(invoice.customer, invoice, CommentInput("Why?"), author, by=OPERATOR)


def _planned(invoice: Document) -> None:
    part = InstalmentInput(date(2027, 3, 1), invoice.open_amount)
    make_plan(invoice, PlanInput([part]), by=OPERATOR)


def _promised(invoice: Document) -> None:
    data = PromiseInput(invoice.open_amount, date(2026, 12, 20))
    promise(invoice, data, by=OPERATOR)


def _disputed(invoice: Document) -> None:
    """A part was paid, and the payer objects to it."""
    _object(invoice, 4000, DisputeNews.OPEN)


def _taken_back(invoice: Document) -> None:
    """All was paid, and the bank took it back until it is decided."""
    _object(invoice, 10000, DisputeNews.WITHDRAWN)


def _object(invoice: Document, amount: int, news: DisputeNews) -> None:
    paid = a_payment(invoice.customer, amount, [(invoice, amount)])
    record_dispute(paid, "account", DisputeOutcome("d", paid.reference, news, amount))
    invoice.refresh_from_db()
    assert invoice.is_owed


def _reminders_off(invoice: Document) -> None:
    change_mail_settings(invoice.business, {"mail_reminders": False}, by=OPERATOR)


@pytest.mark.parametrize("when", ["before it is asked for", "before it is mailed"])
@pytest.mark.parametrize(
    "happens",
    [
        _paid, _voided, _stopped, _customer_stopped, _asked, _planned, _promised, _disputed, _taken_back,
        _reminders_off,
    ],
)  # fmt: skip
def test_what_keeps_an_invoice_from_being_reminded_of(
    acme: Customer,
    shop: Business,
    clock: Clock,
    postbox: Postbox,
    react: React,
    happens: Callable[[Document], None],
    when: str,
) -> None:
    change_mail_settings(shop, {"mail_issued_invoices": False}, by=OPERATOR)
    change_portal_settings(shop, {"allow_promises": True}, by=OPERATOR)
    invoice = _invoice(Customer.objects.get(pk=acme.pk))
    if when == "before it is mailed":
        clock.set("2026-12-05T12:00:00")
        assert ask_reminders() == 1
    happens(Document.objects.get(pk=invoice.pk))
    clock.set("2026-12-05T12:00:00")
    ask_reminders()
    react()
    assert not [mail for mail in postbox.mails if mail.recipients == ["ap@acme.example"]]


def test_a_promise_that_was_not_kept_keeps_nothing_back(
    acme: Customer, shop: Business, clock: Clock, postbox: Postbox, react: React
) -> None:
    change_portal_settings(shop, {"allow_promises": True}, by=OPERATOR)
    invoice = _invoice(acme)
    data = PromiseInput(invoice.open_amount, date(2026, 12, 9))
    promise(invoice, data, by=OPERATOR)
    _on(clock, date(2026, 12, 11), react)
    assert f"Reminder: Invoice {invoice.number} was due on 4 December 2026" in [m.subject for m in postbox.mails]


def test_an_invoice_without_a_due_date_is_not_reminded_of(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    _invoice(acme, None)
    for day in range(40):
        _on(clock, _TODAY + timedelta(days=day), react)
    assert len(postbox.mails) == 1
    assert not Reminder.objects.exists()
