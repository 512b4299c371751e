"""What staff read of closed books and of days that look like a slip."""

from datetime import date

from django.test import Client

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment


def sent(**fields: str) -> dict[str, str]:
    return {
        "currency": "EUR", "amount": "10.00", "paid_on": "2026-11-20", "method": "bank_transfer",
        "submission": "0" * 31 + "1", **fields,
    }  # fmt: skip


def path(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/payments/new"


def test_closed_day_is_refused_at_its_field(owner: Client, shop: Business, acme: Customer, invoice: Document) -> None:
    Business.objects.filter(pk=shop.pk).update(lock_date=date(2026, 10, 31))
    answer = owner.post(path(acme), sent(paid_on="2026-10-31", day_is_right="on"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The books of that day are closed." in html
    assert 'value="10.00"' in html
    assert not Payment.objects.exists()
    assert owner.post(path(acme), sent(paid_on="2026-11-01")).status_code == 422 or Payment.objects.exists()


def test_day_before_the_first_document_is_asked_about_once(owner: Client, acme: Customer, invoice: Document) -> None:
    answer = owner.post(path(acme), sent(paid_on="2019-03-01"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Is the year right?" in html
    assert 'name="day_is_right"' in html
    assert not Payment.objects.exists()
    assert owner.post(path(acme), sent(paid_on="2019-03-01", day_is_right="on")).status_code == 302
    assert Payment.objects.get().paid_on == date(2019, 3, 1)


def test_slip_is_voided_on_its_own_day(owner: Client, payment: Payment) -> None:
    page = owner.get(f"/payments/{payment.public_id}").content.decode()
    assert 'name="counts"' in page
    owner.post(f"/payments/{payment.public_id}/void", {"counts": "slip", "reason": "typed twice"})
    payment.refresh_from_db()
    assert payment.voided_on == payment.paid_on
