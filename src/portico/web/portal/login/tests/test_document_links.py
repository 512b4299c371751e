"""A link to one thing: the same each time, as long as it is needed, for people and for programs."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.link import document_link, link_to, statement_link
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.void_payment import void_payment
from portico.lib.ids import well_formed
from portico.web.portal.conftest import days_ago
from tests.bank import only_bank_account

HOME = "/portal/nordlicht/"


def browser(**headers: str) -> Client:
    return Client(headers={"host": "testserver", **headers})


def secret_to(document: Document) -> str:
    link = document_link(document, by=OPERATOR)
    assert link is not None
    return link[1]


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 10_000, on=days_ago(10), due_on=days_ago(-20))


def opens(secret: str) -> bool:
    return browser().get(f"{HOME}s/{secret}").status_code == 303


def test_the_link_is_the_same_each_time_and_its_secret_is_stored_nowhere(invoice: Document) -> None:
    secret = secret_to(invoice)
    before = Activity.objects.count()
    assert {secret_to(invoice) for _ in range(3)} == {secret}
    assert Activity.objects.count() == before, "asking again changes nothing"
    assert well_formed(secret, "dl")
    grant = Grant.objects.get()
    assert secret not in repr(Grant.objects.values_list())
    assert (grant.target, grant.scope, grant.created_by) == (invoice.ref, "document", "Command line")


def test_another_document_has_another_link_and_a_revoked_one_is_followed_by_another(
    acme: Customer, invoice: Document
) -> None:
    first, other = secret_to(invoice), secret_to(new_document(acme, 500, on=days_ago(1)))
    assert first != other
    revoke(Grant.objects.get(target_id=invoice.id), by=OPERATOR)
    assert not opens(first)
    second = secret_to(invoice)
    assert second not in {first, other}
    assert [opens(secret) for secret in (first, second, other)] == [False, True, True]


def test_a_link_outlives_the_change_of_the_server_s_key_as_long_as_the_former_is_kept(
    invoice: Document, settings: Settings
) -> None:
    first = secret_to(invoice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key" * 5, [settings.SECRET_KEY]
    assert secret_to(invoice) == first
    assert opens(first)
    settings.SECRET_KEY_FALLBACKS = []
    second = secret_to(invoice)
    assert second != first
    assert [opens(first), opens(second)] == [False, True]
    assert Grant.objects.get(revoked_at__isnull=False).state == "replaced"


def test_an_unpaid_invoice_s_link_works_for_a_year(invoice: Document, clock: Clock) -> None:
    secret = secret_to(invoice)
    clock.advance(days=364)
    assert opens(secret)
    clock.advance(days=1)
    response = browser().get(f"{HOME}s/{secret}")
    assert response.status_code == 403
    assert "This link has expired" in response.content.decode()
    fresh = secret_to(invoice)
    assert fresh != secret
    assert opens(fresh)


def test_a_paid_invoice_s_link_works_for_ninety_days_more(acme: Customer, invoice: Document, clock: Clock) -> None:
    secret = secret_to(invoice)
    clock.advance(days=5)
    payment = pay(acme, 10_000, days_ago(-5), Share(invoice, 10_000))
    # Paid on the 25th of November: the last day is the 23rd of February, to its end in Berlin.
    clock.set("2027-02-23T22:59:59")
    assert opens(secret)
    clock.set("2027-02-23T23:00:00")
    assert not opens(secret)
    assert browser().get(f"{HOME}s/{secret}.pdf").status_code == 403
    void_payment(payment, by=OPERATOR)
    assert opens(secret), "what is owed again is shown again"


@pytest.mark.parametrize("action", ["void", "credit"])
def test_what_is_settled_otherwise_counts_as_paid(acme: Customer, invoice: Document, clock: Clock, action: str) -> None:
    secret = secret_to(invoice)
    if action == "void":
        void(invoice, by=OPERATOR)
        settled = invoice
    else:
        settled = new_document(acme, 10_000, on=days_ago(2), kind=Kind.CREDIT_NOTE)
        secret = secret_to(settled)
        apply_credit_note(settled, [Share(invoice, 10_000)], by=OPERATOR)
    clock.advance(days=90)
    assert opens(secret)
    clock.advance(days=1)
    assert not opens(secret)


def test_a_link_to_what_was_paid_long_ago_works_for_ninety_days(
    acme: Customer, invoice: Document, clock: Clock
) -> None:
    payment = pay(acme, 10_000, days_ago(3), Share(invoice, 10_000))
    clock.advance(days=200)
    links = [secret_to(invoice), link_to(acme, payment.ref, by=OPERATOR)[1]]
    clock.advance(days=89)
    assert all(opens(secret) for secret in links)
    clock.advance(days=2)
    assert not any(opens(secret) for secret in links)


def test_what_customers_do_not_see_has_no_link(acme: Customer, business: Business) -> None:
    draft = new_document(acme, 100, on=days_ago(1), draft=True)
    order = new_document(acme, 100, on=days_ago(1), kind=Kind.SALES_ORDER)
    assert document_link(draft, by=OPERATOR) is None
    assert document_link(order, by=OPERATOR) is None
    change_portal_settings(business, {"show_statements": False}, by=OPERATOR)
    acme.business.refresh_from_db()
    assert statement_link(acme, by=OPERATOR) is None
    assert not Grant.objects.exists()


def test_a_voided_document_is_shown_as_such(invoice: Document) -> None:
    secret = secret_to(invoice)
    void(invoice, by=OPERATOR)
    client = browser()
    client.get(f"{HOME}s/{secret}")
    assert "It no longer counts." in client.get(f"{HOME}invoices/{invoice.public_id}").content.decode()


def test_a_section_that_was_switched_off_takes_its_links_with_it(acme: Customer, business: Business) -> None:
    note = new_document(acme, 100, on=days_ago(1), kind=Kind.CREDIT_NOTE)
    statement = statement_link(acme, by=OPERATOR)
    assert statement is not None
    secrets = {f"credit-notes/{note.public_id}": secret_to(note), "statements": statement[1]}
    change_portal_settings(business, {"show_credit_notes": False, "show_statements": False}, by=OPERATOR)
    for path, secret in secrets.items():
        client = browser()
        assert client.get(f"{HOME}s/{secret}").headers["Location"] == HOME + path
        gone = client.get(HOME + path)
        assert gone.status_code == 404
        assert 'class="po-btn" href' not in gone.content.decode(), "what is not there does not lead to itself"
        response = client.get(f"{HOME}s/{secret}.pdf")
        assert response.status_code == 404
        assert "There is nothing here" in response.content.decode()


def test_the_pdf_comes_without_a_session_and_counts_as_nothing(acme: Customer, invoice: Document) -> None:
    payment = pay(acme, 500, days_ago(1))
    statement = statement_link(acme, by=OPERATOR)
    assert statement is not None
    secrets = [secret_to(invoice), link_to(acme, payment.ref, by=OPERATOR)[1], statement[1]]
    before = Activity.objects.count()
    for secret in secrets:
        client = browser()
        for method in (client.get, client.head):
            response = method(f"{HOME}s/{secret}.pdf")
            assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Referrer-Policy"] == "no-referrer"
        assert client.get(f"{HOME}s/{secret}.pdf").content.startswith(b"%PDF")
        assert not client.cookies
        assert client.post(f"{HOME}s/{secret}.pdf").status_code == 405
    assert Activity.objects.count() == before
    assert not PortalSession.objects.exists()
    assert not Grant.objects.exclude(use_count=0).exists()
    invoice.refresh_from_db()
    assert invoice.first_viewed_at is None


def test_the_pdf_is_behind_every_gate(acme: Customer, business: Business, invoice: Document) -> None:
    secret = secret_to(invoice)
    other = "y" if secret.endswith("x") else "x"
    assert browser().get(f"{HOME}s/{secret[:-1]}{other}.pdf").status_code == 404
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    assert browser().get(f"{HOME}s/{secret}.pdf").status_code == 404
    change_portal_settings(business, {"portal_enabled": True}, by=OPERATOR)
    revoke(Grant.objects.get(), by=OPERATOR)
    response = browser().get(f"{HOME}s/{secret}.pdf")
    assert response.status_code == 403
    assert "Access denied" in response.content.decode()


def test_a_link_to_the_account_has_no_pdf(acme: Customer) -> None:
    _grant, secret = regenerate_portal_link(acme, by=OPERATOR)
    client = browser()
    assert client.get(f"{HOME}s/{secret}.pdf").status_code == 404
    assert not client.cookies
    assert not PortalSession.objects.exists()
    assert client.get(f"{HOME}s/{secret}").status_code == 303, "the link itself is good"


def test_an_owed_invoice_says_how_to_pay_it(acme: Customer, business: Business, invoice: Document) -> None:
    def page(document: Document) -> str:
        client = browser()
        client.get(f"{HOME}s/{secret_to(document)}")
        return client.get(f"{HOME}invoices/{document.public_id}").content.decode()

    assert 'id="pay"' in page(invoice)
    only_bank_account(business, "")
    html = page(new_document(Customer.objects.get(pk=acme.pk), 10_000, on=days_ago(1)))
    assert 'id="pay"' in html
    assert "Please ask Nordlicht Studio how to pay this invoice." in html
    pay(acme, 10_000, days_ago(0), Share(invoice, 10_000))
    assert 'id="pay"' not in page(invoice)


def test_a_session_by_a_document_link_lasts_a_day(invoice: Document, clock: Clock) -> None:
    client = browser()
    client.get(f"{HOME}s/{secret_to(invoice)}")
    path = f"{HOME}invoices/{invoice.public_id}"
    for _ in range(15):
        clock.instant += timedelta(minutes=95)
        assert client.get(path).status_code == 200
    clock.instant += timedelta(minutes=16)
    assert client.get(path).status_code == 403
