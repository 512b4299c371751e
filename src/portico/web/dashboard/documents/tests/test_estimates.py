"""What staff do with an estimate: decide by hand, ask for a deposit, convert it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from conftest import React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.decide import approve
from portico.domain.documents.models import Decision, Document, Kind, Lifecycle
from portico.domain.files.models import File
from tests.estimates import new_estimate
from tests.postbox import Postbox

PHONE = {"name": "Jane Doe", "note": "By phone on 20 November"}


@pytest.fixture
def estimate(acme: Customer) -> Document:
    return new_estimate(acme)


def _path(document: Document, action: str = "") -> str:
    return f"/documents/{document.public_id}{'/' + action if action else ''}"


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def _lifecycle(document: Document) -> str:
    document.refresh_from_db()
    return document.lifecycle


def test_staff_approve_by_hand_and_it_is_kept_how_they_know(
    owner: Client, estimate: Document, react: React, postbox: Postbox
) -> None:
    assert "Approve for the customer" in _text(owner.get(_path(estimate)))
    assert owner.post(_path(estimate, "approve"), PHONE).status_code == 302
    assert _lifecycle(estimate) == Lifecycle.APPROVED
    decision = Decision.objects.get()
    assert (decision.name, decision.note, decision.actor_kind) == ("Jane Doe", PHONE["note"], "staff")
    assert decision.pdf_sha256 == File.objects.get(subject_id=estimate.id).sha256
    html = _text(owner.get(_path(estimate)))
    assert "Approved by Jane Doe" in html
    assert PHONE["note"] in html
    assert decision.pdf_sha256 in html
    assert "Approve for the customer" not in html
    react()
    assert not postbox.mails, "staff know what they entered"


def test_staff_decline_by_hand(owner: Client, estimate: Document) -> None:
    assert owner.post(_path(estimate, "decline"), PHONE).status_code == 302
    assert _lifecycle(estimate) == Lifecycle.DECLINED
    assert "Declined by Jane Doe" in _text(owner.get(_path(estimate)))


@pytest.mark.parametrize("action", ["approve", "decline"])
@pytest.mark.parametrize("missing", ["name", "note"])
def test_who_and_how_it_is_known_are_asked_for(owner: Client, estimate: Document, action: str, missing: str) -> None:
    answer = owner.post(_path(estimate, action), PHONE | {missing: " "})
    assert answer.status_code == 422
    assert next(value for name, value in PHONE.items() if name != missing) in _text(answer)
    assert _lifecycle(estimate) == Lifecycle.ISSUED
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("typed", "asked", "shown"),
    [
        ({"amount": "200", "percent": ""}, (20000, None), "€0.00 of €200.00 paid"),
        ({"amount": "", "percent": "30,0"}, (None, Decimal(30)), "€0.00 of €357.00 paid"),
    ],
)
def test_a_deposit_is_asked_for(
    owner: Client, estimate: Document, typed: dict[str, str], asked: tuple[object, object], shown: str
) -> None:
    assert owner.post(_path(estimate, "deposit"), typed).status_code == 302
    estimate.refresh_from_db()
    assert (estimate.deposit_amount, estimate.deposit_percent) == asked
    assert shown in _text(owner.get(_path(estimate)))
    assert owner.post(_path(estimate, "deposit"), {"amount": "", "percent": ""}).status_code == 302
    estimate.refresh_from_db()
    assert estimate.deposit == 0


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"amount": "200", "percent": "30"}, "not both"),
        ({"amount": "1190.01"}, "no more than the total"),
        ({"amount": "1.005"}, "Enter an amount more than zero"),
        ({"percent": "101"}, "100"),
        ({"percent": "much"}, "number"),
    ],
)
def test_a_deposit_that_can_not_be_is_refused(
    owner: Client, estimate: Document, typed: dict[str, str], error: str
) -> None:
    answer = owner.post(_path(estimate, "deposit"), typed)
    assert answer.status_code == 422
    assert error in _text(answer)
    estimate.refresh_from_db()
    assert (estimate.deposit, estimate.edition) == (0, 1)


def test_a_new_deposit_asks_the_customer_again(owner: Client, estimate: Document) -> None:
    owner.post(_path(estimate, "approve"), PHONE)
    owner.post(_path(estimate, "deposit"), {"amount": "100"})
    estimate.refresh_from_db()
    assert (estimate.lifecycle, estimate.edition) == (Lifecycle.ISSUED, 2)
    owner.post(_path(estimate, "deposit"), {"amount": "100"})
    estimate.refresh_from_db()
    assert estimate.edition == 2, "the same deposit is no change"


def test_an_approved_estimate_becomes_one_invoice(owner: Client, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    assert "Convert to invoice" in _text(owner.get(_path(estimate)))
    first = owner.post(_path(estimate, "convert"), {"due_on": "2026-12-20"})
    again = owner.post(_path(estimate, "convert"), {"due_on": "2026-12-31"})
    invoice = Document.objects.get(kind=Kind.INVOICE)
    assert first["Location"] == again["Location"] == _path(invoice)
    assert _lifecycle(estimate) == Lifecycle.INVOICED
    assert (invoice.total, invoice.open_amount, str(invoice.due_on)) == (119000, 119000, "2026-12-20")
    assert (invoice.terms, invoice.notes, invoice.title) == ("Delivery within six weeks.", "With thanks", "Kitchen")
    assert [(line.description, line.amount, line.tax) for line in invoice.lines.all()] == [
        (line.description, line.amount, line.tax) for line in estimate.lines.all()
    ]
    assert f'href="{_path(invoice)}"' in _text(owner.get(_path(estimate)))
    assert estimate.number in _text(owner.get(_path(invoice)))
    assert Activity.objects.filter(verb="estimate.invoiced").count() == 1


def test_only_an_approved_estimate_is_converted(owner: Client, estimate: Document) -> None:
    assert "Convert to invoice" not in _text(owner.get(_path(estimate)))
    assert owner.post(_path(estimate, "convert"), {}).status_code == 409
    approve(estimate, by=OPERATOR)
    answer = owner.post(_path(estimate, "convert"), {"due_on": "2026-11-19"})
    assert answer.status_code == 422
    assert owner.post(_path(estimate, "convert"), {"due_on": "soon"}).status_code == 422
    assert _lifecycle(estimate) == Lifecycle.APPROVED
    assert not Document.objects.filter(kind=Kind.INVOICE).exists()
