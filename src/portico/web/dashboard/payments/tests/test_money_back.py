"""Money that goes back or elsewhere, on the pages of staff: refunds, disputes, attempts, credits, write-offs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind, WriteOff
from portico.domain.ledger.models import Allocation
from portico.domain.payments.actions.record_dispute import record_dispute
from portico.domain.payments.gateway import DisputeNews, DisputeOutcome
from portico.domain.payments.models import Payment, Refund
from portico.gateways.sandbox.connection import bank
from portico.web.dashboard.tests.cast import Paper, a_business, a_customer, a_document, a_payment, signed_in, staff_of
from tests.shop import Shop


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def _owed(invoice: Document) -> int:
    return Document.objects.get(pk=invoice.pk).open_amount


@pytest.fixture
def till(db: None, clock: Clock, settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """A business that takes payments through the sandbox."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    yield Shop("kontor")
    bank.cache_clear()


@pytest.fixture
def clerk(till: Shop) -> Client:
    """Staff of the business that takes payments through the sandbox."""
    return signed_in(staff_of(till.business, "clerk@nordlicht.example"))


def _charged(till: Shop) -> tuple[Document, Payment]:
    invoice = till.invoice()
    payment = till.pay(till.start(invoice)).payment
    assert payment is not None
    return invoice, payment


def _refund(**fields: str) -> dict[str, str]:
    return {"amount": "40.00", "how": "provider", "on": "2026-11-20", "submission": "0" * 32} | fields


def test_a_card_payment_goes_back_to_the_card_once(till: Shop, clerk: Client) -> None:
    invoice, payment = _charged(till)
    page = _text(clerk.get(f"/payments/{payment.public_id}"))
    assert payment.reference in page
    assert "Through the provider" in page
    for _ in range(2):
        answer = clerk.post(f"/payments/{payment.public_id}/refund", _refund(), follow=True)
        assert "€40.00 is refunded." in _text(answer)
    assert (Refund.objects.count(), bank().charges()[0]["refunded"], _owed(invoice)) == (1, 4000, 4000)


def test_a_refund_that_the_provider_refuses_says_so(till: Shop, clerk: Client) -> None:
    invoice, payment = _charged(till)
    bank().refund("elsewhere", payment.reference, 9000)
    answer = clerk.post(f"/payments/{payment.public_id}/refund", _refund(), follow=True)
    assert "The provider did not refund €40.00." in _text(answer)
    assert "Failed" in _text(answer)
    assert _owed(invoice) == 0


def test_money_received_by_hand_has_no_way_back_to_a_card(owner: Client, payment: Payment) -> None:
    answer = owner.post(f"/payments/{payment.public_id}/refund", _refund(amount="10.00"))
    assert answer.status_code == 422
    assert 'id="refund_how_error"' in _text(answer)
    assert not Refund.objects.exists()


def test_a_dispute_is_shown_on_the_payment(till: Shop, clerk: Client) -> None:
    _invoice, payment = _charged(till)
    record_dispute(payment, "account", DisputeOutcome("d", payment.reference, DisputeNews.LOST, 10000))
    page = _text(clerk.get(f"/payments/{payment.public_id}"))
    for words in ("Disputes", "Lost", "€100.00 taken back by the bank", "Taken back by the bank"):
        assert words in page, words
    assert "Void PAY" not in page


def test_attempts_are_listed_with_what_became_of_them(till: Shop, clerk: Client) -> None:
    _charged(till)
    till.pay(till.start(till.invoice(), submission="form-2"), "4000 0000 0000 9995")
    page = _text(clerk.get("/payments/attempts"))
    for words in ("PAY-0001", "Succeeded", "Failed", "There is not enough money on the account.", "INV-0002"):
        assert words in page, words
    stranger = signed_in(staff_of(a_business("sud"), "x@sud.example"))
    assert "INV-0002" not in _text(stranger.get("/payments/attempts"))


@pytest.mark.parametrize("kind", ["payment", "credit_note"])
@pytest.mark.parametrize("side", ["credit", "invoice"])
def test_a_credit_is_applied_from_either_page_and_taken_off(
    owner: Client, acme: Customer, invoice: Document, kind: str, side: str
) -> None:
    credit = a_payment(acme, 3000) if kind == "payment" else a_document(acme, Paper(Kind.CREDIT_NOTE, "30.00"))
    credit_page = f"/payments/{credit.public_id}" if kind == "payment" else f"/documents/{credit.public_id}"
    invoice_page = f"/documents/{invoice.public_id}"
    page, other = (invoice_page, credit) if side == "invoice" else (credit_page, invoice)
    assert f'value="{other.public_id}"' in _text(owner.get(page))
    answer = owner.post(f"{page}/apply", {"other": other.public_id, "amount": "20,00"}, follow=True)
    assert "€20.00 is applied." in _text(answer)
    assert _owed(invoice) == 8000
    for shown in (invoice_page, credit_page):
        assert f'name="credit" value="{credit.public_id}"' in _text(owner.get(shown))
    data = {"credit": credit.public_id, "back": side}
    answer = owner.post(f"{invoice_page}/take-off", data, follow=True)
    assert "€20.00 is taken off INV-0001." in _text(answer)
    assert answer.redirect_chain[0][0] == page
    assert _owed(invoice) == 10000
    again = owner.post(f"{invoice_page}/take-off", data, follow=True)
    assert "not applied there any more" in _text(again)


