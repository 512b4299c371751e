"""A promise to pay: shown to both sides, changed, withdrawn, settled by money, and never money itself."""

from collections.abc import Mapping

import pytest
from django.http import HttpResponse

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.instructions import InstructionInput, add_instruction
from portico.domain.businesses.models import Business
from portico.domain.businesses.queries import Way
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import PaymentPromise
from portico.web.portal.conftest import Visitor, days_ago

pytestmark = pytest.mark.django_db

_SAID = {
    "amount": "1204.00",
    "promised_on": "2026-12-03",
    "method": "bank_transfer",
    "reference": "INV-2041",
    "note": "After payday",
}
_WORDS = "You said you will pay €1,204.00 of INV-2041 on 3 Dec 2026: Bank transfer, reference"


@pytest.fixture(autouse=True)
def promises_on(business: Business) -> None:
    change_portal_settings(business, {"allow_promises": True}, by=OPERATOR)
    add_instruction(business, InstructionInput(Way.CASH, "At the desk"), by=OPERATOR)
    business.refresh_from_db()


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 120400, days_ago(39), due_on=days_ago(8), number="INV-2041")


def _send(visitor: Visitor, invoice: Document, **change: str) -> HttpResponse:
    return visitor.post(visitor.url("promise", invoice.public_id), **(_SAID | change))


def test_promise_shows_at_the_invoice_the_pay_page_and_the_account(visitor: Visitor, invoice: Document) -> None:
    url = visitor.url("promise", invoice.public_id)
    assert url in visitor.page("invoice", invoice.public_id)
    form = visitor.page("promise", invoice.public_id)
    assert 'value="1204.00"' in form
    assert "At the desk" in form
    assert 'value="check"' not in form
    answer = _send(visitor, invoice)
    assert (answer.status_code, answer.headers["Location"]) == (303, visitor.url("invoice", invoice.public_id))
    for page in (visitor.page("invoice", invoice.public_id), visitor.page("home"), visitor.page("pay")):
        assert _WORDS in page
    made = PaymentPromise.objects.get()
    assert (made.amount, made.note, made.customer_id) == (120400, "After payday", invoice.customer_id)
    invoice.refresh_from_db()
    assert invoice.open_amount == 120400
    assert "Past due" in visitor.page("invoice", invoice.public_id)


def test_another_promise_takes_its_place(visitor: Visitor, invoice: Document) -> None:
    _send(visitor, invoice)
    assert 'value="2026-12-03"' in visitor.page("promise", invoice.public_id)
    _send(visitor, invoice, amount="200", method="cash", reference="")
    page = visitor.page("invoice", invoice.public_id)
    assert "You said you will pay €200.00 of INV-2041 on 3 Dec 2026: Cash." in page
    assert _WORDS not in page
    assert PaymentPromise.objects.filter(ended_at=None).count() == 1


def test_withdrawn_promise_is_gone_and_noted_once(visitor: Visitor, invoice: Document) -> None:
    _send(visitor, invoice)
    for _ in range(2):
        visitor.post(visitor.url("promise", invoice.public_id), withdraw="1")
    assert _WORDS not in visitor.page("invoice", invoice.public_id)
    verbs = list(Activity.objects.filter(subject_kind="payment_promise").order_by("id").values_list("verb", flat=True))
    assert verbs == ["payment_promise.made", "payment_promise.withdrawn"]


def test_money_settles_it_and_taking_the_money_back_revives_it(visitor: Visitor, invoice: Document) -> None:
    _send(visitor, invoice, amount="500")
    words = "You said you will pay €500.00"
    payment = pay(visitor.customer, 50000, days_ago(0), Share(invoice, 50000))
    assert words not in visitor.page("invoice", invoice.public_id)
    void_payment(payment, by=OPERATOR)
    assert words in visitor.page("invoice", invoice.public_id)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"promised_on": "2026-11-19"}, "promised_on", "Choose a day from today on"),
        ({"promised_on": "2028-01-01"}, "promised_on", "Choose a day from today on"),
        ({"promised_on": ""}, "promised_on", "Enter the day on which you will pay."),
        ({"promised_on": "soon"}, "promised_on", "Enter a day."),
        ({"amount": "0"}, "amount", "Enter an amount more than zero"),
        ({"amount": "-5"}, "amount", "Enter an amount more than zero"),
        ({"amount": "1204.01"}, "amount", "That is more than is open on the invoice."),
        ({"method": "card"}, "method", ""),
        ({"method": "check"}, "method", ""),
        ({"reference": "x" * 141}, "reference", ""),
        ({"reference": "a\0b"}, "reference", ""),
        ({"note": "x" * 501}, "note", ""),
    ],
)
def test_refused_promise_keeps_what_was_typed(
    visitor: Visitor, invoice: Document, change: Mapping[str, str], field: str, words: str
) -> None:
    answer = _send(visitor, invoice, **change)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="promise_{field}_error"' in html
    assert words in html
    assert "After payday" in html or field == "note"
    assert not PaymentPromise.objects.exists()


def test_stranger_finds_nothing_and_changes_nothing(visitor: Visitor, stranger: Visitor, invoice: Document) -> None:
    _send(visitor, invoice)
    url = stranger.url("promise", invoice.public_id)
    assert stranger.get(url).status_code == 404
    assert _send(stranger, invoice, amount="1").status_code == 404
    assert stranger.post(url, withdraw="1").status_code == 404
    assert "You said" not in stranger.page("home")
    assert PaymentPromise.objects.get(ended_at=None).amount == 120400


def test_switched_off_there_is_no_such_page(visitor: Visitor, invoice: Document, business: Business) -> None:
    _send(visitor, invoice)
    change_portal_settings(business, {"allow_promises": False}, by=OPERATOR)
    assert visitor.get(visitor.url("promise", invoice.public_id)).status_code == 404
    assert _send(visitor, invoice, amount="1").status_code == 404
    page = visitor.page("invoice", invoice.public_id)
    assert "You said" not in page
    assert "/promise" not in page
    assert PaymentPromise.objects.count() == 1


@pytest.mark.parametrize("ending", ["paid", "voided"])
def test_settled_invoice_leads_back_to_its_page(visitor: Visitor, invoice: Document, ending: str) -> None:
    if ending == "paid":
        pay(visitor.customer, 120400, days_ago(0), Share(invoice, 120400))
    else:
        void(invoice, by=OPERATOR)
    back = visitor.url("invoice", invoice.public_id)
    for answer in (visitor.get(visitor.url("promise", invoice.public_id)), _send(visitor, invoice)):
        assert (answer.status_code, answer.headers["Location"]) == (303, back)
    assert not PaymentPromise.objects.exists()
    assert "/promise" not in visitor.page("invoice", invoice.public_id)
