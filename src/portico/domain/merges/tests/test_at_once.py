"""A merge beside another change of one of the two: neither waits for the other for ever, on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection

from portico.domain.activity.actor import OPERATOR
from portico.domain.conversations.actions.handle import resolve
from portico.domain.conversations.models import Conversation, State
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.decide import decline
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.tests.history import new_business, new_customer
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.lib.errors import PorticoError

pytestmark = pytest.mark.django_db(transaction=True)


def _decline() -> None:
    decline(Document.objects.get(), by=OPERATOR)


def _resolve() -> None:
    resolve(Conversation.objects.get(), by=OPERATOR)


@pytest.mark.parametrize("change", [_decline, _resolve])
def test_a_merge_and_a_change_of_what_stands_on_no_account_both_end(change: Callable[[], Any]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one transaction at a time, so there is nothing to wait for crosswise")
    business = new_business()
    winner, loser = new_customer(business), new_customer(business, "ACME")
    data = DocumentInput(Kind.ESTIMATE, "EUR", date(2026, 11, 1), [LineInput("Work", Decimal(1), Decimal(50))])
    estimate = create_document(business, loser, data, by=OPERATOR)
    Conversation.objects.create(business=business, customer=loser, document=estimate, state=State.OPEN)
    locked, merging = Flag(), Flag()

    def slowly(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if "FOR UPDATE" in sql:
            # It holds its row and comes to the customer only when the merge holds what it takes first.
            locked.set()
            merging.wait(1)
        return result

    def changed() -> None:
        try:
            with connection.execute_wrapper(slowly):
                change()
        except PorticoError:
            pass
        finally:
            connection.close()

    def merged() -> None:
        try:
            locked.wait(10)
            merge_customers(loser, winner, by=OPERATOR)
        finally:
            merging.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(changed), pool.submit(merged)]:
            done.result(timeout=30)
    assert Customer.objects.get(pk=loser.pk).merged_into == winner
    assert Document.objects.get().customer == winner
