"""Two customers become one and two again: every figure stays right, and undoing puts back exactly what moved."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given, settings

from conftest import Clock
from portico.domain.access.sign_in.queries.accounts import accounts_of_email
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.errors import CustomerMerged
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents import check as documents
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.models import Document
from portico.domain.ledger import check, statements
from portico.domain.ledger.models import Account, Entry, Item
from portico.domain.ledger.tests.history import Event, History, events, new_business, new_customer, new_document, pay
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.domain.merges.actions.undo_merge import undo_merge
from portico.domain.merges.errors import CannotMerge, CannotUndoMerge
from portico.domain.merges.models import CustomerMerge
from portico.domain.merges.moves import MOVED, RULED, STAYING
from portico.domain.payments import check as payments
from portico.domain.payments.actions.start_attempt import ShareInput
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.models import Method
from portico.gateways.sandbox.connection import bank
from tests.shop import Shop

pytestmark = pytest.mark.django_db

# These say that something happened, and stay.
_UNDONE = {"activity.Activity", "merges.CustomerMerge"}


def differences() -> list[Any]:
    return [*check.differences(), *documents.differences(), *payments.differences()]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every app of ours, but for what a merge adds for good."""
    return {
        model._meta.label: sorted(map(_without_revision, model._base_manager.values()), key=str)
        for model in apps.get_models()
        if model.__module__.startswith("portico.") and model._meta.label not in _UNDONE
    }


def _without_revision(row: dict[str, Any]) -> dict[str, Any]:
    # Words of the search are written anew.
    left_out = {"revision", "id"} if row.keys() == {"id", "key", "subject"} else {"revision"}
    return {name: value for name, value in row.items() if name not in left_out}


def test_every_model_that_names_a_customer_has_its_place() -> None:
    found = {
        relation.related_model._meta.label
        for relation in Customer._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and relation.related_model
    }
    assert found == {*MOVED, *RULED, *STAYING}


@settings(max_examples=25)
@given(mine=events, theirs=events)
def test_whatever_both_lived_through_the_books_add_up_and_can_be_parted_again(
    clock: Clock, mine: list[Event], theirs: list[Event]
) -> None:
    business = new_business()
    winner, loser = History(clock, new_customer(business)), History(clock, new_customer(business, "Acme"))
    winner.live(mine)
    loser.live(theirs)
    today = max(winner.today, loser.today)
    clock.set(f"{today}T18:00")
    # An account without anything is as good as none.
    for account in Account.objects.filter(customer=loser.customer):
        Account.objects.get_or_create(
            customer=winner.customer, currency=account.currency, defaults={"business": business}
        )
    before, balances = everything(), _closings(business.pk, today)
    merge = merge_customers(loser.customer, winner.customer, by=OPERATOR)
    assert differences() == []
    assert not Document.objects.filter(customer=loser.customer).exists()
    assert not Entry.objects.filter(account__customer=loser.customer).exists()
    assert sum(balances) == sum(_closings(business.pk, today))
    undo_merge(merge, by=OPERATOR)
    assert differences() == []
    assert everything() == before


def _closings(business_id: Any, today: date) -> Iterator[int]:
    """What each account's statement closes with."""
    rows = Account.objects.filter(business_id=business_id).order_by("pk")
    return iter([statements.open_item(row, today, today=today, edges=(30, 60, 90)).total for row in rows])


@pytest.fixture
def pair(clock: Clock) -> tuple[Customer, Customer]:
    """A customer that is here twice: the one to be kept, and the other one."""
    business = new_business()
    eva = ContactInput("Eva Klein", "eva@acme.example")
    kept, _ = upsert_customer(
        business, CustomerInput("acme", "Acme GmbH", email="ap@acme.example", contacts=[eva]), by=OPERATOR
    )
    data = CustomerInput(
        "acme-2", "ACME", email="info@acme.example", contacts=[eva, ContactInput("Ali Can", "ali@acme.example")]
    )
    return kept, upsert_customer(business, data, by=OPERATOR)[0]


