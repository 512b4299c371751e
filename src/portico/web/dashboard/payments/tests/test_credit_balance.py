"""Staff give a customer credit or take it away, with a reason, once."""

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Account, Entry
from portico.domain.payments.models import CreditAdjustment, Payment
from portico.web.dashboard.tests.cast import a_payment


def _path(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/credit"


def _wish(**fields: str) -> dict[str, str]:
    return {
        "currency": "EUR", "direction": "give", "amount": "1,234.56", "adjusted_on": "2026-11-19",
        "reason": "Late delivery", "submission": "0" * 32,
    } | fields  # fmt: skip


def _facts() -> tuple[int, ...]:
    return Entry.objects.count(), CreditAdjustment.objects.count(), Activity.objects.count()


def test_credit_is_given_once_and_listed(owner: Client, acme: Customer) -> None:
    for _ in range(2):
        answer = owner.post(_path(acme), _wish(), follow=True)
        assert "The credit balance is adjusted (ADJ-0001)." in answer.content.decode()
    page = owner.get(_path(acme)).content.decode()
    for words in ("€1,234.56", "Late delivery", "19 Nov 2026"):
        assert words in page, words
    assert (CreditAdjustment.objects.count(), Account.objects.get().balance) == (1, -123456)
    assert "€0.00 open − €1,234.56 credit" in owner.get(f"/customers/{acme.public_id}").content.decode()


def test_credit_is_taken_away_again(owner: Client, acme: Customer) -> None:
    a_payment(acme, 5000)
    owner.post(_path(acme), _wish(direction="take", amount="20"))
    assert (CreditAdjustment.objects.get().amount, Payment.objects.get().unapplied) == (-2000, 3000)
    answer = owner.post(_path(acme), _wish(direction="take", amount="30.01", submission="1" * 32))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="adjustment_amount_error">There is less left than that.' in page
    assert 'value="30.01"' in page
    assert CreditAdjustment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"), ("amount", "-5"), ("amount", "1,234"), ("amount", ""), ("reason", ""), ("reason", "x" * 256),
        ("adjusted_on", "2026-11-21"), ("adjusted_on", "soon"), ("direction", "lend"), ("submission", "guessed"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_at_its_field_and_changes_nothing(
    owner: Client, acme: Customer, field: str, value: str
) -> None:
    before = _facts()
    answer = owner.post(_path(acme), _wish(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="adjustment_{field}_error"' in page or field == "submission"
    assert field == "reason" or 'value="Late delivery"' in page
    assert _facts() == before


def test_amount_reads_as_pages_print_it_in_german(owner: Client, acme: Customer) -> None:
    german = {"Accept-Language": "de"}
    owner.post(_path(acme), _wish(amount="1.234,56\u00a0€"), headers=german)
    assert CreditAdjustment.objects.get().amount == 123456


def test_submission_used_for_something_else_is_refused(owner: Client, acme: Customer) -> None:
    owner.post(_path(acme), _wish())
    before = _facts()
    answer = owner.post(_path(acme), _wish(amount="1"))
    assert answer.status_code == 422
    assert "already sent with other contents" in answer.content.decode()
    assert _facts() == before


def test_strangers_find_nobody(stranger: Client, acme: Customer, invoice: Document) -> None:
    before = _facts()
    assert stranger.get(_path(acme)).status_code == 404
    assert stranger.post(_path(acme), _wish()).status_code == 404
    assert _facts() == before
