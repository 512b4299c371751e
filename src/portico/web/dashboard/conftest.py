"""Fixtures of the dashboard's tests."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.web.dashboard.tests.cast import a_business, a_customer, a_document, a_payment, signed_in, staff_of


@pytest.fixture(autouse=True)
def frozen(clock: Clock, settings: Settings) -> Clock:
    """It is noon UTC on 20 November 2026, nobody has tried to sign in, and hashing a password takes no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return clock


@pytest.fixture
def visitor() -> Client:
    """Somebody who is not signed in."""
    return Client(headers={"host": "testserver"})


@pytest.fixture
def shop(db: None) -> Business:
    return a_business("nordlicht")


@pytest.fixture
def owner(shop: Business) -> Client:
    """Staff of the shop, signed in."""
    return signed_in(staff_of(shop, "olga@nordlicht.example"))


@pytest.fixture
def stranger(db: None) -> Client:
    """Staff of another business, signed in."""
    return signed_in(staff_of(a_business("fremd"), "fritz@fremd.example"))


@pytest.fixture
def acme(shop: Business) -> Customer:
    return a_customer(shop, external_id="C-1")


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return a_document(acme)


@pytest.fixture
def payment(acme: Customer, invoice: Document) -> Payment:
    """60 euros for the invoice of 100, and 15 too many."""
    return a_payment(acme, 7500, [(invoice, 6000)])