def test_addresses_and_people_of_both_let_in_and_the_same_person_is_there_once(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    merge_customers(loser, winner, by=OPERATOR)
    names = [row.name for row in winner.contacts.all()]
    assert names == ["Eva Klein", "Ali Can", "ACME"]
    for address in ("ap@acme.example", "info@acme.example", "eva@acme.example", "ALI@acme.example"):
        assert [row.customer for row in accounts_of_email(winner.business, address)] == [winner], address


def test_an_external_id_of_the_other_leads_over_and_changes_nothing(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    merge_customers(loser, winner, by=OPERATOR)
    found, is_new = upsert_customer(winner.business, CustomerInput("acme-2", "Old name", contacts=[]), by=OPERATOR)
    assert (found, is_new) == (winner, False)
    winner.refresh_from_db()
    assert winner.name == "Acme GmbH"
    assert winner.contacts.count() == 3
    assert Customer.objects.count() == 2


def test_money_of_one_pays_the_other_and_then_nothing_is_parted(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    invoice = new_document(loser, 5000, date(2026, 11, 1))
    merge = merge_customers(loser, winner, by=OPERATOR)
    pay(winner, 5000, date(2026, 11, 10), Share(Document.objects.get(pk=invoice.pk), 5000))
    assert Account.objects.get(customer=winner).balance == 0
    before = everything()
    with pytest.raises(CannotUndoMerge, match=invoice.number) as refused:
        undo_merge(merge, by=OPERATOR)
    assert refused.value.code == "merge_changed_since"
    assert everything() == before
    assert differences() == []


def test_credit_that_a_payment_under_way_takes_goes_back_once_that_has_failed(shop: Shop, clock: Clock) -> None:
    winner, loser = shop.customer, new_customer(shop.business, "ACME")
    credit = pay(loser, 4000, date(2026, 11, 1)).item
    merge = merge_customers(loser, winner, by=OPERATOR)
    invoice = shop.invoice(100)
    shares = [ShareInput(invoice, 6000), ShareInput(invoice, 4000, Item.objects.get(pk=credit.pk))]
    returned = shop.start(method=Method.DIRECT_DEBIT, shares=shares)
    shop.debit(returned, "DE62 3704 0044 0532 0130 01")
    before = everything()
    with pytest.raises(CannotUndoMerge) as refused:
        undo_merge(merge, by=OPERATOR)
    assert (refused.value.code, everything()) == ("payment_in_progress", before)
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    undo_merge(merge, by=OPERATOR)
    assert Account.objects.get(customer=loser).balance == -4000
    assert differences() == []


def test_credit_that_a_payment_has_taken_since_stays(shop: Shop, clock: Clock) -> None:
    winner, loser = shop.customer, new_customer(shop.business, "ACME")
    credit = pay(loser, 4000, date(2026, 11, 1)).item
    merge = merge_customers(loser, winner, by=OPERATOR)
    invoice = shop.invoice(100)
    shares = [ShareInput(invoice, 6000), ShareInput(invoice, 4000, Item.objects.get(pk=credit.pk))]
    shop.debit(shop.start(method=Method.DIRECT_DEBIT, shares=shares))
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    assert Document.objects.get(pk=invoice.pk).open_amount == 0
    with pytest.raises(CannotUndoMerge) as refused:
        undo_merge(merge, by=OPERATOR)
    assert refused.value.code == "merge_changed_since"
    assert differences() == []


def test_a_draft_that_was_issued_since_stays(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    draft = new_document(loser, 5000, date(2026, 11, 1), draft=True)
    merge = merge_customers(loser, winner, by=OPERATOR)
    issue(Document.objects.get(pk=draft.pk), by=OPERATOR)
    with pytest.raises(CannotUndoMerge):
        undo_merge(merge, by=OPERATOR)
    assert Document.objects.get(pk=draft.pk).customer == winner


def test_a_merge_is_undone_for_a_day_and_once(pair: tuple[Customer, Customer], clock: Clock) -> None:
    winner, loser = pair
    merge = merge_customers(loser, winner, by=OPERATOR)
    clock.advance(days=1)
    with pytest.raises(CannotUndoMerge) as refused:
        undo_merge(merge, by=OPERATOR)
    assert refused.value.code == "merge_over"
    clock.advance(days=-0.5)
    undone = undo_merge(merge, by=OPERATOR)
    after = everything()
    assert undo_merge(merge, by=OPERATOR).undone_at == undone.undone_at
    assert everything() == after
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_what_happened_to_the_winner_alone_stays_with_it(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    theirs = new_document(loser, 5000, date(2026, 11, 1))
    merge = merge_customers(loser, winner, by=OPERATOR)
    own = new_document(winner, 7000, date(2026, 11, 2))
    undo_merge(merge, by=OPERATOR)
    assert {row.pk: row.customer for row in Document.objects.select_related("customer")} == {
        theirs.pk: loser,
        own.pk: winner,
    }
    balances = dict(Account.objects.values_list("customer_id", "balance"))
    assert balances == {loser.pk: 5000, winner.pk: 7000}


def test_merging_on_and_on_leads_to_the_last_one(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    last = new_customer(winner.business, "Acme Holding")
    first = merge_customers(loser, winner, by=OPERATOR)
    second = merge_customers(winner, last, by=OPERATOR)
    loser.refresh_from_db()
    assert loser.merged_into == last
    with pytest.raises(CannotUndoMerge) as refused:
        undo_merge(first, by=OPERATOR)
    assert refused.value.code == "merged_already"
    undo_merge(second, by=OPERATOR)
    undo_merge(first, by=OPERATOR)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_those_that_cannot_be_one_are_refused(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    stranger = new_customer(new_business(), "Elsewhere")
    before = everything()
    for one, other, code in [(winner, winner, "merge_with_itself"), (loser, stranger, "merge_with_itself")]:
        with pytest.raises(CannotMerge) as refused:
            merge_customers(one, other, by=OPERATOR)
        assert refused.value.code == code
    assert everything() == before
    merge_customers(loser, winner, by=OPERATOR)
    with pytest.raises(CannotMerge) as refused:
        merge_customers(loser, winner, by=OPERATOR)
    assert refused.value.code == "merged_already"
    assert CustomerMerge.objects.count() == 1


def test_a_change_that_began_before_leaves_nothing_behind(pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    merge_customers(loser, winner, by=OPERATOR)
    before = everything()
    with pytest.raises(CustomerMerged):
        new_document(loser, 5000, date(2026, 11, 1))
    with pytest.raises(CustomerMerged):
        pay(loser, 5000, date(2026, 11, 1))
    assert everything() == before
