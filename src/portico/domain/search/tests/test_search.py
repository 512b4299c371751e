"""What a query finds among customers, documents and payments, and that the index follows every change."""

from datetime import date

import pytest
from hypothesis import given, settings

from conftest import Clock
from portico.domain.access.viewer import OperatorViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.edit_contact import add_contact, remove_contact
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents import search as documents_search
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import (
    FIRST_DAY,
    Event,
    History,
    events,
    new_business,
    new_customer,
    new_document,
    pay,
)
from portico.domain.payments.actions.rebuild_search import index_new_installations, rebuild_search
from portico.domain.payments.search import search
from portico.domain.search import queries
from portico.domain.search.models import Group, SearchWord, key_of, word_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)


@pytest.fixture
def business(clock: Clock) -> Business:
    clock.set("2026-02-01T12:00")
    return new_business()


def found(business: Business, query: str, most: int = 5) -> list[str]:
    results = search(OperatorViewer(business), query, most)
    customers = [customer.name for customer in results.customers]
    return customers + [row.number or "draft" for row in results.documents] + [row.number for row in results.payments]


def test_everything_is_found_in_one_place(business: Business) -> None:
    customer, _ = upsert_customer(
        business, CustomerInput("c-77", "ÄRZTEHAUS Söhne", email="pay@haus.example", tax_id="DE 123"), by=OPERATOR
    )
    invoice = new_document(customer, 399460, DAY, number="INV-0739")
    pay(customer, 5000, DAY, Share(invoice, 5000))
    other = new_customer(business, "Ottokar", "c-78")
    new_document(other, 100, DAY, number="INV-0740")
    for query in ("ärztehaus", "SOEHNE", "c-77", "pay@haus", "de123", "haus"):
        assert found(business, query)[:1] == ["ÄRZTEHAUS Söhne"], query
    assert found(business, "inv 739") == ["INV-0739", "PAY-0001"]
    assert found(business, "3.994,60") == found(business, "3994.60") == ["INV-0739", "PAY-0001"]
    assert found(business, "ärztehaus 739") == ["INV-0739", "PAY-0001"]
    assert found(business, "ottokar 739") == []
    assert found(business, "50.00") == ["PAY-0001"]
    assert found(business, "74") == ["INV-0740"]
    assert found(business, "nothing") == found(business, "") == []


def test_common_words_find_what_a_rare_name_narrows(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_MANY", 2)
    monkeypatch.setattr(documents_search, "_CANDIDATES", 1)
    others, rare = new_customer(business, "Zeta", "c-1"), new_customer(business, "Ottokar", "c-2")
    new_document(rare, 7000, DAY, number="INV-74")
    for number in range(1, 6):
        new_document(others, 100, DAY, number=f"INV-7{number:03}")
    assert found(business, "ottokar 7") == ["INV-74"]
    assert found(business, "7 zeta")[:1] == ["INV-7005"]
    assert found(business, "inv 7005") == ["INV-7005"]
    assert found(business, "inv 7 1.00", most=9) == [f"INV-7{number:03}" for number in range(1, 6)]


def test_another_business_finds_nothing(business: Business) -> None:
    new_document(new_customer(business, "Ottokar"), 100, DAY, number="INV-0739")
    stranger = new_business()
    for query in ("ottokar", "inv", "739", "1.00"):
        assert found(stranger, query) == []


def test_whole_words_come_first_then_the_newest(business: Business) -> None:
    customer = new_customer(business)
    for number in ("Q-70", "Q-7", "Q-71"):
        new_document(customer, 100, DAY, number=number)
    assert found(business, "7") == ["Q-7", "Q-70", "Q-71"]
    assert found(business, "q") == ["Q-71", "Q-7", "Q-70"]
    assert found(business, "q", most=2) == ["Q-71", "Q-7"]


def test_what_is_changed_is_found_by_what_it_says_now(business: Business) -> None:
    customer = new_customer(business, "Ottokar", "c-1")
    upsert_customer(business, CustomerInput("c-1", "Rosalinde"), by=OPERATOR)
    assert (found(business, "ottokar"), found(business, "rosalinde")) == ([], ["Rosalinde"])
    contact = add_contact(customer, {"name": "Zoë", "email": "zoe@x.example", "phone": "", "role": ""}, by=OPERATOR)
    assert found(business, "zoe") == ["Rosalinde"]
    remove_contact(contact, by=OPERATOR)
    assert found(business, "zoe") == []
    draft = new_document(customer, 1234, DAY, draft=True)
    assert found(business, "12.34") == ["draft"]
    issue(draft, by=OPERATOR)
    assert found(business, "inv-0001") == ["INV-0001"]


def test_a_rebuild_mends_and_a_new_installation_is_indexed(business: Business) -> None:
    upsert_customer(business, CustomerInput("c-1", "Ottokar", contacts=[ContactInput("Zoë")]), by=OPERATOR)
    new_document(Customer.objects.get(), 100, DAY, number="INV-0739")
    before = _index()
    assert _wrong(business) == 0
    SearchWord.objects.all().delete()
    Business.objects.update(search_indexed_at=None)
    assert found(business, "739") == []
    assert next(rebuild_search(business.pk)) > 0, "the customers, and then the process ends"
    assert found(business, "739") == []
    assert index_new_installations() == 1
    assert _index() == before
    assert index_new_installations() == 0
    word = SearchWord.objects.filter(subject=Document.objects.get().pk)[:1]
    SearchWord.objects.filter(pk__in=word.values("pk")).update(key=key_of(business.pk, Group.DOCUMENTS, "nonsense"))
    assert _wrong(business) > 0
    assert _index() - before == set()


@settings(max_examples=25)
@given(happenings=events)
def test_the_index_is_what_a_rebuild_makes_of_any_history(clock: Clock, happenings: list[Event]) -> None:
    clock.set(f"{FIRST_DAY}T12:00")
    business = new_business()
    History(clock, new_customer(business)).live(happenings)
    assert _wrong(business) == 0


def _wrong(business: Business) -> int:
    return sum(rebuild_search(business.pk))


def _index() -> set[tuple[str, object]]:
    return {(word_of(bytes(row.key)), row.subject) for row in SearchWord.objects.all()}
