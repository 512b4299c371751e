"""An invoice, estimate, credit note or sales order as a sheet.

The sheet says what the document says, and of today only where its amount stands: what was paid, what is due, and how to
pay while something is. So it is the same file whenever it is asked for, until money moves, the document is approved or
voided, or other payment details are valid.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portico.domain.documents.how_to_pay import how_to_pay
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.documents.queries import decision_of, lines
from portico.domain.ledger.models import Allocation
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter, formatter
from portico.output.pdf.document_totals import breakdown, totals
from portico.output.pdf.line_particulars import line_particulars
from portico.output.pdf.parties import frame, party
from portico.output.pdf.pay_notes import pay_notes, payment_slip
from portico.output.pdf.settlement import Settlement
from portico.output.pdf.sheets import Column, DocumentSheet, Fact, Note, Party, Row, Table
from portico.output.wording.law import delivery_text, legal_remarks, legal_title, title_in_law
from portico.output.wording.notes import note_heading
from portico.output.wording.references import reference_label
from portico.output.wording.tax import tax_label, tax_remark
from portico.output.wording.units import quantity


def document_sheet(
    document: Document,
    language: str,
    *,
    printed: bool = True,
    allocations: Sequence[Allocation] | None = None,
    rows: Sequence[Line] | None = None,
) -> DocumentSheet:
    """Return the sheet of a document with its business and lines, in a language; of one not kept yet, its `rows`.

    The codes that a banking app scans cost more than all the rest: they are drawn where it is `printed`. `allocations`
    are those of the document, where they are known.
    """
    fmt = formatter(language)
    with translation.override(fmt.language):
        shown = lines(document) if rows is None else rows
        return _sheet(document, shown, Settlement.of(document, allocations), fmt, printed=printed)


def _sheet(
    document: Document, lines: Sequence[Line], settlement: Settlement, fmt: Formatter, *, printed: bool
) -> DocumentSheet:
    tax = tax_label(str(document.seller.get("country") or document.business.country))
    voided = document.lifecycle == Lifecycle.VOIDED
    place = how_to_pay(document.business, document)
    headline, headline_note = settlement.headline(fmt)
    remarks = dict.fromkeys(filter(None, [*(tax_remark(row) for row in document.breakdown), *legal_remarks(document)]))
    return DocumentSheet(
        frame=frame(
            document.business,
            fmt,
            title=legal_title(document, fmt),
            day=document.voided_on or max(document.issued_on, settlement.last_on or document.issued_on),
            seller=document.seller,
            numbered=True,
        ),
        state=_("Voided") if voided else _("Draft") if document.lifecycle == Lifecycle.DRAFT else "",
        subtitle=_subtitle(document, fmt),
        headline=None if voided else headline,
        headline_note="" if voided else headline_note,
        parties=_parties(document, fmt),
        facts=tuple(_facts(document, lines, fmt)),
        lines=_lines(document, lines, tax, fmt),
        totals=totals(document, settlement, tax, fmt),
        breakdown=breakdown(document, tax, fmt),
        remarks=tuple(remarks),
        pay=() if place is None else pay_notes(document, place, fmt, with_codes=printed),
        notes=_notes(document),
        slip=None if place is None or not printed else payment_slip(document, place, fmt),
    )


def _subtitle(document: Document, fmt: Formatter) -> str:
    """Say when, for which order and what about; our words come first and give the line its direction."""
    parts = [_("Issued %(date)s") % {"date": fmt.long_date(document.issued_on)}]
    if document.purchase_order:
        parts.append(_("Your order %(number)s") % {"number": document.purchase_order})
    if document.title:
        parts.append(document.title)
    parts += filter(None, [title_in_law(document, fmt)])
    return " · ".join(parts)


def _parties(document: Document, fmt: Formatter) -> tuple[Party, ...]:
    seller, buyer, delivery = document.seller, document.buyer, document.delivered_to
    home, away = str(seller.get("country") or ""), str(buyer.get("country") or "")
    parties = [
        party(_("Billed to"), buyer, fmt, abroad_from=home),
        party(pgettext("sender", "From"), seller, fmt, abroad_from=away),
    ]
    if delivery:
        named = {**delivery, "name": delivery.get("name") or buyer.get("name")}
        parties.insert(1, party(_("Delivered to"), named, fmt, abroad_from=home))
    if seller.get("tax_representative"):
        parties.append(party(_("Tax representative"), seller["tax_representative"], fmt, abroad_from=home))
    return tuple(parties)


def _facts(document: Document, lines: Sequence[Line], fmt: Formatter) -> list[Fact]:
    facts = [
        (_("Voided on"), fmt.date(document.voided_on) if document.voided_on else ""),
        (_("Approved"), _approval(document, fmt)),
        (_("Deposit"), fmt.money(document.deposit, document.currency) if document.deposit else ""),
        (
            _("Delivered on"),
            delivery_text(document, lines, fmt),
        ),
        (_("Service period"), _period(document, fmt)),
        (_("Your reference"), document.buyer_reference),
        (_("Contract"), document.contract_reference),
        (_("Project"), document.project_reference),
    ]
    facts += [_reference(reference, fmt) for reference in document.references]
    return [Fact(label, value) for label, value in facts if value]


def _approval(document: Document, fmt: Formatter) -> str:
    decision = decision_of(document)
    if decision is None or decision.outcome != Lifecycle.APPROVED:
        return ""
    day = fmt.date(local_date(decision.at, document.business.time_zone))
    return _("%(date)s by %(name)s") % {"date": day, "name": decision.name}


def _reference(reference: Mapping[str, Any], fmt: Formatter) -> tuple[str, str]:
    kind, value = str(reference.get("kind") or ""), str(reference.get("value") or "")
    if kind == "tax_point":
        value = fmt.date(date.fromisoformat(value))
    if reference.get("issued_on"):
        value = f"{value}, {fmt.date(date.fromisoformat(reference['issued_on']))}"
    return reference_label(kind), value


def _period(item: Document | Line, fmt: Formatter) -> str:
    days = list(dict.fromkeys(day for day in (item.period_start, item.period_end) if day))
    return " – ".join(fmt.date(day) for day in days)


def _lines(document: Document, lines: Sequence[Line], tax: str, fmt: Formatter) -> Table:
    discounted = any(line.discount for line in lines)
    taxed = any(line.tax_rate is not None for line in lines)
    columns = [
        Column(_("No.")),
        Column(_("Item"), grows=True),
        Column(_("Quantity"), "number"),
        Column(_("Price"), "number"),
    ]
    if discounted:
        columns.append(Column(_("Discount"), "number"))
    if taxed:
        columns.append(Column(tax, "number"))
    columns.append(Column(_("Amount"), "number"))
    rows = []
    for line in lines:
        cells = [
            line.label or str(line.position),
            line.description,
            quantity(line.quantity, line.unit, fmt),
            _price(line, document.currency, fmt),
        ]
        if discounted:
            cells.append(fmt.money(-line.discount, document.currency) if line.discount else "")
        if taxed:
            cells.append(fmt.percent(line.tax_rate) if line.tax_rate is not None else "")
        cells.append(fmt.money(line.amount, document.currency))
        rows.append(Row(tuple(cells), tuple(_details(line, document.currency, fmt))))
    return Table(tuple(columns), tuple(rows), empty=_("No lines."))


def _price(line: Line, currency: str, fmt: Formatter) -> str:
    price = fmt.price(line.unit_price, currency)
    if line.base_quantity in (Decimal(0), Decimal(1)):
        return price
    return _("%(price)s per %(quantity)s") % {
        "price": price,
        "quantity": quantity(line.base_quantity, line.unit, fmt),
    }


def _details(line: Line, currency: str, fmt: Formatter) -> list[str]:
    number = _("Item no. %(number)s") % {"number": line.item_number} if line.item_number else ""
    said = [text for text in (line.details, number, _period(line, fmt)) if text]
    return [*said, *line_particulars(line, currency, fmt)]


def _notes(document: Document) -> tuple[Note, ...]:
    several = document.particulars.get("notes") or [{"text": document.notes}]
    texts = [(_("Terms"), document.terms)]
    texts += [(note_heading(note.get("subject") or ""), note["text"]) for note in several]
    return tuple(Note(heading, text) for heading, text in texts if text.strip())
