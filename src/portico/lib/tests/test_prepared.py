"""A prepared query answers as the same query made anew, and makes its SQL once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import CharField, Count, DateTimeField, QuerySet, UUIDField

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.prepared import Given, Prepared

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def customers(db: None) -> list[Customer]:
    made = []
    for slug in ("nord", "sued"):
        business = Business.objects.create(slug=slug, name=slug, country="DE", currency="EUR", time_zone="UTC")
        made.append(Customer.objects.create(business=business, name=f"Acme {slug}", created_at=MOMENT))
    return made


def by_key() -> QuerySet[Customer]:
    return Customer.objects.select_related("business").filter(pk=Given("key", UUIDField()))


def test_each_call_has_values_of_its_own(customers: list[Customer]) -> None:
    query = Prepared(by_key)
    for customer in [*customers, *customers]:
        assert query(key=customer.pk) == [customer]
    assert query(key=uuid4()) == []


def test_related_rows_come_along(customers: list[Customer], django_assert_num_queries: object) -> None:
    query = Prepared(by_key)
    query(key=customers[0].pk)
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a public type
        assert [row.business.slug for row in query(key=customers[1].pk)] == ["sued"]


def test_instants_and_texts_are_given_as_the_database_keeps_them(customers: list[Customer]) -> None:
    query = Prepared(
        lambda: Customer.objects.filter(
            created_at__gt=Given("since", DateTimeField()), business__slug=Given("slug", CharField())
        )
    )
    assert query(since=MOMENT - timedelta(seconds=1), slug="nord") == [customers[0]]
    assert query(since=MOMENT, slug="nord") == []


def test_the_query_is_built_once(customers: list[Customer]) -> None:
    built = []

    def build() -> QuerySet[Customer]:
        built.append(1)
        return by_key()

    query = Prepared(build)
    query(key=customers[0].pk)
    query(key=customers[1].pk)
    assert built == [1]


def test_each_shape_is_compiled_once(customers: list[Customer]) -> None:
    built = []

    def build(*order: str) -> QuerySet[Customer, tuple[str]]:
        built.append(order)
        return Customer.objects.filter(created_at=Given("at", DateTimeField())).order_by(*order).values_list("name")

    query = Prepared(build)
    for _ in range(2):
        assert query("name", at=MOMENT) == [("Acme nord",), ("Acme sued",)]
        assert query("-name", at=MOMENT) == [("Acme sued",), ("Acme nord",)]
    assert built == [("name",), ("-name",)]


def test_a_window_shows_some_of_the_rows(customers: list[Customer]) -> None:
    query = Prepared(lambda: Customer.objects.filter(created_at=Given("at", DateTimeField())).order_by("name"))
    assert query(at=MOMENT, window=slice(0, 1)) == customers[:1]
    assert query(at=MOMENT, window=slice(1, 25)) == customers[1:]
    assert query(at=MOMENT, window=slice(2, 25)) == []


def test_sums_and_unions_are_prepared_too(customers: list[Customer]) -> None:
    named = Customer.objects.filter(name=Given("name", CharField())).values_list("name", "created_at")
    query = Prepared(lambda: named.union(named, all=True))
    assert query(name="Acme nord") == [("Acme nord", MOMENT)] * 2
    counts = Prepared(lambda: Customer.objects.values_list("created_at").annotate(number_of=Count("pk")).order_by())
    assert counts() == [(MOMENT, 2)]
