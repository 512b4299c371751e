"""A prepared query answers as the same query made anew, and makes its SQL once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import CharField, DateTimeField, QuerySet, UUIDField

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
