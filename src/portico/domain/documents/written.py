"""A document as it was written: what is needed to write it again, changed or for something else."""

from collections.abc import Sequence
from decimal import Decimal

from portico.domain.documents.deposit import Deposit
from portico.domain.documents.document_input import WRITTEN_REFERENCES, DocumentInput, NoteInput
from portico.domain.documents.models import Document, Kind, Lifecycle, Line
from portico.domain.documents.totals import Discount, LineInput


def input_of(document: Document, lines: Sequence[Line]) -> DocumentInput:
    """Return the input that would write this document with these lines; its totals come out the same."""
    notes = tuple(NoteInput(note["text"], note["subject"]) for note in document.particulars.get("notes", ()))
    return DocumentInput(
        kind=Kind(document.kind),
        currency=document.currency,
        issued_on=document.issued_on,
        lines=[_line(line) for line in lines],
        due_on=document.due_on,
        expires_on=document.expires_on,
        number=document.number,
        external_id=document.external_id,
        title=document.title,
        notes="" if notes else document.notes,
        note_list=notes,
        terms=document.terms,
        buyer_reference=document.buyer_reference,
        purchase_order=document.purchase_order,
        contract_reference=document.contract_reference,
        project_reference=document.project_reference,
        references=tuple(row for row in document.references if row.get("kind") in WRITTEN_REFERENCES),
        delivered_on=document.delivered_on,
        delivered_to=document.delivered_to,
        period_start=document.period_start,
        period_end=document.period_end,
        discount=_discount(document),
        tax_rate=_tax_rate(document, lines),
        prices_include_tax=document.prices_include_tax,
        deposit=_deposit(document),
        disabled_methods=tuple(document.disabled_methods),
        draft=document.lifecycle == Lifecycle.DRAFT,
        source=document.source,
    )


def _line(line: Line) -> LineInput:
    percent = line.particulars.get("discount_percent")
    discount = Discount(amount=line.discount) if line.discount else None
    return LineInput(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=Discount(percent=Decimal(percent)) if percent is not None else discount,
        tax_rate=line.tax_rate,
        details=line.details,
        unit=line.unit,
        item_number=line.item_number,
        tax_category=line.tax_category,
        exemption_reason=line.exemption_reason,
        exemption_code=line.exemption_code,
        period_start=line.period_start,
        period_end=line.period_end,
    )


def _discount(document: Document) -> Discount | None:
    for item in document.allowances:
        if not item.get("charge"):
            rate = item.get("rate")
            return Discount(amount=item["amount"]) if rate is None else Discount(percent=Decimal(rate))
    return None


def _tax_rate(document: Document, lines: Sequence[Line]) -> Decimal | None:
    """The document's own tax rate; older documents do not mark its share, which comes last."""
    for share in document.breakdown:
        if share.get("of_document"):
            return Decimal(share["rate"])
    if document.breakdown and document.tax_total != sum(line.tax for line in lines):
        return Decimal(document.breakdown[-1]["rate"] or 0)
    return None


def _deposit(document: Document) -> Deposit | None:
    if document.deposit_amount is None and document.deposit_percent is None:
        return None
    return Deposit(percent=document.deposit_percent, amount=document.deposit_amount)
