"""My Account answers what is due, how to pay it and what happened lately."""

import gzip

import pytest
from django.db.models import F

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Kind
from portico.domain.ledger.tests.history import new_customer, new_document, pay
from portico.web.portal.conftest import SignIn, Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


def test_an_account_without_anything_says_so(visitor: Visitor) -> None:
    html = visitor.page("home")
    assert "Your first invoice from Nordlicht Studio will appear here." in html
    assert "€0.00" in html
    assert "IBAN" not in html, "nothing is due, so nobody asks for a transfer"


def test_what_is_due_comes_first_with_how_to_pay_it(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")
    new_document(acme, 84250, days_ago(23), due_on=days_ago(-7), number="INV-2057")
    html = visitor.page("home")
    assert "€2,822.66" in html
    assert "€1,980.16 past due" in html
    assert "2 open invoices · next due 27 Nov 2026" in html
    assert "Past due · 8 days" in html
    assert html.index("INV-2041") < html.index("INV-2057"), "the longest due first"
    assert "DE89 3704 0044 0532 0130 00" in html
    assert "Please quote the numbers of the invoices you pay." in html


def test_currencies_stand_apart_and_are_never_added(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 10000, days_ago(10), due_on=days_ago(-20))
    new_document(acme, 30000, days_ago(10), due_on=days_ago(-20), currency="USD")
    html = visitor.page("home")
    assert "€100.00" in html
    assert "US$300.00" in html
    assert "400.00" not in html
    assert "By age, EUR" in html
    assert "By age, USD" in html


def test_at_most_five_invoices_and_a_way_to_all(visitor: Visitor, acme: Customer) -> None:
    for number in range(7):
        new_document(acme, 100, days_ago(10), due_on=days_ago(number), number=f"N-{number}")
    html = visitor.page("home")
    assert [number for number in range(7) if f"N-{number}<" in html] == [2, 3, 4, 5, 6]
    assert visitor.url("activity_of_kind", "invoices") in html


def test_what_is_not_issued_yet_does_not_count(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 77700, days_ago(-5), due_on=days_ago(-30))
    new_document(acme, 88800, days_ago(5), draft=True)
    html = visitor.page("home")
    assert "777.00" not in html
    assert "888.00" not in html


def test_a_settled_account_says_so_and_shows_its_receipts(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 31000, days_ago(40), due_on=days_ago(10), number="INV-1998")
    payment = pay(acme, 31000, days_ago(12), Share(invoice, 31000))
    html = visitor.page("home")
    assert "Nothing is due." in html
    assert "Bank transfer · INV-1998" in html
    assert visitor.url("receipt", payment.public_id) in html


def test_open_credit_stands_beside_what_is_due(visitor: Visitor, acme: Customer, business: Business) -> None:
    new_document(acme, 15000, days_ago(3), kind=Kind.CREDIT_NOTE)
    html = visitor.page("home")
    assert "1 credit note" in html
    assert "€150.00" in html
    change_portal_settings(business, {"show_credit_notes": False}, by=OPERATOR)
    assert visitor.url("activity_of_kind", "credit-notes") not in visitor.page("home")


def test_what_is_open_less_the_credit_is_the_statement_s_balance(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 1697050, days_ago(5))
    new_document(acme, 15500, days_ago(3), kind=Kind.CREDIT_NOTE)
    assert "€16,970.50 open − €155.00 credit = €16,815.50" in visitor.page("home")
    assert "€16,815.50" in visitor.page("statements")


def test_credit_keeps_its_amount_where_credit_notes_are_not_shown(
    visitor: Visitor, acme: Customer, business: Business
) -> None:
    new_document(acme, 15500, days_ago(3), kind=Kind.CREDIT_NOTE)
    assert "1 credit note" in visitor.page("home")
    Business.objects.filter(pk=business.pk).update(show_credit_notes=False, revision=F("revision") + 1)
    html = visitor.page("home")
    assert "credit note" not in html
    assert "1 correction" in html
    assert "€155.00" in html


def test_an_invoice_dated_ahead_is_left_out_of_every_sum(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 7000, days_ago(-25), due_on=days_ago(-50), number="AHEAD")
    activity = visitor.page("activity_of_kind", "invoices")
    assert "€70.00 open" not in activity
    assert "From 15 Dec 2026" in activity
    assert "€70.00" not in visitor.page("home").partition("AHEAD")[0]


def test_the_welcome_message_is_text_and_nothing_else(visitor: Visitor, business: Business) -> None:
    change_portal_settings(business, {"welcome_message": "<script>alert(1)</script> Welcome"}, by=OPERATOR)
    html = visitor.page("home")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Welcome" in html


def test_missing_billing_details_are_named(visitor: Visitor, business: Business, sign_in: SignIn) -> None:
    link = f'<a href="{visitor.url("edit_details")}">Missing: e-mail address and billing address.</a>'
    assert link in visitor.page("home")
    change_portal_settings(business, {"allow_contact_edits": False}, by=OPERATOR)
    html = visitor.page("home")
    assert "Missing: e-mail address and billing address." in html
    assert link not in html
    address = {"line1": "Lindenstr. 4", "postal_code": "10969", "city": "Berlin", "country": "DE"}
    data = CustomerInput(external_id="c1", name="Whole", email="ap@acme.example", addresses={"billing": address})
    whole = sign_in(upsert_customer(business, data, by=OPERATOR)[0]).page("home")
    assert "Missing" not in whole
    assert "10969 Berlin" in whole
    assert "Germany" in whole


def test_nobody_sees_what_is_a_stranger_s(stranger: Visitor, acme: Customer) -> None:
    new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")
    html = stranger.page("home")
    assert "INV-2041" not in html
    assert "1,980.16" not in html


def test_it_reads_in_german_and_from_right_to_left(business: Business, sign_in: SignIn) -> None:
    german = upsert_customer(business, CustomerInput(external_id="de", name="Zwei", language="de"), by=OPERATOR)[0]
    new_document(german, 198016, days_ago(39), due_on=days_ago(8))
    html = sign_in(german).page("home")
    assert '<html lang="de" dir="ltr">' in html
    assert "1.980,16\N{NO-BREAK SPACE}€" in html
    arabic = upsert_customer(business, CustomerInput(external_id="ar", name="شركة الأفق", language="ar"), by=OPERATOR)[
        0
    ]
    assert '<html lang="ar" dir="rtl">' in sign_in(arabic).page("home")


def test_its_queries_and_its_size_do_not_grow_with_the_account(visitor: Visitor, acme: Customer) -> None:
    for number in range(30):
        invoice = new_document(acme, 1000 + number, days_ago(number * 12), due_on=days_ago(number * 12 - 30))
        if number % 3 == 0:
            pay(acme, 500, days_ago(1), Share(invoice, 500))
    with at_most(10):
        html = visitor.page("home")
    assert len(gzip.compress(html.encode())) < 15_000


def test_a_customer_of_another_business_is_nobody_here(visitor: Visitor, sign_in: SignIn) -> None:
    other = new_customer(visitor.business, "Other")
    elsewhere = sign_in(other)
    elsewhere.client.cookies.clear()
    assert elsewhere.get("/").status_code != 200


def test_what_was_asked_is_kept_until_something_is_recorded(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 10000, days_ago(10), due_on=days_ago(-20))
    visitor.page("home")
    with at_most(2):
        assert "€100.00" in visitor.page("home")
    new_document(acme, 5000, days_ago(10), due_on=days_ago(-20))
    assert "€150.00" in visitor.page("home")


def test_a_new_day_is_a_new_page(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    new_document(acme, 10000, days_ago(10), due_on=days_ago(0))
    assert "Due today" in visitor.page("home")
    clock.advance(minutes=90)
    assert "Due today" in visitor.page("home")
    clock.set("2026-11-20T23:30")
    visitor.customer.sessions.update(last_seen_at=clock.now())
    assert "Past due · 1 day" in visitor.page("home"), "in Berlin it is tomorrow already"
