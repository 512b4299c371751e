"""A business that writes to its customer, and the event it writes about."""

import pytest

from conftest import Clock
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer


@pytest.fixture
def nordwind(db: None, clock: Clock) -> Business:
    business = create_business(BusinessInput("Nordwind", "nordwind", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    business.email = "hallo@nordwind.example"
    business.save(update_fields=["email"])
    return business


@pytest.fixture
def acme(nordwind: Business) -> Customer:
    return upsert_customer(nordwind, CustomerInput("C-1", "Acme", email="ap@acme.example"), by=OPERATOR)[0]


@pytest.fixture
def event(acme: Customer) -> Activity:
    """Something that happened to the customer."""
    return record(Event.LINK_MAIL_ASKED, acme, by=OPERATOR)
