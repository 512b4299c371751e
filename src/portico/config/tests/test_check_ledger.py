from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db.models import F, Model
from django.test import Client

from portico.config.tests.conftest import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.models import Account, Entry, Item
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.models import Method, Payment


@pytest.fixture
def books(db: None) -> Business:
    """A business with a bit of everything: an invoice half paid, one written off, a credit note, a refund."""
    business = create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    customer, _ = upsert_customer(business, CustomerInput("1", "Ottokar"), by=OPERATOR)
    day = business.today()

    def write(kind: Kind, price: int) -> Document:
        lines = [LineInput("Work", Decimal(1), Decimal(price))]
        return create_document(business, customer, DocumentInput(kind, "EUR", day, lines), by=OPERATOR)

    invoice = write(Kind.INVOICE, 100)
    write_off(write(Kind.INVOICE, 7), by=OPERATOR)
    write(Kind.CREDIT_NOTE, 9)
    write(Kind.ESTIMATE, 50)
    data = PaymentInput(6000, "EUR", day, Method.CASH, [Share(invoice, 4000)])
    refund(record_payment(customer, data, by=OPERATOR), 500, by=OPERATOR)
    return business


def test_books_that_add_up(portico: Command, books: Business) -> None:
    checked = portico("check-ledger")
    assert (checked.status, checked.err) == (0, "")
    assert checked.out == "The ledger adds up: 1 accounts, 6 items checked.\n"
    assert portico("check-ledger", "--business", "acme").out == checked.out


@pytest.mark.parametrize(
    ("model", "column", "said"),
    [
        (Account, "balance", "balance is stored as"),
        (Item, "open", "the ledger's open amount is stored as"),
        (Item, "amount", "the ledger's amount is stored as"),
        (Entry, "amount", "is stored as"),
        (Document, "open_amount", "the open amount is stored as"),
        (Document, "payable", "the amount due is stored as"),
        (Document, "written_off", "what was written off is stored as"),
        (Payment, "amount", "the amount is stored as"),
        (Payment, "refunded", "what was refunded is stored as"),
    ],
)
def test_a_stored_amount_that_is_off_is_found(
    portico: Command, books: Business, model: type[Model], column: str, said: str
) -> None:
    row = model._base_manager.order_by("pk").first()
    assert row is not None
    model._base_manager.filter(pk=row.pk).update(**{column: F(column) + 1})

    checked = portico("check-ledger", "--business", "acme")
    assert checked.status == 1
    assert said in checked.out
    assert "The ledger does not add up" in checked.err

    neighbour = create_business(BusinessInput("Next", "next", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    assert portico("check-ledger", "--business", neighbour.slug).status == 0


def test_a_missing_item_is_found(portico: Command, books: Business) -> None:
    account = Account.objects.get()
    document = Document.objects.get(kind=Kind.ESTIMATE)
    Document.objects.filter(pk=document.pk).update(kind=Kind.INVOICE)
    assert not Item.objects.filter(pk=document.pk, account=account).exists()
    checked = portico("check-ledger")
    assert checked.status == 1
    assert "the amount due is stored as 5000 and adds up to 0 EUR" in checked.out


CACHES = [
    (Account, "balance"),
    (Item, "open"),
    (Item, "amount"),
    (Document, "open_amount"),
    (Document, "written_off"),
    (Payment, "refunded"),
]


def stored() -> list[list[int]]:
    return [list(model._base_manager.order_by("pk").values_list(column, flat=True)) for model, column in CACHES]


def test_repair_stores_every_cache_as_its_facts_add_up(portico: Command, books: Business) -> None:
    right = stored()
    for model, column in CACHES:
        model._base_manager.update(**{column: F(column) + 2**32})
    wrong = stored()

    assert portico("check-ledger").status == 1
    assert stored() == wrong

    repaired = portico("check-ledger", "--repair")
    assert (repaired.status, repaired.err) == (0, "")
    assert "balance is stored as" in repaired.out
    assert stored() == right
    assert portico("check-ledger").status == 0


def test_day_of_the_next_instalment_is_found_and_repaired(portico: Command, books: Business) -> None:
    invoice, later = Document.objects.filter(kind=Kind.INVOICE).order_by("pk").first(), timedelta(days=30)
    assert invoice is not None
    day = books.today()
    rows = [InstalmentInput(day, 2000), InstalmentInput(day + later, invoice.open_amount - 2000)]
    make_plan(invoice, PlanInput(rows, needs_approval=False), by=OPERATOR)
    assert portico("check-ledger").status == 0
    for wrong, others in ((None, day + later), (day + later, None)):
        Document.objects.filter(pk=invoice.pk).update(instalment_due_on=wrong)
        Document.objects.exclude(pk=invoice.pk).update(instalment_due_on=others)
        checked = portico("check-ledger")
        said = f"the next instalment is stored as {wrong or 'none'} and is {day}"
        assert (checked.status, said in checked.out) == (1, True), checked.out
        assert portico("check-ledger", "--repair").status == 0
        days = list(Document.objects.exclude(instalment_due_on=None).values_list("pk", "instalment_due_on"))
        assert days == [(invoice.pk, day)]


def test_repair_leaves_facts_that_contradict_each_other_alone(portico: Command, books: Business) -> None:
    Document.objects.filter(kind=Kind.INVOICE).update(payable=F("payable") + 1)
    before = list(Document.objects.order_by("pk").values_list("payable", flat=True))
    repaired = portico("check-ledger", "--repair")
    assert repaired.status == 1
    assert "(not repaired: look at it)" in repaired.out
    assert list(Document.objects.order_by("pk").values_list("payable", flat=True)) == before


def test_repair_touches_no_other_business(portico: Command, books: Business) -> None:
    neighbour = create_business(BusinessInput("Next", "next", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    Account.objects.update(balance=F("balance") + 1)
    wrong = stored()
    assert portico("check-ledger", "--repair", "--business", neighbour.slug).status == 0
    assert stored() == wrong


def test_repair_renews_pages_that_showed_the_wrong_amount(portico: Command, books: Business) -> None:
    Document.objects.filter(kind=Kind.INVOICE, open_amount__gt=0).update(open_amount=777_777)
    customer = Client(headers={"host": "testserver"})
    customer.get(urlsplit(portico("link", "1", "--business", "acme").out.strip()).path)
    wrong = customer.get("/portal/acme/activity/invoices")
    assert "7,777.77" in wrong.text

    assert portico("check-ledger", "--repair").status == 0
    right = customer.get("/portal/acme/activity/invoices", headers={"if-none-match": wrong["ETag"]})
    assert right.status_code == 200
    assert "7,777.77" not in right.text

    noted = Activity.objects.get(verb="balances.repaired")
    assert (noted.actor_kind, noted.data) == ("operator", {"differences": 1})
