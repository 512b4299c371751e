"""What may happen to a document, what its status then reads, and that refusals leave everything as it was."""

from datetime import date, timedelta

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.decide import Evidence, approve, decline, mark_invoiced
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.errors import NumberTaken, WrongState
from portico.domain.documents.models import Document, Kind, Lifecycle, Status
from portico.domain.documents.queries import of_status
from portico.domain.ledger.models import Account, Allocation, Entry
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay
from portico.lib.errors import Invalid, PorticoError

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
LAST_MONTH = TODAY - timedelta(days=30)


def facts() -> tuple[object, ...]:
    """Everything that a refusal must leave alone."""
    tables = (Document, Entry, Allocation, Account, Activity)
    return tuple(list(table._default_manager.order_by("pk").values()) for table in tables)


def state_of(document: Document) -> Status:
    document.refresh_from_db()
    status = document.status(TODAY)
    assert of_status(Document.objects.filter(pk=document.pk), status, TODAY).exists(), "query and property disagree"
    others = [other for other in Status if other is not status]
    assert not any(of_status(Document.objects.filter(pk=document.pk), other, TODAY).exists() for other in others)
    return status


def test_an_invoice_s_way_to_paid(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, LAST_MONTH, due_on=TODAY)
    assert state_of(invoice) is Status.ISSUED
    mark_viewed(invoice, by=OPERATOR)
    assert state_of(invoice) is Status.ISSUED, "only a customer's look counts"
    mark_viewed(invoice, by=Actor("customer", label="Acme"))
    assert state_of(invoice) is Status.VIEWED
    pay(customer, 400, TODAY, Share(invoice, 400))
    assert state_of(invoice) is Status.PARTIALLY_PAID
    pay(customer, 600, TODAY, Share(invoice, 600))
    assert state_of(invoice) is Status.PAID


def test_an_invoice_is_past_due_the_day_after_it_is_due(clock: Clock) -> None:
    customer = new_customer(new_business())
    assert state_of(new_document(customer, 1000, LAST_MONTH, due_on=TODAY)) is Status.ISSUED
    assert state_of(new_document(customer, 1000, LAST_MONTH, due_on=TODAY - timedelta(days=1))) is Status.PAST_DUE


def test_an_invoice_of_nothing_is_born_paid(clock: Clock) -> None:
    assert state_of(new_document(new_customer(new_business()), 0, TODAY)) is Status.PAID


def test_a_written_off_invoice(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, LAST_MONTH)
    pay(customer, 400, TODAY, Share(invoice, 400))
    assert write_off(invoice, by=OPERATOR).amount == 600
    assert state_of(invoice) is Status.WRITTEN_OFF
    before = facts()
    with pytest.raises(WrongState):
        write_off(invoice, by=OPERATOR)
    assert facts() == before


def test_voiding_gives_back_what_was_applied(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, LAST_MONTH)
    payment = pay(customer, 400, TODAY, Share(invoice, 400))
    void(invoice, by=OPERATOR)
    assert state_of(invoice) is Status.VOIDED
    payment.item.refresh_from_db()
    assert (payment.unapplied, invoice.open_amount) == (400, 0)
    before = facts()
    void(invoice, by=OPERATOR)
    assert facts() == before, "a second void changes nothing"


def test_voiding_a_written_off_invoice_takes_the_write_off_back(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, LAST_MONTH)
    write_off(invoice, by=OPERATOR)
    void(invoice, by=OPERATOR)
    assert Account.objects.get(customer=customer).balance == 0
    assert state_of(invoice) is Status.VOIDED


def test_a_draft_is_no_money_until_it_is_issued(clock: Clock) -> None:
    customer = new_customer(new_business())
    draft = new_document(customer, 1000, TODAY, draft=True)
    assert (state_of(draft), draft.number, Entry.objects.count()) == (Status.DRAFT, "", 0)
    before = facts()
    with pytest.raises(WrongState):
        void(draft, by=OPERATOR)
    assert facts() == before
    assert issue(draft, by=OPERATOR).number == "INV-0001"
    assert Account.objects.get(customer=customer).balance == 1000


def test_numbers_are_gapless_and_step_over_what_is_taken(clock: Clock) -> None:
    customer = new_customer(new_business())
    new_document(customer, 1, TODAY, number="INV-0002")
    with pytest.raises(Invalid):
        new_document(customer, 1, TODAY, due_on=LAST_MONTH)
    numbers = [new_document(customer, 1, TODAY).number for _ in range(2)]
    assert numbers == ["INV-0001", "INV-0003"]


