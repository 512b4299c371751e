"""Whom an address opens: the customers that have it, themselves or through a contact, at one business."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portico.domain.access.sign_in.queries.accounts import accounts_of_email
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Contact, Customer
from tests.cast import new_business

pytestmark = pytest.mark.django_db


def customer(business: Business, name: str, email: str = "", *contacts: ContactInput) -> None:
    data = CustomerInput(external_id=name, name=name, email=email, contacts=contacts)
    upsert_customer(business, data, by=OPERATOR)


def opened(business: Business, email: str) -> list[tuple[str, str]]:
    return [(account.customer.name, account.person) for account in accounts_of_email(business, email)]


def test_an_address_opens_the_customers_that_have_it_here() -> None:
    business, elsewhere = new_business("nordlicht"), new_business("fremd")
    books = ContactInput("Frau Buch", "books@example.com")
    customer(business, "Zimmerei", "Books@Example.com")
    customer(business, "acme", "pay@acme.example", ContactInput("Herr Rot", "rot@acme.example"), books)
    customer(business, "Both", "books@example.com", books)
    customer(business, "Other", "other@example.com", ContactInput("Nobody"))
    customer(elsewhere, "Abroad", "books@example.com")
    everything = [("acme", "Frau Buch"), ("Both", "Both"), ("Zimmerei", "Zimmerei")]
    assert opened(business, "books@example.com") == everything
    assert opened(business, " BOOKS@EXAMPLE.COM ") == everything
    assert opened(business, "rot@acme.example") == [("acme", "Herr Rot")]
    assert opened(elsewhere, "books@example.com") == [("Abroad", "Abroad")]
    for nobody in ("", " ", "ooks@example.com", "books@example.co%", "books@example_com"):
        assert opened(business, nobody) == []


def test_two_contacts_with_one_address_are_the_first() -> None:
    business = new_business("nordlicht")
    customer(business, "Acme", "", ContactInput("First", "ap@acme.example"), ContactInput("Second", "ap@acme.example"))
    assert opened(business, "ap@acme.example") == [("Acme", "First")]


def test_looking_for_an_address_uses_the_indexes() -> None:
    business = new_business("nordlicht")
    rows = [Customer(business=business, name=f"C{n}", email=f"c{n}@example.com") for n in range(500)]
    Customer.objects.bulk_create(rows)
    Contact.objects.bulk_create(Contact(customer=row, name="Anna", email=f"a.{row.email}") for row in rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Otherwise the statistics that other tests left behind choose the way.
            cursor.execute("ANALYZE customers_customer, customers_contact")
    with CaptureQueriesContext(connection) as queries:
        accounts_of_email(business, "anna@example.com")
    plans = []
    with connection.cursor() as cursor:
        for query in queries:
            how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{how} {query['sql']}")
            plans.append(repr(cursor.fetchall()))
    assert len(plans) == 2
    assert "contacts_by_address" in plans[0]
    assert "customers_by_address" in plans[1]
