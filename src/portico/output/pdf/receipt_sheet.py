"""A payment's receipt: one payment, the documents it paid, and what is left of it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.ledger.models import Allocation, Item
from portico.domain.ledger.queries import allocations_of
from portico.domain.payments.models import Payment, State
from portico.lib.l10n import Formatter, formatter
from portico.output.pdf.parties import frame, party
from portico.output.pdf.sheets import Column, Fact, Note, ReceiptSheet, Row, Table, Total
from portico.output.wording.kinds import numbered_label
from portico.output.wording.payments import payment_facts


def receipt_sheet(payment: Payment, language: str) -> ReceiptSheet:
    """Return the receipt of a payment with its business, customer and ledger item, in a language."""
    fmt = formatter(language)
    with translation.override(fmt.language):
        return _sheet(payment, allocations_of(payment.item_id), fmt)


def _sheet(payment: Payment, allocations: Sequence[Allocation], fmt: Formatter) -> ReceiptSheet:
    seller, buyer = seller_snapshot(payment.business, fmt.language), buyer_snapshot(payment.customer)
    voided = payment.state == State.VOIDED
    applied = _applied(payment, allocations)
    return ReceiptSheet(
        frame=frame(
            payment.business,
            fmt,
            title=_("Receipt %(number)s") % {"number": payment.number},
            day=payment.voided_on or payment.paid_on,
            seller=seller,
            numbered=True,
        ),
        state=_("Voided") if voided else "",
        subtitle=_("Received %(date)s") % {"date": fmt.long_date(payment.paid_on)},
        headline=None if voided else Fact(_("Amount paid"), fmt.money(payment.amount, payment.currency)),
        parties=(
            party(_("Received from"), buyer, fmt, abroad_from=str(seller.get("country") or "")),
            party(_("Received by"), seller, fmt, abroad_from=str(buyer.get("country") or "")),
        ),
        facts=tuple(Fact(label, value) for label, value in payment_facts(payment, fmt)),
        applied=_table(payment, applied, fmt),
        totals=_totals(payment, applied, fmt),
        notes=(Note(_("Note"), payment.note),) if payment.note.strip() else (),
    )


def _applied(payment: Payment, allocations: Sequence[Allocation]) -> list[tuple[Item, int]]:
    """Return the debits the payment stands against now with how much, oldest first, without what was taken back."""
    amounts: defaultdict[UUID, int] = defaultdict(int)
    debits: dict[UUID, Item] = {}
    for allocation in allocations:
        if allocation.credit_id == payment.item_id and allocation.debit.kind != "refund":
            amounts[allocation.debit_id] += allocation.amount
            debits[allocation.debit_id] = allocation.debit
    found = [(debit, amounts[key]) for key, debit in debits.items() if amounts[key]]
    return sorted(found, key=lambda pair: (pair[0].issued_on, pair[0].number))


def _table(payment: Payment, applied: Sequence[tuple[Item, int]], fmt: Formatter) -> Table:
    rows = [
        Row(
            (
                numbered_label(debit.kind, debit.number),
                fmt.date(debit.issued_on),
                fmt.money(debit.amount, payment.currency),
                fmt.money(amount, payment.currency),
            )
        )
        for debit, amount in applied
    ]
    columns = (
        Column(_("Applied to"), grows=True),
        Column(_("Date")),
        Column(_("Total"), "number"),
        Column(_("Paid with this"), "number"),
    )
    nothing = "" if payment.state == State.VOIDED else _("Not applied to an invoice yet.")
    return Table(columns, tuple(rows), empty=nothing)


def _totals(payment: Payment, applied: Sequence[tuple[Item, int]], fmt: Formatter) -> tuple[Total, ...]:
    """Return where the money went, in sums that add up to it."""
    parts = [
        (_("Applied"), sum(amount for _debit, amount in applied)),
        (_("Refunded"), payment.refunded),
        (_("Kept as credit"), payment.unapplied),
    ]
    shown = [(label, amount) for label, amount in parts if amount]
    if len(shown) < 2:
        shown = [pair for pair in shown if pair[1] != payment.amount]
    sums = [Total(label, fmt.money(amount, payment.currency)) for label, amount in shown]
    label = _("Amount") if payment.state == State.VOIDED else _("Amount paid")
    return (*sums, Total(label, fmt.money(payment.amount, payment.currency), strong=True))
