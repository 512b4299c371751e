"""What was under way when two customers became one goes to the one that stays, and is found there."""

import pytest

from conftest import Clock, React
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.errors import CustomerMerged
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.conversations.models import Comment
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Contact, Customer
from portico.domain.ledger.tests.history import new_business
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.domain.merges.actions.undo_merge import undo_merge
from portico.domain.payments.actions.rebuild_search import rebuild_search
from portico.domain.search.models import Group
from portico.domain.search.queries import found
from portico.lib.ids import uuid7
from portico.output.mail.models import Message
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(clock: Clock) -> tuple[Customer, Customer]:
    """The customer that stays, and the other one."""
    business = new_business()
    kept, _ = upsert_customer(business, CustomerInput("acme", "Acme GmbH", email="ap@acme.example"), by=OPERATOR)
    people = [ContactInput("Ali Can", "ali@acme.example")]
    data = CustomerInput("c-77", "Rosalinde", email="info@rosa.example", contacts=people)
    return kept, upsert_customer(business, data, by=OPERATOR)[0]


def _found(customer: Customer, query: str) -> list[Customer]:
    keys = found(customer.business_id, Group.CUSTOMERS, query, 5)
    return list(Customer.objects.filter(pk__in=keys))


def test_the_search_index_follows_a_merge_and_its_undo(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    queries = ("ali", "rosalinde", "c-77", "info@rosa.example")
    merge = merge_customers(loser, winner, by=OPERATOR)
    assert [_found(winner, query) for query in queries] == [[winner]] * 4
    assert sum(rebuild_search(winner.business_id)) == 0
    undo_merge(merge, by=OPERATOR)
    assert [_found(winner, query) for query in queries] == [[loser]] * 4
    assert _found(winner, "acme gmbh") == [winner]
    assert sum(rebuild_search(winner.business_id)) == 0


def test_mail_that_was_asked_for_before_goes_to_the_one_that_stays(
    pair: tuple[Customer, Customer], postbox: Postbox, react: React
) -> None:
    winner, loser = pair
    record(Event.LINK_MAIL_ASKED, loser, by=OPERATOR)
    record(Event.AUTOPAY_LEFT, loser, by=OPERATOR)
    merge_customers(loser, winner, by=OPERATOR)
    react()
    assert {address for mail in postbox.mails for address in mail.recipients} == {"ap@acme.example"}
    assert set(Message.objects.values_list("customer", flat=True)) == {winner.pk}
    assert not Activity.objects.exclude(react_at=None).exists()


@pytest.mark.parametrize("event", [Event.NOTE_CREATED, Event.LINK_MAIL_ASKED, Event.COMMENT_CREATED])
def test_nothing_is_recorded_about_a_merged_customer(pair: tuple[Customer, Customer], event: Event) -> None:
    winner, loser = pair
    note = Comment(id=uuid7(), business=winner.business, customer=loser)
    merge_customers(loser, winner, by=OPERATOR)
    before = Activity.objects.count()
    with pytest.raises(CustomerMerged):
        record(event, loser if "customer" in event.about else note, by=OPERATOR)
    assert Activity.objects.count() == before


def test_what_was_changed_after_the_merge_is_not_undone(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    third, _ = upsert_customer(winner.business, CustomerInput("third", "Third"), by=OPERATOR)
    person = Contact.objects.get(customer=loser)
    merge = merge_customers(loser, winner, by=OPERATOR)
    Contact.objects.filter(pk=person.pk).update(customer=third)
    undo_merge(merge, by=OPERATOR)
    person.refresh_from_db()
    assert person.customer == third


def test_the_reason_is_kept_in_the_history(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    merge_customers(loser, winner, by=OPERATOR, reason=" Imported twice ")
    assert Activity.objects.get(verb=Event.CUSTOMER_MERGED).data["reason"] == "Imported twice"
