"""Staff make a payment plan for an invoice, change it, mail it and cancel it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plan_queries import plan_of
from portico.web.dashboard.tests.cast import a_payment

_ROWS = {
    "due_0": "2026-12-01", "amount_0": "40", "due_1": "2027-01-01", "amount_1": "30,00",
    "due_2": "2027-02-01", "amount_2": "30.00", "due_3": "", "amount_3": "",
}  # fmt: skip


def url(invoice: Document, ending: str = "") -> str:
    return reverse("payment_plan", args=[invoice.public_id]) + ending


def save(owner: Client, invoice: Document, **changed: Any) -> Any:
    return owner.post(url(invoice), _ROWS | changed)


def shown(owner: Client, invoice: Document) -> str:
    return owner.get(reverse("document", args=[invoice.public_id])).content.decode()


def rows(invoice: Document) -> list[tuple[str, int]]:
    plan = plan_of(invoice)
    return [(str(row.due_on), row.amount) for row in plan.instalments.all()] if plan else []


def test_plan_is_made_shown_changed_and_canceled(owner: Client, invoice: Document) -> None:
    assert "Payment plan …" in shown(owner, invoice)
    assert save(owner, invoice, needs_approval="on").status_code == 302
    assert rows(invoice) == [("2026-12-01", 4000), ("2027-01-01", 3000), ("2027-02-01", 3000)]
    html = shown(owner, invoice)
    assert "Awaits approval" in html
    customer = owner.get(reverse("customer", args=[invoice.customer.public_id])).content.decode()
    for page in (html, customer):
        assert "Payment plan of €100.00 made" in page
    assert "Awaits approval" in customer
    page = owner.get(url(invoice)).content.decode()
    assert 'value="2026-12-01"' in page
    assert 'value="40.00"' in page
    assert save(owner, invoice, due_0="2026-12-05").status_code == 302
    html = shown(owner, invoice)
    assert "Next instalment: €40.00 on 5 Dec 2026." in html
    assert owner.post(url(invoice, "/cancel")).status_code == 302
    assert rows(invoice) == []
    assert "Payment plan …" in shown(owner, invoice)


def test_equal_parts_are_filled_in(owner: Client, invoice: Document) -> None:
    asked = {"fill": "1", "number": "3", "first_on": "2026-12-31", "interval": "month"}
    html = owner.get(url(invoice), asked).content.decode()
    for day, amount in (("2026-12-31", "33.33"), ("2027-01-31", "33.33"), ("2027-02-28", "33.34")):
        assert f'value="{day}"' in html
        assert f'value="{amount}"' in html
    wrong = owner.get(url(invoice), asked | {"number": "0"}).content.decode()
    assert "Please correct 1 field." in wrong
    assert not PaymentPlan.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount_2": "29.99"}, "€0.01 is missing"),
        ({"amount_2": "30.01"}, "€0.01 too much"),
        ({"due_0": "2026-11-19"}, "The day has passed."),
        ({"due_0": "2199-11-19"}, "The day is more than five years ahead."),
        ({"due_1": "2026-12-01"}, "Each instalment comes after the one before."),
        ({"due_1": ""}, "Enter the day."),
        ({"amount_1": ""}, "Enter the amount."),
        ({"amount_1": "-3"}, "Enter an amount more than zero"),
        ({"due_1": "soon"}, "Enter a date such as"),
        (dict.fromkeys(_ROWS, ""), "Enter one instalment at least."),
    ],
)
def test_refused_form_keeps_what_was_typed(
    owner: Client, invoice: Document, changed: dict[str, str], words: str
) -> None:
    answer = save(owner, invoice, **changed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert all(f'value="{value}"' in html for value in (_ROWS | changed).values() if value)
    assert not PaymentPlan.objects.exists()


def test_what_is_not_owed_has_no_plan(owner: Client, invoice: Document) -> None:
    save(owner, invoice)
    void(invoice, by=OPERATOR)
    html = shown(owner, invoice)
    assert "Payment plan …" not in html
    assert "Next instalment" not in html
    assert save(owner, invoice, due_0="2026-12-02").status_code == 302
    assert PaymentPlan.objects.count() == 1


def test_payments_cover_instalments_and_late_ones_are_past_due(
    owner: Client, acme: Customer, invoice: Document, frozen: Clock
) -> None:
    save(owner, invoice)
    frozen.set("2027-01-02")
    html = shown(owner, invoice)
    assert "Past due · 32 days" in html
    assert html.count("Missed") == 2
    assert "€70.00 of the payment plan is past due since 1 Dec 2026." in html
    a_payment(acme, 5000, [(invoice, 5000)])
    html = shown(owner, invoice)
    assert "€20.00 left" in html
    customers = owner.get(reverse("customers")).content.decode()
    assert "€20.00" in customers
    a_payment(acme, 2000, [(invoice, 2000)])
    assert "Next instalment: €30.00 on 1 Feb 2027." in shown(owner, invoice)


def test_plan_is_mailed_with_its_instalments_and_a_link(
    owner: Client, invoice: Document, postbox: Any, react: Callable[[], None]
) -> None:
    Customer.objects.filter(pk=invoice.customer_id).update(email="ap@acme.example")
    save(owner, invoice, needs_approval="on", sends="on")
    react()
    mail = postbox.the_only()
    assert mail.subject.startswith("Payment plan for invoice")
    assert "€40.00" in mail.text
    assert "Approve the payment plan" in mail.text
    assert owner.post(url(invoice, "/send")).status_code == 302
    react()
    assert len(postbox.mails) == 2
    owner.post(url(invoice, "/cancel"))
    asked = Activity.objects.filter(verb="payment_plan.mail_asked").count()
    assert owner.post(url(invoice, "/send")).status_code == 302
    assert Activity.objects.filter(verb="payment_plan.mail_asked").count() == asked


def test_autopay_is_asked_for_where_it_is_offered(owner: Client, shop: Business, invoice: Document) -> None:
    assert "Collect each instalment by AutoPay" not in owner.get(url(invoice)).content.decode()
    change_payment_settings(shop, {"allow_autopay": True}, by=OPERATOR)
    assert "Collect each instalment by AutoPay" in owner.get(url(invoice)).content.decode()
    save(owner, invoice, collects="on")
    plan = plan_of(invoice)
    assert plan is not None
    assert plan.collects


def test_stranger_finds_nothing(stranger: Client, owner: Client, invoice: Document) -> None:
    save(owner, invoice)
    for ending in ("", "/send", "/cancel"):
        assert stranger.post(url(invoice, ending), _ROWS).status_code == 404
    assert stranger.get(url(invoice)).status_code == 404
    assert len(rows(invoice)) == 3