@pytest.mark.parametrize(
    ("amount", "wrong"), [("", "amount"), ("0", "amount"), ("30.01", "amount"), ("1,234", "amount"), ("abc", "amount")]
)
def test_a_wrong_application_keeps_what_was_typed(
    owner: Client, acme: Customer, invoice: Document, amount: str, wrong: str
) -> None:
    credit = a_payment(acme, 3000)
    answer = owner.post(f"/documents/{invoice.public_id}/apply", {"other": credit.public_id, "amount": amount})
    assert answer.status_code == 422
    assert f'id="apply_{wrong}_error"' in _text(answer)
    assert not amount or f'value="{amount}"' in _text(answer)
    assert not Allocation.objects.exists()


def test_nobody_applies_what_is_another_s(owner: Client, stranger: Client, acme: Customer, invoice: Document) -> None:
    foreign = a_document(a_customer(acme.business, "Other AG"))
    credit = a_payment(acme, 3000)
    answer = owner.post(f"/payments/{credit.public_id}/apply", {"other": foreign.public_id, "amount": "10"})
    assert answer.status_code == 422
    body = {"other": invoice.public_id, "amount": "10"}
    assert stranger.post(f"/payments/{credit.public_id}/apply", body).status_code == 404
    data = {"credit": credit.public_id}
    assert stranger.post(f"/documents/{invoice.public_id}/take-off", data).status_code == 404
    assert not Allocation.objects.exists()


def test_a_write_off_is_undone(owner: Client, invoice: Document) -> None:
    write_off(invoice, by=OPERATOR)
    assert "Undo write-off" in _text(owner.get(f"/documents/{invoice.public_id}"))
    answer = owner.post(f"/documents/{invoice.public_id}/undo-write-off", follow=True)
    assert "The write-off of INV-0001 is undone." in _text(answer)
    assert _owed(invoice) == 10000
    again = owner.post(f"/documents/{invoice.public_id}/undo-write-off")
    assert again.status_code == 409
    assert _owed(invoice) == 10000


def test_a_bank_fee_is_undone_on_the_invoice(owner: Client, acme: Customer, invoice: Document) -> None:
    body = _payment(short="bank_fee", **{f"pay_{invoice.public_id}": "98.50"})
    owner.post(f"/customers/{acme.public_id}/payments/new", body)
    page = _text(owner.get(f"/documents/{invoice.public_id}"))
    fee = WriteOff.objects.get()
    assert "Bank fee on 20 Nov 2026" in page
    assert f'value="{fee.ref.public_id}"' in page
    for named in ("wo_nonsense", invoice.public_id):
        answer = owner.post(f"/documents/{invoice.public_id}/undo-write-off", {"write_off": named})
        assert (answer.status_code, _owed(invoice)) == (409, 0)
    body = {"write_off": fee.ref.public_id}
    owner.post(f"/documents/{invoice.public_id}/undo-write-off", body)
    assert _owed(invoice) == 150


@pytest.mark.parametrize(("reads", "hidden"), [("written_off", False), ("settled", True)])
def test_a_write_off_says_what_the_customer_reads(
    owner: Client, invoice: Document, reads: str, *, hidden: bool
) -> None:
    path = f"/documents/{invoice.public_id}"
    assert "choose what the customer reads there" in _text(owner.get(path))
    owner.post(f"{path}/write-off", {"on": "2026-11-20", "reason": "Insolvent", "reads": reads})
    invoice.refresh_from_db()
    assert (invoice.written_off, invoice.write_off_hidden) == (10000, hidden)
    page = _text(owner.get(path))
    assert "Written off" in page
    assert ("The customer reads" in page) == hidden


def test_a_refused_write_off_keeps_what_was_typed_and_stays_open(owner: Client, invoice: Document) -> None:
    body = {"on": "2026-11-21", "reason": "Insolvent", "reads": "settled"}
    answer = owner.post(f"/documents/{invoice.public_id}/write-off", body)
    page = _text(answer)
    assert answer.status_code == 422
    assert 'id="write_off_on_error"' in page
    assert 'value="Insolvent"' in page
    assert '<option value="settled" selected>' in page
    assert _owed(invoice) == 10000


def _payment(**fields: str) -> dict[str, str]:
    return {
        "currency": "EUR", "amount": "98.50", "paid_on": "2026-11-20", "method": "bank_transfer",
        "submission": "1" * 32, **fields,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["difference", "bank_fee"])
def test_a_payment_that_came_in_short_writes_the_rest_off(
    owner: Client, acme: Customer, invoice: Document, kind: str
) -> None:
    body = _payment(short=kind, **{f"pay_{invoice.public_id}": "98.50"})
    owner.post(f"/customers/{acme.public_id}/payments/new", body)
    assert (_owed(invoice), WriteOff.objects.get().amount, WriteOff.objects.get().kind) == (0, 150, kind)


def test_money_is_recorded_on_a_written_off_invoice(owner: Client, acme: Customer, invoice: Document) -> None:
    write_off(invoice, by=OPERATOR)
    path = f"/customers/{acme.public_id}/payments/new"
    assert f'name="pay_{invoice.public_id}"' in _text(owner.get(f"{path}?invoice={invoice.public_id}"))
    owner.post(path, _payment(amount="40", **{f"pay_{invoice.public_id}": "40"}))
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.written_off, Payment.objects.get().unapplied) == (0, 6000, 0)
