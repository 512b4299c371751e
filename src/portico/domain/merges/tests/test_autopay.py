"""AutoPay through a merge: what is charged is what its customer agreed to, before, in between and after the undo."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_customer
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.domain.merges.actions.undo_merge import undo_merge
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.keep_methods import make_default
from portico.domain.payments.autopay import autopay_of, collections, collector_of, default_method
from portico.domain.payments.models import PaymentMethod
from tests.shop import Shop

pytestmark = pytest.mark.django_db

OTHER_CARD = "5555 5555 5555 4444"


@pytest.fixture
def other(shop: Shop) -> Customer:
    """A second customer of the shop, which is the shop's customer from now on."""
    made = new_customer(shop.business, "ACME")
    made.business = shop.business
    return made


def _as(shop: Shop, customer: Customer) -> Shop:
    shop.customer = Customer.objects.select_related("business").get(pk=customer.pk)
    return shop


def _charged(customer: Customer) -> list[PaymentMethod | None]:
    """What each open invoice is collected by."""
    customer = Customer.objects.select_related("business").get(pk=customer.pk)
    return [row.offer.saved for row in collections(collector_of(customer))]


def test_the_card_that_autopay_was_given_is_charged_and_not_another_default(shop: Shop, other: Customer) -> None:
    winner = shop.customer
    shop.invoice()
    own = shop.card()
    agreed = _as(shop, other).enrol(OTHER_CARD)
    shop.invoice()
    merge = merge_customers(other, winner, by=OPERATOR)
    assert _charged(winner) == [agreed, agreed]
    undo_merge(merge, by=OPERATOR)
    assert (_charged(winner), _charged(other)) == ([], [agreed])
    assert (default_method(winner), default_method(other)) == (own, agreed)


def test_both_enrolled_the_winners_card_is_charged_for_all(shop: Shop, other: Customer) -> None:
    winner, own = shop.customer, shop.enrol()
    shop.invoice()
    theirs = _as(shop, other).enrol(OTHER_CARD)
    shop.invoice()
    merge = merge_customers(other, winner, by=OPERATOR)
    assert _charged(winner) == [own, own]
    undo_merge(merge, by=OPERATOR)
    assert (_charged(winner), _charged(other)) == ([own], [theirs])


def test_a_card_saved_for_other_payments_is_not_what_autopay_begins_to_charge(shop: Shop, other: Customer) -> None:
    winner, own = shop.customer, shop.enrol()
    PaymentMethod.objects.filter(pk=own.pk).update(state="removed", is_default=False)
    shop.invoice()
    theirs = _as(shop, other).card(OTHER_CARD)
    merge = merge_customers(other, winner, by=OPERATOR)
    assert _charged(winner) == []
    undo_merge(merge, by=OPERATOR)
    assert default_method(other) == theirs


def test_another_default_that_was_chosen_since_stays(shop: Shop, other: Customer) -> None:
    winner, own = shop.customer, shop.card()
    agreed = _as(shop, other).enrol(OTHER_CARD)
    shop.invoice()
    merge = merge_customers(other, winner, by=OPERATOR)
    newest = _as(shop, winner).card("4000 0000 0000 0341")
    make_default(newest, by=OPERATOR)
    undo_merge(merge, by=OPERATOR)
    assert (default_method(winner), default_method(other)) == (newest, agreed)
    assert _charged(other) == [agreed]
    own.refresh_from_db()
    assert not own.is_default


@pytest.mark.parametrize("had_a_row", [True, False])
def test_a_customer_that_left_since_has_left_after_the_undo_too(shop: Shop, other: Customer, had_a_row: bool) -> None:
    winner = shop.customer
    if had_a_row:
        shop.enrol()
        leave(winner, by=OPERATOR)
    _as(shop, other).enrol(OTHER_CARD)
    merge = merge_customers(other, winner, by=OPERATOR)
    leave(Customer.objects.get(pk=winner.pk), by=OPERATOR)
    undo_merge(merge, by=OPERATOR)
    assert autopay_of(winner) is None
    assert autopay_of(other) is None
