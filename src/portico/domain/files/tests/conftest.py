"""A customer, and the staff and the program of the business that has it."""

import pytest
from django.test import Client

from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.web.dashboard.tests.cast import a_business, a_customer, signed_in, staff_of


@pytest.fixture
def acme(db: None) -> Customer:
    return a_customer(a_business("nordlicht"))


@pytest.fixture
def staff(acme: Customer) -> Client:
    return signed_in(staff_of(acme.business, "olga@nordlicht.example"))


@pytest.fixture
def program(acme: Customer) -> Client:
    _key, secret = create_api_key(acme.business, "ERP", by=OPERATOR)
    return Client(headers={"host": "testserver", "authorization": f"Bearer {secret}"})
