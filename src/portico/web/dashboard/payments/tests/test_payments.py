"""Payments are recorded once, applied whole or not at all, and voided or refunded as facts of their own."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Account
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.models import Payment, Refund
from portico.lib.money import MAX_BALANCE
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document, a_payment

OLD = Paper(amount="70.00", issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1))


def _form_data(**fields: str) -> dict[str, str]:
    return {
        "currency": "EUR", "amount": "100.00", "paid_on": "2026-11-20", "method": "bank_transfer",
        "reference": "TR-1", "note": "", "submission": "0" * 32, **fields,
    }  # fmt: skip


def _form(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/payments/new"


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_the_form_lists_what_is_open(owner: Client, acme: Customer, invoice: Document) -> None:
    a_document(acme, Paper(currency="JPY", amount="1200"))
    html = _text(owner.get(_form(acme)))
    assert "INV-0001" in html
    assert "INV-0002" not in html
    assert "INV-0002" in _text(owner.get(f"{_form(acme)}?currency=JPY"))
    prefilled = _text(owner.get(f"{_form(acme)}?invoice={invoice.public_id}"))
    assert prefilled.count('value="100.00"') == 2


def test_amounts_are_written_in_the_reader_s_language(owner: Client, acme: Customer, invoice: Document) -> None:
    german = {"accept-language": "de"}
    html = _text(owner.get(f"{_form(acme)}?invoice={invoice.public_id}", headers=german))
    assert html.count('value="100,00"') == 2
    assert "zum Beispiel 123,45." in _text(owner.post(_form(acme), _form_data(amount="1.234"), headers=german))
    owner.post(_form(acme), _form_data(amount="1.234,56"), headers=german)
    assert Payment.objects.get().amount == 123456


@pytest.mark.parametrize(
    ("currency", "typed", "amount"),
    [
        ("EUR", "1,234.56", 123456), ("EUR", "1.234,56", 123456), ("EUR", "1 234,56", 123456),
        ("EUR", "1\u202f234,56", 123456), ("EUR", "1'234.56", 123456), ("EUR", "1,234,567.8", 123456780),
        ("EUR", "1.234.567", 123456700), ("JPY", "1,234", 1234), ("KWD", "1,234.567", 1234567), ("EUR", "12,5", 1250),
    ],
)  # fmt: skip
def test_amounts_are_taken_as_pages_print_them(
    owner: Client, acme: Customer, currency: str, typed: str, amount: int
) -> None:
    a_document(acme, Paper(currency=currency, amount="9000"))
    owner.post(_form(acme), _form_data(currency=currency, amount=typed))
    assert Payment.objects.get().amount == amount


def test_a_payment_is_recorded_and_applied_as_typed(owner: Client, acme: Customer, invoice: Document) -> None:
    old = a_document(acme, OLD)
    amounts = {f"pay_{invoice.public_id}": "60,5", f"pay_{old.public_id}": "10"}
    answer = owner.post(_form(acme), _form_data(**amounts))
    payment = Payment.objects.get()
    assert answer["Location"] == f"/payments/{payment.public_id}"
    assert (payment.amount, payment.unapplied, payment.reference) == (10000, 2950, "TR-1")
    invoice.refresh_from_db()
    old.refresh_from_db()
    assert (invoice.open_amount, old.open_amount) == (3950, 6000)
    assert Activity.objects.get(verb="payment.recorded").actor_label == "Olga"


def test_the_oldest_invoices_are_paid_first(owner: Client, acme: Customer, invoice: Document) -> None:
    old = a_document(acme, OLD)
    owner.post(_form(acme), _form_data(oldest_first="on"))
    invoice.refresh_from_db()
    old.refresh_from_db()
    assert (old.open_amount, invoice.open_amount) == (0, 7000)


def test_what_is_typed_comes_before_the_oldest(owner: Client, acme: Customer, invoice: Document) -> None:
    old = a_document(acme, OLD)
    owner.post(_form(acme), _form_data(oldest_first="on", **{f"pay_{invoice.public_id}": "90.00"}))
    invoice.refresh_from_db()
    old.refresh_from_db()
    assert (old.open_amount, invoice.open_amount) == (6000, 1000)


def test_amount_beyond_the_limit_is_refused_with_the_largest_named(owner: Client, acme: Customer) -> None:
    answer = owner.post(_form(acme), _form_data(amount="10000000000000.01"))
    assert answer.status_code == 422
    assert "That is too much: the largest amount is €10,000,000,000,000.00." in _text(answer)
    assert 'value="10000000000000.01"' in _text(answer)
    assert Payment.objects.count() == 0


def test_balance_beyond_its_limit_is_refused_and_what_was_typed_is_kept(
    owner: Client, acme: Customer, invoice: Document
) -> None:
    Account.objects.filter(customer=acme).update(balance=-MAX_BALANCE)
    answer = owner.post(_form(acme), _form_data())
    assert answer.status_code == 422
    assert "balance would become too large" in _text(answer)
    assert 'value="TR-1"' in _text(answer)
    assert (Payment.objects.count(), Account.objects.get(customer=acme).balance) == (0, -MAX_BALANCE)


def test_the_same_form_sent_twice_is_one_payment(owner: Client, acme: Customer, invoice: Document) -> None:
    first = owner.post(_form(acme), _form_data())
    second = owner.post(_form(acme), _form_data())
    assert first["Location"] == second["Location"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("amount", "", "amount"),
        ("amount", "0", "amount"),
        ("amount", "-5", "amount"),
        ("amount", "1,234", "amount"),
        ("amount", "1,000", "amount"),
        ("amount", "1.500", "amount"),
        ("amount", "€12,340", "amount"),
        ("amount", "1,23.456,7", "amount"),
        ("amount", "12,34.56", "amount"),
        ("amount", "1.005", "amount"),
        ("amount", "NaN", "amount"),
        ("amount", "1e20", "amount"),
        ("amount", "abc", "amount"),
        ("paid_on", "2026-11-23", "paid_on"),
        ("paid_on", "20.11.2026", "paid_on"),
        ("method", "barter", "method"),
        ("pay", "100.01", "pay"),
        ("pay", "x", "pay"),
        ("submission", "guess", ""),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_recorded(
    owner: Client, acme: Customer, invoice: Document, field: str, value: str, wrong: str
) -> None:
    names = {"pay": f"pay_{invoice.public_id}"}
    data = _form_data(amount="200.00", reference="Keep me") | {names.get(field, field): value}
    answer = owner.post(_form(acme), data)
    html = _text(answer)
    assert answer.status_code == 422
    assert "Keep me" in html
    if wrong:
        assert f'id="payment_{names.get(wrong, wrong)}_error"' in html
        assert f'value="{value}"' in html or field == "method" or not value
    assert not Payment.objects.exists()
    invoice.refresh_from_db()
    assert invoice.open_amount == 10000


def test_shares_may_not_come_to_more_than_the_payment(owner: Client, acme: Customer, invoice: Document) -> None:
    answer = owner.post(_form(acme), _form_data(amount="50.00", **{f"pay_{invoice.public_id}": "60.00"}))
    assert answer.status_code == 422
    assert "come to more than the payment" in _text(answer)
    assert not Payment.objects.exists()


def test_an_amount_has_the_decimals_of_its_currency(owner: Client, acme: Customer) -> None:
    a_document(acme, Paper(currency="JPY", amount="1200"))
    a_document(acme, Paper(currency="KWD", amount="12.345"))
    assert owner.post(_form(acme), _form_data(currency="JPY", amount="12.5")).status_code == 422
    owner.post(_form(acme), _form_data(currency="JPY", amount="1200"))
    owner.post(_form(acme), _form_data(currency="KWD", amount="12.345", submission="1" * 32))
    assert sorted(Payment.objects.values_list("currency", "amount")) == [("JPY", 1200), ("KWD", 12345)]


def test_another_customer_s_invoice_is_not_paid(owner: Client, acme: Customer) -> None:
    foreign = a_document(a_customer(acme.business, "Other AG"))
    owner.post(_form(acme), _form_data(**{f"pay_{foreign.public_id}": "50.00"}))
    foreign.refresh_from_db()
    assert foreign.open_amount == 10000
    assert Payment.objects.get().unapplied == 10000


def test_the_list_finds_payments(owner: Client, acme: Customer, payment: Payment) -> None:
    a_payment(a_customer(acme.business, "Other AG"), 100)
    for query, found in [
        ("", ["PAY-0001", "PAY-0002"]),
        ("?q=other", ["PAY-0002"]),
        ("?q=tr-77", ["PAY-0001", "PAY-0002"]),
        ("?q=0001", ["PAY-0001"]),
        ("?method=cash", []),
        ("?method=bank_transfer", ["PAY-0001", "PAY-0002"]),
    ]:
        html = _text(owner.get(f"/payments{query}"))
        assert [number for number in ("PAY-0001", "PAY-0002") if f"<bdi>{number}</bdi>" in html] == found, query


def test_the_page_shows_what_was_paid_and_the_receipt(owner: Client, payment: Payment) -> None:
    html = _text(owner.get(f"/payments/{payment.public_id}"))
    for text in ["€75.00", "€60.00", "Invoice INV-0001", "€15.00 unapplied", "Bank transfer", "TR-77"]:
        assert text in html, text
    receipt = owner.get(f"/payments/{payment.public_id}.pdf")
    assert receipt.content.startswith(b"%PDF")
    assert "nordlicht-receipt-PAY-0001.pdf" in receipt["Content-Disposition"]


def test_a_voided_payment_is_owed_again(owner: Client, payment: Payment, invoice: Document) -> None:
    answer = owner.post(f"/payments/{payment.public_id}/void", {"reason": "Bounced"}, follow=True)
    assert "PAY-0001 is voided." in _text(answer)
    assert "Bounced" in _text(answer)
    invoice.refresh_from_db()
    assert invoice.open_amount == 10000


def test_a_refund_is_noted(owner: Client, payment: Payment, invoice: Document) -> None:
    data = {"amount": "25.00", "on": "2026-11-20", "how": "hand", "reason": "Paid twice", "submission": "0" * 32}
    answer = owner.post(f"/payments/{payment.public_id}/refund", data, follow=True)
    assert "A refund of €25.00 is recorded." in _text(answer)
    assert "Partly refunded" in _text(answer)
    invoice.refresh_from_db()
    assert invoice.open_amount == 5000
    again = owner.post(f"/payments/{payment.public_id}/refund", data)
    assert (again.status_code, Refund.objects.count()) == (302, 1), "a double click notes one refund"
    other = owner.post(f"/payments/{payment.public_id}/refund", data | {"amount": "26.00"})
    assert other.status_code == 409
    assert "already sent with other contents" in _text(other)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("amount", "75.01", 422),
        ("amount", "0", 422),
        ("amount", "", 422),
        ("on", "2026-11-09", 422),
        ("on", "2026-11-21", 422),
        ("on", "", 422),
        ("submission", "", 422),
    ],
)
def test_a_refund_that_can_t_be_changes_nothing(
    owner: Client, payment: Payment, field: str, value: str, status: int
) -> None:
    data = {
        "amount": "25.00",
        "on": "2026-11-20",
        "how": "hand",
        "reason": "Keep me",
        "submission": "0" * 32,
        field: value,
    }
    answer = owner.post(f"/payments/{payment.public_id}/refund", data)
    assert answer.status_code == status
    assert "Keep me" in _text(answer)
    assert not Refund.objects.exists()


def test_a_refunded_payment_is_not_voided(owner: Client, payment: Payment) -> None:
    refund(payment, 100, by=OPERATOR)
    answer = owner.post(f"/payments/{payment.public_id}/void", {"reason": ""})
    assert answer.status_code == 409
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert "Void PAY-0001" not in _text(answer)
