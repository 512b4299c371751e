"""What is recorded belongs to the row's business and customer, and bumps the version that the event names."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Bumps, Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.search.models import FoundAs, Group
from portico.lib.ids import Ref, uuid7


@dataclass(frozen=True)
class Row:
    """Something of a customer that an event is about."""

    business_id: UUID
    customer_id: UUID
    ref: Ref

    def found_as(self) -> FoundAs:
        return FoundAs(self.business_id, Group.CUSTOMERS, self.customer_id, {"acme"})


@pytest.fixture
def acme(db: None) -> Customer:
    business = create_business(BusinessInput("Nordwind", "nordwind", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    return upsert_customer(business, CustomerInput("C-1", "Acme"), by=OPERATOR)[0]


def versions(customer: Customer) -> tuple[int, int]:
    """The versions of the business and of the customer, as they are stored."""
    fresh = Customer.objects.select_related("business").get(pk=customer.pk)
    return fresh.business.revision, fresh.revision


@pytest.mark.parametrize("event", Event)
def test_an_event_bumps_the_version_it_names_and_waits_where_it_is_announced(acme: Customer, event: Event) -> None:
    business, customer = versions(acme)
    row = Row(acme.business_id, acme.pk, Ref(event.about[0], uuid7()))
    activity = record(event, row, by=OPERATOR, data={"number": "1"})
    activity.refresh_from_db()
    assert (activity.verb, activity.subject, activity.data) == (event.value, row.ref, {"number": "1"})
    assert (activity.business_id, activity.customer_id) == (acme.business_id, acme.pk)
    assert (activity.react_at is not None) == event.announced
    moved = (event.bumps is Bumps.BUSINESS, event.bumps is Bumps.CUSTOMER)
    assert versions(acme) == (business + moved[0], customer + moved[1])


def test_a_customer_and_a_business_are_their_own(acme: Customer) -> None:
    of_customer = record(Event.CUSTOMER_UPDATED, acme, by=OPERATOR)
    assert (of_customer.business_id, of_customer.customer_id) == (acme.business_id, acme.pk)
    of_business = record(Event.SETTINGS_CHANGED, acme.business, by=OPERATOR)
    assert (of_business.business_id, of_business.customer_id) == (acme.business_id, None)


def test_an_announced_event_may_be_kept_quiet(acme: Customer) -> None:
    assert record(Event.LINK_MAIL_ASKED, acme, by=OPERATOR, announce=False).react_at is None


def test_an_event_about_something_else_is_refused(acme: Customer) -> None:
    before, recorded = versions(acme), Activity.objects.count()
    with pytest.raises(ValueError, match=r"invoice\.voided is about invoice, not about customer"):
        record(Event.INVOICE_VOIDED, acme, by=OPERATOR)
    assert (versions(acme), Activity.objects.count()) == (before, recorded)
