from datetime import date

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import Method, Payment
from portico.output.pdf.receipt_sheet import receipt_sheet
from portico.output.pdf.sheets import Fact, ReceiptSheet
from portico.output.pdf.tests.conftest import Write


def paid(customer: Customer, write: Write) -> Payment:
    shares = [Share(write(), 119_00), Share(write(), 50_00)]
    data = PaymentInput(
        200_00, "EUR", date(2026, 11, 2), Method.BANK_TRANSFER, shares, reference="E2E-1", note="Thanks"
    )
    return record_payment(customer, data, by=OPERATOR)


def applied(sheet: ReceiptSheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.applied.rows]


def test_one_payment_over_many_invoices_is_one_receipt(customer: Customer, write: Write) -> None:
    sheet = receipt_sheet(paid(customer, write), "en")
    assert sheet.frame.title == "Receipt PAY-0001"
    assert sheet.headline == Fact("Amount paid", "€200.00")
    assert applied(sheet) == [
        ("Invoice INV-0001", "12 Oct 2026", "€119.00", "€119.00"),
        ("Invoice INV-0002", "12 Oct 2026", "€119.00", "€50.00"),
    ]
    assert [(total.label, total.value) for total in sheet.totals] == [
        ("Applied", "€169.00"),
        ("Kept as credit", "€31.00"),
        ("Amount paid", "€200.00"),
    ]
    assert Fact("Method", "Bank transfer") in sheet.facts
    assert Fact("Reference", "E2E-1") in sheet.facts
    assert sheet.notes[0].text == "Thanks"


def test_a_refund_shows_and_what_it_took_back_does_not(customer: Customer, write: Write) -> None:
    payment = paid(customer, write)
    refund(payment, 81_00, by=OPERATOR, on=date(2026, 11, 5))
    sheet = receipt_sheet(Payment.objects.get(pk=payment.pk), "en")
    assert applied(sheet) == [("Invoice INV-0001", "12 Oct 2026", "€119.00", "€119.00")]
    assert ("Refunded", "€81.00") in [(total.label, total.value) for total in sheet.totals]


def test_a_voided_payment_says_so(customer: Customer, write: Write) -> None:
    payment = paid(customer, write)
    void_payment(payment, by=OPERATOR)
    sheet = receipt_sheet(Payment.objects.get(pk=payment.pk), "en")
    assert sheet.state == "Voided"
    assert sheet.headline is None
    assert applied(sheet) == []