def test_a_taken_number_is_refused_and_named(clock: Clock) -> None:
    customer = new_customer(new_business())
    first = new_document(customer, 1, TODAY, number="2026/7")
    before = facts()
    with pytest.raises(NumberTaken) as refusal:
        new_document(customer, 2, TODAY, number="2026/7")
    assert first.public_id in refusal.value.message
    assert facts() == before
    new_document(customer, 2, TODAY, number="2026/7", kind=Kind.CREDIT_NOTE)
    new_document(new_customer(new_business()), 2, TODAY, number="2026/7")


def test_a_credit_note_is_open_until_it_is_used(clock: Clock) -> None:
    customer = new_customer(new_business())
    note = new_document(customer, 1000, LAST_MONTH, kind=Kind.CREDIT_NOTE)
    invoice = new_document(customer, 600, TODAY)
    assert state_of(note) is Status.OPEN
    apply_credit_note(note, [Share(invoice, 600)], by=OPERATOR)
    assert (state_of(note), note.open_amount, state_of(invoice)) == (Status.OPEN, 400, Status.PAID)
    apply_credit_note(note, [Share(new_document(customer, 500, TODAY), 400)], by=OPERATOR)
    assert state_of(note) is Status.USED


@pytest.mark.parametrize("case", ["too much", "other customer", "other currency", "voided", "draft", "credit note"])
def test_a_credit_that_cannot_be_applied_changes_nothing(clock: Clock, case: str) -> None:
    business = new_business()
    customer = new_customer(business)
    note = new_document(customer, 1000, LAST_MONTH, kind=Kind.CREDIT_NOTE)
    first = new_document(customer, 100, TODAY)
    target = {
        "too much": lambda: new_document(customer, 100, TODAY),
        "other customer": lambda: new_document(new_customer(business), 500, TODAY),
        "other currency": lambda: new_document(customer, 500, TODAY, currency="USD"),
        "voided": lambda: void(new_document(customer, 500, TODAY), by=OPERATOR),
        "draft": lambda: new_document(customer, 500, TODAY, draft=True),
        "credit note": lambda: new_document(customer, 500, TODAY, kind=Kind.CREDIT_NOTE),
    }[case]()
    before = facts()
    with pytest.raises(PorticoError) as refusal:
        apply_credit_note(note, [Share(first, 100), Share(target, 200)], by=OPERATOR)
    assert refusal.value.fields[0].pointer in {"/allocations/1/invoice", "/allocations/1/amount"}
    assert facts() == before


def test_an_estimate_s_ways(clock: Clock) -> None:
    customer = new_customer(new_business())

    def estimate() -> Document:
        return new_document(customer, 1000, LAST_MONTH, kind=Kind.ESTIMATE)

    assert state_of(estimate()) is Status.ISSUED
    assert state_of(approve(estimate(), by=OPERATOR)) is Status.APPROVED
    declined = decline(estimate(), Evidence(note="Too dear"), by=OPERATOR)
    assert state_of(declined) is Status.DECLINED
    assert state_of(mark_invoiced(approve(estimate(), by=OPERATOR), by=OPERATOR)) is Status.INVOICED
    with pytest.raises(WrongState):
        approve(declined, by=OPERATOR)
    expired = estimate()
    Document.objects.filter(pk=expired.pk).update(expires_on=TODAY - timedelta(days=1))
    assert state_of(expired) is Status.EXPIRED
    with pytest.raises(WrongState):
        approve(expired, by=OPERATOR)
    Document.objects.filter(pk=expired.pk).update(expires_on=TODAY)
    assert state_of(expired) is Status.ISSUED, "it is good until the end of its last day"
    assert Entry.objects.count() == 0, "an estimate is no money"


def test_a_sales_order_is_no_money(clock: Clock) -> None:
    order = new_document(new_customer(new_business()), 1000, TODAY, kind=Kind.SALES_ORDER)
    assert state_of(order) is Status.ISSUED
    assert void(order, by=OPERATOR).lifecycle == Lifecycle.VOIDED
    assert Entry.objects.count() == 0


def test_an_invoice_of_less_than_nothing_is_a_credit(clock: Clock) -> None:
    customer = new_customer(new_business())
    correction = new_document(customer, -500, TODAY, due_on=TODAY)
    invoice = new_document(customer, 800, TODAY)
    assert correction.open_amount == -500
    apply_credit_note(correction, [Share(invoice, 500)], by=OPERATOR)
    assert state_of(correction) is Status.PAID
    invoice.refresh_from_db()
    assert invoice.open_amount == 300
