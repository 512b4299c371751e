"""Changing an estimate. What was decided on was another edition, so the customer is asked again."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.document_input import DocumentInput, check_deposit, checked_totals
from portico.domain.documents.errors import WrongState
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.documents.new_rows import new_document, new_lines
from portico.domain.documents.totals import Totals
from portico.lib.errors import FieldError, Invalid

_EDITABLE = frozenset({Lifecycle.DRAFT, Lifecycle.ISSUED, Lifecycle.APPROVED, Lifecycle.DECLINED})
_REPLACED = (
    "title", "issued_on", "expires_on", "prices_include_tax", "subtotal", "discount_total", "tax_total", "total",
    "payable", "deposit_amount", "deposit_percent", "notes", "terms", "buyer_reference", "purchase_order",
    "contract_reference", "project_reference", "references", "delivered_on", "delivered_to", "period_start",
    "period_end", "particulars", "seller", "buyer", "breakdown", "allowances",
)  # fmt: skip


def edit_estimate(estimate: Document, data: DocumentInput, *, by: Actor) -> Document:
    """Write an estimate anew under its number; its customer, currency, number and external id stay.

    Raises WrongState for one that is invoiced or voided, Invalid (with places) for input that makes no estimate.
    """
    if data.currency != estimate.currency:
        message = f"The estimate is in {estimate.currency}."
        raise Invalid(message, code="currency_mismatch", fields=[FieldError("/currency", message)])
    return _edit(estimate, data, checked_totals(estimate.business, data), by)


@transaction.atomic
def _edit(estimate: Document, data: DocumentInput, totals: Totals, by: Actor) -> Document:
    _account, document = lock_document(estimate)
    _refuse(document)
    new = new_document(document.business, document.customer, data, totals, document.number)
    for name in _REPLACED:
        setattr(document, name, getattr(new, name))
    document.lines.all().delete()
    Line.objects.bulk_create(new_lines(document, data, totals))
    return _saved(document, _REPLACED, by)


@transaction.atomic
def ask_deposit(estimate: Document, deposit: Deposit | None, *, by: Actor) -> Document:
    """Make an estimate ask for a deposit, or for none; what it asks for already changes nothing.

    Raises WrongState for one that is invoiced or voided, Invalid for a deposit that can't be asked for.
    """
    _account, document = lock_document(estimate)
    _refuse(document)
    asked = deposit or Deposit()
    if (document.deposit_amount, document.deposit_percent) == (asked.amount, asked.percent):
        return document
    if deposit:
        check_deposit(document.kind, deposit, document.payable)
    document.deposit_amount, document.deposit_percent = asked.amount, asked.percent
    return _saved(document, ("deposit_amount", "deposit_percent"), by)


def _refuse(document: Document) -> None:
    if not SPECS[document.kind].can_be_approved or document.lifecycle not in _EDITABLE:
        raise WrongState(f"{document} is {document.lifecycle} and can't be changed.")


def _saved(document: Document, fields: tuple[str, ...], by: Actor) -> Document:
    if document.lifecycle != Lifecycle.DRAFT:
        document.lifecycle = Lifecycle.ISSUED
    document.edition += 1
    document.save(update_fields=[*fields, "lifecycle", "edition"])
    data = {"number": document.number, "currency": document.currency, "total": document.total}
    record(Event.ESTIMATE_UPDATED, document, by=by, data=data)
    return document
