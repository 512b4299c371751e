"""Putting a credit against an invoice and taking it off again, from the page of either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import APPLICABLE, Share, apply_credit
from portico.domain.documents.kinds import Kind
from portico.domain.documents.models import Document
from portico.domain.documents.queries import document, outstanding
from portico.domain.ledger.models import Allocation, Item
from portico.domain.ledger.queries import credits_open, item_of, still_applied
from portico.lib.errors import NotFound, PorticoError
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.lib.money import to_major
from portico.output.wording.kinds import numbered_label
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.money_field import MoneyField

# The oldest ones: what a page can hold.
_AT_MOST = 100


class ApplyForm(forms.Form):
    """What is on the other side, and how much of it. `choices` are public ids with their labels."""

    def __init__(
        self, label: str, choices: Sequence[tuple[str, str]], currency: str, data: Mapping[str, Any] | None, most: int
    ) -> None:
        super().__init__(data, auto_id="apply_%s", initial={"amount": to_major(most, currency)})
        select = forms.Select({"class": "po-input"})
        self.fields["other"] = forms.ChoiceField(label=label, choices=choices, widget=select)
        self.fields["amount"] = MoneyField(currency, label=_("Amount"))

    def refuse(self, error: PorticoError) -> None:
        """Say the domain's refusal where it belongs."""
        at_amount = any(field.pointer.endswith("/amount") for field in error.fields)
        self.add_error("amount" if at_amount else "other", error_message(error))


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """A credit that is applied to an invoice, and can be taken off it."""

    words: str
    amount: str
    invoice_id: str
    credit_id: str


def form_for_invoice(invoice: Document, fmt: Formatter, data: Mapping[str, Any] | None = None) -> ApplyForm | None:
    """Return the form that applies one of the customer's credits to an invoice; None when there is nothing to apply."""
    if not invoice.is_owed:
        return None
    credits = credits_open(invoice.customer_id, invoice.currency, invoice.business.today())[:_AT_MOST]
    choices = [(item.ref.public_id, _choice(item, -item.open, invoice.currency, fmt)) for item in credits]
    if not choices:
        return None
    most = min(invoice.open_amount, -credits[0].open)
    return ApplyForm(_("Credit"), choices, invoice.currency, data, most)


def form_for_credit(
    viewer: StaffViewer, customer: Customer, credit: Item | None, fmt: Formatter, data: Mapping[str, Any] | None = None
) -> ApplyForm | None:
    """Return the form that applies a credit to one of the customer's invoices; None when there is nothing to apply."""
    if credit is None or credit.open >= 0 or credit.kind not in APPLICABLE:
        return None
    currency = credit.account.currency
    invoices = list(outstanding(viewer).filter(customer=customer, currency=currency)[:_AT_MOST])
    if not invoices:
        return None
    choices = [(row.public_id, f"{row.number} · {fmt.money(row.open_amount, currency)}") for row in invoices]
    return ApplyForm(_("Invoice"), choices, currency, data, min(invoices[0].open_amount, -credit.open))


def apply_from_form(viewer: StaffViewer, form: ApplyForm, *, credit: Item | None, invoice: Document | None) -> bool:
    """Apply what a valid form says; the side that the page is about is given. False when the domain refuses."""
    other, amount = form.cleaned_data["other"], form.cleaned_data["amount"]
    try:
        credit = credit or credit_named(viewer, other)
        invoice = invoice or document(viewer, other, Kind.INVOICE)
        apply_credit(credit, [Share(invoice, amount)], by=viewer.actor)
    except PorticoError as error:
        form.refuse(error)
        return False
    return True


def credit_named(viewer: StaffViewer, name: str) -> Item:
    """Return a credit of the business by its public id. Raises NotFound."""
    key = parse_public_id(name, *APPLICABLE)
    found = item_of(key) if key else None
    if found is None or found.business_id != viewer.business.pk:
        raise NotFound("There is no such credit.")
    return found


def applied_rows(item_id: UUID, allocations: Sequence[Allocation], currency: str, fmt: Formatter) -> list[AppliedRow]:
    """Return the credits that are applied to an invoice, or the invoices that a credit is applied to."""
    sides = {key: (row.credit, row.debit) for row in allocations for key in (row.credit_id, row.debit_id)}
    rows = []
    for other, amount, _day in still_applied(item_id, allocations):
        credit, debit = sides[other.id]
        if credit.kind in APPLICABLE and debit.kind == "invoice":
            words = numbered_label(other.kind, other.number)
            ids = debit.ref.public_id, credit.ref.public_id
            rows.append(AppliedRow(words, fmt.money(amount, currency), *ids))
    return rows


def _choice(item: Item, left: int, currency: str, fmt: Formatter) -> str:
    return f"{numbered_label(item.kind, item.number)} · {fmt.money(left, currency)}"
