"""The data sets are as they say, and their ledgers add up."""

from datetime import date
from itertools import chain

import pytest
from django.db import connection

from benchmarks.datasets import DATA_SETS, REGULAR, DataSet
from benchmarks.filling import Filling
from portico.domain.access.viewer import OperatorViewer
from portico.domain.businesses.models import Business
from portico.domain.documents import check as documents
from portico.domain.documents.models import Document, Line
from portico.domain.documents.queries import documents as documents_of
from portico.domain.ledger import check as ledger
from portico.domain.ledger.models import Account, Entry
from portico.domain.payments import check as payments
from portico.domain.payments.actions.rebuild_search import rebuild_search
from portico.domain.payments.models import Payment
from portico.jobs import sweeps

TODAY = date(2026, 11, 20)


@pytest.mark.django_db
def test_what_is_filled_in_adds_up() -> None:
    Filling(DATA_SETS["tiny"], TODAY).write()
    assert (Document.objects.count(), Line.objects.count()) == (300, 900)
    assert Document.objects.filter(customer__external_id=REGULAR).count() == 200
    assert Payment.objects.exists()
    assert Document.objects.filter(open_amount__gt=0, open_amount__lt=100_000_000).exists()
    assert sum(Account.objects.values_list("balance", flat=True)) == sum(Entry.objects.values_list("amount", flat=True))
    assert list(chain.from_iterable(part.differences() for part in (ledger, documents, payments))) == []


@pytest.mark.django_db
def test_what_is_only_searched_has_the_words_it_is_found_by() -> None:
    Filling(DataSet("few", 1200, {REGULAR: 200}, ledger=False), TODAY).write()
    assert Document.objects.filter(customer__external_id=REGULAR).count() == 200
    assert set(Document.objects.values_list("number", flat=True)) == {f"INV-{n:04}" for n in range(1, 1201)}
    assert sum(rebuild_search(Business.objects.get().pk)) == 0


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_sqlite_looks_up_keys_once_it_has_counted_its_rows() -> None:
    Filling(DataSet("few", 1200, {REGULAR: 200}, ledger=False), TODAY).write()
    keys = list(Document.objects.order_by("id").values_list("pk", flat=True)[:40])
    rows = documents_of(OperatorViewer(Business.objects.get())).filter(pk__in=keys)
    assert "(business_id=?)" in rows.explain(), "it takes what many rows have for rare"
    sweeps.database_statistics.call()
    assert "(id=?)" in rows.explain()


@pytest.mark.django_db
def test_nothing_lies_ahead_of_the_day_it_is_filled_in_on() -> None:
    Filling(DATA_SETS["tiny"], TODAY).write()
    assert max(Entry.objects.values_list("date", flat=True)) <= TODAY
    assert max(Document.objects.values_list("issued_on", flat=True)) <= TODAY


@pytest.mark.parametrize("name", sorted(DATA_SETS))
def test_a_data_set_has_the_invoices_it_says(name: str) -> None:
    data_set = DATA_SETS[name]
    customers = data_set.customers()
    assert len(customers) == data_set.businesses
    assert sum(sum(counts.values()) for counts in customers) == data_set.invoices
    assert all(customers)
